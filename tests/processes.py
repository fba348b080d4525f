"""Processes of the product as they are run, killed like machines that lose their power."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tests import ROOT

#: Seconds; only how long a broken product is waited for, on a busy machine: nothing is asserted about speed.
PATIENCE = 180.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**variables: str) -> dict[str, str]:
    """The environment of a person's shell: nothing of the tests' own settings, and these variables."""
    ours = {"DATA_DIR", "SECRET_KEY", "XIAOKA_TEST", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in ours} | variables


def database_url() -> str:
    """The database that this test runs on, for another process."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"{database_server_url()}/{settings['NAME']}"


def database_server_url() -> str:
    """The PostgreSQL that this test runs on, without a database."""
    settings = connection.settings_dict
    host = f"{settings['HOST']}:{settings['PORT'] or 5432}"
    return f"postgres://{settings['USER']}:{quote(settings['PASSWORD'])}@{host}"


@contextmanager
def empty_postgresql(name: str) -> Iterator[str]:
    """The URL of an empty database on that PostgreSQL; dropped when the block ends."""
    name = f"xiaoka_{name}_{os.getpid()}"
    with psycopg.connect(f"{database_server_url()}/postgres", autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{database_server_url()}/{name}"
        finally:
            administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Ask every tenth of a second; fail the test after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {PATIENCE:.0f} seconds in vain: {what}")
        time.sleep(0.1)


def request_status(
    port: int, method: str, path: str, body: str = "", *, timeout: float = 30.0, **headers: str
) -> tuple[int, str]:
    """The status of an answer, and where it leads."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


class ServeProcess:
    """One running ``serve``, what it printed, and its processes."""

    def __init__(self, folder: Path, port: int, *options: str, **variables: str) -> None:
        self.folder, self.port = folder, port
        self.output = folder.with_name(f"{folder.name}-{port}-{time.monotonic_ns()}.log")
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *options],
                cwd=ROOT,
                env=environment(DATA_DIR=str(folder), PORT=str(port), **variables),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def printed(self) -> str:
        return self.output.read_text()

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; (0, "") while nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_until_well(self) -> None:
        def well() -> bool:
            assert self.process.poll() is None, self.printed()
            return self.get("/healthz")[0] == 200

        wait_until(well, "/healthz answers 200")
        wait_until(lambda: "Ready: " in self.printed(), "it says that it is ready")

    def family(self) -> dict[int, str]:
        """Its running processes, by id, with their commands: all have its folder in their environment."""
        mark = f"DATA_DIR={self.folder}\0".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes() and (entry / "stat").read_text().split()[2] != "Z":
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def wait_until_gone(self) -> None:
        wait_until(lambda: not self.family(), f"no process stays: {self.family()}")

    def stop(self) -> None:
        """Ask it to end, and kill what has not ended after half a minute."""
        self.process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        self.kill()

    def kill(self) -> None:
        """Kill -9 whatever of it still runs."""
        for pid in self.family():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def pid_of(self, part: str) -> int:
        """The oldest process whose command holds part."""
        return min(pid for pid, command in self.family().items() if part in command)


class KillableProcess:
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

    def stop(self) -> None:
        if self.process.poll() is None:
            self.kill()


class WorkerProcess(KillableProcess):
    """`manage.py qcluster`, as `serve` runs it."""

    def __init__(self, mail: str) -> None:
        super().__init__("manage.py", "qcluster", EMAIL_URL=mail)


class WebProcess(KillableProcess):
    """The web server with one process of four threads."""

    def __init__(self) -> None:
        self.port = free_port()
        worker = ("--worker-class", "tracker.web_server.worker.BufferingWorker", "--threads", "4")
        options = (*worker, "--log-level", "error", "--no-control-socket")
        super().__init__("-m", "gunicorn", "tracker.wsgi", "--bind", f"127.0.0.1:{self.port}", *options)

    def answers(self) -> bool:
        try:
            return request_status(self.port, "GET", "/healthz")[0] in (200, 503)
        except (OSError, http.client.HTTPException):
            return False
