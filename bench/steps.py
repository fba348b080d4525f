"""One measurement in a process of its own: `python -m bench.steps STEP [NUMBER]` prints it as JSON."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from django_q.models import OrmQ

from bench import page_dataset, recorded_dataset, reminder_dataset
from cases import queue
from cases.domain.roles import Role
from cases.management.timeline_check import checked_chunks
from cases.models import Card, Membership, Team
from cases.reminders import pipeline
from cases.reminders.delivery import deliver_due
from tests.reminders.mailserver import mail_server


def peak_memory() -> float:
    """The maximum memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(count: int) -> dict[str, float]:
    """Migrates, and adds cases until there are N."""
    call_command("migrate", verbosity=0)
    reminder_dataset.fill(count)
    return {}


def populate(count: int) -> dict[str, float]:
    """Migrates, and starts over with N cases of 200 teams."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    began = time.perf_counter()
    page_dataset.fill(count)
    return {"seconds": time.perf_counter() - began}


def record(count: int) -> dict[str, float]:
    """Migrates, and adds cases with whole records until there are N."""
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    recorded_dataset.fill(count)
    return {"seconds": time.perf_counter() - began}


def verify(processes: int) -> dict[str, float]:
    """`manage.py verify_timeline` in N processes; `peak` is the most memory that one of them took."""
    began = time.perf_counter()
    counts = dict.fromkeys(("cases", "entries", "broken"), 0)
    for chunk in checked_chunks(0, processes):
        for name, count in (("cases", chunk.cases), ("entries", chunk.entries), ("broken", len(chunk.broken))):
            counts[name] += count
    seconds = time.perf_counter() - began
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    busy = sum(usage.ru_utime + usage.ru_stime for usage in (own, children))
    peak = max(own.ru_maxrss, children.ru_maxrss) / 1024
    return {"seconds": seconds, "busy": busy, "busy_ms_per_case": 1000 * busy / counts["cases"], "peak": peak, **counts}


def import_cards(count: int) -> dict[str, float]:
    """`manage.py import_cards` with a table of N cards; `peak` is that process's memory."""
    user = page_dataset.manager(1)
    team = Team.objects.create(name="bench import")
    Membership.objects.create(team=team, user=user, role=Role.MANAGER)
    table = Path(settings.DATA_DIR) / "import.csv"
    rows = (f"{18600000000 + n},中国联通,王某{n % 1000},19.00" for n in range(count))
    table.write_text("\n".join(["号码,运营商,机主,月租", *rows]), encoding="utf-8")
    command = [sys.executable, "manage.py", "import_cards", str(table), "--team", str(team.pk), "--by", user.email]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert Card.objects.filter(team=team).count() == count
    busy = children.ru_utime + children.ru_stime
    return {"seconds": seconds, "busy": busy, "peak": children.ru_maxrss / 1024}


def sweep(due: int) -> dict[str, float]:
    """One sweep of N due cases; `first`: seconds from its start until the first notices were made."""
    reminder_dataset.make_due(due)
    began, busy, first = time.perf_counter(), time.process_time(), 0.0

    def on_notices() -> bool:
        nonlocal first
        first = first or time.perf_counter() - began
        return False

    swept = pipeline.run_sweep(timezone.now(), on_notices)
    seconds = time.perf_counter() - began
    assert swept.reminders == due, swept
    busy = time.process_time() - busy
    return {"seconds": seconds, "busy": busy, "first": first, "peak": peak_memory()}


def deliver(people: int) -> dict[str, float]:
    """Sends the notices of 1,000 due cases, handled by N people, to a mail server in a process of its own."""
    reminder_dataset.make_due(1000, people)
    assert pipeline.run_sweep(timezone.now()).notices == people
    with receiver() as server:
        settings.EMAIL_PORT = server.port
        began, busy = time.perf_counter(), time.process_time()
        outcome = deliver_due()
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        assert outcome["sent"] == people == server.count(), outcome
    return {"seconds": seconds, "busy": busy, "peak": peak_memory()}


def first_message(due: int) -> dict[str, float]:
    """Seconds from the sweep's start until the first message has arrived, with a real worker."""
    reminder_dataset.make_due(due)
    OrmQ.objects.all().delete()
    connections.close_all()
    with receiver() as server:
        environment = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
        cluster = subprocess.Popen([sys.executable, "manage.py", "qcluster"], env=environment)
        try:
            queue.enqueue("cases.tasks.beat")
            while OrmQ.objects.exists():  # until the cluster works
                time.sleep(0.05)
            queue.enqueue("cases.tasks.sweep")
            began = time.perf_counter()
            while not server.count():
                time.sleep(0.01)
            return {"seconds": time.perf_counter() - began}
        finally:
            cluster.terminate()
            cluster.wait()


class Receiver:
    """A mail server in another process, which reports how many messages it accepted."""

    def __enter__(self) -> "Receiver":
        command = [sys.executable, "-m", "bench.steps", "receive"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = self.count()
        return self

    def count(self) -> int:
        """The number of messages accepted; at the first call, its port."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def __exit__(self, *_: Any) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def receiver() -> Receiver:
    return Receiver()


def receive() -> None:
    with mail_server() as server:
        sys.stdin.readline()
        print(server.port, flush=True)
        for _ in sys.stdin:
            print(len(server.taken), flush=True)


STEPS = {step.__name__: step for step in (fill, populate, record, verify, import_cards, sweep, deliver, first_message)}

if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parent.parent)
    if sys.argv[1] == "receive":
        receive()
    else:
        print(json.dumps(STEPS[sys.argv[1]](int(sys.argv[2]))))
