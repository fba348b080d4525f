"""A landscape of people with late cases, and a pool of worker processes on the tests' own database."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from cases import operations as ops
from cases.models import Carrier, Case, Membership, Notice, ReminderGroup, Team, User
from cases.selectors import due_for_reminder
from tests import ROOT
from tests.helpers import at, many_drafts
from tests.processes import database_url
from tests.reminders.mailserver import MailServer

KILLED = -9
ONE_MINUTE = timedelta(minutes=1)
#: Longer than a claim is believed.
LEASE_OVER = timedelta(minutes=3)


def people_with_cases(team: Team, carrier: Carrier, by: User, people: int, each: int) -> dict[str, set[str]]:
    """So many handlers with so many cases each, handed in on 2026-09-30 at 15:00: late from 2026-10-14 on.

    Returns the references of the cases by the handler's address.
    """
    handlers = User.objects.bulk_create(
        User(email=f"p{i:03}@example.com", name=f"P{i:03}", language="en") for i in range(people)
    )
    Membership.objects.bulk_create(Membership(team=team, user=user) for user in handlers)
    cases = many_drafts(team, carrier, people * each)
    for i, user in enumerate(handlers):
        Case.objects.filter(pk__in=[case.pk for case in cases[i * each : (i + 1) * each]]).update(handler=user)
    outcome = ops.perform(ops.Submit(at("2026-09-30T15:00")), cases, by=by, now=at("2026-09-30T15:00"))
    assert len(outcome.done) == people * each
    expected: dict[str, set[str]] = {}
    for address, reference in Case.objects.values_list("handler__email", "reference"):
        expected.setdefault(address, set()).add(reference)
    return expected


def cases_told(server: MailServer) -> dict[str, Counter[str]]:
    """How often each case was told to whom, in different messages: a second copy of a message counts for nothing."""
    seen: set[str] = set()
    counts: dict[str, Counter[str]] = {}
    for message in server.taken:
        if message["Message-ID"] not in seen:
            seen.add(message["Message-ID"])
            references = re.findall(r"/cases/(XK-\w+)/", message.get_content())
            counts.setdefault(str(message["To"]), Counter()).update(references)
    return counts


def copies(server: MailServer) -> int:
    """Messages that came more than once, as often as they did so."""
    return len(server.taken) - len({message["Message-ID"] for message in server.taken})


def count_left(now: datetime) -> int:
    """What is still to be done: cases to look at, reminders to gather, notices to send."""
    return (
        due_for_reminder(Case.objects.all(), now).count()
        + ReminderGroup.objects.filter(gathered_at=None).count()
        + Notice.objects.filter(state="pending").count()
    )


class WorkerPool:
    """Worker processes, forked from one that has loaded the product already (tests/reminders/killable_worker.py)."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def work(self, *jobs: dict[str, Any]) -> list[int]:
        """Start these jobs at once; returns how each ended: 0, or KILLED. A worker that failed fails the test."""
        assert self.process.stdin
        assert self.process.stdout
        told_to = [job | {"now": job["now"].isoformat()} for job in jobs]
        self.process.stdin.write(json.dumps(told_to) + "\n")
        self.process.stdin.flush()
        statuses: list[int] = json.loads(self.process.stdout.readline())
        assert set(statuses) <= {0, KILLED}, statuses
        return statuses

    def finish(self, now: datetime) -> datetime:
        """Work minute by minute, as the schedule would, until nothing is left to do; returns when that was."""
        for _ in range(10):
            assert self.work({"now": now}) == [0]
            if not count_left(now):
                return now
            now += ONE_MINUTE
        raise AssertionError(f"{count_left(now)} left to do")


@contextmanager
def worker_pool(server: MailServer) -> Iterator[WorkerPool]:
    """A pool that sends by this mail server, until the block ends."""
    environment = os.environ | {"DATABASE_URL": database_url(), "EMAIL_URL": server.url}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reminders.killable_worker"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield WorkerPool(process)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(60)
        assert process.stdout
        process.stdout.close()
