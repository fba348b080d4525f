"""A made-up case for the guide: built in memory and never stored, so it is neither counted nor reminded of.

Its events run from the day before National Day to the confirmation; the reader chooses which day is today.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from cases import wording
from cases.domain.business_days import ONE_DAY, SHANGHAI, WorkingCalendar, end_of_day
from cases.domain.case_standing import current_standing
from cases.domain.deadlines import Basis, Terms, deadlines_of
from cases.domain.escalation import complaint_answer_by
from cases.domain.status import Status
from cases.domain.turns import whose_turn
from cases.models import Card, Carrier, Case, Escalation
from cases.models.choices import EntryKind, EscalationKind
from cases.operations.next_reminder import reminder_state
from cases.web import guide
from cases.web.day_strip import CARRIER_KINDS, DayStrip, Mark, day_strip
from cases.web.escalation_ladder import rungs
from cases.wording import call_scripts
from cases.wording.turns import turn_sentence

_K = EntryKind


@dataclass(frozen=True)
class ExampleEvent:
    """An event, as the timeline shows it."""

    at: datetime
    kind: EntryKind
    msgid: str

    @property
    def title(self) -> str:
        return str(self.kind.label)

    @property
    def words(self) -> str:
        return _(self.msgid)


def _parse_moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


EVENTS = (
    ExampleEvent(
        _parse_moment("2026-09-30 15:00"), _K.SUBMITTED, gettext_noop("Submitted by hotline; form sent in the app.")
    ),
    ExampleEvent(
        _parse_moment("2026-10-01 10:20"),
        _K.ACKNOWLEDGED,
        gettext_noop("SMS: request acknowledged, carrier reference SL-0001."),
    ),
    ExampleEvent(
        _parse_moment("2026-10-14 09:30"),
        _K.FOLLOW_UP,
        gettext_noop("Overdue since today. Staff no. 88: “still being reviewed”."),
    ),
    ExampleEvent(
        _parse_moment("2026-10-16 10:05"), _K.PROMISED, gettext_noop("Staff no. 12: will be done by 20 October.")
    ),
    ExampleEvent(
        _parse_moment("2026-10-21 09:10"),
        _K.FOLLOW_UP,
        gettext_noop("The promise was not kept. “Someone will call you back.”"),
    ),
    ExampleEvent(
        _parse_moment("2026-10-28 09:40"),
        _K.COMPLAINT,
        gettext_noop("Formal complaint filed, complaint reference TS-0001."),
    ),
    ExampleEvent(
        _parse_moment("2026-11-02 16:00"),
        _K.REPORTED_DONE,
        gettext_noop("The carrier called back: cancelled, with an apology."),
    ),
    ExampleEvent(
        _parse_moment("2026-11-03 09:15"),
        _K.CONFIRMED,
        gettext_noop("Hotline: closed since 2 November."),
    ),
)
FIRST_DAY, LAST_DAY = date(2026, 9, 30), date(2026, 11, 5)
#: The day shown first: the deadline has just passed.
LATE_DAY = date(2026, 10, 14)
_PROMISED_ON = date(2026, 10, 20)


def example_context(today: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """The context of the example's page on the evening of a day; days before or after the events count as its ends."""
    today = min(max(today, FIRST_DAY), LAST_DAY)
    now = datetime.combine(today, time(18), SHANGHAI)
    past = [event for event in EVENTS if event.at <= now]
    case = _build_case(now, calendar)
    escalations = _escalations(case, now, calendar)
    state = reminder_state(case, escalations)
    standing = current_standing(case.state, state, now, calendar)
    return {
        "today": today,
        "previous_day": today - ONE_DAY if today > FIRST_DAY else None,
        "next_day": today + ONE_DAY if today < LAST_DAY else None,
        "event_days": [event.at.date() for event in EVENTS],
        "case": case,
        "standing": standing,
        "headline": wording.headline(standing),
        "next_step": wording.next_step(standing, case),
        "script": call_scripts.call_script(standing, case),
        "guide_url": guide.help_url(standing.step),
        "turn": turn_sentence(whose_turn(case.state, state, now, calendar)),
        "strip": _build_strip(case, past, now, calendar),
        "rungs": rungs(case, escalations, [], now, calendar),
        "timeline": past[::-1],
        "facts": list(_facts(case)),
    }


