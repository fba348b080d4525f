"""The worker as people run it, `manage.py qcluster`: killed with -9 in the middle, and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import time as clock

import pytest
from django.utils import timezone
from django_q.models import Schedule

from cases.models import Carrier, Case, Heartbeat, Notice, Reminder, Team, User
from cases.queue import enqueue, ensure_schedules
from cases.selectors import due_for_reminder
from tests import ROOT
from tests.helpers import at
from tests.processes import database_url, wait_until
from tests.reminders.mailserver import MailServer
from tests.reminders.worker_pool import cases_told, copies, people_with_cases

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def start(server: MailServer) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Starts a cluster, each in a process group of its own; ends what is left of them after the test."""
    clusters: list[subprocess.Popen[bytes]] = []

    def started() -> "subprocess.Popen[bytes]":
        environment = os.environ | {"DATABASE_URL": database_url(), "EMAIL_URL": server.url}
        command = [sys.executable, "manage.py", "qcluster"]
        clusters.append(subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True))
        return clusters[-1]

    yield started
    server.forget()
    for cluster in clusters:
        if cluster.poll() is None:
            kill(cluster)


def kill(cluster: "subprocess.Popen[bytes]") -> None:
    """Kill -9 a cluster with all its processes."""
    os.killpg(cluster.pid, signal.SIGKILL)
    cluster.wait()


def test_a_cluster_killed_while_it_sends_is_followed_by_one_that_sends_the_rest(
    start: Callable[[], "subprocess.Popen[bytes]"], server: MailServer, team: Team, mobile: Carrier, manager: User
) -> None:
    expected = people_with_cases(team, mobile, manager, people=4, each=2)
    # Whatever the time and the day are when the tests run.
    User.objects.update(remind_from=clock.min, remind_until=clock.max, remind_on_days_off=True)
    Case.objects.update(
        submitted_at=at("2025-05-06T10:00"),
        acknowledge_by=at("2025-05-07T10:00"),
        window_opens=at("2025-05-10"),
        reply_by=at("2025-05-14"),
        first_reply_by=at("2025-05-14"),
        next_reminder_at=at("2025-05-07T10:00"),
    )
    ensure_schedules()
    Schedule.objects.filter(name="heartbeat").delete()  # leaves the worker to the sweep
    address = "p002@example.com"
    server.hold = {address}

    first = start()  # nothing is in its queue but what the schedule puts there
    wait_until(lambda: server.asked[address] > 0, "the schedule's sweep makes notices and the first are sent")
    kill(first)
    assert not due_for_reminder(Case.objects.all(), timezone.now()).exists()
    in_flight = Notice.objects.get(token__isnull=False, state="pending", leased_until__isnull=False)
    assert in_flight.channel.user == User.objects.get(email=address)

    server.hold.clear()
    Notice.objects.filter(pk=in_flight.pk).update(leased_until=timezone.now())  # as if its lease had passed
    swept = Heartbeat.objects.get(name="sweep").at
    enqueue("cases.tasks.sweep")  # as `serve` does at each start
    start()
    wait_until(lambda: not Notice.objects.filter(state="pending").exists(), "the rest is sent")
    assert {address: set(counts) for address, counts in cases_told(server).items()} == expected
    assert {times for counts in cases_told(server).values() for times in counts.values()} == {1}
    assert copies(server) <= 1  # the one in flight
    assert Heartbeat.objects.get(name="sweep").at > swept
    assert Reminder.objects.count() == 8
