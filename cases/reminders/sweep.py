"""Which cases call for attention now: written down once, whatever happens on the way.

`Case.next_reminder_at` is only a hint. Under the lock of its case each reminder is computed again from the state;
Reminder rows, hint and cursor change in one transaction. So a sweep killed anywhere leaves its cases either due as
before or done, and the next one goes on; a week without a sweep gives each case its latest reminder, once. Any
number of sweeps may run at once: they skip each other's locked cases (on SQLite they take turns).
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from cases import queries
from cases.domain import reminders as rules
from cases.domain.business_days import WorkingCalendar, local
from cases.domain.hours import Hours
from cases.models import Case, Escalation, Reminder
from cases.operations.reminding import reminder_state

#: Cases in one transaction: its locks are held for a fraction of a second.
BATCH = 1000


def due_batches(now: datetime) -> list[Sequence[int]]:
    """The keys of the cases that are due at `now`, in batches.

    By people, so that the first ones can be told while the rest is still being looked at. Read once: to sort what is
    left of them for each batch would cost the square of their number.
    """
    due = queries.due_for_reminder(Case.objects.all(), now).order_by("team_id", "handler_id", "pk")
    keys = array("q", due.values_list("pk", flat=True).iterator())
    return [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]


def sweep_batch(keys: Sequence[int], now: datetime, calendar: WorkingCalendar) -> int:
    """Look after those of these cases that are still due and free; returns how many reminders were written."""
    with transaction.atomic():
        cases = _lock_due(keys, now)
        escalations = _by_case(Escalation.objects.filter(case__in=cases))
        due: list[Reminder] = []
        nexts: dict[datetime | None, list[int]] = {}
        for case in cases:
            state = reminder_state(case, escalations.get(case.pk, []))
            hours = case.handler.hours() if case.handler else Hours()
            since = case.reminded_until or case.submitted_at
            found, upcoming = rules.look(state, since, now, calendar, hours)
            if found:
                due.append(_reminder(case, found, now))
            nexts.setdefault(upcoming.at if upcoming else None, []).append(case.pk)
        written = _write(due)
        for at, keys in nexts.items():
            Case.objects.filter(pk__in=keys).update(next_reminder_at=at, reminded_until=now)
    return written


def _lock_due(keys: Sequence[int], now: datetime) -> list[Case]:
    due = queries.due_for_reminder(Case.objects.filter(pk__in=keys), now)
    cases = list(due.select_for_update(skip_locked=True).order_by("pk"))
    prefetch_related_objects(cases, "handler")  # a few people have many cases: not each case its own copy
    return cases


def _by_case(rows: Iterable[Escalation]) -> dict[int, list[Escalation]]:
    groups: dict[int, list[Escalation]] = {}
    for row in rows:
        groups.setdefault(row.case_id, []).append(row)
    return groups


def _reminder(case: Case, found: rules.Reminder, now: datetime) -> Reminder:
    return Reminder(
        case_id=case.pk,
        round=case.round,
        kind=found.kind,
        ordinal=found.ordinal,
        occasion=_occasion(case.snoozed_until, found),
        at=found.at,
        made_at=now,
    )


def _occasion(snoozed_until: date | None, found: rules.Reminder) -> str:
    """The day a snooze ended, for what it had kept quiet; empty for what came in its own time.

    That a message waits is said again and again, for one message and for the next: each time is known by its moment.
    """
    raised_at = local(found.raised_at)
    if snoozed_until and raised_at.date() < snoozed_until:
        return snoozed_until.isoformat()
    return f"{raised_at:%m%d%H%M%S}" if found.kind is rules.Kind.MESSAGE else ""


def _write(due: Sequence[Reminder]) -> int:
    """Write the reminders that are not written yet. Their cases are locked, so nobody writes them meanwhile."""
    key = ("case_id", "round", "kind", "ordinal", "occasion")
    known = set(Reminder.objects.filter(case__in=[r.case_id for r in due]).values_list(*key))
    fresh = [r for r in due if tuple(getattr(r, name) for name in key) not in known]
    Reminder.objects.bulk_create(fresh)
    return len(fresh)
