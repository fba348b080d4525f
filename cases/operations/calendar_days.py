"""Days entered by hand, and the open cases that follow them.

Used by the admin, which leaves the cases to the worker, and by `manage.py calendar_day`, which does not wait for it.
"""

import logging
from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_

from django.db import transaction

from cases import clock, queue, selectors
from cases.models import CalendarOverride, Case
from cases.operations.engine.perform import CHUNK, perform
from cases.operations.submission import Recalculate

log = logging.getLogger(__name__)

#: Cases calculated again in one go, before the caller decides whether to go on: minutes below Q_CLUSTER's timeout.
RECALCULATION_LIMIT = 10 * CHUNK


@transaction.atomic
def set_day(day: date, *, working: bool, why: str) -> bool:
    """Make a day off or worked, whatever the calendar package says; returns whether that changed anything.

    `why` is shown where days are explained. The job for the cases that follow is queued in the same transaction.
    Raises YearNotCovered for a day that the calendar does not reach.
    """
    selectors.working_calendar().day(day)
    override = CalendarOverride.objects.select_for_update().filter(date=day).first()
    if override and (override.working, override.name) == (working, why):
        return False
    moves = override is None or override.working != working
    override = override or CalendarOverride(date=day)
    override.working, override.name = working, why
    override.save()
    if moves:
        enqueue_recalculation([day], str(override))
    return True


@transaction.atomic
def clear_day(day: date) -> bool:
    """Take back what was entered for a day; returns whether there was something."""
    override = CalendarOverride.objects.select_for_update().filter(date=day).first()
    if override is None:
        return False
    override.delete()
    enqueue_recalculation([day], str(override))
    return True


def enqueue_recalculation(days: Sequence[date], reason: str) -> None:
    """Queue the job that makes the open cases follow these days; `reason` goes into the record of each."""
    queue.enqueue("cases.tasks.recalculate_days", sorted(day.isoformat() for day in days), reason)


def windows_with_days(days: Sequence[date]) -> selectors.Cases:
    """The open windows that contain one of these days."""
    return reduce(or_, (selectors.with_window_on_day(Case.objects.all(), day) for day in days))


def affected_by_days(days: Sequence[date]) -> selectors.Cases:
    """The cases whose deadlines or next reminders a change of these days may move."""
    return windows_with_days(days) | selectors.with_reminder_after(Case.objects.all(), min(days))


def recalculate(affected: selectors.Cases, reason: str, after_id: int = 0) -> int | None:
    """Calculate the next cases again, by their keys upwards; returns the last key, or None when all are done.

    May end at any instruction and run again: a case that follows the calendar already is left as it is.
    """
    for _ in range(RECALCULATION_LIMIT // CHUNK):
        cases = list(affected.filter(pk__gt=after_id).order_by("pk").only("pk")[:CHUNK])
        if not cases:
            return None
        outcome = perform(Recalculate(reason), cases, by=None, now=clock.now())
        for case, error in outcome.refused:
            log.warning("The deadlines of %s stay as they are: %s", case.reference, error)
        after_id = cases[-1].pk
    return after_id


def recalculate_all(affected: selectors.Cases, reason: str) -> None:
    """`recalculate`, to the end."""
    after_id: int | None = 0
    while after_id is not None:
        after_id = recalculate(affected, reason, after_id)
