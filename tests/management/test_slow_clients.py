"""``manage.py serve`` while clients trickle: everybody else is answered, and they are sent away."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT
from tests.processes import PATIENCE, ServeProcess, environment, free_port, request_status, wait_until
from tests.slow_clients import KINDS, SlowClients, seconds_to_answer

pytestmark = [pytest.mark.drill, pytest.mark.sqlite]  # its products are on SQLite

#: Hands on a socket as systemd does: as descriptor 3, with the process's own id in the environment.
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execve(sys.argv[2], sys.argv[2:], os.environ | {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
"""
#: Seconds in which an answer counts as one: a server without a free thread has none at all before they are sent away.
ANSWERED = 9.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    served = ServeProcess(tmp_path_factory.mktemp("slow") / "data", free_port())
    served.wait_until_well()
    yield served
    served.stop()


def test_fifty_of_each_kind_that_trickle_stop_nobody_and_are_sent_away(served: ServeProcess) -> None:
    begun, looks = time.monotonic(), 0
    with SlowClients(served.port, *KINDS, count=50) as slow:
        # Whoever is slow to read finds out about the end when it has read all: tests/tracker/test_web_server.py.
        while (waiting := [one for one in slow.open() if one.kind != "answer"]) and time.monotonic() < begun + 100:
            assert seconds_to_answer(served.port, patience=ANSWERED) < ANSWERED
            looks += bool(waiting)
            time.sleep(0.5)
        assert looks > 3  # they were there meanwhile
        assert waiting == []
        for client in slow.clients:
            if client.kind not in ("silent", "answer"):
                assert client.heard.startswith(b"HTTP/1.1 408 Request Timeout\r\n"), client


def test_a_page_a_file_and_an_upload_get_through_meanwhile(served: ServeProcess) -> None:
    with SlowClients(served.port, *KINDS, count=10):
        assert request_status(served.port, "GET", "/sign-in/") == (200, "")
        assert request_status(served.port, "GET", "/static/ninja/swagger-ui.css")[0] == 200
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
        connection.request("POST", "/in/" + "a" * 32 + "/", b"x" * 3_000_000, {"Content-Type": "application/json"})
        assert connection.getresponse().status in (404, 413)
        connection.close()


def test_a_request_that_is_too_large_gets_the_page_about_it(served: ServeProcess) -> None:
    client = socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE)
    client.sendall(b"POST /proof/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000000\r\n\r\n" + b"x" * 300_000)
    answer = b"".join(iter(lambda: client.recv(65536), b""))
    client.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"101 MB" in answer


def test_a_process_that_dies_is_replaced_and_a_reload_replaces_both(served: ServeProcess) -> None:
    def workers() -> set[int]:
        return {pid for pid, command in served.family().items() if "gunicorn" in command} - {master}

    master = served.pid_of("gunicorn")
    before = workers()
    assert len(before) == 2
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: len(workers()) == 2 and min(before) not in workers(), "another process serves")
    between = workers()
    os.kill(master, signal.SIGHUP)
    wait_until(lambda: len(workers()) == 2 and not workers() & between, "both are new")
    served.wait_until_well()


def test_it_ends_while_clients_trickle(tmp_path: Path) -> None:
    served = ServeProcess(tmp_path / "data", free_port())
    served.wait_until_well()
    with SlowClients(served.port, *KINDS, count=5):
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(PATIENCE) == 0
    served.wait_until_gone()


def test_the_same_processes_serve_on_a_unix_socket_and_on_one_of_systemd(served: ServeProcess, tmp_path: Path) -> None:
    path = tmp_path / "web"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    server = subprocess.Popen(
        [
            *(sys.executable, "-c", AS_SYSTEMD, str(listener.fileno()), sys.executable, "-m", "gunicorn"),
            *("tracker.wsgi", "--worker-class", "tracker.web_server.worker.BufferingWorker", "--no-control-socket"),
        ],
        cwd=ROOT,
        env=environment(DATA_DIR=str(served.folder)),
        pass_fds=[listener.fileno()],
    )
    try:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(60)
        client.connect(str(path))
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
        client.close()
    finally:
        server.terminate()
        assert server.wait(PATIENCE) == 0
        listener.close()
