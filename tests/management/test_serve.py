"""``manage.py serve`` as a person runs it: a process of its own, on a folder and a port of its own."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import ROOT
from tests.processes import PATIENCE, ServeProcess, empty_postgresql, environment, free_port

pytestmark = [pytest.mark.drill, pytest.mark.sqlite]  # its products are on SQLite, but for those that name PostgreSQL


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., ServeProcess]]:
    """Starts ``serve``, each time on the same folder and port; ends whatever of it is left after the test."""
    port = free_port()
    started: list[ServeProcess] = []

    def start(**given: str) -> ServeProcess:
        started.append(ServeProcess(tmp_path / "data", port, **given))
        return started[-1]

    yield start
    for served in started:
        served.kill()


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


def test_it_comes_up_and_ctrl_c_ends_all_of_it(serve: Callable[..., ServeProcess]) -> None:
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


def test_static_files_are_served_compressed_under_names_that_may_be_kept_for_ever(
    serve: Callable[..., ServeProcess],
) -> None:
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


def test_the_first_link_and_the_pages_before_it_open_with_all_their_files(serve: Callable[..., ServeProcess]) -> None:
    served = serve()
    served.wait_until_well()
    (link,) = re.findall(rf"http://127\.0\.0\.1:{served.port}(/welcome/\S+/)\n", served.printed())
    for path in (link, "/sign-in/", "/admin/login/"):
        status, page = served.get(path)
        assert status == 200, path
        files = set(re.findall(r'"(/static/[^"]+)"', page))
        assert files, path
        assert {file: served.get(file)[0] for file in files} == dict.fromkeys(files, 200)


def test_sigterm_ends_all_of_it_too(serve: Callable[..., ServeProcess]) -> None:
    served = serve()
    served.wait_until_well()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE) == 0
    served.wait_until_gone()


def test_killed_without_warning_it_leaves_no_orphan(serve: Callable[..., ServeProcess]) -> None:
    served = serve()
    served.wait_until_well()
    served.process.kill()
    served.process.wait()
    served.wait_until_gone()


@pytest.mark.parametrize(("part", "called"), [("gunicorn", "The web server"), ("qcluster", "The worker")])
def test_when_one_part_dies_all_ends_and_it_says_which(
    serve: Callable[..., ServeProcess], part: str, called: str
) -> None:
    served = serve()
    served.wait_until_well()
    os.kill(served.pid_of(part), signal.SIGKILL)
    assert served.process.wait(PATIENCE) == 1
    served.wait_until_gone()
    assert f"{called} was killed by signal 9; everything was stopped." in served.printed()


def test_started_again_it_keeps_what_is_stored_and_what_was_edited(serve: Callable[..., ServeProcess]) -> None:
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


@pytest.mark.postgresql
def test_it_serves_on_postgresql_and_needs_no_sqlite(
    serve: Callable[..., ServeProcess],
) -> None:
    with empty_postgresql("serve") as url:
        served = serve(DATABASE_URL=url)
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
