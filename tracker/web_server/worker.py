"""A process of gunicorn that serves by waitress: ``gunicorn tracker.wsgi --worker-class tracker.web_server.worker…``.

Gunicorn stays what starts the processes, hands them one socket (TCP or Unix, its own or systemd's), starts another for
one that dies, and reloads and ends them in order.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from socket import AF_UNIX
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher

from tracker.web_server.connections import TOO_MUCH, Connection
from tracker.web_server.limits import ClientLimits

#: Seconds that a process which ends keeps unused connections, for a request that its client may be sending.
_LINGER_SECONDS = 2.0
#: Open files that one connection may need: itself, a body and an answer on the disk, and what the product opens.
_FILES_PER_CONNECTION = 4


def _nothing() -> None:
    """Called for each request where nobody counts them."""


@dataclass
class ClientTerms:
    """What listeners share: the limits, whose word on the scheme counts, and whether the process is ending."""

    limits: ClientLimits
    trusted: frozenset[str] = frozenset()
    scheme_headers: Mapping[str, str] = field(default_factory=dict)
    on_request: Callable[[], None] = _nothing


class _Listener:
    """A listening socket of waitress whose connections have deadlines."""

    channel_class = Connection
    active_channels: dict[int, Connection]
    is_stopping = False
    terms: ClientTerms

    @property
    def limits(self) -> ClientLimits:
        return self.terms.limits

    @property
    def scheme_headers(self) -> Mapping[str, str]:
        return self.terms.scheme_headers

    def on_request(self) -> None:
        self.terms.on_request()

    def is_trusted(self, address: str) -> bool:
        """Whether the peer of a connection is a proxy of ours; whoever reaches a Unix socket is."""
        return bool({address, "*"} & self.terms.trusted) or isinstance(self, UnixWSGIServer)

    def maintenance(self, now: float) -> None:
        """Waitress calls this about every second: ends what is too slow, and what is too much."""
        moment = time.monotonic()
        connections = list(self.active_channels.values())
        for connection in connections:
            connection.handle_deadlines(moment)
        unread = sum(connection.unread_bytes() for connection in connections)
        for connection in sorted(connections, key=Connection.unread_bytes, reverse=True):
            if unread <= self.limits.most_unread:
                break
            unread -= connection.unread_bytes()
            connection.refuse(*TOO_MUCH)
        if self.in_connection_overflow:  # type: ignore[attr-defined]
            self.close_idle()

    def close_idle(self) -> None:
        """Closes the connections that are between two requests."""
        for connection in [one for one in self.active_channels.values() if one.is_idle()]:
            connection.handle_close()


class _TcpListener(_Listener, TcpWSGIServer):
    pass


class _UnixListener(_Listener, UnixWSGIServer):
    pass


class BufferingServer:
    """Waitress on sockets that are bound already."""

    def __init__(
        self, application: Any, sockets: Iterable[Any], terms: ClientTerms, *, threads: int, most: int
    ) -> None:
        self.map: dict[int, Any] = {}
        self.threads = ThreadedTaskDispatcher()
        self.threads.set_thread_count(threads)
        adjustments = Adjustments(
            threads=threads,
            connection_limit=most,
            cleanup_interval=1,
            ident=None,  # no header with the server's name
            max_request_header_size=terms.limits.largest_header,
            max_request_body_size=terms.limits.largest_body + 1,  # waitress refuses what is as large
            outbuf_high_watermark=terms.limits.most_unsent,
            clear_untrusted_proxy_headers=False,  # Django and allauth know whom to believe
            log_socket_errors=False,
        )
        self.listeners = [self._listener(application, sock, terms, adjustments) for sock in sockets]

    def _listener(self, application: Any, sock: Any, terms: ClientTerms, adjustments: Any) -> Any:
        kind = _UnixListener if sock.family == AF_UNIX else _TcpListener
        listener = kind(
            application,
            self.map,
            False,
            sock,
            dispatcher=self.threads,
            adj=adjustments,
            bind_socket=False,
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
        )
        listener.terms = terms
        listener.accept_connections()
        return listener

    def poll(self, seconds: float) -> None:
        """Reads and sends what is there, or waits so long for something."""
        wasyncore.poll2(seconds, self.map)

    def wake(self) -> None:
        """Ends the waiting of `poll`; also from a signal's handler."""
        self.listeners[0].pull_trigger()

    def connections(self) -> Sequence[Connection]:
        """Those that are open."""
        return [one for listener in self.listeners for one in listener.active_channels.values()]

    def stop(self, seconds: float, *, notify: Callable[[], None] = _nothing) -> None:
        """Takes no more connections, answers the requests that are there, at most for so many seconds, and ends."""
        for listener in self.listeners:
            listener.is_stopping, listener.accepting = True, False
        begun = time.monotonic()
        while self.connections() and time.monotonic() < begun + seconds:
            notify()
            if time.monotonic() > begun + _LINGER_SECONDS:
                for listener in self.listeners:
                    listener.close_idle()
            self.poll(0.1)
        self.threads.shutdown(timeout=max(0.0, begun + seconds - time.monotonic()))
        for connection in self.connections():
            connection.handle_close()
        for listener in self.listeners:
            listener.close()


class BufferingWorker(Worker):
    """Gunicorn's worker process."""

    server: BufferingServer | None = None

    def run(self) -> None:
        """Serves until a signal, or until the parent is gone."""
        from django.conf import settings

        tempfile.tempdir = str(settings.FILE_UPLOAD_TEMP_DIR)  # where bodies lie that are too large for memory
        limits = ClientLimits(
            largest_body=settings.LARGEST_BODY,
            most_unread=10 * settings.LARGEST_BODY,
            idle_seconds=self.cfg.keepalive,
        )
        trusted = frozenset(map(str, self.cfg.forwarded_allow_ips))
        self.server = BufferingServer(
            self.wsgi,
            [listener.sock for listener in self.sockets],
            ClientTerms(limits, trusted, self.cfg.secure_scheme_headers, self._count_request),
            threads=self.cfg.threads,
            most=_connection_limit(self.cfg.worker_connections),
        )
        while self.alive:
            self.notify()
            self.server.poll(1.0)
            if self.ppid != os.getppid():
                self.log.info("Parent changed, shutting down: %s", self)
                break
        self.server.stop(self.cfg.graceful_timeout, notify=self.notify)

    def handle_exit(self, sig: int, frame: object) -> None:
        """SIGTERM: end in order."""
        self.alive = False
        if self.server:
            self.server.wake()

    def _count_request(self) -> None:
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False


def _connection_limit(wanted: int) -> int:
    """As many connections as wanted, or as the limit of open files allows, which is raised as far as may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted * _FILES_PER_CONNECTION
    if soft != resource.RLIM_INFINITY and soft < needed:
        raised = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        with suppress(OSError):  # a system may forbid it; then there are fewer connections
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
            soft = raised
        return max(1, min(wanted, soft // _FILES_PER_CONNECTION))
    return wanted
