"""Emails about accounts: written down with what they are about, and sent by the worker (`cases.reminders`).

A page that wants to mail has no mail server to wait for, answers in the same time whether or not there is an account,
and what it says is true: the email will be sent, or somebody is told that it was not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cases.models import AccountMail, Invitation, User
from cases.models.encryption import encrypt_values
from cases.queue import enqueue

#: How long what was sent, or failed, is told of.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one address, in the reader's language."""

    to: str
    subject: str
    text: str


def queue_account_mail(
    kind: str,
    letter: Letter,
    *,
    now: datetime,
    lifetime: timedelta,
    user: User | None = None,
    invitation: Invitation | None = None,
) -> AccountMail:
    """Have an email sent at once, and again where that fails, as long as `lifetime` after now (aware)."""
    with transaction.atomic():
        mail = AccountMail.objects.create(
            kind=kind[:60],
            user=user,
            invitation=invitation,
            encrypted=encrypt_values({"to": letter.to, "subject": letter.subject, "text": letter.text}),
            made_at=now,
            next_try_at=now,
            expires_at=now + lifetime,
        )
        enqueue("cases.tasks.deliver_account_mails")
    return mail


def delete_old_mails(now: datetime) -> None:
    """Delete what was sent, or given up, long before now (aware). Run daily."""
    AccountMail.objects.filter(made_at__lt=now - KEPT, encrypted="").delete()