def _happened_at(kind: EntryKind, now: datetime) -> datetime | None:
    """When it happened, if it has by now."""
    return max((event.at for event in EVENTS if event.kind is kind and event.at <= now), default=None)


def _build_case(now: datetime, calendar: WorkingCalendar) -> Case:
    """The case with the fields that would be stored by then."""
    submitted_at = EVENTS[0].at
    deadlines = deadlines_of(submitted_at, Terms(), calendar)
    promised_at, done_at, confirmed_at = (
        _happened_at(kind, now) for kind in (_K.PROMISED, _K.REPORTED_DONE, _K.CONFIRMED)
    )
    return Case(
        card=Card(number="13800138000"),
        carrier=Carrier(name="中国移动", name_en="China Mobile", hotline="10086", complaint_line="10080"),
        reference="XK-EXAMPLE",
        carrier_reference="SL-0001" if _happened_at(_K.ACKNOWLEDGED, now) else "",
        status=Status.CONFIRMED if confirmed_at else Status.SUBMITTED,
        submission=1,
        round=2 if promised_at else 1,
        basis=Basis.PROMISE if promised_at else Basis.SUBMISSION,
        submitted_at=submitted_at,
        acknowledge_by=deadlines.acknowledge_by,
        window_opens=deadlines.window_opens,
        acknowledged_at=_happened_at(_K.ACKNOWLEDGED, now),
        promised_on=_PROMISED_ON if promised_at else None,
        reply_by=None if done_at else end_of_day(_PROMISED_ON) if promised_at else deadlines.reply_by,
        first_reply_by=deadlines.reply_by,
        last_follow_up_at=_happened_at(_K.FOLLOW_UP, now),
        reported_done_at=done_at,
        confirmed_at=confirmed_at,
        was_late=bool(promised_at),
    )


def _build_strip(case: Case, past: list[ExampleEvent], now: datetime, calendar: WorkingCalendar) -> DayStrip:
    promised_at, done_at = _happened_at(_K.PROMISED, now), case.reported_done_at
    reply_by = end_of_day(_PROMISED_ON) if promised_at else case.first_reply_by
    assert reply_by is not None
    marks = [Mark(event.at.date(), event.title, event.kind in CARRIER_KINDS) for event in past[1:]]
    started_at = promised_at or EVENTS[0].at
    strip = day_strip(started_at, reply_by, now=now, calendar=calendar, ended_at=done_at, marks=marks)
    return replace(strip, is_submission=promised_at is None)


def _escalations(case: Case, now: datetime, calendar: WorkingCalendar) -> list[Escalation]:
    """The complaint, once it is lodged; the carrier settles it by reporting the card done."""
    lodged_at = _happened_at(_K.COMPLAINT, now)
    if lodged_at is None:
        return []
    complaint = Escalation(
        kind=EscalationKind.COMPLAINT,
        submission=case.submission,
        lodged_at=lodged_at,
        answer_by=complaint_answer_by(lodged_at, calendar),
        answered_at=case.reported_done_at,
        satisfied=True if case.reported_done_at else None,
    )
    return [complaint]


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    yield pgettext("when it happened", "Submitted"), wording.format_moment(EVENTS[0].at)
    if case.reply_by:
        yield _("Reply due"), wording.format_deadline(case.reply_by)
    if case.promised_on:
        yield _("Promised date"), wording.format_day(case.promised_on)
    if case.carrier_reference:
        yield _("Carrier reference number"), case.carrier_reference
