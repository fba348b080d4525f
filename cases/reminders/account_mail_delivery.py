"""Sending the emails about accounts that wait (`cases.models.AccountMail`), with the care that reminders get.

A sender claims one with a token and a lease, in one statement that also counts the attempt, sends it outside any
transaction, and then forgets its text where its token is still there. So it is sent once, or ends as failed for pages
to show; it is sent twice only where the process dies between the server's acceptance and the mark, with the same
Message-ID.
"""

import logging
from collections import Counter
from datetime import datetime
from time import monotonic
from uuid import UUID, uuid4

from django.db.models import F, Q, QuerySet

from cases import clock
from cases.models import AccountMail
from cases.models.choices import NoticeState
from cases.models.encryption import decrypt_values
from cases.reminders.channels import mail
from cases.reminders.delivery import BATCH, LEASE, error_text
from cases.reminders.delivery_hours import RETRY_DELAYS

log = logging.getLogger(__name__)


def deliver_account_mails(now: datetime | None = None, *, seconds: float = 20) -> Counter[str]:
    """Try each email that is due once; returns how many were sent, failed (for now or finally), or taken by another.

    `now` (aware) is for tests. After `seconds` no more are started.
    """
    due_at, stop_at = now or clock.now(), monotonic() + seconds
    outcome: Counter[str] = Counter()
    with mail.shared_connection():
        for key in _due_mails(due_at).order_by("next_try_at").values_list("pk", flat=True)[:BATCH]:
            if monotonic() > stop_at:
                break
            outcome[_deliver(key, now or clock.now())] += 1
    return outcome


def any_account_mail_due(now: datetime) -> bool:
    """Whether some email can be sent at now (aware)."""
    return _due_mails(now).exists()


def _due_mails(now: datetime) -> QuerySet[AccountMail]:
    unleased = Q(leased_until=None) | Q(leased_until__lte=now)
    return AccountMail.objects.filter(unleased, state=NoticeState.PENDING, next_try_at__lte=now)


def _deliver(key: UUID, now: datetime) -> str:
    token = uuid4()
    claimed = _due_mails(now).filter(pk=key)
    if not claimed.update(token=token, leased_until=now + LEASE, attempts=F("attempts") + 1):
        return "taken"
    waiting = AccountMail.objects.filter(pk=key, token=token, state=NoticeState.PENDING).first()
    if waiting is None:
        return "taken"
    if now >= waiting.expires_at or waiting.attempts > len(RETRY_DELAYS) + 1:
        return _give_up(waiting, now, waiting.error or "it could not be sent while its link was valid")
    try:
        letter = decrypt_values(waiting.encrypted)
        mail.send_to(letter["to"], waiting.id, letter["subject"], letter["text"])
    except Exception as error:  # whatever went wrong, it is tried again and the others go on
        log.warning("email about an account %s: %s", waiting.pk, type(error).__name__)
        return _record_failure(waiting, now, error_text(error))
    return _finish(waiting, now, NoticeState.SENT)


def _record_failure(waiting: AccountMail, now: datetime, error: str) -> str:
    if waiting.attempts <= len(RETRY_DELAYS):
        next_try_at = now + RETRY_DELAYS[waiting.attempts - 1]
        if next_try_at < waiting.expires_at:
            _held(waiting).update(next_try_at=next_try_at, leased_until=None, error=error)
            return NoticeState.FAILED.value
    return _give_up(waiting, now, error)


def _give_up(waiting: AccountMail, now: datetime, error: str) -> str:
    log.error("email about an account %s (%s) was given up", waiting.pk, waiting.kind)
    return _finish(waiting, now, NoticeState.FAILED, error)


def _finish(waiting: AccountMail, now: datetime, state: NoticeState, error: str = "") -> str:
    """Nothing of it is kept but that it was sent, or was not."""
    finished = _held(waiting).update(state=state, finished_at=now, leased_until=None, encrypted="", error=error)
    return state.value if finished else "taken"


def _held(waiting: AccountMail) -> QuerySet[AccountMail]:
    """The email, as long as no other sender has taken it over."""
    return AccountMail.objects.filter(pk=waiting.pk, token=waiting.token, state=NoticeState.PENDING)
