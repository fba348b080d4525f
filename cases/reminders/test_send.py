"""A test message over a channel: sent at once, for the page to show the service's answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import NotificationChannel
from cases.reminders.channels import send
from cases.reminders.delivery import error_text
from cases.wording.stored_sentences import stored_text


@dataclass(frozen=True, slots=True)
class SendResult:
    """Whether the service accepted it, and its answer."""

    accepted: bool
    response: str


def send_test_message(channel: NotificationChannel, now: datetime) -> SendResult:
    """Send a test message, on or off, at any hour; keeps the outcome with the channel."""
    with override(channel.language):
        subject = _("Xiaoka: test reminder")
        text = _("This reminder channel works. Reminders about your cases will be sent here.")
    try:
        response = send(channel, uuid4(), subject, text)
    except Exception as error:  # whatever it is, it is the result of the test
        stored = error_text(error)
        NotificationChannel.objects.filter(pk=channel.pk).update(last_failure_at=now, last_error=stored)
        return SendResult(False, stored_text(stored))
    NotificationChannel.objects.filter(pk=channel.pk).update(last_success_at=now)
    return SendResult(True, response)
