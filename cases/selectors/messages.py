"""Carriers' messages, the phones that forward them, and the marks that tell whose they are."""

from datetime import datetime

from django.db.models import QuerySet

from cases.domain.business_days import WorkingCalendar
from cases.domain.forwarder_silence import is_silent
from cases.formats.sms.reader import carrier_identifiers
from cases.formats.sms.types import CarrierIdentifiers
from cases.models import (
    Carrier,
    CarrierMessage,
    Forwarder,
    Team,
)
from cases.models.choices import MessageState


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


def waiting_messages(messages: QuerySet[CarrierMessage]) -> QuerySet[CarrierMessage]:
    """Those that wait for a person: proposed for a case, or fitting none."""
    return messages.filter(state__in=(MessageState.PROPOSED, MessageState.UNMATCHED))


def unmatched_messages(messages: QuerySet[CarrierMessage]) -> QuerySet[CarrierMessage]:
    return messages.filter(state=MessageState.UNMATCHED)


def unread_messages(now: datetime) -> QuerySet[CarrierMessage]:
    """What was stored until now and is not read yet, in the order in which it was received."""
    return CarrierMessage.objects.filter(state=MessageState.NEW, stored_at__lte=now).order_by("received_at", "pk")


def silent_forwarders(team: Team, now: datetime, calendar: WorkingCalendar) -> list[Forwarder]:
    """The team's phones, switched on, from which nothing has come for longer than usual: no reply may mean nothing."""
    return [
        forwarder
        for forwarder in Forwarder.objects.filter(team=team, is_on=True, last_seen_at__isnull=False)
        if is_silent(forwarder.arrival_times(), forwarder.last_seen_at, now, calendar)
    ]
