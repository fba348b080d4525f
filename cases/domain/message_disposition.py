"""What is done with a carrier's message without a person: recorded, only proposed, or set aside.

Senders can be forged, so little follows by itself (domain.md, "Carriers' SMS").
"""

from datetime import datetime, timedelta
from enum import StrEnum

from cases.domain.message_meaning import Meaning

#: What was received longer ago than this came late, and is only proposed.
LATE_AFTER = timedelta(hours=1)


class Disposition(StrEnum):
    RECORD = "record"
    PROPOSE = "propose"
    SET_ASIDE = "set_aside"


def resolve_received_at(reported_at: datetime | None, now: datetime) -> tuple[datetime, bool]:
    """When a message counts as received, and whether it came late; both moments aware.

    `reported_at` is what the forwarder reports; None counts as now. A moment ahead of now is set to now; one ahead by
    more than LATE_AFTER says nothing about when, so that the message counts as late.
    """
    if reported_at is None:
        return now, False
    return min(reported_at, now), abs(now - reported_at) > LATE_AFTER


def disposition_of(meaning: Meaning, *, is_late: bool, was_reported_done: bool) -> Disposition:
    """What is done with a message of this meaning.

    `is_late` as by `resolve_received_at`; `was_reported_done`: the carrier has said of the message's case that it is
    done. What would end the carrier's turn, or take back that it is done, or came late, is only proposed.
    """
    if meaning in (Meaning.MARKETING, Meaning.UNRELATED, Meaning.CODE):
        return Disposition.SET_ASIDE
    is_automatic = meaning in (Meaning.REGISTERED, Meaning.UNDER_REVIEW) and not is_late and not was_reported_done
    return Disposition.RECORD if is_automatic else Disposition.PROPOSE
