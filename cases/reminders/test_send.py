"""A test message over a channel: sent at once, and what the other side really says is shown."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import NotificationChannel
from cases.reminders.channels import send
from cases.reminders.delivery import in_words


@dataclass(frozen=True, slots=True)
class Tried:
    """Whether the other side took it, and what it said."""

    taken: bool
    answer: str


def try_out(channel: NotificationChannel, now: datetime) -> Tried:
    """Send a test message, on or off, at any hour; keeps the outcome with the channel."""
    with override(channel.language):
        subject = _("Xiaoka: test message")
        text = _("This channel works. Reminders of cases that need you will come here.")
    try:
        answer = send(channel, uuid4(), subject, text)
    except Exception as error:  # whatever it is, it is the answer that was asked for
        tried = Tried(False, in_words(error))
        NotificationChannel.objects.filter(pk=channel.pk).update(last_failure_at=now, last_error=tried.answer)
        return tried
    NotificationChannel.objects.filter(pk=channel.pk).update(last_success_at=now)
    return Tried(True, answer)
