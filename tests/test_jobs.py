"""The queue and the standing schedules."""

import pytest
from django.db import transaction
from django_q.models import OrmQ, Schedule

from cases.jobs import enqueue, ensure_schedules


@pytest.mark.django_db(transaction=True)
def test_a_job_lies_in_the_queue_with_what_it_needs() -> None:
    enqueue("cases.jobs.beat", 7)
    (job,) = OrmQ.objects.all()
    assert (job.task["func"], job.task["args"]) == ("cases.jobs.beat", (7,))


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_is_rolled_back_leaves_nothing() -> None:
    with transaction.atomic():
        enqueue("cases.jobs.beat")
        transaction.set_rollback(True)
    assert not OrmQ.objects.exists()


@pytest.mark.django_db
def test_the_heartbeat_is_scheduled_every_minute_for_ever_once() -> None:
    ensure_schedules()
    ensure_schedules()
    schedule = Schedule.objects.get(name="heartbeat")
    assert (schedule.func, schedule.schedule_type, schedule.minutes, schedule.repeats) == (
        "cases.jobs.beat",
        Schedule.MINUTES,
        1,
        -1,
    )


@pytest.mark.django_db
def test_a_schedule_that_was_changed_is_corrected_and_keeps_its_next_run() -> None:
    ensure_schedules()
    next_run = Schedule.objects.get().next_run
    Schedule.objects.update(minutes=60)
    ensure_schedules()
    assert (Schedule.objects.get().minutes, Schedule.objects.get().next_run) == (1, next_run)
