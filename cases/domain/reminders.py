"""Which reminders a case calls for, and when. Computed here, sent elsewhere.

Moments that come in are aware (a naive one is a ValueError); moments that go out are in Asia/Shanghai.
Nothing here raises YearNotCovered: a schedule ends where the calendar's years end.
Rules: domain.md, 'Reminders'.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, count, groupby, pairwise, takewhile
from operator import attrgetter
from typing import NamedTuple

from cases.domain.business_days import ONE_DAY, WorkingCalendar, YearNotCovered, add_months, local, start_of_day
from cases.domain.deadlines import Basis
from cases.domain.errors import gettext_noop
from cases.domain.escalation import (
    COMPLAIN_LATE_DAY,
    appeal_answer_by,
    appeal_decision_by,
    complaint_answer_by,
    complaint_due_at,
)
from cases.domain.notification_hours import DEFAULT_HOURS, NotificationHours, next_moment
from cases.domain.retention import erasure_notice_day

_FINAL_BILL_DAY = 5


class ReminderKind(StrEnum):
    """What a reminder says; domain.md has a row for each (its `appeal_answer` is two here)."""

    ACK_MISSING = "ack_missing"
    WINDOW_OPEN = "window_open"
    OVERDUE = "overdue"
    PROMISE_BROKEN = "promise_broken"
    STILL_OVERDUE = "still_overdue"
    COMPLAIN = "complain"
    VERIFY = "verify"
    RETURNED = "returned"
    COMPLAINT_UNANSWERED = "complaint_unanswered"
    APPEAL_DECISION = "appeal_decision"
    APPEAL_ANSWER = "appeal_answer"
    FINAL_BILL = "final_bill"
    MESSAGE = "message"
    ERASURE = "erasure"


REMINDER_LABELS: dict[str, str] = {
    ReminderKind.ACK_MISSING: gettext_noop("Not acknowledged yet"),
    ReminderKind.WINDOW_OPEN: gettext_noop("Time for a first call"),
    ReminderKind.OVERDUE: gettext_noop("Overdue"),
    ReminderKind.PROMISE_BROKEN: gettext_noop("Promise not kept"),
    ReminderKind.STILL_OVERDUE: gettext_noop("Still overdue"),
    ReminderKind.COMPLAIN: gettext_noop("Time to complain"),
    ReminderKind.VERIFY: gettext_noop("To verify"),
    ReminderKind.RETURNED: gettext_noop("Returned: action needed"),
    ReminderKind.COMPLAINT_UNANSWERED: gettext_noop("Complaint unanswered"),
    ReminderKind.APPEAL_DECISION: gettext_noop("Appeal decision overdue"),
    ReminderKind.APPEAL_ANSWER: gettext_noop("Appeal answer overdue"),
    ReminderKind.FINAL_BILL: gettext_noop("Check the final bill"),
    ReminderKind.MESSAGE: gettext_noop("SMS to handle"),
    ReminderKind.ERASURE: gettext_noop("Will be erased soon"),
}

#: From the least serious to the most: the higher up the ladder a case stands, the more its next step matters.
KINDS_BY_SERIOUSNESS = (
    ReminderKind.FINAL_BILL,
    ReminderKind.ERASURE,
    ReminderKind.ACK_MISSING,
    ReminderKind.WINDOW_OPEN,
    ReminderKind.VERIFY,
    ReminderKind.RETURNED,
    ReminderKind.MESSAGE,
    ReminderKind.OVERDUE,
    ReminderKind.STILL_OVERDUE,
    ReminderKind.PROMISE_BROKEN,
    ReminderKind.COMPLAIN,
    ReminderKind.COMPLAINT_UNANSWERED,
    ReminderKind.APPEAL_DECISION,
    ReminderKind.APPEAL_ANSWER,
)
_RANK = {kind: rank for rank, kind in enumerate(KINDS_BY_SERIOUSNESS)}


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything that the reminders of a case depend on; a case with nothing set has none.

    `waiting`: a round runs, number `round_no`, resting on `basis`; `first_round`: it is the submission's own,
    so nothing was answered. `first_reply_by`: the deadline of that first round (None: the round that runs is
    it). `reported_done_at`, `returned_at`, `confirmed_at`: set while the case stands there. `bill_checked`: the
    bill that followed the confirmation was looked at. `complaint_at`: a
    complaint of this submission runs unanswered; `complaint_lodged`: there was one, answered or not.
    `appeal_at`: an appeal runs, and its papers arrived then; `appeal_decided`: it was accepted. `complaint_no`,
    `appeal_no`: which complaint or appeal of the case runs, from 1.
    `snoozed_until`: quiet before that day (Shanghai). `message_at`: since then a message of the carrier waits for a
    person. `erase_on`: from that day on a closed case may be erased.
    """

    waiting: bool = False
    round_no: int = 0
    first_round: bool = False
    basis: Basis | None = None
    acknowledged: bool = False
    submitted_at: datetime | None = None
    acknowledge_by: datetime | None = None
    window_opens: datetime | None = None
    reply_by: datetime | None = None
    first_reply_by: datetime | None = None
    reported_done_at: datetime | None = None
    returned_at: datetime | None = None
    confirmed_at: datetime | None = None
    bill_checked: bool = False
    complaint_at: datetime | None = None
    complaint_lodged: bool = False
    appeal_at: datetime | None = None
    appeal_decided: bool = False
    complaint_no: int = 1
    appeal_no: int = 1
    snoozed_until: date | None = None
    message_at: datetime | None = None
    erase_on: date | None = None


