"""Which cases call for attention now: written down once, whatever happens on the way.

`Case.next_reminder_at` is only a hint. Under the lock of its case each reminder is computed again from the state;
Reminder rows, hint and cursor change in one transaction. So a sweep killed anywhere leaves its cases either due as
before or done, and the next one goes on; a week without a sweep gives each case its latest reminder, once. Any
number of sweeps may run at once: they skip each other's locked cases (on SQLite they take turns).
"""

from array import array
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from itertools import chain

from django.db import transaction

from cases import selectors
from cases.domain import reminders as rules
from cases.domain.business_days import WorkingCalendar, local
from cases.domain.notification_hours import DEFAULT_HOURS, NotificationHours
from cases.models import Case, Escalation, Reminder, ReminderGroup, User
from cases.operations.next_reminder import ReminderRow, reminder_state
from cases.reminders.notices import Group

#: Cases in one transaction: its locks are held for a fraction of a second.
BATCH = 1000
#: Of a reminder: it is written once.
_KEY = ("case_id", "round", "kind", "ordinal", "occasion")


def due_batches(now: datetime) -> list[Sequence[int]]:
    """The keys of the cases that are due at `now`, in batches.

    By people, so that the first ones can be told while the rest is still being looked at. Read once: to sort what is
    left of them for each batch would cost the square of their number.
    """
    due = selectors.due_for_reminder(Case.objects.all(), now).order_by("team_id", "handler_id", "pk")
    keys = array("q", due.values_list("pk", flat=True).iterator())
    return [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]


def sweep_batch(keys: Sequence[int], now: datetime, calendar: WorkingCalendar) -> int:
    """Look after those of these cases that are still due and free; returns how many reminders were written."""
    with transaction.atomic():
        cases = _lock_due(keys, now)
        escalations = _by_case(Escalation.objects.filter(case__in=[case.id for case in cases]))
        hours = _hours({case.handler_id for case in cases})
        due: list[tuple[ReminderRow, rules.ScheduledReminder]] = []
        nexts: dict[datetime | None, list[int]] = {}
        for case in cases:
            state = reminder_state(case, escalations.get(case.id, []))
            since = case.reminded_until or case.submitted_at
            found, upcoming = rules.due_and_next(state, since, now, calendar, hours[case.handler_id])
            if found:
                due.append((case, found))
            nexts.setdefault(upcoming.at if upcoming else None, []).append(case.id)
        written = _write(due, now)
        for at, keys in nexts.items():
            Case.objects.filter(pk__in=keys).update(next_reminder_at=at, reminded_until=now)
    return written


def _lock_due(keys: Sequence[int], now: datetime) -> list[ReminderRow]:
    due = selectors.due_for_reminder(Case.objects.filter(pk__in=keys), now)
    locked = due.select_for_update(skip_locked=True).order_by("pk")
    return [ReminderRow._make(row) for row in locked.values_list(*ReminderRow._fields)]


def _by_case(rows: Iterable[Escalation]) -> dict[int, list[Escalation]]:
    groups: dict[int, list[Escalation]] = {}
    for row in rows:
        groups.setdefault(row.case_id, []).append(row)
    return groups


def _hours(handlers: Set[int | None]) -> dict[int | None, NotificationHours]:
    """When these people take messages; the usual hours for nobody in particular."""
    people = User.objects.filter(pk__in=[handler for handler in handlers if handler])
    return {None: DEFAULT_HOURS} | {person.pk: person.notification_hours() for person in people}


def _occasion(case: ReminderRow, found: rules.ScheduledReminder) -> str:
    """The day a snooze ended, for what it had kept quiet; empty for what came in its own time.

    That a message waits is said again and again, for one message and for the next: each time is known by its moment.
    That a case will be erased is said once for each day that was planned.
    """
    if found.kind is rules.ReminderKind.ERASURE:
        return str(case.erase_on)
    raised_at = local(found.raised_at)
    if case.snoozed_until and raised_at.date() < case.snoozed_until:
        return case.snoozed_until.isoformat()
    return f"{raised_at:%m%d%H%M%S}" if found.kind is rules.ReminderKind.MESSAGE else ""


def _write(due: Sequence[tuple[ReminderRow, rules.ScheduledReminder]], now: datetime) -> int:
    """Write the reminders that are not written yet, by their owners; returns how many.

    Their cases are locked, so nobody writes them meanwhile.
    """
    known = set(
        Reminder.objects.filter(
            case__in=[case.id for case, _ in due],
            kind__in={found.kind for _, found in due},
            ordinal__in={found.ordinal for _, found in due},
        ).values_list("case_id", "round", "kind", "ordinal", "occasion")
    )
    fresh: dict[Group, list[Reminder]] = {}
    for case, found in due:
        key = (case.id, case.round, found.kind, found.ordinal, _occasion(case, found))
        if key not in known:
            fresh.setdefault((case.team_id, case.handler_id), []).append(_reminder(*key, found.at))
    bundles = [ReminderGroup(team_id=team, handler_id=handler, made_at=now) for team, handler in fresh]
    for bundle, reminders in zip(ReminderGroup.objects.bulk_create(bundles), fresh.values(), strict=True):
        for reminder in reminders:
            reminder.bundle_id = bundle.pk
    Reminder.objects.bulk_create(chain.from_iterable(fresh.values()))
    return sum(map(len, fresh.values()))


def _reminder(case: int, round: int, kind: str, ordinal: int, occasion: str, at: datetime) -> Reminder:
    return Reminder(case_id=case, round=round, kind=kind, ordinal=ordinal, occasion=occasion, at=at)
