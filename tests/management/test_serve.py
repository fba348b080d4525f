"""``manage.py serve`` as a person runs it: a process of its own, on a folder and a port of its own."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tests import ROOT

# Only how long a broken product is waited for, on a busy machine; nothing is asserted about speed.
PATIENCE = 180.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**given: str) -> dict[str, str]:
    """What a person's shell hands over: nothing of the tests' own settings, and what is given."""
    ours = {"DATA_DIR", "SECRET_KEY", "XIAOKA_TEST", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in ours} | given


def wait_until(look: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not look():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {PATIENCE:.0f} seconds in vain: {what}")
        time.sleep(0.1)


class Served:
    """One running ``serve``, what it printed, and its processes."""

    def __init__(self, folder: Path, port: int, *options: str, **given: str) -> None:
        self.folder, self.port = folder, port
        self.output = folder.with_name(f"{folder.name}-{port}-{time.monotonic_ns()}.log")
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *options],
                cwd=ROOT,
                env=environment(DATA_DIR=str(folder), PORT=str(port), **given),
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

    def pid_of(self, part: str) -> int:
        """The oldest process whose command holds part."""
        return min(pid for pid, command in self.family().items() if part in command)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts ``serve``, each time on the same folder and port; ends whatever of it is left after the test."""
    port = free_port()
    started: list[Served] = []

    def start(**given: str) -> Served:
        started.append(Served(tmp_path / "data", port, **given))
        return started[-1]

    yield start
    for served in started:
        for pid in served.family():
            os.kill(pid, signal.SIGKILL)
        served.process.wait()


def refused(**given: str) -> str:
    """The one line that a start with these settings ends with, after checking that it is one and the status is 1."""
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(**given),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    return done.stderr


def test_it_comes_up_and_ctrl_c_ends_all_of_it(serve: Callable[..., Served]) -> None:
    served = serve()
    served.wait_until_well()
    assert json.loads(served.get("/healthz")[1]) == {"status": "ok"}
    assert f"Ready: http://127.0.0.1:{served.port}" in served.printed()
    assert f"Data: {served.folder}" in served.printed()
    assert re.search(rf"http://127\.0\.0\.1:{served.port}/welcome/\S+/\n", served.printed())
    assert len(served.family()) >= 5  # serve, leash, web server, worker's three

    served.process.send_signal(signal.SIGINT)

    assert served.process.wait(PATIENCE) == 0
    served.wait_until_gone()


def test_static_files_are_served_compressed_under_names_that_may_be_kept_for_ever(serve: Callable[..., Served]) -> None:
    served = serve()
    served.wait_until_well()
    manifest = json.loads((served.folder / "static" / "staticfiles.json").read_text())
    name = manifest["paths"]["admin/css/base.css"]
    request = urllib.request.Request(
        f"http://127.0.0.1:{served.port}/static/{name}", headers={"Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_first_link_and_the_pages_before_it_open_with_all_their_files(serve: Callable[..., Served]) -> None:
    served = serve()
    served.wait_until_well()
    (link,) = re.findall(rf"http://127\.0\.0\.1:{served.port}(/welcome/\S+/)\n", served.printed())
    for path in (link, "/sign-in/", "/admin/login/"):
        status, page = served.get(path)
        assert status == 200, path
        files = set(re.findall(r'"(/static/[^"]+)"', page))
        assert files, path
        assert {file: served.get(file)[0] for file in files} == dict.fromkeys(files, 200)


def test_sigterm_ends_all_of_it_too(serve: Callable[..., Served]) -> None:
    served = serve()
    served.wait_until_well()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE) == 0
    served.wait_until_gone()


def test_killed_without_warning_it_leaves_no_orphan(serve: Callable[..., Served]) -> None:
    served = serve()
    served.wait_until_well()
    served.process.kill()
    served.process.wait()
    served.wait_until_gone()


@pytest.mark.parametrize(("part", "called"), [("gunicorn", "The web server"), ("qcluster", "The worker")])
def test_when_one_part_dies_all_ends_and_it_says_which(serve: Callable[..., Served], part: str, called: str) -> None:
    served = serve()
    served.wait_until_well()
    os.kill(served.pid_of(part), signal.SIGKILL)
    assert served.process.wait(PATIENCE) == 1
    served.wait_until_gone()
    assert f"{called} was killed by signal 9; all is stopped." in served.printed()


def test_started_again_it_keeps_what_is_stored_and_what_was_edited(serve: Callable[..., Served]) -> None:
    first = serve()
    first.wait_until_well()
    key = (first.folder / "secret-key").read_text()
    with sqlite3.connect(first.folder / "xiaoka.sqlite3") as database:
        database.execute("UPDATE cases_carrier SET hotline = '10086-1' WHERE slug = 'china-mobile'")
    first.process.send_signal(signal.SIGINT)
    first.process.wait(PATIENCE)

    second = serve()
    second.wait_until_well()
    with sqlite3.connect(second.folder / "xiaoka.sqlite3") as database:
        rows = database.execute("SELECT hotline FROM cases_carrier WHERE slug = 'china-mobile'").fetchall()
    assert rows == [("10086-1",)]
    assert (second.folder / "secret-key").read_text() == key
    assert (second.folder / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def empty_postgresql() -> Iterator[str]:
    """The URL of an empty database on the server that the tests run on, dropped after the test."""
    given = connection.settings_dict
    server = f"postgres://{given['USER']}:{quote(given['PASSWORD'])}@{given['HOST']}:{given['PORT'] or 5432}"
    name = f"xiaoka_serve_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgresql
def test_it_serves_on_postgresql_and_needs_no_sqlite(
    serve: Callable[..., Served], request: pytest.FixtureRequest
) -> None:
    served = serve(DATABASE_URL=request.getfixturevalue("empty_postgresql"))
    served.wait_until_well()
    assert not (served.folder / "xiaoka.sqlite3").exists()
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(PATIENCE) == 0
    served.wait_until_gone()


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert f"Port {port} on 127.0.0.1 is in use" in refused(DATA_DIR=str(tmp_path), PORT=port)


def test_an_address_that_is_not_ours(tmp_path: Path) -> None:
    line = refused(DATA_DIR=str(tmp_path), PORT=str(free_port()), HOST="192.0.2.1")
    assert "HOST 192.0.2.1" in line


def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    line = refused(DATA_DIR=str(tmp_path / "file" / "data"))
    assert f"DATA_DIR {tmp_path}/file/data" in line


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "DATABASE_URL is not understood"),
        ("postgres://me:s3cr3t@[::1/x", "DATABASE_URL is not understood"),
        ("mysql://me:s3cr3t@127.0.0.1/x", "not supported"),
        ("sqlite://:memory:", "in memory"),
        ("sqlite:////nowhere/at/all/xiaoka.sqlite3", "/nowhere/at/all/xiaoka.sqlite3"),
        ("postgres://me:s3cr3t@127.0.0.1:1/xiaoka", "127.0.0.1"),
    ],
)
def test_a_wrong_database_url(tmp_path: Path, url: str, said: str) -> None:
    line = refused(DATA_DIR=str(tmp_path), DATABASE_URL=url, PORT=str(free_port()))
    assert said in line
    assert "DATABASE_URL" in line
    assert "s3cr3t" not in line


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "xiaoka.sqlite3").write_text("this is a letter to my aunt and not a database\n" * 50)
    line = refused(DATA_DIR=str(tmp_path), PORT=str(free_port()))
    assert "not a database" in line
