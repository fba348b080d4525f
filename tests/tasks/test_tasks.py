"""The queue and the standing schedules."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django_q.models import OrmQ, Schedule

from cases import clock
from cases.models import Carrier, CarrierMessage, Heartbeat, LanguageModel, Notice, Team, User
from cases.queue import enqueue, ensure_schedules
from cases.tasks import deliver, sweep
from tests.helpers import at, make_user, new_case


@pytest.mark.django_db(transaction=True)
def test_a_job_lies_in_the_queue_with_what_it_needs() -> None:
    enqueue("cases.tasks.beat", 7)
    (job,) = OrmQ.objects.all()
    assert (job.task["func"], job.task["args"]) == ("cases.tasks.beat", (7,))


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_is_rolled_back_leaves_nothing() -> None:
    with transaction.atomic():
        enqueue("cases.tasks.beat")
        transaction.set_rollback(True)
    assert not OrmQ.objects.exists()


@pytest.mark.django_db
def test_each_standing_schedule_once_for_ever() -> None:
    ensure_schedules()
    ensure_schedules()
    columns = ("name", "func", "schedule_type", "minutes", "repeats")
    assert list(Schedule.objects.order_by("name").values_list(*columns)) == [
        ("anchor", "cases.tasks.anchor", Schedule.HOURLY, None, -1),
        ("heartbeat", "cases.tasks.beat", Schedule.MINUTES, 1, -1),
        ("nightly", "cases.tasks.nightly", Schedule.DAILY, None, -1),
        ("sweep", "cases.tasks.sweep", Schedule.MINUTES, 1, -1),
    ]


@pytest.mark.django_db
def test_a_schedule_that_was_changed_is_corrected_and_keeps_its_next_run() -> None:
    ensure_schedules()
    next_run = Schedule.objects.get(name="sweep").next_run
    Schedule.objects.update(minutes=60)
    ensure_schedules()
    sweeping = Schedule.objects.get(name="sweep")
    assert (sweeping.minutes, sweeping.next_run) == (1, next_run)


def queued() -> list[str]:
    return [job.task["func"] for job in OrmQ.objects.order_by("id")]


@pytest.mark.django_db
def test_a_sweep_without_work_still_wakes_the_sender() -> None:
    sweep()  # what failed before may be due again
    assert queued() == ["cases.tasks.deliver"]


@pytest.mark.django_db
@pytest.mark.parametrize("is_on", [True, False])
def test_a_sweep_asks_language_models_in_a_job_of_its_own_where_something_is_unclear(
    is_on: bool, team: Team, settings: Any
) -> None:
    now = clock.now()
    LanguageModel.objects.create(
        team=team, model="m", label="x", encrypted="x", is_on=is_on, on_since=now - timedelta(hours=1)
    )
    fields = {"source": "pasted", "text": "可能已经注销", "received_at": now, "stored_at": now, "digest": "d"}
    reading = {"candidates": ["done", "promised"]}
    CarrierMessage.objects.create(team=team, state="unmatched", meaning="ambiguous", reading=reading, **fields)
    sweep()
    sweep(False)
    assert queued().count("cases.tasks.ask_language_models") == is_on
    CarrierMessage.objects.update(model_requests=2)
    sweep()
    assert queued().count("cases.tasks.ask_language_models") == is_on


@pytest.fixture
def three_people(team: Team, mobile: Carrier, manager: User, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Each with a case that is due on 2026-10-14 at 09:00, looked after one by one."""
    for i in range(3):
        person = make_user(f"p{i}@example.com", team)
        new_case(team, mobile, manager, number=f"1390000000{i}", submitted="2026-09-30T15:00", handler=person)
    monkeypatch.setattr("cases.reminders.sweep.BATCH_SIZE", 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.mark.usefixtures("three_people")
def test_the_first_people_are_told_before_the_sweep_goes_on() -> None:
    with time_machine.travel(at("2026-10-14T09:00"), tick=False):
        sweep()
        assert queued() == ["cases.tasks.deliver", "cases.tasks.sweep"]
        assert Notice.objects.count() == 1
        assert not Heartbeat.objects.filter(name="sweep").exists()
        (job,) = [job.task for job in OrmQ.objects.all() if job.task["func"] == "cases.tasks.sweep"]
        sweep(*job["args"])
    assert Notice.objects.count() == 3
    assert set(queued()[2:]) == {"cases.tasks.deliver"}
    assert Heartbeat.objects.get(name="sweep").at == at("2026-10-14T09:00")


@pytest.mark.usefixtures("three_people")
def test_when_time_is_up_another_job_goes_on_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 8))  # each look at it is 8 seconds later
    monkeypatch.setattr("cases.reminders.delivery.monotonic", lambda: next(clock))
    with time_machine.travel(at("2026-10-14T09:00"), tick=False):
        sweep(first=False)
        OrmQ.objects.all().delete()
        deliver()
    assert len(mail.outbox) == 1
    assert queued() == ["cases.tasks.deliver"]


@pytest.mark.usefixtures("three_people")
def test_no_other_job_tries_at_once_what_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("cases.reminders.delivery.send", refuse)
    with time_machine.travel(at("2026-10-14T09:00"), tick=False):
        sweep(first=False)
        OrmQ.objects.all().delete()
        deliver()
    assert queued() == []


@pytest.mark.django_db
def test_the_job_sends_what_waits(team: Team, mobile: Carrier, manager: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    new_case(team, mobile, manager, submitted="2026-09-30T15:00", handler=manager)
    with time_machine.travel(at("2026-10-14T09:00"), tick=False):
        sweep()
        deliver()
    assert [message.to for message in mail.outbox] == [["li.na@example.com"]]
