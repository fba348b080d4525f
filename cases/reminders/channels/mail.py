"""E-mail, by the server that EMAIL_URL names; without one, as files under DATA_DIR/mail."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from smtplib import SMTPException
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.models import NotificationChannel
from cases.outgoing import ChannelError


def message_id(notice: UUID) -> str:
    """The same for every attempt at a notice. It carries the site's name, or the sender's where the site has none."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "xiaoka.invalid"
    return f"<notice-{notice}@{host if _is_domain_name(host) else domain}>"


def _is_domain_name(host: str) -> bool:
    return "." in host and not host.replace(".", "").isdigit()


#: The connection that the messages of this thread share, while they do.
_shared: ContextVar["_SharedConnection | None"] = ContextVar("shared mail connection", default=None)


class _SharedConnection:
    """A connection to the mail server, opened for the first message and again whenever it is not to be trusted."""

    def __init__(self) -> None:
        self.backend: BaseEmailBackend | None = None

    def send(self, message: EmailMessage) -> None:
        # Asked before and not tried after: a message whose answer was lost may have been taken.
        if self.backend and not self._is_alive():
            self.close()
        try:
            if self.backend is None:
                self.backend = get_connection(timeout=settings.SEND_TIMEOUT)
                self.backend.open()
            self.backend.send_messages([message])
        except BaseException:
            self.close()
            raise

    def _is_alive(self) -> bool:
        try:
            smtp = self.backend.connection if isinstance(self.backend, EmailBackend) else None
            return smtp is not None and smtp.noop()[0] == 250
        except (SMTPException, OSError):
            return False

    def close(self) -> None:
        backend, self.backend = self.backend, None
        if backend:
            with suppress(SMTPException, OSError):
                backend.close()


@contextmanager
def shared_connection() -> Iterator[None]:
    """Within this block the messages that this thread sends go over one connection to the mail server."""
    shared = _SharedConnection()
    token = _shared.set(shared)
    try:
        yield
    finally:
        _shared.reset(token)
        shared.close()


def send(channel: NotificationChannel, notice: UUID, subject: str, body: str) -> str:
    """Send to the address of the channel's owner; returns who took it, raises what the server's refusal raises
    (smtplib, OSError)."""
    if channel.user is None:
        raise ValueError("an e-mail channel belongs to a person")
    return send_to(channel.user.email, notice, subject, body)


def send_to(address: str, notice: UUID, subject: str, body: str) -> str:
    """Send to an address; otherwise like `send`."""
    # A line break in a subject would start another header.
    message = EmailMessage(
        " ".join(subject.split()),
        body,
        to=[address],
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
    )
    if not settings.EMAIL_HOST:
        message.send()
        return _("Saved as a file in DATA_DIR/mail.")
    shared = _shared.get()
    if shared is None:
        with shared_connection():
            return send_to(address, notice, subject, body)
    try:
        shared.send(message)
    except ssl.SSLCertVerificationError as error:
        msgid = gettext_noop(
            "The mail server’s certificate is not trusted (%(reason)s). If it is your own server, a system "
            "administrator sets EMAIL_CA_FILE."
        )
        raise ChannelError(msgid=msgid, reason=error.verify_message) from None
    return _("Accepted by the mail server.")
