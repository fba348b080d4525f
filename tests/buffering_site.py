"""A small application behind the product's web server, in the test's own process."""

import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.processes import PATIENCE
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
GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
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
