"""An example case to play with: made up, kept nowhere, so that it is never counted and nobody is reminded of it.

Its story runs from the day before National Day to the confirmation; the reader chooses the day that is today.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from cases import wording
from cases.domain.business_days import ONE_DAY, SHANGHAI, WorkingCalendar, end_of_day
from cases.domain.case_standing import Standing, current_standing
from cases.domain.deadlines import Basis, Terms, deadlines_of
from cases.domain.escalation import complaint_answer_by
from cases.domain.reminders import CaseState
from cases.domain.status import Status
from cases.models import Card, Carrier, Case, Escalation
from cases.models.choices import EntryKind, EscalationKind
from cases.web import guide
from cases.web.day_strip import DayStrip, Mark, day_strip
from cases.web.escalation_ladder import Rung, rungs
from cases.wording import call_scripts

_K = EntryKind
_CARRIER_KINDS = {_K.ACKNOWLEDGED, _K.PROMISED, _K.REPORTED_DONE}


@dataclass(frozen=True)
class ExampleEvent:
    """Something that happened, as the timeline shows it."""

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
        _parse_moment("2026-09-30 15:00"), _K.SUBMITTED, gettext_noop("By the hotline; the form was sent by the app.")
    ),
    ExampleEvent(
        _parse_moment("2026-10-01 10:20"),
        _K.ACKNOWLEDGED,
        gettext_noop("SMS: the request is registered, reference SL-0001."),
    ),
    ExampleEvent(
        _parse_moment("2026-10-14 09:30"),
        _K.FOLLOW_UP,
        gettext_noop("Late since today. Staff no. 88: “still in review”."),
    ),
    ExampleEvent(_parse_moment("2026-10-16 10:05"), _K.PROMISED, gettext_noop("Staff no. 12: done by 20 October.")),
    ExampleEvent(
        _parse_moment("2026-10-21 09:10"), _K.FOLLOW_UP, gettext_noop("The promise was not kept. “Somebody will call.”")
    ),
    ExampleEvent(
        _parse_moment("2026-10-28 09:40"), _K.COMPLAINT, gettext_noop("Formal complaint; its number is TS-0001.")
    ),
    ExampleEvent(
        _parse_moment("2026-11-02 16:00"), _K.REPORTED_DONE, gettext_noop("They call back: cancelled, with an apology.")
    ),
    ExampleEvent(
        _parse_moment("2026-11-03 09:15"),
        _K.CONFIRMED,
        gettext_noop("The hotline confirms it: closed since 2 November."),
    ),
)
FIRST_DAY, LAST_DAY = date(2026, 9, 30), date(2026, 11, 5)
#: Where it begins for whoever names no day: the deadline has just passed.
LATE_DAY = date(2026, 10, 14)
_PROMISED_ON = date(2026, 10, 20)


def example_context(today: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """Everything that its page shows when it is that day, in the evening; days outside its story are its ends."""
    today = min(max(today, FIRST_DAY), LAST_DAY)
    now = datetime.combine(today, time(18), SHANGHAI)
    past = [event for event in EVENTS if event.at <= now]
    case = _build_case(now, calendar)
    case_standing = _build_standing(case, now, calendar)
    return {
        "today": today,
        "before": today - ONE_DAY if today > FIRST_DAY else None,
        "after": today + ONE_DAY if today < LAST_DAY else None,
        "turns": [event.at.date() for event in EVENTS],
        "case": case,
        "standing": case_standing,
        "headline": wording.headline(case_standing),
        "step": wording.next_step(case_standing, case),
        "script": call_scripts.call_script(case_standing, case),
        "guide": guide.help_url(case_standing.step),
        "strip": _build_strip(case, past, now, calendar),
        "rungs": _build_rungs(case, now, calendar),
        "timeline": past[::-1],
        "facts": list(_facts(case)),
    }


def _happened_at(kind: EntryKind, now: datetime) -> datetime | None:
    """When it happened, if it has by now."""
    return max((event.at for event in EVENTS if event.kind is kind and event.at <= now), default=None)


def _build_case(now: datetime, calendar: WorkingCalendar) -> Case:
    """The case as it would be stored by then; it is not."""
    submitted_at = EVENTS[0].at
    first_reply_by = deadlines_of(submitted_at, Terms(), calendar).reply_by
    promised_at, done_at, confirmed_at = (
        _happened_at(kind, now) for kind in (_K.PROMISED, _K.REPORTED_DONE, _K.CONFIRMED)
    )
    return Case(
        card=Card(number="13800138000"),
        carrier=Carrier(name="中国移动", name_en="China Mobile", hotline="10086", complaint_line="10080"),
        reference="XK-EXAMPLE",
        carrier_reference="SL-0001" if _happened_at(_K.ACKNOWLEDGED, now) else "",
        status=Status.CONFIRMED if confirmed_at else Status.SUBMITTED,
        submitted_at=submitted_at,
        acknowledged_at=_happened_at(_K.ACKNOWLEDGED, now),
        promised_on=_PROMISED_ON if promised_at else None,
        reply_by=None if done_at else end_of_day(_PROMISED_ON) if promised_at else first_reply_by,
        first_reply_by=first_reply_by,
        last_follow_up_at=_happened_at(_K.FOLLOW_UP, now),
        reported_done_at=done_at,
        confirmed_at=confirmed_at,
        was_late=bool(promised_at),
    )


def _build_standing(case: Case, now: datetime, calendar: WorkingCalendar) -> Standing:
    deadlines = deadlines_of(EVENTS[0].at, Terms(), calendar)
    complaint_at, has_promise = _happened_at(_K.COMPLAINT, now), case.promised_on is not None
    state = CaseState(
        waiting=case.reply_by is not None,
        first_round=not has_promise,
        basis=Basis.PROMISE if has_promise else Basis.SUBMISSION,
        acknowledged=case.acknowledged_at is not None,
        submitted_at=case.submitted_at,
        acknowledge_by=deadlines.acknowledge_by,
        window_opens=deadlines.window_opens,
        reply_by=case.reply_by,
        first_reply_by=case.first_reply_by,
        reported_done_at=case.reported_done_at,
        confirmed_at=case.confirmed_at,
        complaint_at=complaint_at if case.reply_by else None,
        complaint_lodged=complaint_at is not None,
    )
    return current_standing(case.state, state, now, calendar)


def _build_strip(case: Case, past: list[ExampleEvent], now: datetime, calendar: WorkingCalendar) -> DayStrip:
    promised_at, done_at = _happened_at(_K.PROMISED, now), case.reported_done_at
    reply_by = end_of_day(_PROMISED_ON) if promised_at else case.first_reply_by
    assert reply_by is not None
    marks = [Mark(event.at.date(), event.title, event.kind in _CARRIER_KINDS) for event in past[1:]]
    started_at, until = promised_at or EVENTS[0].at, done_at or now
    return day_strip(started_at, reply_by, until=until, ended=done_at is not None, calendar=calendar, marks=marks)


def _build_rungs(case: Case, now: datetime, calendar: WorkingCalendar) -> list[Rung]:
    lodged_at = _happened_at(_K.COMPLAINT, now)
    if lodged_at is None:
        return rungs(case, [], [], now, calendar)
    complaint = Escalation(
        kind=EscalationKind.COMPLAINT,
        lodged_at=lodged_at,
        answer_by=complaint_answer_by(lodged_at, calendar),
        answered_at=case.reported_done_at,
        satisfied=True if case.reported_done_at else None,
    )
    return rungs(case, [complaint], [], now, calendar)


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    yield pgettext("when it happened", "Submitted"), wording.format_moment(EVENTS[0].at)
    if case.reply_by:
        yield _("Answer due by"), wording.format_deadline(case.reply_by)
    if case.promised_on:
        yield _("Promised day"), wording.format_day(case.promised_on)
    if case.carrier_reference:
        yield _("Carrier's reference"), case.carrier_reference
