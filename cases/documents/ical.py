"""A person's dates for their calendar program: iCalendar, RFC 5545.

One event for each waiting round (the last day of the carrier's window, or of its promise) and for each date of a
complaint or an appeal. Its UID stays the same while it lives; what changes raises its SEQUENCE, and what has ended
stays for a while as cancelled, so that a program that only adds takes it away. Numbers are masked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db.models import Max, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from icalendar import Calendar, Event, Timezone, vDuration

from cases import selectors
from cases.domain import masking
from cases.domain.business_days import SHANGHAI, WorkingCalendar, YearNotCovered
from cases.domain.deadlines import Basis, last_day
from cases.domain.escalation import appeal_decision_by
from cases.models import Case, Escalation, User, WaitingRound
from cases.models.choices import EscalationKind

#: For how long what has ended stays as cancelled.
CANCELLED_RETENTION = timedelta(days=30)
#: How often a program should look again.
REFRESH_INTERVAL = timedelta(hours=1)


class LastChange(TypedDict):
    """What the query adds to a case: when its last entry was recorded."""

    changed_at: datetime


if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import WithAnnotations

    DatedCase = WithAnnotations[Case, LastChange]


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day in a person's calendar; `ended`: when it ceased to matter, None until then."""

    uid: str
    day: date
    title: str
    ended: datetime | None
    provisional: bool = False


def render_calendar(user: User, now: datetime) -> bytes:
    """The calendar of a person at an aware moment, in their language."""
    with override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Xiaoka//Xiaoka//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Xiaoka: deadlines of my cases"))
        calendar.add("refresh-interval", vDuration(REFRESH_INTERVAL), parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESH_INTERVAL))
        # A calendar without any component is none: on a quiet day this one is there.
        calendar.add_component(Timezone.from_tzid(SHANGHAI.key, first_date=date(2004, 1, 1)))
        business_calendar = selectors.working_calendar()
        for case in _calendar_cases(user, now):
            for entry in _case_dates(case, business_calendar):
                if entry.ended is None or entry.ended > now - CANCELLED_RETENTION:
                    calendar.add_component(_event(case, entry))
        return bytes(calendar.to_ical())


def _calendar_cases(user: User, now: datetime) -> "Iterator[DatedCase]":
    recent = now - CANCELLED_RETENTION
    alive = Q(rounds__ended_at=None, rounds__isnull=False) | Q(rounds__ended_at__gt=recent)
    alive |= Q(escalations__answered_at=None, escalations__isnull=False) | Q(escalations__answered_at__gt=recent)
    keys = selectors.reminder_cases_of(user).filter(alive).values("pk")
    cases = Case.objects.filter(pk__in=keys).select_related("card", "carrier")
    rounds = WaitingRound.objects.filter(Q(ended_at=None) | Q(ended_at__gt=recent))
    cases = cases.prefetch_related(Prefetch("rounds", rounds), "escalations")
    # The record's last entry says when anything about the case last changed.
    yield from cases.annotate(changed_at=Max("entries__recorded_at")).order_by("pk")


_ROUND_TITLES: dict[str, str] = {
    Basis.PROMISE: gettext_noop("Promised date (carrier)"),
    Basis.TAKES_EFFECT: gettext_noop("Cancellation takes effect"),
}


def _case_dates(case: Case, calendar: WorkingCalendar) -> Iterator[CalendarDate]:
    for waiting_round in case.rounds.all():
        title = _(_ROUND_TITLES.get(waiting_round.basis, gettext_noop("Reply deadline")))
        provisional = case.provisional and waiting_round.ended_at is None
        yield CalendarDate(
            f"round.{waiting_round.number}",
            last_day(waiting_round.reply_by),
            title,
            waiting_round.ended_at,
            provisional,
        )
    for escalation in case.escalations.all():
        yield from _escalation_dates(escalation, case, calendar)


def _escalation_dates(escalation: Escalation, case: Case, calendar: WorkingCalendar) -> Iterator[CalendarDate]:
    ended = escalation.answered_at or case.closed_at
    uid, answer_by = f"{escalation.kind}.{escalation.pk}", last_day(escalation.answer_by)
    if escalation.kind == EscalationKind.COMPLAINT:
        yield CalendarDate(uid, answer_by, _("Complaint answer deadline"), ended)
        return
    try:
        decision = last_day(appeal_decision_by(escalation.lodged_at, calendar))
    except YearNotCovered:
        pass
    else:
        title = _("Appeal decision deadline")
        yield CalendarDate(f"{uid}.decision", decision, title, escalation.decided_at or ended)
    yield CalendarDate(uid, answer_by, _("Appeal answer deadline"), ended)


def _event(case: "DatedCase", entry: CalendarDate) -> Event:
    event = Event()
    link = f"{settings.SITE_URL}{reverse('case_detail', args=[case.reference])}"
    event.add("uid", f"{case.reference}.{entry.uid}@xiaoka")
    event.add("summary", f"{entry.title} · {masking.mask_number(case.card.number)} {case.carrier}")
    event.add("description", link)
    event.add("url", link)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")  # a date to know of, not a day that is taken
    event.add("sequence", case.version)
    event.add("dtstamp", case.changed_at)
    event.add("last-modified", case.changed_at)
    event.add("status", "CANCELLED" if entry.ended else "TENTATIVE" if entry.provisional else "CONFIRMED")
    return event
