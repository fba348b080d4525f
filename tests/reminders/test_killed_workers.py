"""Workers killed with -9 at every boundary and at random: nothing is lost, and next to nothing comes twice."""

from collections import Counter
from datetime import timedelta
from random import Random
from time import monotonic

import pytest

from cases.models import Carrier, Notice, Reminder, ReminderDelivery, Team, User
from tests.helpers import at
from tests.reminders.mailserver import MailServer
from tests.reminders.worker_pool import (
    KILLED,
    LEASE_OVER,
    WorkerPool,
    cases_told,
    copies,
    count_left,
    people_with_cases,
)

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

MORNING = at("2026-10-14T09:00")


@pytest.fixture
def expected(team: Team, mobile: Carrier, manager: User) -> dict[str, set[str]]:
    """Three people with two late cases each."""
    return people_with_cases(team, mobile, manager, people=3, each=2)


def once_each(expected: dict[str, set[str]], times: int = 1) -> dict[str, Counter[str]]:
    return {address: Counter(dict.fromkeys(cases, times)) for address, cases in expected.items()}


def test_without_a_kill_each_person_gets_one_message(
    workers: WorkerPool, server: MailServer, expected: dict[str, set[str]]
) -> None:
    assert workers.work({"now": MORNING}) == [0]
    assert count_left(MORNING) == 0
    assert cases_told(server) == once_each(expected)
    assert len(server.taken) == 3


# With batches of two cases there are three, gathered after the first and the last. What the killed one had sent by
# then, and how many copies may come besides: only what was sent and not marked.
@pytest.mark.parametrize(
    ("boundary", "times", "sent_by_then", "doubled"),
    [
        ("reminders written", 1, 0, 0),
        ("reminders written", 2, 0, 0),
        ("batch swept", 1, 0, 0),
        ("batch swept", 3, 0, 0),
        ("lines written", 1, 0, 0),
        ("lines written", 2, 0, 0),
        ("gathered", 1, 0, 0),
        ("gathered", 2, 0, 0),
        ("enqueued", 1, 0, 0),
        ("claimed", 1, 0, 0),
        ("claimed", 2, 1, 0),
        ("sent", 1, 1, 1),
        ("sent", 2, 2, 1),
        ("marked", 1, 1, 0),
        ("marked", 3, 3, 0),
    ],
)
def test_killed_at_a_boundary(
    workers: WorkerPool,
    server: MailServer,
    expected: dict[str, set[str]],
    boundary: str,
    times: int,
    sent_by_then: int,
    doubled: int,
) -> None:
    assert workers.work({"now": MORNING, "batch": 2, "die": boundary, "times": times}) == [KILLED]
    assert len(server.taken) == sent_by_then

    workers.finish(MORNING + LEASE_OVER)

    assert cases_told(server) == once_each(expected)
    assert copies(server) == doubled
    assert Reminder.objects.count() == 6


@pytest.mark.parametrize(
    ("boundary", "times", "told_by_then"), [("merged", 1, 0), ("merged", 2, 1), ("claimed", 1, 0), ("sent", 1, 1)]
)
def test_killed_while_messages_become_one(
    workers: WorkerPool,
    server: MailServer,
    expected: dict[str, set[str]],
    boundary: str,
    times: int,
    told_by_then: int,
) -> None:
    """Nobody could be told on the first day late; on the third each person has two messages that wait."""
    server.refuse = dict.fromkeys(expected, "450 4.2.0 Come back later")
    assert workers.work({"now": MORNING}) == [0]
    server.refuse.clear()
    later = at("2026-10-16T09:00")
    assert workers.work({"now": later, "die": boundary, "times": times}) == [KILLED]
    assert len(server.taken) == told_by_then
    workers.finish(later + LEASE_OVER)
    assert cases_told(server) == once_each(expected)
    assert len(server.taken) == 3 + copies(server)
    assert set(ReminderDelivery.objects.values_list("reminder__ordinal", flat=True)) == {3}


# The sweep gathers once, as it has no batch here. What is released is gathered by the delivery: the second time for the
# first of the three, the fourth for the last.
@pytest.mark.parametrize(
    ("boundary", "times"),
    [
        ("gathered", 1),
        ("gathered to deliver", 1),
        ("released", 1),
        ("released", 2),
        ("released and swept", 1),
        ("gathered to deliver", 2),
        ("gathered to deliver", 4),
    ],
)
def test_killed_while_what_waits_goes_to_others(
    workers: WorkerPool,
    server: MailServer,
    manager: User,
    expected: dict[str, set[str]],
    boundary: str,
    times: int,
) -> None:
    """The three are locked out in the admin while their messages wait: the manager is told of their cases."""
    server.refuse = dict.fromkeys(expected, "450 4.2.0 Come back later")
    assert workers.work({"now": MORNING}) == [0]
    server.refuse.clear()
    User.objects.filter(email__in=expected).update(is_active=False)
    later = MORNING + timedelta(minutes=5)
    assert workers.work({"now": later, "die": boundary, "times": times}) == [KILLED]
    workers.finish(later + LEASE_OVER)
    assert cases_told(server) == once_each({manager.email: set().union(*expected.values())})
    assert copies(server) == 0


def test_killed_in_the_middle_of_the_message(
    workers: WorkerPool, server: MailServer, expected: dict[str, set[str]]
) -> None:
    server.hold = {"p001@example.com"}
    assert workers.work({"now": MORNING, "after": 1.5}) == [KILLED]
    server.hold.clear()
    workers.finish(MORNING + LEASE_OVER)
    assert cases_told(server) == once_each(expected)


def test_killed_at_random_under_load(
    workers: WorkerPool, server: MailServer, team: Team, mobile: Carrier, manager: User
) -> None:
    """On two mornings with 200 reminders each, two workers at a time, killed again and again."""
    expected = people_with_cases(team, mobile, manager, people=40, each=5)
    chance = Random(20260930)
    kills: list[int] = []
    for times, morning in enumerate(("2026-10-14T09:00", "2026-10-16T09:00"), start=1):
        now, until = at(morning), monotonic() + 7
        while monotonic() < until and count_left(now):
            delays = [chance.uniform(0.02, 0.5) for _ in range(2)]
            statuses = workers.work(*({"now": now, "batch": 20, "after": delay} for delay in delays))
            kills += [status for status in statuses if status == KILLED]
            now += LEASE_OVER
        assert now < at(morning) + timedelta(hours=11), "after 20:00 nothing is sent"
        workers.finish(now)
        assert cases_told(server) == once_each(expected, times=times)

    assert Reminder.objects.count() == 2 * 200
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    print(  # noqa: T201 – shown by pytest -rP
        f"{len(kills)} kills; 400 reminders in {Notice.objects.count()} notices, all told; "
        f"{copies(server)} of {len(server.taken)} messages were second copies"
    )
    assert len(kills) >= 20
    assert copies(server) <= len(kills)
