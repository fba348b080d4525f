"""Which reminders a case calls for, and when. Computed here, sent elsewhere.

Moments that come in are aware (a naive one is a ValueError); moments that go out are in Asia/Shanghai.
Nothing here raises YearNotCovered: a schedule ends where the calendar's years end.
Rules: domain.md, 'Reminders'.
"""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, takewhile
from operator import attrgetter
from typing import NamedTuple

from cases.domain.business_days import ONE_DAY, WorkingCalendar, YearNotCovered, local, start_of_day
from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis
from cases.domain.notification_hours import DEFAULT_HOURS, NotificationHours, next_moment
from cases.domain.reminder_kinds import KINDS_BY_SERIOUSNESS, ReminderKind
from cases.domain.reminder_series import RaisedReminder, reminder_series

_RANK = {kind: rank for rank, kind in enumerate(KINDS_BY_SERIOUSNESS)}


class ScheduledReminder(NamedTuple):
    """A reminder and the moment `at` which a person gets it: `raised_at`, moved into the person's hours.

    What is owed to a day has no time of its own: it is raised at 00:00, and so comes when the hours start.
    `ordinal`: the late day of STILL_OVERDUE, the working day in 'returned' of RETURNED, the working day since
    the answer was due of COMPLAINT_UNANSWERED, or the refund of REFUND_DUE, the number of the appeal, otherwise 1.
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
    since: datetime | None = None,
    near: datetime | None = None,
) -> Iterator[ScheduledReminder]:
    """The reminders of a case in order of time; where several meet in a moment, the most serious of them.

    Computed as they are asked for. A case that stays late, or stays returned, has them until the calendar's
    years end. What a snooze keeps quiet meets when it ends; not what was told by `since` (aware; None: nothing was),
    which is not told again. With `near` (aware), of those that come again and again
    some may be left out that another one followed before that moment.
    """
    # Nothing is left out where a snooze makes early ones meet late ones.
    skip_until = local(near).date() - ONE_DAY if near and not state.snoozed_until else None
    all_series = (
        _shift_into_hours(one_series, calendar, hours, quiet_until=snooze_end(state), since=since)
        for one_series in reminder_series(state, calendar, skip_until)
    )
    for _, simultaneous in groupby(heapq.merge(*all_series), _AT):
        first, *others = simultaneous
        yield most_serious([first, *others]) if others else first


def next_reminder(
    state: CaseState, after: datetime, calendar: WorkingCalendar, hours: NotificationHours = DEFAULT_HOURS
) -> ScheduledReminder | None:
    """The first reminder that comes after a moment, or None."""
    return next(
        (reminder for reminder in iter_reminders(state, calendar, hours, since=after) if reminder.at > after), None
    )


def due_reminder(
    state: CaseState,
    since: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    hours: NotificationHours = DEFAULT_HOURS,
) -> ScheduledReminder | None:
    """The most serious reminder with since < at <= now, or None: whoever missed a week of them gets one.

    `since` is the last moment that was looked after already; None: none was.
    """
    until_now = takewhile(lambda reminder: reminder.at <= now, iter_reminders(state, calendar, hours, since=since))
    due = [reminder for reminder in until_now if since is None or reminder.at > since]
    return most_serious(due) if due else None


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
    for reminder in iter_reminders(state, calendar, hours, since=since, near=now):
        if reminder.at > now:
            return (most_serious(due) if due else None), reminder
        if since is None or reminder.at > since:
            due.append(reminder)
    return (most_serious(due) if due else None), None


def occasion(state: CaseState, reminder: ScheduledReminder) -> str:
    """What tells apart reminders of one kind and ordinal in one round; empty where that cannot happen.

    The erasure of a case is announced once for each planned day. A waiting message reminds repeatedly, for one message
    and for the next: the moment tells these apart. A second complaint goes unanswered like the first. A cancellation
    that was to take effect is verified after its day, and again after the carrier says that it is done. A refund is
    promised for another day, and after it another one may be owed.
    """
    if reminder.kind is ReminderKind.REFUND_DUE and state.refund_due_on:
        return f"{state.refund_no} {state.refund_due_on:%m%d}"
    if reminder.kind is ReminderKind.ERASURE:
        return str(state.erase_on)
    if reminder.kind is ReminderKind.VERIFY and state.waiting:
        return "effect"
    if reminder.kind is ReminderKind.COMPLAINT_UNANSWERED and state.complaint_no > 1:
        return f"no {state.complaint_no}"
    return f"{local(reminder.raised_at):%m%d%H%M%S}" if reminder.kind is ReminderKind.MESSAGE else ""


def snooze_end(state: CaseState) -> datetime | None:
    """When a snooze ends (Asia/Shanghai): with its day, or at once with a promise that breaks. None without one."""
    if state.snoozed_until is None:
        return None
    end = start_of_day(state.snoozed_until)
    if state.waiting and state.basis is Basis.PROMISE and state.reply_by is not None:
        broken_meanwhile = state.snoozed_at is None or state.reply_by >= state.snoozed_at
        return min(end, local(state.reply_by)) if broken_meanwhile else end
    return end


def _shift_into_hours(
    series: Iterator[RaisedReminder],
    calendar: WorkingCalendar,
    hours: NotificationHours,
    *,
    quiet_until: datetime | None,
    since: datetime | None,
) -> Iterator[ScheduledReminder]:
    try:
        for raised_at, kind, ordinal in series:
            at = next_moment(raised_at, hours, calendar)
            if quiet_until and at < quiet_until and (since is None or at > since):
                at = next_moment(quiet_until, hours, calendar)
            yield ScheduledReminder(at, kind, ordinal, raised_at)
    except YearNotCovered:
        return
