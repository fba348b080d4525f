"""What is done with a carrier's message without a person: recorded, only proposed, set aside or never stored.

Senders can be forged, so little follows by itself (domain.md, "Carriers' SMS"); and a reading can be wrong, so nothing
that concerns an open case is put out of a person's sight by it. Every message ends as `disposition_of` says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.domain.message_meaning import Meaning

#: What was received longer ago than this came late, and is only proposed.
LATE_AFTER = timedelta(hours=1)
#: Parts of one long SMS arrive within this time of each other, and so long one waits for the rest.
PARTS_WINDOW = timedelta(minutes=10)
#: What a message says that is not about a cancellation.
ASIDE_MEANINGS = frozenset({Meaning.MARKETING, Meaning.UNRELATED, Meaning.CODE})


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

    `is_agreed`: two independent readings say the same; `is_whole`: no part of the text is missing, garbled or blacked
    out; `is_late` as by `resolve_received_at`; `was_reported_done`: the carrier has said of the case that it is done;
    `concerns_open_case`: it names a card, a case or a reference of an open case, or came to a phone whose card has one;
    `speaks_of_cancellation`: its words are about the cancellation of a number.

    `is_relevant`: a carrier sent it, it names a card of the team, or it is about a cancellation; `is_part`: it is a
    part of a longer SMS whose rest is missing; `fits_one_case`: it names one case and no other, and comes from the
    case's carrier; `is_contradicted`: recording it would change what a person entered (`overwrites_entry`);
    `is_handed_in`: a person put it on a case; `names_refund`: it names a balance that is paid back for a case that is
    cancelled.
    """

    is_agreed: bool
    is_whole: bool
    is_late: bool
    was_reported_done: bool
    concerns_open_case: bool
    speaks_of_cancellation: bool
    is_relevant: bool = True
    is_part: bool = False
    fits_one_case: bool = True
    is_contradicted: bool = False
    is_handed_in: bool = False
    names_refund: bool = False


def disposition_of(meaning: Meaning, standing: MessageStanding) -> Disposition:
    """What is done with a message of this meaning.

    A message that concerns an open case is never set aside or dropped by reading. Recorded by itself is only what
    cannot end the carrier's turn, was read twice alike, is whole, came in time, fits one case and takes back nothing.
    """
    if is_dropped(standing, is_code=meaning is Meaning.CODE):
        return Disposition.DROP
    if meaning in ASIDE_MEANINGS:
        may_be_missed = (
            standing.concerns_open_case
            or standing.speaks_of_cancellation
            or standing.is_part
            or standing.is_handed_in
            or standing.names_refund
        )
        return Disposition.ASK if may_be_missed else Disposition.SET_ASIDE
    if meaning is Meaning.AMBIGUOUS:
        return Disposition.ASK
    is_automatic = (
        meaning in (Meaning.REGISTERED, Meaning.UNDER_REVIEW)
        and standing.is_agreed
        and standing.is_whole
        and not standing.is_part
        and not standing.is_late
        and not standing.was_reported_done
        and standing.fits_one_case
        and not standing.is_contradicted
    )
    return Disposition.RECORD if is_automatic else Disposition.PROPOSE


def is_dropped(standing: MessageStanding, *, is_code: bool) -> bool:
    """Whether a message is never stored: a code, or nobody's business here (个人信息保护法, art. 19).

    The parts of a code in several SMS wait for the rest, without its digits.
    """
    if standing.concerns_open_case:
        return False
    is_nobodys = not (standing.is_relevant or standing.is_handed_in)
    return is_nobodys or (is_code and not standing.is_part)


def ends_snooze(meaning: Meaning, standing: MessageStanding) -> bool:
    """Whether a message that waits on a case ends its snooze: all but what two readings call an advertisement, a bill
    or a code. That waits, too, and nobody is woken by it."""
    return not (meaning in ASIDE_MEANINGS and standing.is_agreed and standing.is_whole)


def overwrites_entry(
    meaning: Meaning, *, read_reference: str, entered_reference: str, rests_on_named_day: bool
) -> bool:
    """Whether recording a message would change what is entered on its case; references as they were written.

    A carrier's reference that is there stays, however another message writes it; another one is for a person to
    decide. 'Under review' sets a new deadline: not in place of a day that was promised or on which it takes effect.
    """
    is_other_reference = bool(
        read_reference and entered_reference and plain_reference(read_reference) != plain_reference(entered_reference)
    )
    return is_other_reference or (meaning is Meaning.UNDER_REVIEW and rests_on_named_day)


def plain_reference(reference: str) -> str:
    """A reference number without what people leave out or add: capitals, letters and digits only."""
    return "".join(char for char in reference.upper() if char.isalnum())
