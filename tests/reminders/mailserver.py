"""A real mail server on this machine: keeps what it takes, refuses or holds back what it is told to."""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """What it took, in the order of taking: `taken`; `connections`: how many were made.

    Its answers: `refuse` and `hold`, by address; `enough`: what it says, or None for nothing, to whoever asks after a
    message whether it still listens. While it is `away` it hangs up on everybody.
    """

    port = 0

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: nothing taken, nobody refused."""
        self.taken: list[EmailMessage] = []
        self.asked: Counter[str] = Counter()
        self.refuse: dict[str, str] = {}
        self.hold: set[str] = set()
        self.connections = 0
        self.enough: str | None = "250 OK"
        self.away = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def readers(self) -> list[str]:
        """To whom the messages went, sorted."""
        return sorted(str(message["To"]) for message in self.taken)

    async def handle_EHLO(  # noqa: N802 – the library's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        if self.away and server.transport:
            server.transport.close()
        return responses

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, arg: str) -> str:  # noqa: N802
        if self.enough is None and server.transport:
            server.transport.close()
        return self.enough or ""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked[address] += 1
        if answer := self.refuse.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        while self.hold.intersection(envelope.rcpt_tos):
            await asyncio.sleep(0.05)
        if session.peer is None or server.transport is None or server.transport.is_closing():
            return "451 The sender is gone"
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 Taken"


# It reports every line that is spoken.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class _Bound(Controller):
    """On a port that the system chooses, so that runs beside each other never meet."""

    def _create_server(self) -> Any:
        listener = socket.create_server((self.hostname, 0))
        self.port = listener.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listener, ssl=self.ssl_context)


@contextmanager
def mail_server(encryption: SSLContext | None = None, *, from_the_start: bool = False) -> Iterator[MailServer]:
    """A server that listens until the block ends; with a certificate it takes nothing in the clear."""
    server = MailServer()
    options: dict[str, Any] = {}
    if encryption and from_the_start:
        options = {"ssl_context": encryption}
    elif encryption:
        options = {"tls_context": encryption, "require_starttls": True}
    controller = _Bound(server, hostname="127.0.0.1", port=1, ready_timeout=60, **options)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        server.forget()
        controller.stop()
