"""The ways out: one sender for each kind of channel, all called alike."""

from collections.abc import Callable
from uuid import UUID

from cases.models import Channel
from cases.models.choices import ChannelKind
from cases.reminders.channels import mail

#: (channel, notice's id, subject, text) -> returns when the channel has said yes, raises otherwise.
Sender = Callable[[Channel, UUID, str, str], None]

SENDERS: dict[str, Sender] = {ChannelKind.EMAIL: mail.send}


def send(channel: Channel, notice: UUID, subject: str, body: str) -> None:
    """Send one message over a channel; returns when it was taken, raises whatever went wrong."""
    SENDERS[channel.kind](channel, notice, subject, body)
