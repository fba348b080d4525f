"""What would be done with a message if the number that it names had an open case: for trying out texts, stored nowhere.

A text with no number and no reference counts as come from a phone none of whose cards has a case; one whose sender is
a name or none, as put on its case by the person who wrote it down or copied it.
"""

from collections.abc import Sequence
from dataclasses import replace

from cases.domain.business_days import WorkingCalendar
from cases.domain.message_disposition import Disposition, MessageStanding, disposition_of
from cases.formats.sms.parts import parse_part
from cases.formats.sms.reader import read_sms
from cases.formats.sms.relevance import is_handed_in, is_relevant, may_speak_of_request, mentioned_numbers
from cases.formats.sms.types import CarrierIdentifiers, Reading, Sms


def read_as_if_open(
    sms: Sms, carriers: Sequence[CarrierIdentifiers], calendar: WorkingCalendar | None = None
) -> tuple[Reading, Disposition]:
    """What a message says, and what would be done with it; a part of a long SMS is read for itself."""
    part = parse_part(sms.text)
    reading = read_sms(replace(sms, text=part.body) if part else sms, carriers, calendar)
    numbers = mentioned_numbers(sms.text)
    is_named = bool(numbers or reading.number or reading.reference)
    standing = MessageStanding(
        is_agreed=reading.is_agreed,
        is_whole=reading.is_whole,
        is_late=False,
        was_reported_done=False,
        concerns_open_case=is_named,
        speaks_of_cancellation=reading.speaks_of_cancellation or may_speak_of_request(sms.text),
        is_relevant=is_named or is_relevant(sms.sender, sms.text, carriers),
        is_part=part is not None,
        fits_one_case=reading.carrier is not None
        and (reading.number is not None or (reading.reference is not None and not numbers)),
        is_handed_in=is_handed_in(sms.sender, carriers),
    )
    return reading, disposition_of(reading.meaning, standing)