class ScheduledReminder(NamedTuple):
    """A reminder and the moment `at` which a person gets it: `raised_at`, moved into the person's hours.

    What is owed to a day has no time of its own: it is raised at 00:00, and so comes when the hours start.
    `ordinal`: the late day of STILL_OVERDUE, the working day in 'returned' of RETURNED, the number of the complaint
    or appeal, otherwise 1.
    """

    at: datetime
    kind: ReminderKind
    ordinal: int
    raised_at: datetime


_AT = attrgetter("at")


def most_serious(reminders: Iterable[ScheduledReminder]) -> ScheduledReminder:
    """The one to send of several that are due at once; of one kind the last raised. ValueError for none."""
    return max(reminders, key=lambda reminder: (_RANK[reminder.kind], reminder.raised_at))


def iter_reminders(
    state: CaseState,
    calendar: WorkingCalendar,
    hours: NotificationHours = DEFAULT_HOURS,
    *,
    near: datetime | None = None,
) -> Iterator[ScheduledReminder]:
    """The reminders of a case in order of time; where several meet in a moment, the most serious of them.

    Computed as they are asked for. A case that stays late, or stays returned, has them until the calendar's
    years end. What a snooze keeps quiet meets when it ends. With `near` (aware), of those that come again and again
    some may be left out that another one followed before that moment.
    """
    # Nothing is left out where a snooze makes early ones meet late ones.
    skip_until = local(near).date() - ONE_DAY if near and not state.snoozed_until else None
    all_series = (
        _shift_into_hours(one_series, state, calendar, hours)
        for one_series in _reminder_series(state, calendar, skip_until)
    )
    for _, simultaneous in groupby(heapq.merge(*all_series), _AT):
        first, *others = simultaneous
        yield most_serious([first, *others]) if others else first


def next_reminder(
    state: CaseState, after: datetime, calendar: WorkingCalendar, hours: NotificationHours = DEFAULT_HOURS
) -> ScheduledReminder | None:
    """The first reminder that comes after a moment, or None."""
    return next((reminder for reminder in iter_reminders(state, calendar, hours) if reminder.at > after), None)


