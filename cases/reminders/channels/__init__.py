"""The ways out: one sender for each kind of channel, all called alike."""

from uuid import UUID

from django.utils.translation import override

from cases.models import NotificationChannel
from cases.models.choices import ChannelKind
from cases.models.encryption import SecretUnreadable, decrypt_values
from cases.outgoing import ChannelError
from cases.reminders.channels import mail, services
from cases.reminders.channels.mail import shared_connection
from cases.reminders.channels.service_table import OutgoingText

__all__ = ["ChannelError", "send", "shared_connection"]


def send(channel: NotificationChannel, notice: UUID, subject: str, body: str) -> str:
    """Send one message over a channel; returns the service's answer, in the owner's language where it is ours.

    Raises whatever went wrong: ChannelError, in words for people, or what a mail server's refusal raises. Neither
    holds a secret.
    """
    with override(channel.language):
        if channel.kind == ChannelKind.EMAIL:
            return mail.send(channel, notice, subject, body)
        try:
            parts = decrypt_values(channel.encrypted)
        except SecretUnreadable as error:
            raise ChannelError(msgid=error.msgid) from None
        return services.send(channel.kind, parts, OutgoingText(notice, subject, body))
