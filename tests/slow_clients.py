"""Clients that trickle: a byte a second of headers, of a body, or of an answer. On 127.0.0.1 only, and bounded."""

import selectors
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Self

from tests.processes import request_status

#: The largest static file of the product: more than the kernel's buffers take of an answer, once it is asked for often.
LARGE_FILE = "/static/ninja/swagger-ui-bundle.js"
#: No drill trickles longer.
MOST_SECONDS = 120.0
_BODY = 5_000_000


def _post(path: str, framing: str, content_type: str) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n{framing}\r\n\r\n".encode()


#: What each kind of client sends at once, and what it then sends again and again, a piece a second.
KINDS = {
    "silent": (b"", b""),
    "headers": (b"GET /proof/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a"),
    "body to the proof page": (
        _post("/proof/", f"Content-Length: {_BODY}", "multipart/form-data; boundary=b")
        + b'--b\r\nContent-Disposition: form-data; name="dossier"; filename="a.zip"\r\n\r\n',
        b"a",
    ),
    "body to a phone's address": (_post("/in/" + "a" * 32 + "/", f"Content-Length: {_BODY}", "application/json"), b"a"),
    "chunks": (_post("/in/" + "a" * 32 + "/", "Transfer-Encoding: chunked", "application/json"), b"1\r\na\r\n"),
    "answer": (f"GET {LARGE_FILE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 40, b""),
}


@dataclass
class SlowClient:
    """One connection: what it has heard, and when the server closed it (seconds after its start; None while open)."""

    kind: str
    connection: socket.socket
    started: float = field(default_factory=time.monotonic)
    heard: bytes = b""
    closed_after: float | None = None

    def close(self) -> None:
        self.closed_after = time.monotonic() - self.started
        self.connection.close()


class SlowClients:
    """So many clients of each kind, in a thread of their own until the block ends, or MOST_SECONDS have passed."""

    def __init__(self, port: int, *kinds: str, count: int = 50) -> None:
        self._stop = threading.Event()
        self.clients = [SlowClient(kind, _connect(port, kind)) for _ in range(count) for kind in kinds]
        self._thread = threading.Thread(target=self._trickle, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stop.set()
        self._thread.join()
        for client in self.open():
            client.connection.close()

    def open(self) -> list[SlowClient]:
        """Those that the server has not closed."""
        return [client for client in self.clients if client.closed_after is None]

    def _trickle(self) -> None:
        begun = time.monotonic()
        while not self._stop.wait(1.0) and time.monotonic() < begun + MOST_SECONDS:
            self._hear()
            for client in self.open():
                try:
                    client.connection.send(KINDS[client.kind][1])
                except BlockingIOError:
                    continue
                except OSError:
                    client.close()

    def _hear(self) -> None:
        """What came: all of it, but of those that are slow to read only a byte."""
        selector = selectors.DefaultSelector()
        for client in self.open():
            selector.register(client.connection, selectors.EVENT_READ, client)
        for key, _ in selector.select(0):
            client: SlowClient = key.data
            try:
                piece = client.connection.recv(1 if client.kind == "answer" else 65536)
            except OSError:
                piece = b""
            client.heard += piece
            if not piece:
                client.close()
        selector.close()


def _connect(port: int, kind: str) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(10)
    connection.connect(("127.0.0.1", port))
    connection.setblocking(False)
    connection.send(KINDS[kind][0])
    return connection


def seconds_to_answer(port: int, path: str = "/healthz", *, patience: float = 30.0) -> float:
    """How long the server takes to answer well; patience where it does not."""
    begun = time.monotonic()
    try:
        status, _ = request_status(port, "GET", path, timeout=patience)
    except OSError:
        return patience
    assert status in (200, 503), status
    return time.monotonic() - begun
