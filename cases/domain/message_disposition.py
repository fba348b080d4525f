"""What is done with a carrier's message without a person: recorded, only proposed, or set aside.

Senders can be forged, so little follows by itself (domain.md, "Carriers' SMS").
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.domain.message_meaning import Meaning

#: What was received longer ago than this came late, and is only proposed.
LATE_AFTER = timedelta(hours=1)


class Disposition(StrEnum):
    """`ASK`: waits for a person without a proposal. `DROP`: never stored."""

    RECORD = "record"
    PROPOSE = "propose"
    ASK = "ask"
    SET_ASIDE = "set_aside"
    DROP = "drop"


def resolve_received_at(reported_at: datetime | None, now: datetime) -> tuple[datetime, bool]:
    """When a message counts as received, and whether it came late; both moments aware.

    `reported_at` is what the forwarder reports; None counts as now. A moment ahead of now is set to now; one ahead by
    more than LATE_AFTER says nothing about when, so that the message counts as late.
    """
    if reported_at is None:
        return now, False
    return min(reported_at, now), abs(now - reported_at) > LATE_AFTER


@dataclass(frozen=True)
class MessageStanding:
    """What counts beside the meaning of a message.

    `is_agreed`: two independent readings say the same; `is_whole`: no part of the text is missing or garbled;
    `is_late` as by `resolve_received_at`; `was_reported_done`: the carrier has said of the case that it is done;
    `concerns_open_case`: it names a card, a case or a reference of an open case, or came to a phone whose card has one;
    `speaks_of_cancellation`: its words are about the cancellation of a number.
    """

    is_agreed: bool
    is_whole: bool
    is_late: bool
    was_reported_done: bool
    concerns_open_case: bool
    speaks_of_cancellation: bool


def disposition_of(meaning: Meaning, standing: MessageStanding) -> Disposition:
    """What is done with a message of this meaning.

    A message that concerns an open case is never set aside or dropped by reading. Recorded by itself is only what
    cannot end the carrier's turn, was read twice alike, is whole, came in time and takes back nothing.
    """
    if meaning in (Meaning.MARKETING, Meaning.UNRELATED, Meaning.CODE):
        if standing.concerns_open_case:
            return Disposition.ASK
        return Disposition.DROP if meaning is Meaning.CODE else Disposition.SET_ASIDE
    if meaning is Meaning.AMBIGUOUS:
        return Disposition.ASK
    is_automatic = (
        meaning in (Meaning.REGISTERED, Meaning.UNDER_REVIEW)
        and standing.is_agreed
        and standing.is_whole
        and not standing.is_late
        and not standing.was_reported_done
    )
    return Disposition.RECORD if is_automatic else Disposition.PROPOSE
