"""What other hours do to the reminders that a person would still get today: told before it is done, and sent if wanted.

The hint of a case moves with the hours (`next_reminder.reschedule_for_user`); here it is only looked at.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cases.domain.business_days import end_of_day, local
from cases.domain.notification_hours import next_moment
from cases.domain.reminders import next_reminder
from cases.models import Case, User
from cases.operations.next_reminder import reminder_state, schedule_next_reminder
from cases.selectors import working_calendar

#: So many cases of a day are looked at: more are not told one by one.
MAX_CASES = 1000


@dataclass(frozen=True)
class MovedReminders:
    """So many reminders were due at one moment, and come at another (both aware)."""

    count: int
    before: datetime
    after: datetime


@dataclass(frozen=True)
class Moved:
    """`groups`: what moves, the most first. `due`: the keys of the cases that the new hours would have reminded of by
    now, had they held before, so that they can be sent at once."""

    groups: list[MovedReminders]
    due: list[int]


def moved_reminders(user: User, now: datetime) -> Moved:
    """Of the cases that this person handles, those whose reminder is still to come today and moves with the hours that
    the person has now; asked before the cases follow."""
    calendar, hours = working_calendar(), user.notification_hours()
    is_open_now = next_moment(now, hours, calendar) <= now
    today_ends = end_of_day(local(now).date())
    cases = Case.objects.filter(handler=user, next_reminder_at__gt=now, next_reminder_at__lt=today_ends)
    moves: Counter[tuple[datetime, datetime]] = Counter()
    due = []
    for case in cases.prefetch_related("escalations").order_by("pk")[:MAX_CASES]:
        before, escalations = case.next_reminder_at, list(case.escalations.all())
        case.handler = user
        schedule_next_reminder(case, escalations, calendar, seen_at=now)
        if before is None or case.next_reminder_at is None or case.next_reminder_at == before:
            continue
        moves[before, case.next_reminder_at] += 1
        since = case.reminded_until or case.submitted_at or case.created_at
        reminder = next_reminder(reminder_state(case, escalations), since, calendar, hours)
        if is_open_now and reminder and reminder.at <= now:
            due.append(case.pk)
    return Moved([MovedReminders(count, *moments) for moments, count in moves.most_common()], due)


def remind_now(user: User, case_ids: Collection[int], now: datetime) -> int:
    """Let the next sweep remind of these cases, as far as this person still handles them and is not reminded before;
    returns of how many. Told twice is nothing: a reminder is written once."""
    cases = Case.objects.filter(pk__in=case_ids, handler=user, next_reminder_at__gt=now)
    return cases.update(next_reminder_at=now)
