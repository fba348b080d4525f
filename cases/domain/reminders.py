"""Which reminders a case calls for, and when. Computed here, sent elsewhere.

Moments that come in are aware (a naive one is a ValueError); moments that go out are in Asia/Shanghai.
Nothing here raises YearNotCovered: a schedule ends where the calendar's years end.
Rules: domain.md, 'Reminders'.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain, count, groupby, pairwise, takewhile
from operator import attrgetter
from typing import NamedTuple

from cases.domain.business_days import ONE_DAY, WorkingCalendar, YearNotCovered, local, start_of_day
from cases.domain.deadlines import Basis, nth_late_day
from cases.domain.escalation import appeal_answer_by, appeal_decision_by, appeal_possible_from
from cases.domain.notification_hours import USUAL_HOURS, Hours, shift
from cases.domain.retention import told_on

COMPLAIN_LATE_DAY = 11
_FINAL_BILL_DAY = 5


class Kind(StrEnum):
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


#: From the least serious to the most: the higher up the ladder a case stands, the more its next step matters.
SERIOUSNESS = (
    Kind.FINAL_BILL,
    Kind.ERASURE,
    Kind.ACK_MISSING,
    Kind.WINDOW_OPEN,
    Kind.VERIFY,
    Kind.RETURNED,
    Kind.MESSAGE,
    Kind.OVERDUE,
    Kind.STILL_OVERDUE,
    Kind.PROMISE_BROKEN,
    Kind.COMPLAIN,
    Kind.COMPLAINT_UNANSWERED,
    Kind.APPEAL_DECISION,
    Kind.APPEAL_ANSWER,
)
_RANK = {kind: rank for rank, kind in enumerate(SERIOUSNESS)}


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything that the reminders of a case depend on; a case with nothing set has none.

    `waiting`: a round runs, number `round_no`, resting on `basis`; `first_round`: it is the submission's own,
    so nothing was answered. `first_reply_by`: the deadline of that first round (None: the round that runs is
    it). `reported_done_at`, `returned_at`, `confirmed_at`: set while the case stands there. `bill_checked`: the
    bill that followed the confirmation was looked at. `complaint_at`: a
    complaint of this submission runs unanswered; `complaint_made`: there was one, answered or not.
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
    complaint_made: bool = False
    appeal_at: datetime | None = None
    appeal_decided: bool = False
    complaint_no: int = 1
    appeal_no: int = 1
    snoozed_until: date | None = None
    message_at: datetime | None = None
    erase_on: date | None = None


class Reminder(NamedTuple):
    """A reminder and the moment `at` which a person gets it: `raised_at`, moved into the person's hours.

    What is owed to a day has no time of its own: it is raised at 00:00, and so comes when the hours start.
    `ordinal`: the late day of STILL_OVERDUE, the working day in 'returned' of RETURNED, the number of the complaint
    or appeal, otherwise 1.
    """

    at: datetime
    kind: Kind
    ordinal: int
    raised_at: datetime


_AT = attrgetter("at")


def most_serious(reminders: Iterable[Reminder]) -> Reminder:
    """The one to send of several that are due at once; of one kind the last raised. ValueError for none."""
    return max(reminders, key=lambda reminder: (_RANK[reminder.kind], reminder.raised_at))


def schedule(
    state: CaseState, calendar: WorkingCalendar, hours: Hours = USUAL_HOURS, *, near: datetime | None = None
) -> Iterator[Reminder]:
    """The reminders of a case in order of time; where several meet in a moment, the most serious of them.

    Computed as they are asked for. A case that stays late, or stays returned, has them until the calendar's
    years end. What a snooze keeps quiet meets when it ends. With `near` (aware), of those that come again and again
    some may be left out that another one followed before that moment.
    """
    # Nothing is left out where a snooze makes early ones meet late ones.
    past = local(near).date() - ONE_DAY if near and not state.snoozed_until else None
    strands = (_in_hours(strand, state, calendar, hours) for strand in _strands(state, calendar, past))
    for _, together in groupby(heapq.merge(*strands), _AT):
        first, *others = together
        yield most_serious([first, *others]) if others else first


def next_reminder(
    state: CaseState, after: datetime, calendar: WorkingCalendar, hours: Hours = USUAL_HOURS
) -> Reminder | None:
    """The first reminder that comes after a moment, or None."""
    return next((reminder for reminder in schedule(state, calendar, hours) if reminder.at > after), None)


def due_reminder(
    state: CaseState,
    since: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    hours: Hours = USUAL_HOURS,
) -> Reminder | None:
    """The last reminder with since < at <= now, or None: whoever missed a week of them gets one.

    `since` is the last moment that was looked after already; None: none was.
    """
    come = takewhile(lambda reminder: reminder.at <= now, schedule(state, calendar, hours))
    return _latest([reminder for reminder in come if since is None or reminder.at > since])


def look(
    state: CaseState, since: datetime | None, now: datetime, calendar: WorkingCalendar, hours: Hours = USUAL_HOURS
) -> tuple[Reminder | None, Reminder | None]:
    """What is due now (as `due_reminder`) and what comes next (as `next_reminder`), in one pass."""
    now, after = local(now), local(since) if since else start_of_day(date.min)  # by one clock they compare quickly
    missed: list[Reminder] = []
    for reminder in schedule(state, calendar, hours, near=now):
        if reminder.at > now:
            return _latest(missed), reminder
        if reminder.at > after:
            missed.append(reminder)
    return _latest(missed), None


def _latest(missed: list[Reminder]) -> Reminder | None:
    """The last of several that were missed; but the call to complain comes once and is not hidden by a later one."""
    kept = [reminder for reminder in missed if reminder.kind is Kind.COMPLAIN] or missed
    return kept[-1] if kept else None


#: A reminder before it is moved into anybody's hours: when it is raised (Asia/Shanghai), its kind, its ordinal.
_Raised = tuple[datetime, Kind, int]


def _in_hours(
    strand: Iterator[_Raised], state: CaseState, calendar: WorkingCalendar, hours: Hours
) -> Iterator[Reminder]:
    quiet_until = start_of_day(state.snoozed_until) if state.snoozed_until else None
    try:
        for raised_at, kind, ordinal in strand:
            at = shift(max(raised_at, quiet_until) if quiet_until else raised_at, hours, calendar)
            yield Reminder(at, kind, ordinal, raised_at)
    except YearNotCovered:
        return


def _strands(state: CaseState, calendar: WorkingCalendar, past: date | None) -> Iterator[Iterator[_Raised]]:
    """What the case calls for, each strand in order of time.

    While a message of the carrier waits, that is said when it came and whenever there would be something else to say.
    `past`: of what comes again and again, only the last until that day is of interest, and what follows.
    """
    calls = _calls(state, calendar, past)
    if state.message_at is None:
        yield from calls
        return
    yield iter([(local(state.message_at), Kind.MESSAGE, 1)])
    yield from (_message_instead(strand, state.message_at) for strand in calls)


def _message_instead(strand: Iterator[_Raised], since: datetime) -> Iterator[_Raised]:
    return ((raised_at, Kind.MESSAGE, 1) for raised_at, _, _ in strand if raised_at > since)


def _calls(state: CaseState, calendar: WorkingCalendar, past: date | None) -> Iterator[Iterator[_Raised]]:
    """What the state calls for. Whose turn it is decides, the ladder first."""
    if state.erase_on is not None:
        yield iter([(start_of_day(told_on(state.erase_on)), Kind.ERASURE, 1)])
    if state.appeal_at is not None:
        if not state.appeal_decided:
            yield _once(Kind.APPEAL_DECISION, appeal_decision_by, state.appeal_at, calendar, state.appeal_no)
        yield _once(Kind.APPEAL_ANSWER, appeal_answer_by, state.appeal_at, calendar, state.appeal_no)
    elif state.complaint_at is not None:
        yield _once(Kind.COMPLAINT_UNANSWERED, _appeal_opens, state.complaint_at, calendar, state.complaint_no)
    elif state.waiting:
        yield from _round_strands(state, calendar, past)
    elif state.confirmed_at is not None:
        if not state.bill_checked:
            yield _once(Kind.FINAL_BILL, _final_bill, state.confirmed_at, calendar)
    elif state.returned_at is not None:
        yield _returned(state.returned_at, calendar, past)
    elif state.reported_done_at is not None:
        yield _once(Kind.VERIFY, _working_day_after, state.reported_done_at, calendar)


def _round_strands(state: CaseState, calendar: WorkingCalendar, past: date | None) -> Iterator[Iterator[_Raised]]:
    if state.first_round and state.acknowledge_by is not None and not state.acknowledged:
        yield iter([(local(state.acknowledge_by), Kind.ACK_MISSING, 1)])
    if state.first_round and state.window_opens is not None:
        yield iter([(local(state.window_opens), Kind.WINDOW_OPEN, 1)])
    if state.reply_by is None:
        return
    first_kind = Kind.PROMISE_BROKEN if state.basis is Basis.PROMISE else Kind.OVERDUE
    yield _late(first_kind, state.reply_by, calendar, past)
    if not state.complaint_made:
        # Counted from the submission's first deadline, so that promises do not put a complaint off.
        yield _once(Kind.COMPLAIN, _complaint_due, state.first_reply_by or state.reply_by, calendar)


def _once(
    kind: Kind,
    when: Callable[[datetime, WorkingCalendar], datetime],
    since: datetime,
    calendar: WorkingCalendar,
    ordinal: int = 1,
) -> Iterator[_Raised]:
    """One reminder, computed only when it is asked for: there it may find that the calendar has ended."""
    yield when(since, calendar), kind, ordinal


def _late(first_kind: Kind, reply_by: datetime, calendar: WorkingCalendar, past: date | None) -> Iterator[_Raised]:
    # Late day 11 is the complaint's; after it every fifth.
    numbers = chain((1, 3, 5, 7, 9), count(COMPLAIN_LATE_DAY + 5, 5))
    for number, day in _working_days(local(reply_by).date() - ONE_DAY, numbers, calendar, past):
        yield start_of_day(day), first_kind if number == 1 else Kind.STILL_OVERDUE, number


def _returned(returned_at: datetime, calendar: WorkingCalendar, past: date | None) -> Iterator[_Raised]:
    for number, day in _working_days(local(returned_at).date(), count(3, 5), calendar, past):
        yield start_of_day(day), Kind.RETURNED, number


def _working_days(
    after: date, numbers: Iterable[int], calendar: WorkingCalendar, past: date | None
) -> Iterator[tuple[int, date]]:
    """The working days after a day that bear these numbers, which rise; from the last until `past` on."""
    if past is not None:
        passed = calendar.working_days(after + ONE_DAY, min(past, calendar.last_date))
        numbers = (number for number, following in pairwise(numbers) if following > passed)
    return calendar.nth_working_days(after, numbers)


def _complaint_due(first_reply_by: datetime, calendar: WorkingCalendar) -> datetime:
    return start_of_day(nth_late_day(first_reply_by, COMPLAIN_LATE_DAY, calendar))


def _appeal_opens(complaint_at: datetime, calendar: WorkingCalendar) -> datetime:
    return start_of_day(appeal_possible_from(complaint_at, calendar))


def _working_day_after(moment: datetime, calendar: WorkingCalendar) -> datetime:
    return start_of_day(calendar.nth_working_day(local(moment).date(), 1))


def _final_bill(confirmed_at: datetime, _: WorkingCalendar) -> datetime:
    next_month = local(confirmed_at).date().replace(day=1) + timedelta(days=31)
    return start_of_day(next_month.replace(day=_FINAL_BILL_DAY))
