"""One HTTP request to a host that a user may have named: resolved once, its addresses checked, then connected to.

No redirects, no proxies, no keep-alive; the exchange has a total timeout, and only the beginning of the response is
read. Errors never contain the URL or the headers, which may hold a key.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread, Timer
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext, gettext_noop

#: Bytes of an answer that are read; services' answers are far shorter.
MAX_RESPONSE_BYTES = 8 * 1024

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: Clouds' own, where their metadata is; not private by their numbers, or not to every Python.
_PLATFORM = [ipaddress.ip_network(network) for network in ("168.63.129.16/32", "192.0.0.0/24")]

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ChannelError(Exception):
    """Why a message was not taken, in words for the owner of the channel or address that hold no secret.

    `msgid` with its `params` where the words are ours; empty where they are the service's own.
    """

    def __init__(self, text: str = "", *, msgid: str = "", **params: object) -> None:
        self.text, self.msgid, self.params = text, msgid, params
        super().__init__(text or msgid % params)

    def __str__(self) -> str:
        return gettext(self.msgid) % self.params if self.msgid else self.text


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent: the URL, the body, the headers by name, the method. Nothing but the method is ever displayed."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back: the status and the beginning of the body."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


def exchange(
    request: HttpRequest,
    *,
    public_only: bool,
    max_bytes: int = MAX_RESPONSE_BYTES,
    within: float | None = None,
) -> HttpAnswer:
    """Send the request; `public_only`: a person named the host, and it must not be in a private network. Of the
    response no more than `max_bytes` are read.

    `within`: seconds for all of it, from the search for the host to the last byte; otherwise SEND_TIMEOUT to connect
    and as long again for the rest. Raises ChannelError when there is no answer. A status that came is one, even if the
    rest did not come in time.
    """
    parts = urlsplit(request.url)
    deadline = None if within is None else monotonic() + within
    seconds = settings.SEND_TIMEOUT if within is None else within
    peer = _resolve(parts, public_only=public_only, within=within)
    timed_out = Event()
    try:
        with (
            socket.create_connection(peer, _seconds_left(deadline)) as sock,
            _hard_timeout(sock, timed_out, _seconds_left(deadline)),
            closing(_connection_over(sock, parts)) as connection,
        ):
            connection.request(request.method, _request_target(parts), request.body, dict(request.headers))
            response = connection.getresponse()
            return HttpAnswer(response.status, response.read(max_bytes))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _channel_error(error, timed_out=timed_out.is_set(), seconds=seconds) from None


def _seconds_left(deadline: float | None) -> float:
    """Until a deadline of `monotonic`, SEND_TIMEOUT without one; raises TimeoutError when it has passed."""
    if deadline is None:
        return float(settings.SEND_TIMEOUT)
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a host on the public network."""
    ip = ipaddress.ip_address(address)
    for effective in _effective_addresses(ip):
        if (
            not effective.is_global
            or effective.is_multicast
            or effective.is_reserved
            or any(effective in net for net in _PLATFORM)
        ):
            return False
    return True


def _effective_addresses(ip: _Address) -> list[_Address]:
    """The address, and the IPv4 address that an IPv6 one carries, by which it would be reached."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    if ip in _NAT64:
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    if ip.sixtofour:
        return [ip, ip.sixtofour]
    # Teredo, site-local and IPv4-compatible addresses have no business here.
    if ip.teredo or ip.is_site_local or int(ip) < 2**32:
        return [ipaddress.IPv6Address("::1")]
    return [ip]


def _resolve(parts: SplitResult, *, public_only: bool, within: float | None = None) -> tuple[str, int]:
    """The address and port to connect to; of several that a name has, all must be public."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address_infos = _look_up(parts.hostname, port, within)
    except TimeoutError as error:
        raise _channel_error(error, timed_out=True, seconds=within or 0) from None
    except (OSError, UnicodeError):
        raise ChannelError(msgid=gettext_noop("Host not found. Check the address.")) from None
    peers = [(str(info[4][0]), int(info[4][1])) for info in address_infos]
    if public_only and not settings.ALLOW_PRIVATE_HOSTS and not all(is_public(host) for host, _port in peers):
        raise ChannelError(
            msgid=gettext_noop("The address is in a private network or on this server, which is not allowed here.")
        )
    return peers[0]


def _look_up(host: str | None, port: int, within: float | None) -> list[Any]:
    """The addresses of a host; raises TimeoutError after `within` seconds. The system's own search has no time-out
    that a program could set, so it goes on in a thread that nobody waits for."""
    if within is None:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses: list[Any] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            addresses.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    search = Thread(target=run, daemon=True)
    search.start()
    search.join(within)
    if failed:
        raise failed[0]
    if not addresses:
        raise TimeoutError
    return addresses


def _connection_over(sock: socket.socket, parts: SplitResult) -> http.client.HTTPConnection:
    """A connection over an open socket; the host has its name in the Host header and for TLS."""
    assert parts.hostname is not None
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as http.client sets it on its own sockets
    if parts.scheme != "https":
        plain = http.client.HTTPConnection(parts.hostname, parts.port)
        plain.sock = sock
        return plain
    context = ssl.create_default_context()
    encrypted = http.client.HTTPSConnection(parts.hostname, parts.port, context=context)
    encrypted.sock = context.wrap_socket(sock, server_hostname=parts.hostname)
    return encrypted


def _request_target(parts: SplitResult) -> str:
    return iri_to_uri(parts._replace(scheme="", netloc="", path=parts.path or "/", fragment="").geturl()) or "/"


@contextmanager
def _hard_timeout(sock: socket.socket, timed_out: Event, seconds: float) -> Iterator[None]:
    """Hangs up when time is over. A socket's own time-out is for each single read: a drop of answer now and then, or
    of a handshake, could go on for ever."""
    sock_copy = sock.dup()  # still ours when TLS has taken the socket

    def hang_up() -> None:
        timed_out.set()
        with suppress(OSError):  # closed already
            sock_copy.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        sock_copy.close()


def _channel_error(error: Exception, *, timed_out: bool, seconds: float) -> ChannelError:
    kind = type(error).__name__
    if timed_out or isinstance(error, TimeoutError):
        return ChannelError(msgid=gettext_noop("No response within %(seconds)s seconds."), seconds=seconds)
    if isinstance(error, ssl.SSLError):
        return ChannelError(msgid=gettext_noop("No secure connection: %(reason)s"), reason=error.reason or kind)
    if isinstance(error, ConnectionRefusedError):
        return ChannelError(msgid=gettext_noop("The host refuses the connection."))
    if isinstance(error, OSError):
        return ChannelError(msgid=gettext_noop("No connection: %(reason)s"), reason=error.strerror or kind)
    return ChannelError(msgid=gettext_noop("The service’s response was not understood (%(kind)s)."), kind=kind)
