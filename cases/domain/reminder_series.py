"""When each kind of reminder is raised, before it is moved into anybody's hours.

Moments that come in are aware; moments that go out are in Asia/Shanghai. A series ends with YearNotCovered where the
calendar's years end. Rules: domain.md, 'Reminders'.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import chain, count, pairwise

from cases.domain.business_days import ONE_DAY, WorkingCalendar, end_of_day, local, start_of_day
from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis, nth_late_day
from cases.domain.escalation import (
    COMPLAIN_LATE_DAY,
    appeal_answer_by,
    appeal_decision_by,
    complaint_due_at,
    complaint_last_day,
)
from cases.domain.reminder_kinds import ReminderKind
from cases.domain.retention import erasure_notice_day
from cases.domain.settlement import final_bill_day

#: A reminder before it is moved into anybody's hours: when it is raised (Asia/Shanghai), its kind, its ordinal.
RaisedReminder = tuple[datetime, ReminderKind, int]


def reminder_series(
    state: CaseState, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[Iterator[RaisedReminder]]:
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


def _replace_with_message(series: Iterator[RaisedReminder], since: datetime) -> Iterator[RaisedReminder]:
    return ((raised_at, ReminderKind.MESSAGE, 1) for raised_at, _, _ in series if raised_at > since)


def _series_of_state(
    state: CaseState, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[Iterator[RaisedReminder]]:
    """What the state calls for: what a complaint or an appeal owes, and whatever is our turn."""
    if state.erase_on is not None:
        yield iter([(start_of_day(erasure_notice_day(state.erase_on)), ReminderKind.ERASURE, 1)])
    yield from _series_of_escalation(state, calendar, skip_until)
    # While a complaint or an appeal about the money runs, only its own deadlines remind.
    is_disputed = state.confirmed_at is not None and (state.complaint_at or state.appeal_at)
    if state.refund_due_on is not None and not is_disputed:
        yield _every_fifth_working_day(ReminderKind.REFUND_DUE, state.refund_due_on, calendar, skip_until)
    if state.waiting:
        yield from _series_of_round(state, calendar, skip_until)
    elif state.confirmed_at is not None:
        if not state.bill_checked:
            yield _single_reminder(ReminderKind.FINAL_BILL, _final_bill_at, state.confirmed_at, calendar)
    elif state.returned_at is not None:
        yield _returned_reminders(state.returned_at, calendar, skip_until)
    elif state.reported_done_at is not None:
        yield _single_reminder(ReminderKind.VERIFY, _working_day_after, state.reported_done_at, calendar)


def _series_of_escalation(
    state: CaseState, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[Iterator[RaisedReminder]]:
    if state.appeal_at is not None:
        if not state.appeal_decided:
            yield _single_reminder(
                ReminderKind.APPEAL_DECISION, appeal_decision_by, state.appeal_at, calendar, state.appeal_no
            )
        yield _single_reminder(ReminderKind.APPEAL_ANSWER, appeal_answer_by, state.appeal_at, calendar, state.appeal_no)
    elif state.complaint_at is not None:
        yield _complaint_reminders(state.complaint_at, calendar, skip_until)


def _series_of_round(
    state: CaseState, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[Iterator[RaisedReminder]]:
    if state.first_round and state.acknowledge_by is not None and not state.acknowledged:
        yield iter([(local(state.acknowledge_by), ReminderKind.ACK_MISSING, 1)])
    is_escalated = state.complaint_at is not None or state.appeal_at is not None
    takes_effect = state.basis is Basis.TAKES_EFFECT
    if is_escalated:
        if takes_effect and state.reply_by is not None:
            yield _single_reminder(ReminderKind.VERIFY, _first_late_day, state.reply_by, calendar)
        return
    if state.first_round and state.window_opens is not None:
        yield iter([(local(state.window_opens), ReminderKind.WINDOW_OPEN, 1)])
    if state.reply_by is None:
        return
    yield _late_reminders(
        _FIRST_LATE_KINDS.get(state.basis, ReminderKind.OVERDUE), state.reply_by, calendar, skip_until
    )
    if not state.complaint_lodged:
        # Counted from the submission's first deadline, so that promises do not put a complaint off. A cancellation
        # that takes effect on a day is one that the carrier has agreed to.
        since = state.reply_by if takes_effect else state.first_reply_by or state.reply_by
        yield _single_reminder(ReminderKind.COMPLAIN, complaint_due_at, since, calendar)


#: What late day 1 says where the round rests on something else than a request.
_FIRST_LATE_KINDS: dict[Basis | None, ReminderKind] = {
    Basis.PROMISE: ReminderKind.PROMISE_BROKEN,
    Basis.TAKES_EFFECT: ReminderKind.VERIFY,
}


def _single_reminder(
    kind: ReminderKind,
    compute: Callable[[datetime, WorkingCalendar], datetime],
    since: datetime,
    calendar: WorkingCalendar,
    ordinal: int = 1,
) -> Iterator[RaisedReminder]:
    """One reminder, computed only when it is asked for: there it may find that the calendar has ended."""
    yield compute(since, calendar), kind, ordinal


def _late_reminders(
    first_kind: ReminderKind, reply_by: datetime, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[RaisedReminder]:
    # Late day 11 is the complaint's; after it every fifth.
    numbers = chain((1, 3, 5, 7, 9), count(COMPLAIN_LATE_DAY + 5, 5))
    for number, day in _numbered_working_days(local(reply_by).date() - ONE_DAY, numbers, calendar, skip_until):
        yield start_of_day(day), first_kind if number == 1 else ReminderKind.STILL_OVERDUE, number


def _complaint_reminders(
    lodged_at: datetime, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[RaisedReminder]:
    """Once its 15 days are over, and every fifth working day after that."""
    last_day = complaint_last_day(lodged_at, calendar)
    yield from _every_fifth_working_day(ReminderKind.COMPLAINT_UNANSWERED, last_day, calendar, skip_until)


def _every_fifth_working_day(
    kind: ReminderKind, last_day: date, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[RaisedReminder]:
    """When the day is over by which something was owed, and every fifth working day after that."""
    yield end_of_day(last_day), kind, 1
    for number, day in _numbered_working_days(last_day, count(6, 5), calendar, skip_until):
        yield start_of_day(day), kind, number


def _returned_reminders(
    returned_at: datetime, calendar: WorkingCalendar, skip_until: date | None
) -> Iterator[RaisedReminder]:
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


def _first_late_day(reply_by: datetime, calendar: WorkingCalendar) -> datetime:
    return start_of_day(nth_late_day(reply_by, 1, calendar))


def _working_day_after(moment: datetime, calendar: WorkingCalendar) -> datetime:
    return start_of_day(calendar.nth_working_day(local(moment).date(), 1))


def _final_bill_at(confirmed_at: datetime, _: WorkingCalendar) -> datetime:
    return start_of_day(final_bill_day(local(confirmed_at).date()))
