"""Several web servers and workers on one database, killed like machines that lose their power; and their clients."""

import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings

from tests import ROOT
from tests.management.test_serve import free_port
from tests.reminders.worker_pool import database_url

#: Only how long a broken product is waited for.
PATIENCE = 180.0


def wait_until(look: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.1)


class Machine:
    """A command in a process group of its own, on the tests' database; started again after each kill."""

    def __init__(self, *command: str, **environment: str) -> None:
        self.command = command
        self.environment = os.environ | {"DATABASE_URL": database_url()} | environment
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self.command], cwd=ROOT, env=self.environment, start_new_session=True
        )

    def kill(self) -> None:
        """Kill -9 all of it at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        if self.process.poll() is None:
            self.kill()


class Worker(Machine):
    """`manage.py qcluster`, as `serve` runs it."""

    def __init__(self, mail: str) -> None:
        super().__init__("manage.py", "qcluster", EMAIL_URL=mail)


class Web(Machine):
    """gunicorn with one process of four threads."""

    def __init__(self) -> None:
        self.port = free_port()
        how = ("--worker-class", "gthread", "--threads", "4", "--log-level", "error", "--no-control-socket")
        super().__init__("-m", "gunicorn", "tracker.wsgi", "--bind", f"127.0.0.1:{self.port}", *how)

    def answers(self) -> bool:
        try:
            return ask(self.port, "GET", "/healthz")[0] in (200, 503)
        except (OSError, http.client.HTTPException):
            return False


class Served(Protocol):
    """A web server, whoever started it."""

    port: int


def ask(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    """The status of an answer, and where it leads."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


@dataclass
class Agent(threading.Thread):
    """Somebody who logs one case after another, over whichever web server answers, until told to stop.

    A form that got no answer is sent again as it was, one-time number and all, as a browser does when its reader
    presses 'again'. `session`: of whoever is signed in; `carrier`: its key. `logged`: the numbers, with the reference
    that each was answered with; `followed`: the references of the cases on which a call was recorded. `wrong`: answers
    that no form should get.
    """

    session: str
    carrier: int
    webs: Sequence[Served]
    first_number: int
    logged: dict[str, str] = field(default_factory=dict)
    followed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    again: int = 0
    __hash__ = threading.Thread.__hash__

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.token = secrets.token_hex(16)
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.token}"
        self.headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self.enough = threading.Event()

    def run(self) -> None:
        for number in range(self.first_number, self.first_number + 1_000_000):
            if self.enough.is_set() or self.wrong:
                return
            reference = self.log(str(number))
            if reference and number % 3 == 0:
                self.follow(reference)

    def log(self, number: str) -> str:
        facts = {"number": number, "carrier": str(self.carrier), "reason": "cost", "channel": "hotline"}
        to = self.send("/cases/new/", **facts, submitted_at="2025-05-06T10:00", press="submit")
        if found := re.fullmatch(r"/cases/(XK-\w+)/", to):
            self.logged[number] = found[1]
            return found[1]
        self.wrong.append(f"/cases/new/ led to {to!r}")
        return ""

    def follow(self, reference: str) -> None:
        self.send(f"/cases/{reference}/follow-up/", way="call", happened_at="2025-06-06T10:00", words="又打了一次")
        self.followed.append(reference)

    def send(self, path: str, **fields: str) -> str:
        """Send a form until it is answered; returns where the answer leads."""
        body = urlencode({**fields, "click": str(uuid4()), "csrfmiddlewaretoken": self.token})
        for attempt in range(10_000):
            web = self.webs[(attempt + self.first_number) % len(self.webs)]
            try:
                status, to = ask(web.port, "POST", path, body, **self.headers)
            except (OSError, http.client.HTTPException):
                self.again += 1
                time.sleep(0.05)
                continue
            if status != 302:
                self.wrong.append(f"{path} answered {status}")
            return to
        raise AssertionError(f"no web server answers {path}")
