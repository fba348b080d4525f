"""The queue: what the rest of the product needs of the worker, and the worker's signs of life.

Tasks are stored in the product's own database (django-q2, ORM broker), so a task queued within a transaction is there
exactly when the transaction is: rolled back, it leaves nothing. What a task does is in `cases.tasks`; only the
names of its functions are used here.
"""

import logging
from datetime import datetime, timedelta
from threading import Thread
from time import sleep

from django.conf import settings
from django.db import Error, connection
from django.db.models import QuerySet, Subquery
from django_q.models import Schedule
from django_q.tasks import async_task

from cases import clock
from cases.domain.business_days import ONE_DAY, local, start_of_day
from cases.models import Heartbeat

log = logging.getLogger(__name__)

#: The heartbeat of the jobs, whichever worker runs them.
WORKER_HEARTBEAT = "worker"
#: In front of a worker's name: its own heartbeat, so that one of several that stops is seen.
_ONE_WORKER = "worker "
#: How often a worker reports, and after which silence it is no longer missed.
BEAT_INTERVAL, WORKER_FORGOTTEN = timedelta(minutes=1), timedelta(days=7)
#: The name under which a finished sweep says so.
SWEEP = "sweep"
# Three beats missed in a row: a busy minute is no alarm, a dead worker is one soon.
WORKER_SILENT = timedelta(minutes=3)
#: Without a finished sweep for this long, reminders are delayed, and every page says so.
SWEEP_SILENT = timedelta(minutes=10)
_MAX_NAME = 80
#: When the nightly job runs first, after midnight in Shanghai.
NIGHTLY_AT = timedelta(hours=3)


def enqueue(path: str, *args: object) -> None:
    """Add a job to the queue; a worker runs it soon, once, or up to three times if it fails.

    Takes the dotted path of a function and its positional arguments, which must be picklable and small
    (ids, not objects). A job may run twice after a crash: it must bear that.
    """
    async_task(path, *args)


def enqueue_message_processing() -> None:
    """Asks for the carriers' messages that were stored to be read; within the transaction that stores them."""
    enqueue("cases.tasks.read_messages")


def ensure_schedules() -> None:
    """Makes the standing schedules that are missing and corrects those that differ; keeps their next run."""
    Schedule.objects.update_or_create(
        name="nightly",
        defaults={"func": "cases.tasks.nightly", "schedule_type": Schedule.DAILY, "repeats": -1},
        create_defaults={
            "func": "cases.tasks.nightly",
            "schedule_type": Schedule.DAILY,
            "repeats": -1,
            "next_run": start_of_day(local(clock.now()).date() + ONE_DAY) + NIGHTLY_AT,
        },
    )
    Schedule.objects.update_or_create(
        name="anchor", defaults={"func": "cases.tasks.anchor", "schedule_type": Schedule.HOURLY, "repeats": -1}
    )
    for name, function in {"heartbeat": "cases.tasks.beat", "sweep": "cases.tasks.sweep"}.items():
        Schedule.objects.update_or_create(
            name=name,
            defaults={"func": function, "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1},
        )


def time_since_worker_beat(now: datetime) -> timedelta | None:
    """How long before now (aware) the worker's last heartbeat was; None when there was none."""
    return _time_since_heartbeat(WORKER_HEARTBEAT, now)


def time_since_sweep(now: datetime) -> timedelta | None:
    """How long before now (aware) a sweep of the reminders last finished; None when none ever did."""
    return _time_since_heartbeat(SWEEP, now)


def report_worker(now: datetime) -> None:
    """The worker of this machine (XIAOKA_WORKER) works at now (aware)."""
    name = f"{_ONE_WORKER}{settings.XIAOKA_WORKER}"[:_MAX_NAME]
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def report_worker_forever(**signal: object) -> None:
    """In a process of the worker: report each minute, from a thread that ends with the process.

    A job of the queue could not: any worker may take it.
    """
    Thread(target=_report_each_minute, daemon=True).start()


def _report_each_minute() -> None:
    while True:
        try:
            report_worker(clock.now())
        except Error as error:
            log.warning("The worker could not report: %s", type(error).__name__)
        finally:
            connection.close()
        sleep(BEAT_INTERVAL.total_seconds())


def worker_silences(now: datetime) -> dict[str, timedelta]:
    """How long before now (aware) each worker last reported, by name; not those that are forgotten."""
    beats = Heartbeat.objects.filter(name__startswith=_ONE_WORKER, at__gt=now - WORKER_FORGOTTEN).order_by("name")
    return {name.removeprefix(_ONE_WORKER): now - at for name, at in beats.values_list("name", "at")}


def silent_workers(now: datetime) -> dict[str, timedelta]:
    """Those of `worker_silences` that are silent for too long."""
    return {name: silence for name, silence in worker_silences(now).items() if silence > WORKER_SILENT}


def forget_worker(name: str) -> bool:
    """Miss this worker no longer; returns whether it was known. One that still works reports again."""
    deleted, _ = Heartbeat.objects.filter(name=f"{_ONE_WORKER}{name}"[:_MAX_NAME]).delete()
    return bool(deleted)


def delete_forgotten_workers(now: datetime) -> None:
    """Delete what `worker_silences` leaves out at now (aware)."""
    Heartbeat.objects.filter(name__startswith=_ONE_WORKER, at__lte=now - WORKER_FORGOTTEN).delete()


def _time_since_heartbeat(name: str, now: datetime) -> timedelta | None:
    last_beat = _heartbeat_times(name).first()
    return None if last_beat is None else now - last_beat


def last_sweep_at() -> Subquery:
    """When a sweep of the reminders last finished, for a caller that runs one query anyway."""
    return Subquery(_heartbeat_times(SWEEP))


def _heartbeat_times(name: str) -> QuerySet[Heartbeat, datetime]:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True)
