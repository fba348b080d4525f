"""/metrics: the figures, for whom they are, and what is in none of them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.test import Client
from django_q.models import OrmQ

from cases import selectors
from cases.models import Carrier, Case, Heartbeat, Notice, NotificationChannel, Team, User
from cases.reminders import pipeline
from tests.helpers import new_case
from tests.moments import NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def figures(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.fixture
def busy(team: Team, mobile: Carrier, manager: User) -> None:
    """Two overdue cases since 14 October, a sweep twenty minutes ago, mails that wait and failed, two jobs."""
    for number in ("13800138000", "13900139000"):
        new_case(team, mobile, manager, number=number, submitted="2026-09-30T15:00", now="2026-09-30T15:00")
    new_case(team, mobile, manager, number="13700137000", submitted="2026-10-15T15:00", now="2026-10-15T15:00")
    Case.objects.filter(reply_by__lte=NOW).update(next_reminder_at=NOW - timedelta(seconds=90))
    Heartbeat.objects.create(name="sweep", at=NOW - timedelta(minutes=20))
    Heartbeat.objects.create(name="worker", at=NOW - timedelta(seconds=30))
    channel = NotificationChannel.objects.create(user=manager, kind="webhook")
    for state, ago in [("pending", 0), ("failed", 6), ("failed", 8), ("sent", 0)]:
        when = NOW - timedelta(days=ago)
        Notice.objects.create(channel=channel, made_at=when, next_try_at=when, state=state, finished_at=when)
    for seconds in (-300, 5, 40):  # the first is being worked on
        OrmQ.objects.create(key="xiaoka", payload="-", lock=NOW - timedelta(seconds=seconds))


@pytest.mark.usefixtures("busy")
def test_what_the_database_says(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(11):
        told = figures(client)
    assert {name: value for name, value in told.items() if "request" not in name and "_free_" not in name} == {
        "xiaoka_database_up": 1,
        "xiaoka_worker_silent_seconds": 30,
        "xiaoka_workers_reporting": 0,  # it reports by a name of its own, too
        "xiaoka_sweep_silent_seconds": 1200,
        "xiaoka_sweep_lag_seconds": 90,
        "xiaoka_notices_waiting": 1,
        "xiaoka_notices_failed_week": 1,
        "xiaoka_account_mails_waiting": 0,
        "xiaoka_account_mails_failed_week": 0,
        "xiaoka_jobs_waiting": 2,
        "xiaoka_jobs_oldest_seconds": 40,
        "xiaoka_cases_overdue": 2,
    }


@pytest.mark.django_db
def test_what_has_never_been_is_left_out_and_nothing_waits(client: Client) -> None:
    told = figures(client)
    assert "xiaoka_sweep_silent_seconds" not in told
    assert (told["xiaoka_sweep_lag_seconds"], told["xiaoka_jobs_oldest_seconds"]) == (0, 0)


def test_requests_are_counted_by_class_and_status(client: Client, manager: User) -> None:
    before = figures(client)
    client.force_login(manager)
    for path in (
        "/",
        "/cases/XK-2345ABCD/",
        "/cases/",
        "/cases/?q=x",
        "/secret-13800138000/",
        "/healthz",
        "/me/notices/",
    ):
        client.get(path)
    after = figures(client)
    counted = {name: after[name] - before.get(name, 0) for name in after if "requests_total" in name}
    assert {name: count for name, count in counted.items() if count} == {
        'xiaoka_requests_total{route="home",status="200"}': 1,
        'xiaoka_requests_total{route="cases",status="404"}': 1,
        'xiaoka_requests_total{route="cases",status="200"}': 2,
        'xiaoka_requests_total{route="none",status="404"}': 1,
        'xiaoka_requests_total{route="healthz",status="503"}': 1,
        'xiaoka_requests_total{route="channels",status="200"}': 1,
    }
    times = 'xiaoka_request_seconds_count{route="cases"}'
    assert after[times] - before.get(times, 0) == 3


@pytest.mark.usefixtures("busy")
def test_nothing_of_anybody_is_in_them(client: Client, manager: User) -> None:
    case = Case.objects.first()
    assert case is not None
    client.force_login(manager)
    client.get(f"/cases/{case.reference}/")
    client.get("/in/a-secret-of-a-phone/")
    content = client.get("/metrics").content.decode()
    for personal in (case.reference, "1380013", "li.na", "销售", "a-secret"):
        assert personal not in content
    classes = set(re.findall(r'route="([^"]*)"', content))
    assert {"cases", "in"} <= classes
    assert all(re.fullmatch(r"[a-z.-]{2,15}", name) for name in classes), classes


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.7"},
        {"HTTP_X_FORWARDED_PROTO": "http"},
        {"HTTP_FORWARDED": "for=10.0.0.7"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_without_a_token_they_are_for_this_machine_alone(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/metrics", **asked).status_code == 403  # type: ignore[arg-type]


@pytest.mark.django_db
def test_behind_tls_everybody_seems_to_be_here_so_a_token_is_needed(client: Client, settings: Any) -> None:
    settings.HTTPS = True
    assert client.get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "a-token-of-some-length"
    assert client.get("/metrics", headers={"Authorization": "Bearer a-token-of-some-length"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer another-token-of-len", "Basic a-token-of-some-length", "Bearer é"]
)
def test_with_a_token_nobody_comes_in_without_it(client: Client, settings: Any, given: str) -> None:
    settings.METRICS_TOKEN = "a-token-of-some-length"
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 403
    right = {"Authorization": "Bearer a-token-of-some-length"}
    assert client.get("/metrics", headers=right, REMOTE_ADDR="10.0.0.7").status_code == 200


def test_a_database_that_is_gone_is_a_figure_too(client: Client, db: None) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError('connection to "db.internal" refused')

    with connection.execute_wrapper(refuse):
        told = figures(client)
    space = {'xiaoka_free_bytes{folder="DATA_DIR"}', 'xiaoka_free_wanted_bytes{folder="DATA_DIR"}'}
    assert {name for name in told if "request" not in name} == {"xiaoka_database_up"} | space
    assert told["xiaoka_database_up"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: selectors.overdue(Case.objects.all(), NOW).order_by()[:100_000], "case_deadline"),
        (
            lambda: selectors.due_for_reminder(Case.objects.all(), NOW).order_by("next_reminder_at")[:1],
            "case_next_reminder",
        ),
        (lambda: pipeline.pending_notices().order_by()[:100_000], "notice_pending"),
        (lambda: pipeline.recently_failed_notices(NOW).order_by()[:100_000], "notice_failed"),
    ],
    ids=["overdue", "due", "waiting", "failed"],
)
def test_each_is_found_by_an_index(rows: Callable[[], Any], index: str) -> None:
    with transaction.atomic():
        if connection.vendor == "postgresql":  # which reads a table of five rows whole, unless told not to
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
        assert index in rows().values("pk").explain()
