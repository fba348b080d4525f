"""/healthz: 200 when database and worker are well, 503 and why when not, whoever asks and however."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.test import Client

from cases.models import Heartbeat, Notice, NotificationChannel, User
from cases.queue import time_since_worker_beat
from cases.tasks import beat, sweep

NOON = datetime(2026, 9, 30, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


def silent_for(name: str = "worker", **ago: int) -> None:
    Heartbeat.objects.create(name=name, at=NOON - timedelta(**ago))


@pytest.fixture
def swept(db: None) -> None:
    """A sweep has just finished."""
    silent_for("sweep", seconds=5)


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def database_gone() -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OperationalError('connection to "db.internal" refused')

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "swept")
@pytest.mark.parametrize("seconds", [0, 59, 180])
def test_well_while_the_worker_reports(client: Client, seconds: int) -> None:
    silent_for(seconds=seconds)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "swept")
def test_unwell_when_the_worker_is_silent_for_longer_than_three_minutes(client: Client) -> None:
    silent_for(seconds=181)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unwell",
        "why": "the worker has been silent since 2026-09-30T11:56:59+08:00",
    }


@pytest.mark.django_db
def test_unwell_when_the_worker_has_never_reported(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["why"]) == (503, "the worker has never reported")


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("seconds", [0, 600])
def test_well_while_sweeps_finish(client: Client, seconds: int) -> None:
    silent_for("worker", seconds=5)
    silent_for("sweep", seconds=seconds)
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_unwell_when_no_sweep_has_finished_for_more_than_ten_minutes(client: Client) -> None:
    silent_for("worker", seconds=5)
    silent_for("sweep", seconds=601)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "unwell", "why": "no sweep of the reminders has finished since 2026-09-30T11:49:59+08:00"},
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_unwell_before_the_first_sweep(client: Client) -> None:
    silent_for("worker", seconds=5)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["why"]) == (503, "no sweep of the reminders has finished yet")


def notice(manager: User, state: str, finished_at: datetime) -> None:
    channel, _ = NotificationChannel.objects.get_or_create(user=manager, kind="email")
    moment = finished_at - timedelta(days=2)
    Notice.objects.create(channel=channel, made_at=moment, next_try_at=moment, state=state, finished_at=finished_at)


@pytest.mark.usefixtures("noon", "swept")
def test_notices_that_failed_this_week_are_counted_and_turn_nothing_off(client: Client, manager: User) -> None:
    silent_for("worker", seconds=5)
    notice(manager, "failed", NOON - timedelta(hours=1))
    notice(manager, "failed", NOON - timedelta(days=6))
    notice(manager, "failed", NOON - timedelta(days=8))
    notice(manager, "sent", NOON - timedelta(hours=1))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "failed_deliveries": 2})


@pytest.mark.usefixtures("noon")
def test_they_are_counted_when_something_else_is_wrong_too(client: Client, manager: User) -> None:
    notice(manager, "failed", NOON - timedelta(hours=1))
    assert client.get("/healthz").json() == {
        "status": "unwell",
        "why": "the worker has never reported",
        "failed_deliveries": 1,
    }


@pytest.mark.django_db
def test_another_process_does_not_speak_for_the_worker(client: Client) -> None:
    Heartbeat.objects.create(name="somebody", at=NOON)
    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_the_database_gone_is_told_without_its_own_words(
    client: Client, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(get_user_model().objects.create_user(email="me@example.org", password="x"))
    request.getfixturevalue("database_gone")
    answer = client.get("/healthz")  # with a session's cookie, which nobody may look up now
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "unwell", "why": "the database does not answer"},
    )
    assert "db.internal" in caplog.text


@pytest.mark.django_db
def test_it_is_never_cached_and_sets_no_cookie(client: Client) -> None:
    answer = client.get("/healthz")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.django_db
def test_it_answers_under_any_host_name(client: Client) -> None:
    beat()
    sweep()
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.django_db
def test_a_beat_is_now_and_only_one_is_kept() -> None:
    with time_machine.travel(NOON, tick=False):
        beat()
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        beat()
    assert Heartbeat.objects.count() == 1
    assert time_since_worker_beat(NOON + timedelta(minutes=5)) == timedelta(minutes=4)
