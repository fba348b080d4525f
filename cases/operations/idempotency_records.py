"""Responses stored for an Idempotency-Key: how long, and their deletion. `cases.api.idempotency` stores them."""

from datetime import datetime, timedelta

from cases.models import IdempotencyRecord

#: How long a response is stored, and its key taken.
ANSWER_LIFETIME = timedelta(hours=24)


def delete_expired_answers(now: datetime) -> None:
    """Delete the responses whose requests began a day before now (aware), or earlier."""
    IdempotencyRecord.objects.filter(begun_at__lte=now - ANSWER_LIFETIME).delete()
