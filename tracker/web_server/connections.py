"""One client's connection: waitress' own, with a deadline for headers and a least rate for bodies and answers.

Waitress reads requests and sends answers in one loop, with no thread of their own; a thread is taken for a request
that has arrived whole, and given back when its answer is made. What waitress lacks is a limit in time, and that a body
that is too large is answered by the product.
"""

import logging
import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

from tracker.web_server.limits import ClientLimits

log = logging.getLogger(__name__)
access_log = logging.getLogger("xiaoka.access")

TOO_SLOW = "408 Request Timeout", "The request came too slowly.\n"
TOO_MUCH = "503 Service Unavailable", "Too much is being uploaded at the moment; try again in a minute.\n"
NO_ROOM = "507 Insufficient Storage", "There is no room left for what was sent.\n"


class Request(HTTPRequestParser):
    """A request as it arrives. A body that is too large is left unread, and the product says so (413)."""

    #: Whether the rest of its body is not wanted.
    is_cut_short = False
    body_rcv: Any

    def received(self, data: bytes) -> int:
        """Takes what has come, and returns how many bytes of it belong to this request."""
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self._cut_short()
            return len(data)
        if self.completed and self.body_rcv is None:
            self.expect_continue = False  # there is nothing to wait for
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Reads first line and headers; ParsingError for a length that two readers could take in two ways."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding")
        if self.version != "1.1" and "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding is not of HTTP/1.0")

    def _cut_short(self) -> None:
        """Hands the request on without its body, but with its length: by that the product refuses it."""
        self.error, self.completed, self.is_cut_short, self.expect_continue = None, True, True, False
        self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
        self.headers["CONNECTION"] = "close"
        self.close()
        self.body_rcv = None


class Task(WSGITask):
    """A request in a thread, with what gunicorn's own servers tell the product, and a line in the log if wanted."""

    def start(self) -> None:
        super().start()
        self.channel.server.on_request()

    def build_response_header(self) -> bytes:
        """The status line and the headers; a server that is stopping says that it closes."""
        if self.channel.server.is_stopping:
            self.set_close_on_finish()
        return bytes(super().build_response_header())

    def get_environment(self) -> dict[str, Any]:
        """The WSGI environment. The scheme is what a proxy on a trusted address says; by default, on this machine."""
        if self.environ is not None:
            return self.environ  # type: ignore[no-any-return]
        environ: dict[str, Any] = super().get_environment()
        environ["wsgi.multiprocess"] = True
        if self.channel.server.is_trusted(environ["REMOTE_ADDR"]):
            for name, secure in self.channel.server.scheme_headers.items():
                if environ.get("HTTP_" + name.upper().replace("-", "_")) == secure:
                    environ["wsgi.url_scheme"] = "https"
        return environ

    def finish(self) -> None:
        super().finish()
        if access_log.isEnabledFor(logging.INFO):
            # Without what is asked for after the path: there are numbers and words looked for in it.
            client, request = self.channel.addr[0], self.request
            status, seconds = self.status.partition(" ")[0], time.time() - self.start_time
            access_log.info("%s %s %s %s %.3f s", client, request.command, request.path, status, seconds)


