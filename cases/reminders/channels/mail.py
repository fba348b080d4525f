"""E-mail, by the server that EMAIL_URL names; without one, as files under DATA_DIR/mail."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from cases.models import Channel


def message_id(notice: UUID) -> str:
    """The same for every attempt at a notice."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "xiaoka.invalid"
    return f"<notice-{notice}@{domain}>"


def send(channel: Channel, notice: UUID, subject: str, body: str) -> str:
    """Send to the address of the channel's owner; returns who took it, raises what the server's refusal raises
    (smtplib, OSError)."""
    if channel.user is None:
        raise ValueError("an e-mail channel belongs to a person")
    # A line break in a subject would start another header.
    message = EmailMessage(
        " ".join(subject.split()),
        body,
        to=[channel.user.email],
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=settings.SEND_TIMEOUT) if settings.EMAIL_HOST else get_connection(),
    )
    message.send()
    return _("The mail server took it.") if settings.EMAIL_HOST else _("Kept as a file under DATA_DIR/mail.")
