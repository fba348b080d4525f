"""What the web server does with requests that are slow, large or odd: on a small application of its own."""

import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from waitress.buffers import TempfileBasedBuffer

from tests.processes import PATIENCE, wait_until
from tracker.logs import HideSecrets
from tracker.web_server.limits import ClientLimits
from tracker.web_server.worker import BufferingServer, ClientTerms

#: Quick enough to wait for, and nothing is asserted about how long they take.
LIMITS = ClientLimits(
    largest_body=1_000_000,
    most_unread=1_500_000,
    header_seconds=0.3,
    grace_seconds=0.3,
    bytes_per_second=1_000_000,
    idle_seconds=0.3,
    largest_header=8192,
    most_unsent=100_000,
)
#: Nobody is sent away.
PATIENT = ClientLimits(largest_body=1_000_000, most_unread=1_500_000, largest_header=8192)
CHUNK = b"x" * 50_000


class Site:
    """A server on 127.0.0.1 or a Unix socket, with one thread for requests, and what its application was asked."""

    def __init__(self, limits: ClientLimits, path: Path | None = None, **terms: Any) -> None:
        self.listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.listener.bind(str(path) if path else ("127.0.0.1", 0))
        self.asked: list[dict[str, Any]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.server = BufferingServer(
            self._application, [self.listener], ClientTerms(limits, **terms), threads=1, most=100
        )
        self.is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self.may_answer.set()
        self.is_over.set()
        self._thread.join()
        self.listener.close()

    def connect(self, first: bytes = b"") -> socket.socket:
        client = socket.socket(self.listener.family)
        client.settimeout(PATIENCE)
        client.connect(self.listener.getsockname())
        client.sendall(first)
        return client

    def answer(self, request: bytes) -> bytes:
        """All that comes until the server closes."""
        return read_all(self.connect(request))

    def _run(self) -> None:
        while not self.is_over.is_set():
            self.server.poll(0.02)
        self.server.stop(PATIENCE)

    def _application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        self.asked.append(environ | {"body": environ["wsgi.input"].read(min(length, LIMITS.largest_body))})
        assert self.may_answer.wait(PATIENCE)
        if environ["PATH_INFO"] == "/large":
            start_response("200 OK", [("Content-Length", str(200 * len(CHUNK)))])
            return (CHUNK for _ in range(200))
        start_response("413 Too Large" if length > LIMITS.largest_body else "200 OK", [("Content-Length", "3")])
        return [b"yes"]


def read_all(client: socket.socket) -> bytes:
    received = b""
    while piece := client.recv(65536):
        received += piece
    client.close()
    return received


@pytest.fixture
def site() -> Iterator[Callable[..., Site]]:
    started: list[Site] = []

    def start(limits: ClientLimits = PATIENT, **options: Any) -> Site:
        started.append(Site(limits, **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HTTP/1.1\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
    ],
    ids=["headers", "body", "chunks", "after 100 Continue"],
)
def test_a_request_that_stands_still_is_refused_and_costs_no_thread(site: Callable[..., Site], begun: bytes) -> None:
    slow = site(LIMITS)
    clients = [slow.connect(begun) for _ in range(20)]
    assert slow.answer(GET).startswith(b"HTTP/1.1 200 OK\r\n")
    for client in clients:
        answer = read_all(client).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert answer.endswith(b"\r\n\r\nThe request came too slowly.\n")
    assert [request["REQUEST_METHOD"] for request in slow.asked] == ["GET"]


@pytest.mark.parametrize(("begun", "answers"), [(b"", 0), (b"\r\n\r\n", 0), (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1)])
def test_a_connection_that_is_not_used_is_closed(site: Callable[..., Site], begun: bytes, answers: int) -> None:
    answer = site(LIMITS).answer(begun)
    assert answer.count(b"HTTP/1.1 ") == answer.count(b"yes") == answers


def test_who_does_not_read_its_answer_is_cut_off_and_gives_the_thread_back(site: Callable[..., Site]) -> None:
    slow = site(LIMITS)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(slow.listener.getsockname())
    client.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
    # The answer is larger than what is kept for a client: the only thread waits, until the client has had its time.
    assert slow.answer(GET).startswith(b"HTTP/1.1 200 OK\r\n")
    assert [request["PATH_INFO"] for request in slow.asked] == ["/large", "/"]
    client.close()


def test_a_body_in_chunks_arrives_whole_and_with_its_length(site: Callable[..., Site]) -> None:
    patient = site()
    patient.answer(
        b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"
    )
    (asked,) = patient.asked
    assert (asked["body"], asked["CONTENT_LENGTH"]) == (b"abcde", "5")
    assert "HTTP_TRANSFER_ENCODING" not in asked


@pytest.mark.parametrize(
    ("headers", "start"),
    [
        (b"Content-Length: 1000001\r\n", b""),
        (b"Content-Length: 1000001\r\nExpect: 100-continue\r\n", b""),
        (b"Transfer-Encoding: chunked\r\n", b"200000\r\n"),
    ],
)
def test_a_body_that_is_too_large_is_refused_by_the_application_which_does_not_read_it(
    site: Callable[..., Site], headers: bytes, start: bytes
) -> None:
    patient = site()
    client = patient.connect(b"POST /a HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n" + start + b"x" * 1_200_000)
    answer = read_all(client)  # not taken back, although the client was still sending
    assert answer.startswith(b"HTTP/1.1 413 Too Large\r\n")
    assert answer.endswith(b"yes")
    (asked,) = patient.asked
    assert (asked["body"], int(asked["CONTENT_LENGTH"]) > 1_000_000) == (b"", True)


def test_the_largest_body_that_may_be_is_taken(site: Callable[..., Site]) -> None:
    patient = site()
    answer = patient.answer(
        b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000
    )
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(patient.asked[0]["body"]) == 1_000_000


def test_when_too_much_is_being_uploaded_the_largest_is_sent_away(site: Callable[..., Site]) -> None:
    patient = site()
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 950000\r\n\r\n"
    smaller, larger = patient.connect(head + b"x" * 700_000), patient.connect(head + b"x" * 900_000)
    assert read_all(larger).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    smaller.sendall(b"x" * 250_000)
    assert read_all(smaller).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_disk_that_is_full_is_told(site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    def newfile(self: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TempfileBasedBuffer, "newfile", newfile)
    patient = site()
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n"
    answer = patient.answer(head + b"x" * 900_000)
    assert answer.startswith(b"HTTP/1.1 507 Insufficient Storage\r\n")
    assert patient.answer(GET).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_what_two_servers_could_read_in_two_ways_is_refused(
    site: Callable[..., Site], request_bytes: bytes, status: bytes
) -> None:
    patient = site()
    assert patient.answer(request_bytes).split()[1] == status
    assert patient.asked == []


def test_requests_sent_ahead_are_answered_in_their_order(site: Callable[..., Site]) -> None:
    patient = site()
    names = [f"/{number}" for number in range(20)]
    ahead = b"".join(f"GET {name} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for name in names)
    assert patient.answer(ahead + GET).count(b"yes") == 21
    assert [request["PATH_INFO"] for request in patient.asked] == [*names, "/"]


@pytest.mark.parametrize(
    ("trusted", "sent", "scheme"),
    [
        (frozenset({"127.0.0.1"}), b"https", "https"),
        (frozenset({"127.0.0.1"}), b"http", "http"),
        (frozenset({"192.0.2.1"}), b"https", "http"),
        (frozenset({"*"}), b"https", "https"),
    ],
)
def test_the_scheme_is_what_a_trusted_proxy_says(
    site: Callable[..., Site], trusted: frozenset[str], sent: bytes, scheme: str
) -> None:
    proxied = site(trusted=trusted, scheme_headers={"X-FORWARDED-PROTO": "https"})
    proxied.answer(
        GET.replace(
            b"Host: a", b"Host: a\r\nX-Forwarded-For: 192.0.2.7\r\nX_Forwarded_For: 1\r\nX-Forwarded-Proto: " + sent
        )
    )
    (asked,) = proxied.asked
    assert asked["wsgi.url_scheme"] == scheme
    assert (asked["REMOTE_ADDR"], asked["HTTP_X_FORWARDED_FOR"]) == ("127.0.0.1", "192.0.2.7")
    assert asked["HTTP_X_FORWARDED_PROTO"] == sent.decode()


def test_it_listens_on_a_unix_socket(site: Callable[..., Site], tmp_path: Path) -> None:
    local = site(path=tmp_path / "socket", scheme_headers={"X-FORWARDED-PROTO": "https"})
    local.answer(GET.replace(b"Host: a", b"Host: a\r\nX-Forwarded-Proto: https"))
    assert local.asked[0]["wsgi.url_scheme"] == "https"


def test_at_its_end_it_answers_what_it_works_on_and_says_that_it_closes(site: Callable[..., Site]) -> None:
    ending = site()
    ending.may_answer.clear()
    idle, client = ending.connect(), ending.connect(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    wait_until(lambda: ending.asked, "the request is worked on")
    ending.is_over.set()
    wait_until(lambda: ending.server.listeners[0].is_stopping, "the server is stopping")
    ending.may_answer.set()
    answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nConnection: close\r\n" in answer
    assert read_all(idle) == b""


def test_the_access_log_has_neither_secret_addresses_nor_what_is_asked(
    site: Callable[..., Site], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(HideSecrets())
    with caplog.at_level(logging.INFO, "xiaoka.access"):
        site().answer(GET.replace(b"GET /", b"GET /in/s3cret/?q=13800138000"))
    (line,) = caplog.messages
    assert line.startswith("127.0.0.1 GET /in/••••/ 200 ")
    assert "13800138000" not in line
