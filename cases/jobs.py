"""Work in the background: the one door to the queue, and the worker's sign of life.

Jobs lie in the product's own database (django-q2, ORM broker), so a job put in the queue within a
transaction is there exactly when the transaction is: rolled back, it leaves nothing.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from cases.models import Heartbeat

WORKER = "worker"
# Three beats missed in a row: a busy minute is no alarm, a dead worker is one soon.
WORKER_SILENT = timedelta(minutes=3)


def enqueue(path: str, *args: object) -> None:
    """Puts a job in the queue; a worker runs it soon, once, or up to three times if it fails.

    Takes the dotted path of a function and its positional arguments, which must be picklable and small
    (ids, not objects). A job may run twice after a crash: it must bear that.
    """
    async_task(path, *args)


def beat() -> None:
    """The job of every minute: says that the worker works."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now()})


def ensure_schedules() -> None:
    """Makes the standing schedules that are missing and corrects those that differ; keeps their next run."""
    Schedule.objects.update_or_create(
        name="heartbeat",
        defaults={"func": "cases.jobs.beat", "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1},
    )


def worker_silent_for(now: datetime) -> timedelta | None:
    """How long before now (aware) the worker last said that it works; None when it never did."""
    at = Heartbeat.objects.filter(name=WORKER).values_list("at", flat=True).first()
    return None if at is None else now - at