def due_reminder(
    state: CaseState,
    since: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    hours: NotificationHours = DEFAULT_HOURS,
) -> ScheduledReminder | None:
    """The last reminder with since < at <= now, or None: whoever missed a week of them gets one.

    `since` is the last moment that was looked after already; None: none was.
    """
    until_now = takewhile(lambda reminder: reminder.at <= now, iter_reminders(state, calendar, hours))
    return _latest_due([reminder for reminder in until_now if since is None or reminder.at > since])


def due_and_next(
    state: CaseState,
    since: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    hours: NotificationHours = DEFAULT_HOURS,
) -> tuple[ScheduledReminder | None, ScheduledReminder | None]:
    """What is due now (as `due_reminder`) and what comes next (as `next_reminder`), in one pass."""
    now, since = local(now), local(since) if since else None  # by one clock they compare quickly
    due: list[ScheduledReminder] = []
    for reminder in iter_reminders(state, calendar, hours, near=now):
        if reminder.at > now:
            return _latest_due(due), reminder
        if since is None or reminder.at > since:
            due.append(reminder)
    return _latest_due(due), None


def _latest_due(due: list[ScheduledReminder]) -> ScheduledReminder | None:
    """The last of several that were missed; but the call to complain comes once and is not hidden by a later one."""
    candidates = [reminder for reminder in due if reminder.kind is ReminderKind.COMPLAIN] or due
    return candidates[-1] if candidates else None


def occasion(state: CaseState, reminder: ScheduledReminder) -> str:
    """What tells apart reminders of one kind and ordinal: the day a snooze ended, for one that it had held back.

    The erasure of a case is announced once for each planned day. A waiting message reminds repeatedly, for one message
    and for the next: the moment tells these reminders apart. Empty for any other that came in its own time.
    """
    if reminder.kind is ReminderKind.ERASURE:
        return str(state.erase_on)
    raised_at = local(reminder.raised_at)
    if state.snoozed_until and raised_at.date() < state.snoozed_until:
        return state.snoozed_until.isoformat()
    return f"{raised_at:%m%d%H%M%S}" if reminder.kind is ReminderKind.MESSAGE else ""


#: A reminder before it is moved into anybody's hours: when it is raised (Asia/Shanghai), its kind, its ordinal.
_RaisedReminder = tuple[datetime, ReminderKind, int]


def _shift_into_hours(
    series: Iterator[_RaisedReminder], state: CaseState, calendar: WorkingCalendar, hours: NotificationHours
) -> Iterator[ScheduledReminder]:
    quiet_until = start_of_day(state.snoozed_until) if state.snoozed_until else None
    try:
        for raised_at, kind, ordinal in series:
            at = next_moment(max(raised_at, quiet_until) if quiet_until else raised_at, hours, calendar)
            yield ScheduledReminder(at, kind, ordinal, raised_at)
    except YearNotCovered:
        return


