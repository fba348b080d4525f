"""Which case a carrier's message belongs to. A wrong one is worse than none: what is in doubt is only suggested."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cases.domain.status import OPEN_STATUSES
from cases.formats.sms.reader import matching_numbers
from cases.formats.sms.types import Reading
from cases.inbox.concern import NO_CONCERN, Concern
from cases.models import Card, Case, Team
from cases.selectors import cards_of, cases_of, listed, waiting_for_carrier_at

#: A reference that is shorter says nothing.
MIN_REFERENCE_LENGTH = 5
#: Suggestions are to be read.
MAX_SUGGESTIONS = 5
_TAIL = re.compile(r"\d+$", re.ASCII)


class SuggestionReason(StrEnum):
    """Why a case is suggested and not taken."""

    SEVERAL = "several"
    OTHER_CARRIER = "other_carrier"
    OLDER = "older"
    NOT_SUBMITTED = "not_submitted"
    OTHER_NUMBER = "other_number"
    SAME_CARRIER = "same_carrier"
    SAME_PHONE = "same_phone"


@dataclass(frozen=True)
class Suggestion:
    case: Case
    reason: SuggestionReason


@dataclass(frozen=True)
class Match:
    """The case that a message belongs to, or those that it may belong to; `card`: the one that it names.

    `is_named`: by its number or reference, or by the person who pasted it there; not only by where it arrived.
    """

    case: Case | None = None
    card: Card | None = None
    suggestions: list[Suggestion] = field(default_factory=list)
    is_named: bool = False


def match_message(team: Team, reading: Reading, received_at: datetime, concern: Concern = NO_CONCERN) -> Match:
    """The one case of the team that the number and the reference in the message name, if they name one.

    It is the open case of the card, or its latest. The message must not be older than the case's submission, and the
    carrier that sent it must be the case's. Where the reading names none, it is the one open case that the message
    concerns otherwise: by a number or a reference in another writing, or by the phone at which it arrived.
    """
    by_reading = _match_reading(team, reading, received_at)
    is_told = by_reading.case or any(it.reason is not SuggestionReason.SAME_CARRIER for it in by_reading.suggestions)
    if is_told or not concern:
        return by_reading
    concerned = {case.pk: case for case in cases_of(team).filter(pk__in=concern.keys).order_by("pk")}
    named = [concerned[key] for key in sorted(concern.named & set(concerned))]
    possible = [concerned[key] for key in sorted(concern.possible & set(concerned))]
    if named or possible:
        return _match_concerned(named, possible, reading, received_at, by_reading.card)
    arrived = [concerned[key] for key in sorted(concern.arrived & set(concerned))]
    is_carriers = len(arrived) == 1 and reading.carrier == arrived[0].carrier.slug
    if is_carriers and not concern.names_number and not _doubt(arrived[0], reading, received_at):
        return Match(arrived[0], arrived[0].card)
    suggestions = _suggest(SuggestionReason.SAME_PHONE, arrived)
    known = {it.case.pk for it in suggestions}
    return Match(
        card=by_reading.card,
        suggestions=[*suggestions, *(it for it in by_reading.suggestions if it.case.pk not in known)][:MAX_SUGGESTIONS],
    )


def _match_concerned(
    named: list[Case], possible: list[Case], reading: Reading, received_at: datetime, card: Card | None
) -> Match:
    if len(named) != 1 or possible:
        return Match(card=card, suggestions=_suggest(SuggestionReason.SEVERAL, [*named, *possible]))
    doubt = _doubt(named[0], reading, received_at)
    if doubt:
        return Match(card=named[0].card, suggestions=[Suggestion(named[0], doubt)])
    return Match(named[0], named[0].card)


def _match_reading(team: Team, reading: Reading, received_at: datetime) -> Match:
    """What the number and the reference that were read say."""
    cards = _matching_cards(team, reading.number)
    card = cards[0] if len(cards) == 1 else None
    by_number = [case for case in (_current_case(team, card) for card in cards) if case]
    by_reference = _cases_by_reference(team, reading.reference)
    candidates = by_number if reading.number else by_reference
    if by_reference and candidates != by_reference:
        agreeing = [case for case in candidates if case in by_reference]
        if not agreeing:
            # The reference is that of another request.
            return Match(card=card, suggestions=_suggest(SuggestionReason.OTHER_NUMBER, [*by_reference, *by_number]))
        candidates = agreeing
    elif len(cards) > len(candidates):
        # Several cards fit, some without a case: it may be about one of those.
        return Match(suggestions=_suggest(SuggestionReason.SEVERAL, candidates)) if candidates else Match()
    if len(candidates) > 1:
        return Match(card=card, suggestions=_suggest(SuggestionReason.SEVERAL, candidates))
    if not candidates:
        return Match(card=card, suggestions=_suggest_waiting_cases(team, reading, received_at))
    doubt = _doubt(candidates[0], reading, received_at)
    if doubt:
        return Match(card=candidates[0].card, suggestions=[Suggestion(candidates[0], doubt)])
    return Match(candidates[0], candidates[0].card, is_named=True)


def _matching_cards(team: Team, number_form: str | None) -> list[Card]:
    """The team's cards whose number fits what the message shows of it."""
    tail = _TAIL.search(unicodedata.normalize("NFKC", number_form)) if number_form else None
    if not number_form or not tail:
        return []
    number_filter = {"tail": tail[0][-4:]} if len(tail[0]) >= 4 else {"number__endswith": tail[0]}
    cards = {card.number: card for card in cards_of(team).filter(**number_filter).order_by("pk")}
    return [cards[number] for number in matching_numbers(number_form, cards)]


def _current_case(team: Team, card: Card) -> Case | None:
    """The card's open case, or its latest."""
    cases = listed(cases_of(team)).filter(card=card)
    return cases.filter(status__in=OPEN_STATUSES).first() or cases.order_by("-pk").first()


def _cases_by_reference(team: Team, reference: str | None) -> list[Case]:
    if not reference or len(reference) < MIN_REFERENCE_LENGTH:
        return []
    return list(
        listed(cases_of(team)).filter(carrier_reference__iexact=reference).order_by("-pk")[: MAX_SUGGESTIONS + 1]
    )


def _doubt(case: Case, reading: Reading, received_at: datetime) -> SuggestionReason | None:
    if reading.carrier and reading.carrier != case.carrier.slug:
        return SuggestionReason.OTHER_CARRIER
    if case.submitted_at is None:
        return SuggestionReason.NOT_SUBMITTED
    return SuggestionReason.OLDER if received_at < case.submitted_at else None


def _suggest(reason: SuggestionReason, cases: Sequence[Case]) -> list[Suggestion]:
    return [Suggestion(case, reason) for case in {case.pk: case for case in cases}.values()][:MAX_SUGGESTIONS]


def _suggest_waiting_cases(team: Team, reading: Reading, received_at: datetime) -> list[Suggestion]:
    """Where a message names no number at all: what waits for an answer of the carrier that sent it."""
    if reading.number or not reading.carrier:
        return []
    cases = waiting_for_carrier_at(cases_of(team), reading.carrier, received_at).order_by("reply_by", "pk")
    return _suggest(SuggestionReason.SAME_CARRIER, list(cases[:MAX_SUGGESTIONS]))
