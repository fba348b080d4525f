"""What the web server does with requests that are slow, large or odd: on a small application of its own."""

import errno
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest
from waitress.buffers import TempfileBasedBuffer

from tests.buffering_site import GET, LIMITS, PATIENT, Site, read_all
from tests.processes import wait_until


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


def test_at_its_end_it_answers_what_it_works_on_and_says_that_it_closes(site: Callable[..., Site]) -> None:
    ending = site(replace(PATIENT, header_seconds=1e6))
    ending.may_answer.clear()
    idle, client = ending.connect(), ending.connect(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    wait_until(lambda: ending.asked, "the request is worked on")
    ending.is_over.set()
    assert read_all(idle) == b""  # while the other is still worked on
    ending.may_answer.set()
    answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nConnection: close\r\n" in answer