def _reminder_series(
    state: CaseState, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[Iterator[_RaisedReminder]]:
    """What the case calls for, each strand in order of time.

    While a message of the carrier waits, that is said when it came and whenever there would be something else to say.
    `skip_until`: of what recurs, only the last one until that day is of interest, and what follows.
    """
    state_series = _series_of_state(state, calendar, skip_until)
    if state.message_at is None:
        yield from state_series
        return
    yield iter([(local(state.message_at), ReminderKind.MESSAGE, 1)])
    yield from (_replace_with_message(series, state.message_at) for series in state_series)


def _replace_with_message(series: Iterator[_RaisedReminder], since: datetime) -> Iterator[_RaisedReminder]:
    return ((raised_at, ReminderKind.MESSAGE, 1) for raised_at, _, _ in series if raised_at > since)


def _series_of_state(
    state: CaseState, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[Iterator[_RaisedReminder]]:
    """What the state calls for. Whose turn it is decides, the ladder first."""
    if state.erase_on is not None:
        yield iter([(start_of_day(erasure_notice_day(state.erase_on)), ReminderKind.ERASURE, 1)])
    if state.appeal_at is not None:
        if not state.appeal_decided:
            yield _single_reminder(
                ReminderKind.APPEAL_DECISION, appeal_decision_by, state.appeal_at, calendar, state.appeal_no
            )
        yield _single_reminder(ReminderKind.APPEAL_ANSWER, appeal_answer_by, state.appeal_at, calendar, state.appeal_no)
    elif state.complaint_at is not None:
        yield _single_reminder(
            ReminderKind.COMPLAINT_UNANSWERED, complaint_answer_by, state.complaint_at, calendar, state.complaint_no
        )
    elif state.waiting:
        yield from _series_of_round(state, calendar, skip_until)
    elif state.confirmed_at is not None:
        if not state.bill_checked:
            yield _single_reminder(ReminderKind.FINAL_BILL, _final_bill_at, state.confirmed_at, calendar)
    elif state.returned_at is not None:
        yield _returned_reminders(state.returned_at, calendar, skip_until)
    elif state.reported_done_at is not None:
        yield _single_reminder(ReminderKind.VERIFY, _working_day_after, state.reported_done_at, calendar)


def _series_of_round(
    state: CaseState, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[Iterator[_RaisedReminder]]:
    if state.first_round and state.acknowledge_by is not None and not state.acknowledged:
        yield iter([(local(state.acknowledge_by), ReminderKind.ACK_MISSING, 1)])
    if state.first_round and state.window_opens is not None:
        yield iter([(local(state.window_opens), ReminderKind.WINDOW_OPEN, 1)])
    if state.reply_by is None:
        return
    first_kind = ReminderKind.PROMISE_BROKEN if state.basis is Basis.PROMISE else ReminderKind.OVERDUE
    yield _late_reminders(first_kind, state.reply_by, calendar, skip_until)
    if not state.complaint_lodged:
        # Counted from the submission's first deadline, so that promises do not put a complaint off.
        yield _single_reminder(
            ReminderKind.COMPLAIN, complaint_due_at, state.first_reply_by or state.reply_by, calendar
        )


def _single_reminder(
    kind: ReminderKind,
    compute: Callable[[datetime, WorkingCalendar], datetime],
    since: datetime,
    calendar: WorkingCalendar,
    ordinal: int = 1,
) -> Iterator[_RaisedReminder]:
    """One reminder, computed only when it is asked for: there it may find that the calendar has ended."""
    yield compute(since, calendar), kind, ordinal


def _late_reminders(
    first_kind: ReminderKind, reply_by: datetime, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[_RaisedReminder]:
    # Late day 11 is the complaint's; after it every fifth.
    numbers = chain((1, 3, 5, 7, 9), count(COMPLAIN_LATE_DAY + 5, 5))
    for number, day in _numbered_working_days(local(reply_by).date() - ONE_DAY, numbers, calendar, skip_until):
        yield start_of_day(day), first_kind if number == 1 else ReminderKind.STILL_OVERDUE, number


def _returned_reminders(
    returned_at: datetime, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[_RaisedReminder]:
    for number, day in _numbered_working_days(local(returned_at).date(), count(3, 5), calendar, skip_until):
        yield start_of_day(day), ReminderKind.RETURNED, number


def _numbered_working_days(
    after: date, numbers: Iterable[int], calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[tuple[int, date]]:
    """The working days after a day that bear these numbers, which rise; from the last until `skip_until` on."""
    if skip_until is not None:
        elapsed = calendar.count_working_days(after + ONE_DAY, min(skip_until, calendar.last_date))
        numbers = (number for number, following in pairwise(numbers) if following > elapsed)
    return calendar.nth_working_days(after, numbers)


def _working_day_after(moment: datetime, calendar: WorkingCalendar) -> datetime:
    return start_of_day(calendar.nth_working_day(local(moment).date(), 1))


def _final_bill_at(confirmed_at: datetime, _: WorkingCalendar) -> datetime:
    next_month = add_months(local(confirmed_at).date().replace(day=1), 1)
    return start_of_day(next_month.replace(day=_FINAL_BILL_DAY))
