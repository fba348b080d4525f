"""Which cases call for attention now: written down once, whatever happens on the way.

`Case.next_reminder_at` is only a hint. Under the lock of its case each reminder is computed again from the state;
Reminder rows, hint and cursor change in one transaction. So a sweep killed anywhere leaves its cases either due as
before or done, and the next one goes on; a week without a sweep gives each case its latest reminder, once. Any
number of sweeps may run at once: they skip each other's locked cases (on SQLite they take turns).
"""

from array import array
from collections.abc import Sequence, Set
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F

from cases import selectors
from cases.domain import reminders as rules
from cases.domain.business_days import WorkingCalendar
from cases.domain.notification_hours import DEFAULT_HOURS, NotificationHours
from cases.domain.reminder_kinds import ReminderKind
from cases.models import Case, Escalation, Reminder, ReminderGroup, User
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.group_by_case import group_by_case
from cases.operations.next_reminder import NOT_OF_A_ROUND, ReminderRow, reminder_state, told_in_any_round
from cases.reminders.notices import CaseOwner

#: Cases in one transaction: its locks are held for a fraction of a second.
BATCH_SIZE = 1000
#: Of a reminder: it has one row.
_KEY = ("case_id", "round", "kind", "ordinal", "occasion")
#: The case, its reminder, and the occasion (`rules.occasion`).
_DueReminder = tuple[ReminderRow, rules.ScheduledReminder, str]


def due_batches(now: datetime) -> list[Sequence[int]]:
    """The keys of the cases that are due at `now`, in batches.

    By people, so that the first ones can be notified while the rest is still being read. Read once: to sort what is
    left of them for each batch would cost the square of their number.
    """
    due_cases = selectors.due_for_reminder(Case.objects.all(), now).order_by("team_id", "handler_id", "pk")
    case_ids = array("q", due_cases.values_list("pk", flat=True).iterator())
    return [case_ids[start : start + BATCH_SIZE] for start in range(0, len(case_ids), BATCH_SIZE)]


def sweep_batch(case_ids: Sequence[int], now: datetime, calendar: WorkingCalendar) -> int:
    """Look after those of these cases that are still due and free; returns how many reminders were written."""
    with transaction.atomic():
        cases = _lock_due_cases(case_ids, now)
        escalations = group_by_case(Escalation.objects.filter(case__in=[case.id for case in cases]))
        hours_by_handler = _notification_hours({case.handler_id for case in cases})
        due_reminders: list[_DueReminder] = []
        case_ids_by_next: dict[tuple[datetime | None, datetime | None], list[int]] = {}
        for case in cases:
            state = reminder_state(case, escalations.get(case.id, []))
            since = case.reminded_until or case.submitted_at
            due_reminder, upcoming = rules.due_and_next(state, since, now, calendar, hours_by_handler[case.handler_id])
            if due_reminder:
                due_reminders.append((case, due_reminder, rules.occasion(state, due_reminder)))
            # The cursor moves with what is told: what a snooze holds back counts as told if it lies behind it. That a
            # message waits is said in place of other reminders, which come when it has been handled.
            is_told = due_reminder and due_reminder.kind is not ReminderKind.MESSAGE
            reminded_until = now if is_told else case.reminded_until
            case_ids_by_next.setdefault((upcoming.at if upcoming else None, reminded_until), []).append(case.id)
        written = _write_reminders(due_reminders, now)
        for (at, reminded_until), case_ids in case_ids_by_next.items():
            Case.objects.filter(pk__in=case_ids).update(next_reminder_at=at, reminded_until=reminded_until)
    return written


def _lock_due_cases(case_ids: Sequence[int], now: datetime) -> list[ReminderRow]:
    due_cases = selectors.due_for_reminder(Case.objects.filter(pk__in=case_ids), now)
    locked = due_cases.select_for_update(skip_locked=True).order_by("pk")
    return [ReminderRow._make(row) for row in locked.values_list(*ReminderRow._fields)]


def _notification_hours(handlers: Set[int | None]) -> dict[int | None, NotificationHours]:
    """When these people take messages; the usual hours for nobody in particular."""
    people = User.objects.filter(pk__in=[handler for handler in handlers if handler])
    return {None: DEFAULT_HOURS} | {person.pk: person.notification_hours() for person in people}


def _write_reminders(due_reminders: Sequence[_DueReminder], now: datetime) -> int:
    """Put the reminders that are not written yet, or were released, into groups by their owners; returns how many.

    Their cases are locked, so nobody writes them meanwhile.
    """
    existing = Reminder.objects.filter(
        case__in=[case.id for case, *_ in due_reminders],
        kind__in={due_reminder.kind for _, due_reminder, _ in due_reminders},
        ordinal__in={due_reminder.ordinal for _, due_reminder, _ in due_reminders},
    )
    existing_rows = {row[:5]: row[5:] for row in existing.values_list(*_KEY, "pk", "bundle_id")}
    existing_rows |= _told_in_any_round(due_reminders)
    by_owner: dict[CaseOwner, list[Reminder]] = {}
    for case, due_reminder, occasion in due_reminders:
        key = (case.id, case.round, due_reminder.kind, due_reminder.ordinal, occasion)
        pk, group = existing_rows.get(key, (None, None))
        if group is None:
            reminder = _reminder(*key, due_reminder.at)
            reminder.pk = pk  # of one that was released
            by_owner.setdefault((case.team_id, case.handler_id), []).append(reminder)
    reminder_groups = [ReminderGroup(team_id=team, handler_id=handler, made_at=now) for team, handler in by_owner]
    for reminder_group, reminders in zip(
        ReminderGroup.objects.bulk_create(reminder_groups), by_owner.values(), strict=True
    ):
        for reminder in reminders:
            reminder.bundle_id = reminder_group.pk
    reminders = list(chain.from_iterable(by_owner.values()))
    Reminder.objects.bulk_create(reminder for reminder in reminders if reminder.pk is None)
    save_columns([reminder for reminder in reminders if reminder.pk is not None], ["round", "bundle_id", "at"])
    return len(reminders)


def _told_in_any_round(due_reminders: Sequence[_DueReminder]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The rows of reminders that a new round does not repeat, by the keys that they would have in the present one."""
    cases = {case.id: case for case, reminder, _ in due_reminders if reminder.kind in NOT_OF_A_ROUND}
    if not cases:
        return {}
    # What waits or was told comes last, and counts.
    rows = told_in_any_round(cases).order_by(F("bundle").asc(nulls_first=True))
    return {
        (case, cases[case].round, *key): (pk, group)
        for *key, case, pk, group in rows.values_list(*_KEY[2:], "case_id", "pk", "bundle_id")
    }


def _reminder(case: int, round: int, kind: str, ordinal: int, occasion: str, at: datetime) -> Reminder:
    return Reminder(case_id=case, round=round, kind=kind, ordinal=ordinal, occasion=occasion, at=at)
