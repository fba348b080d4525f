"""Two web servers and three workers on one PostgreSQL, under load, each killed with -9 and started again.

What a client was told is done is there exactly once; each reminder is sent once; every record verifies. In CI each of
the five is killed once; XIAOKA_SOAK times by `make soak`.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import time as clock
from functools import partial
from itertools import chain

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from cases.models import Carrier, Case, Notice, Reminder, Team, TimelineEntry, User
from cases.operations.integrity import check_rows, first_chain_flaw
from cases.queue import enqueue, ensure_schedules
from tests.helpers import at, make_user
from tests.processes import KillableProcess, WebProcess, WorkerProcess, wait_until
from tests.reminders.mailserver import MailServer, mail_server
from tests.reminders.worker_pool import cases_told, copies, count_left, people_with_cases
from tests.traffic import TrafficClient

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.drill]

#: Cases that are logged between one kill and the next.
BETWEEN = 10
#: How often each of the five is killed.
ROUNDS = int(os.environ.get("XIAOKA_SOAK", 1))


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def webs() -> Iterator[list[WebProcess]]:
    running = [WebProcess(), WebProcess()]
    yield running
    for web in running:
        web.stop()


@pytest.fixture
def workers(mail: MailServer) -> Iterator[list[WorkerProcess]]:
    ensure_schedules()
    running = [WorkerProcess(mail.url) for _ in range(3)]
    yield running
    for worker in running:
        worker.stop()


@pytest.fixture
def expected(team: Team, mobile: Carrier, manager: User) -> dict[str, set[str]]:
    """People with two late cases each, which `fall_due` lets fall due; by their addresses."""
    found = people_with_cases(team, mobile, manager, people=10 * ROUNDS * 5, each=2)
    # Whatever the time and the day are when the tests run.
    User.objects.update(remind_from=clock.min, remind_until=clock.max, remind_on_days_off=True)
    Case.objects.update(
        submitted_at=at("2025-05-06T10:00"),
        acknowledge_by=at("2025-05-07T10:00"),
        window_opens=at("2025-05-10"),
        reply_by=at("2025-05-14"),
        first_reply_by=at("2025-05-14"),
        next_reminder_at=None,
    )
    return found


def fall_due(people: int) -> None:
    """The cases of ten more people fall due, and a sweep is asked for, as `serve` does at each start."""
    addresses = [f"p{i:03}@example.com" for i in range(people, people + 10)]
    Case.objects.filter(handler__email__in=addresses).update(next_reminder_at=at("2025-05-07T10:00"))
    enqueue("cases.tasks.sweep")


@pytest.fixture
def clients(
    team: Team, mobile: Carrier, expected: dict[str, set[str]], webs: list[WebProcess]
) -> Iterator[list[TrafficClient]]:
    people = []
    for n in range(4):
        client = Client()
        client.force_login(make_user(f"client{n}@example.com", team))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        people.append(TrafficClient(session, mobile.pk, webs, 13_000_000_000 + n * 10_000_000))
    yield people
    for client in people:
        client.stopped.set()


def test_nothing_is_lost_and_nothing_is_doubled(
    clients: list[TrafficClient],
    webs: list[WebProcess],
    workers: list[WorkerProcess],
    mail: MailServer,
    expected: dict[str, set[str]],
) -> None:
    for web in webs:
        wait_until(web.answers, "a web server answers")
    for client in clients:
        client.start()
    kills = kill_in_turn([workers[0], webs[0], workers[1], webs[1], workers[2]], clients)
    for client in clients:
        client.stopped.set()
    for client in clients:
        client.join()
    finish()

    assert [client.wrong for client in clients] == [[]] * 4
    logged = {number: reference for client in clients for number, reference in client.logged.items()}
    there = Case.objects.filter(card__number__startswith="130")
    assert dict(there.values_list("card__number", "reference")) == logged
    assert there.count() == len(logged) >= 5 * BETWEEN
    assert recorded("logged") == Counter(logged.values())
    assert recorded("submitted") == Counter(logged.values()) + Counter(chain.from_iterable(expected.values()))
    assert recorded("follow_up") == Counter(reference for client in clients for reference in client.followed)

    assert {address: set(counts) for address, counts in cases_told(mail).items()} == expected
    assert {times for counts in cases_told(mail).values() for times in counts.values()} == {1}
    assert copies(mail) <= kills  # of a message in flight when its worker was killed
    assert Reminder.objects.count() == sum(map(len, expected.values()))
    assert Counter(Notice.objects.values_list("state", flat=True)) == {"sent": len(expected)}

    # The cases that fell due have no first entry: they were put in by hand, and only their chains are looked at.
    assert {case.reference: flaw for case in Case.objects.all() if (flaw := first_chain_flaw(case))} == {}
    assert {report.case.reference for case in there for report in [check_rows(case)] if report.flaws} == set()


def kill_in_turn(victims: list[KillableProcess], clients: list[TrafficClient]) -> int:
    """Kills and starts again one after another, while cases are logged; returns how many workers were killed."""
    killed = 0
    for turn, victim in enumerate(victims * ROUNDS):
        enough = count(clients) + BETWEEN
        fall_due(10 * turn)
        wait_until(partial(reached, clients, enough), "cases are logged")
        victim.kill()
        killed += isinstance(victim, WorkerProcess)
        victim.start()
    return killed


def count(clients: list[TrafficClient]) -> int:
    return sum(len(client.logged) for client in clients)


def reached(clients: list[TrafficClient], enough: int) -> bool:
    return count(clients) >= enough or any(client.wrong for client in clients)


def finish() -> None:
    """Until nothing is left to do, with a sweep every few seconds and not every minute; leases count as over."""

    def done() -> bool:
        nonlocal asked
        if time.monotonic() > asked + 3:
            asked = time.monotonic()
            Notice.objects.filter(state="pending", leased_until__isnull=False).update(leased_until=timezone.now())
            enqueue("cases.tasks.sweep")
        return not count_left(timezone.now())

    asked = 0.0
    wait_until(done, "all that is due is told")


def recorded(kind: str) -> Counter[str]:
    """How many entries of a kind each case has."""
    return Counter(TimelineEntry.objects.filter(kind=kind).values_list("case__reference", flat=True))
