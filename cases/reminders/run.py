"""A sweep from beginning to end: look after what is due, gather it, hand it on to be sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.models import Heartbeat, Notice
from cases.models.choices import NoticeState
from cases.queries import working_calendar
from cases.reminders.gather import gather
from cases.reminders.sweep import sweep_batch

#: The name under which a finished sweep says so.
SWEEP = "sweep"
#: How long a notice that failed for good is counted among what somebody should look at.
FAILED_COUNTED = timedelta(days=7)


@dataclass
class Swept:
    reminders: int = 0
    notices: int = 0


def sweep(now: datetime, made: Callable[[], None] | None = None) -> Swept:
    """Write all reminders due at `now` and make their notices; `made` is called whenever some can be sent."""
    swept, calendar = Swept(), working_calendar()
    while True:
        looked_at, written = sweep_batch(now, calendar)
        notices = gather(now, calendar) if written or not looked_at else []
        swept.reminders += written
        swept.notices += len(notices)
        if notices and made:
            made()
        if not looked_at:
            break
    Heartbeat.objects.update_or_create(name=SWEEP, defaults={"at": now})
    return swept


def pending() -> int:
    """Notices that still wait to be sent."""
    return Notice.objects.filter(state=NoticeState.PENDING).count()


def failed(now: datetime) -> int:
    """Notices that failed for good in the week before now (aware): somebody was not reached."""
    return Notice.objects.filter(state=NoticeState.FAILED, finished_at__gt=now - FAILED_COUNTED).count()
