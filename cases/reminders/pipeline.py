"""A sweep from beginning to end: look after what is due, gather it, hand it on to be sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from cases.domain.business_days import local
from cases.models import Heartbeat, Notice
from cases.models.choices import NoticeState
from cases.queue import SWEEP
from cases.reminders.notices import gather
from cases.reminders.sweep import due_batches, sweep_batch
from cases.selectors import working_calendar

#: How long a notice that failed for good is counted among what somebody should look at.
FAILED_COUNTED = timedelta(days=7)


@dataclass
class Swept:
    reminders: int = 0
    notices: int = 0
    finished: bool = False


def sweep(now: datetime, made: Callable[[], bool] | None = None) -> Swept:
    """Write all reminders due at `now` (aware) and make their notices.

    `made` is called whenever some can be sent; when it returns True the sweep ends there, not finished, and another
    one goes on from where it was.
    """
    now = local(now)
    swept, calendar, batches = Swept(), working_calendar(), due_batches(now)

    def tell() -> bool:
        notices = gather(now, calendar)
        swept.notices += len(notices)
        return bool(notices and made and made())

    for number, keys in enumerate(batches, start=1):
        swept.reminders += sweep_batch(keys, now, calendar)
        # After 1, 4, 16, 64 … batches: the first people are told at once, and to look at who is ready, which costs as
        # much as there is still to do, does not come to the square of it.
        if number < len(batches) and number.bit_count() == 1 and number.bit_length() % 2 and tell():
            return swept
    tell()
    Heartbeat.objects.update_or_create(name=SWEEP, defaults={"at": now})
    swept.finished = True
    return swept


def waiting() -> QuerySet[Notice]:
    """Notices that still wait to be sent."""
    return Notice.objects.filter(state=NoticeState.PENDING)


def given_up(now: datetime) -> QuerySet[Notice]:
    """Notices that failed for good in the week before now (aware): somebody was not reached."""
    return Notice.objects.filter(state=NoticeState.FAILED, finished_at__gt=now - FAILED_COUNTED)


def pending() -> int:
    return waiting().count()


def failed(now: datetime) -> int:
    return given_up(now).count()
