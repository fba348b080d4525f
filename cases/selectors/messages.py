"""Carriers' messages, the phones that forward them, and the marks that tell whose they are."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from cases.domain import phones
from cases.domain.business_days import WorkingCalendar, local
from cases.domain.forwarder_silence import is_silent
from cases.domain.message_meaning import Meaning
from cases.formats.sms.reader import carrier_identifiers
from cases.formats.sms.types import CarrierIdentifiers
from cases.models import (
    Carrier,
    CarrierMessage,
    Forwarder,
    LanguageModel,
    Team,
)
from cases.models.choices import MessageState
from cases.selectors.search import MAX_KEYS, clean_text, fetch_together, number_conditions, team_cards


def carrier_marks() -> list[CarrierIdentifiers]:
    """How messages of each carrier are recognized, as administrators maintain it."""
    return [
        carrier_identifiers(carrier.slug, carrier.name, carrier.sms_senders, carrier.hotline, carrier.complaint_line)
        for carrier in Carrier.objects.all()
    ]


def messages_of(*teams: Team) -> QuerySet[CarrierMessage]:
    """The messages of these teams: every page looks a message up here."""
    return CarrierMessage.objects.filter(team__in=teams).select_related(
        "case__card", "case__carrier", "card", "handled_by"
    )


#: The newest messages of a team that a search reads through: no index helps to find a word within a text.
MESSAGES_SEARCHED = 2000


def search_messages(messages: QuerySet[CarrierMessage], text: str, team: Team) -> QuerySet[CarrierMessage]:
    """The messages of this team about a card with this number (whole, masked, its beginning, its last four digits), and
    those of the newest MESSAGES_SEARCHED that contain the text; one query. Empty text matches all."""
    text = clean_text(text)
    if not text:
        return messages
    team_messages = CarrierMessage.objects.filter(team=team)
    newest = team_messages.order_by("-pk").values("pk")[:MESSAGES_SEARCHED]
    queries = [team_messages.filter(_contains(text), pk__in=newest)]
    for condition in number_conditions(text):
        cards = team_cards([team]).filter(condition).order_by().values("pk")[:MAX_KEYS]
        queries.append(team_messages.filter(card__in=cards))
    results = fetch_together(*(query.order_by().values("pk")[:MAX_KEYS] for query in queries))
    return messages.filter(pk__in={key for keys in results for key in keys})


def _contains(text: str) -> Q:
    """The sender, or the text with a masked number in full or masked, or with any text as it stands."""
    if parts := phones.split_masked(text):
        return Q(text__regex=rf"{parts[0]}[ -]?[0-9*]{{4}}[ -]?([0-9*]{{2}})?{parts[1]}")
    return Q(text__icontains=text) | Q(sender__istartswith=text)


def waiting_messages(messages: QuerySet[CarrierMessage]) -> QuerySet[CarrierMessage]:
    """Those that wait for a person: proposed for a case, or fitting none."""
    return messages.filter(state__in=(MessageState.PROPOSED, MessageState.UNMATCHED))


def unmatched_messages(messages: QuerySet[CarrierMessage]) -> QuerySet[CarrierMessage]:
    return messages.filter(state=MessageState.UNMATCHED)


def unread_messages(now: datetime) -> QuerySet[CarrierMessage]:
    """What was stored until now and is not read yet, in the order in which it was received."""
    return CarrierMessage.objects.filter(state=MessageState.NEW, stored_at__lte=now).order_by("received_at", "pk")


#: Requests about one message: one, and one more where that failed, so much later.
MAX_MODEL_REQUESTS, MODEL_RETRY_AFTER = 2, timedelta(minutes=10)
#: What has waited for longer, while the day's requests were used up or the service was away, is left to people.
MODEL_ASKED_WITHIN = timedelta(days=3)
#: Below this certainty (0 to 1) of the classifier a message is unclear even where both readers read the same.
_LOW_CERTAINTY = 0.6


def language_models_on() -> QuerySet[LanguageModel]:
    """The teams' language models that are turned on: for the job that asks them, never for a page."""
    return LanguageModel.objects.filter(is_on=True, on_since__isnull=False).select_related("team").order_by("pk")


def messages_for_language_model(model: LanguageModel, now: datetime) -> QuerySet[CarrierMessage]:
    """The team's messages to send to its language model at now (aware): unclear ones that wait for a person, stored
    since it was turned on, by the number of requests made about them."""
    since = max(now - MODEL_ASKED_WITHIN, model.on_since or now)
    unclear = Q(reading__candidates__0__isnull=False) | Q(
        reading__certainty__gte=0, reading__certainty__lt=_LOW_CERTAINTY
    )
    due = Q(model_requests=0) | Q(model_requests__lt=MAX_MODEL_REQUESTS, model_asked_at__lte=now - MODEL_RETRY_AFTER)
    messages = waiting_messages(messages_of(model.team)).filter(unclear, due, meaning=Meaning.AMBIGUOUS)
    return messages.filter(stored_at__gte=since, reading__language_model__isnull=True).order_by("model_requests", "pk")


def any_for_language_models(now: datetime) -> bool:
    """Whether a message waits for a language model that has requests left at now (aware)."""
    today = local(now).date()
    return any(
        messages_for_language_model(model, now).exists()
        for model in language_models_on()
        if model.counted_on != today or model.request_count < model.daily_limit
    )


def part_counts(messages: Iterable[CarrierMessage]) -> dict[int, int]:
    """Of how many parts each of these messages was put together, by its key; those of one part are left out."""
    parts = CarrierMessage.objects.filter(part_of__in=[message.pk for message in messages]).order_by()
    return {pk: 1 + count for pk, count in parts.values_list("part_of").annotate(Count("pk"))}


def silent_forwarders(team: Team, now: datetime, calendar: WorkingCalendar) -> list[Forwarder]:
    """The team's phones, switched on, from which nothing has come for longer than usual: no reply may mean nothing."""
    return [
        forwarder
        for forwarder in Forwarder.objects.filter(team=team, is_on=True, last_seen_at__isnull=False)
        if is_silent(forwarder.arrival_times(), forwarder.last_seen_at, now, calendar)
    ]
