"""One heartbeat for each worker: one of several that stops is named by /healthz, /metrics and the admin."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from cases import clock, queue
from cases.models import Heartbeat, User
from cases.queue import report_worker, worker_silences
from tests.helpers import with_second_factor
from tests.moments import NOW
from tests.processes import KillableProcess, wait_until


@pytest.fixture
def south_silent(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """North reports, south has been silent for five minutes; together they keep the queue going."""
    for name, ago in (("south", 5), ("north", 1)):
        monkeypatch.setattr(settings, "XIAOKA_WORKER", name)
        report_worker(NOW - timedelta(minutes=ago))
    for name in ("worker", "sweep"):
        Heartbeat.objects.create(name=name, at=NOW)
    with translation.override("en"), time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.usefixtures("south_silent")
def test_healthz_names_the_silent_one_and_stays_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "silent_workers": ["south"]})


@pytest.mark.usefixtures("south_silent")
def test_metrics_have_each_worker(client: Client) -> None:
    page = client.get("/metrics").content.decode()
    assert 'xiaoka_each_worker_silent_seconds{worker="north"} 60.0' in page
    assert 'xiaoka_each_worker_silent_seconds{worker="south"} 300.0' in page
    assert "xiaoka_workers_reporting 1.0" in page


@pytest.mark.django_db
def test_a_worker_that_has_never_reported_is_a_figure_too(client: Client) -> None:
    assert "xiaoka_workers_reporting 0.0" in client.get("/metrics").content.decode()


@pytest.mark.usefixtures("south_silent")
def test_the_admin_names_it(client: Client) -> None:
    operator = User.objects.create_superuser("operator@example.com", "correct horse", name="Olga", language="en")
    client.force_login(with_second_factor(operator))
    page = " ".join(client.get("/admin/").content.decode().split())
    assert "The background jobs of south have not responded since 16 Oct, 09:55." in page
    assert "of north" not in page


@pytest.mark.usefixtures("south_silent")
def test_a_worker_that_was_taken_away_is_forgotten(client: Client) -> None:
    with pytest.raises(CommandError, match=r"Unknown background process “west”\. Known: north, south\."):
        call_command("forget_worker", "west")
    call_command("forget_worker", "south", stdout=StringIO())
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.usefixtures("south_silent")
def test_after_a_week_it_is_forgotten_by_itself() -> None:
    week_later = NOW + timedelta(days=7) - timedelta(minutes=5)
    assert list(worker_silences(week_later)) == ["north"]
    queue.delete_forgotten_workers(week_later)
    assert sorted(Heartbeat.objects.values_list("name", flat=True)) == ["sweep", "worker", "worker north"]


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_two_workers_report_each_by_its_name() -> None:
    workers = [KillableProcess("manage.py", "qcluster", XIAOKA_WORKER=name) for name in ("north", "south")]
    try:
        wait_until(lambda: len(worker_silences(clock.now())) == 2, "both workers report")
        assert list(worker_silences(clock.now())) == ["north", "south"]
    finally:
        for worker in workers:
            worker.kill()