class Connection(HTTPChannel):
    """A client's connection, which ends when the client is too slow."""

    parser_class = Request
    task_class = Task
    request: Request | None
    close_when_flushed: bool

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: Any = None) -> None:
        self.limits: ClientLimits = server.limits
        now = time.monotonic()
        #: Since when it is the client's turn to begin a request, and whether it has had an answer.
        self._quiet_since, self._has_asked = now, False
        #: The request that arrives, and since when its headers or its body are awaited.
        self._awaited: tuple[object, bool] | None = None
        self._awaited_since = now
        #: What the client has sent beyond the request that is worked on.
        self._ahead = b""
        #: The bytes sent so far; those at the last look; and when that was.
        self._sent, self._sent_before, self._sending_since = 0, 0, 0.0
        self._has_unread = False
        self._lingers_until: float | None = None
        self._lingers_at_most = 0.0
        super().__init__(server, sock, addr, adj, map=map)

    # Reading

    def readable(self) -> bool:
        """Whether to listen: not while a request is worked on or an answer is on its way. Waitress asks this in each
        round of its loop, so what was sent ahead is taken here."""
        if self._lingers_until is not None:
            return True
        while self._ahead and super().readable():
            self.received(self._ahead)
        return bool(super().readable())

    def handle_read(self) -> None:
        if self._lingers_until is None:
            super().handle_read()
        elif self.recv(65536):  # which closes at the end of it
            self._lingers_until = min(time.monotonic() + self.limits.linger_seconds, self._lingers_at_most)

    def received(self, data: bytes) -> bool:
        """Takes what has come, of one request at a time; a disk that is full is told, and ends the connection."""
        with self.requests_lock:
            if self.will_close or self.close_when_flushed:
                return False
            if self.request is None:
                self.request = self.parser_class(self.adj)
            try:
                self._ahead = data[self.request.received(data) :]
            except OSError as error:
                log.error("A request's body cannot be kept: %s", error.strerror)
                self._refuse(*NO_ROOM)
                return False
            if self.request.expect_continue and self.request.headers_finished and not self.sent_continue:
                self.send_continue()
            if self.request.completed:
                self._hand_over(self.request)
        awaited = (self.request, self.request.headers_finished) if self.request else None
        if awaited != self._awaited:
            self._awaited, self._awaited_since = awaited, time.monotonic()
        return True

    def _hand_over(self, request: Request) -> None:
        """Gives the request to a thread. Those that the client has sent ahead wait: their answers would fill up what
        is kept for it, and the thread with them."""
        self.sent_continue = False
        if not request.empty:
            self._has_asked, self._has_unread = True, request.is_cut_short or request.error is not None
            self.requests.append(request)
            self.server.add_task(self)
        self.request = None

    def unread_bytes(self) -> int:
        """Of a body that is still arriving."""
        return self.request.body_bytes_received if self.request else 0

    # Sending

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close)
        self._sent += sent
        return sent

    def writable(self) -> bool:
        return bool(self.will_close if self._lingers_until is not None else super().writable())

    def handle_write(self) -> None:
        """Sends what waits. Before it closes on a client that is still sending, lets it take its answer: a socket
        that is closed with bytes unread takes back what it has sent."""
        if self.close_when_flushed and self._has_unread:
            self._flush_exception(self._flush_some)
            if self.total_outbufs_len or self.will_close:
                return
            self.close_when_flushed = False
            self._lingers_until = time.monotonic() + self.limits.linger_seconds
            self._lingers_at_most = time.monotonic() + self.limits.longest_linger_seconds
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.handle_close()
            return
        super().handle_write()

    def service(self) -> None:
        super().service()
        self._quiet_since = self._awaited_since = time.monotonic()

    def refuse(self, status: str, text: str) -> None:
        """Answers a request that has not arrived whole, and closes."""
        with self.requests_lock:
            self._refuse(status, text)

    def _refuse(self, status: str, text: str) -> None:
        answer = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(text)}\r\n"
            f"Connection: close\r\nRetry-After: 60\r\n\r\n{text}"
        ).encode()
        with self.outbuf_lock:
            if self.request:
                self.request.close()
                self.request = None
            self.outbufs[-1].append(answer)
            self.total_outbufs_len += len(answer)
            self.current_outbuf_count += len(answer)
            self._has_unread = self.close_when_flushed = True

    # Deadlines, looked at about every second

    def handle_deadlines(self, now: float) -> None:
        """Ends the connection if its client has had its time at now (of the monotonic clock)."""
        if self._lingers_until is not None:
            if now > self._lingers_until:
                self.handle_close()
        elif self.total_outbufs_len and (not self.requests or self.total_outbufs_len >= self.adj.send_bytes):
            self._check_sending(now)
        else:
            self._sending_since = 0.0
            if not self.requests:
                self._check_receiving(now)

    def is_idle(self) -> bool:
        """Whether no request arrives, is worked on or is being answered."""
        return not (self.requests or self.request or self.total_outbufs_len or self._lingers_until is not None)

    def _check_sending(self, now: float) -> None:
        """Closes when too little has gone out since the last look, grace_seconds ago."""
        self._quiet_since = self._awaited_since = now  # the client is not listened to meanwhile
        if not self._sending_since:
            self._sending_since, self._sent_before = now, self._sent
        elif now - self._sending_since >= self.limits.grace_seconds:
            holds_a_thread = bool(self.requests)
            rate = self.limits.bytes_per_second_of_a_thread if holds_a_thread else self.limits.bytes_per_second
            if self._sent - self._sent_before < rate * (now - self._sending_since):
                self.handle_close()
            self._sending_since, self._sent_before = now, self._sent

    def _check_receiving(self, now: float) -> None:
        """Refuses what arrives too slowly; closes what is not used."""
        if self.request is None:
            patience = self.limits.idle_seconds if self._has_asked else self.limits.header_seconds
            if now - self._quiet_since > patience:
                self.handle_close()
        elif not self.request.headers_finished:
            if now - self._awaited_since > self.limits.header_seconds:
                self.refuse(*TOO_SLOW)
        elif (now - self._awaited_since - self.limits.grace_seconds) * self.limits.bytes_per_second > (
            self.request.body_bytes_received
        ):
            self.refuse(*TOO_SLOW)
