"""What was read out of a message, stored and read back."""

from datetime import date
from decimal import Decimal

from cases.domain.message_meaning import Meaning
from cases.formats.sms.types import Reading

READING = Reading(
    Meaning.PROMISED, "138****8000", "SL123", date(2026, 10, 16), Decimal("8"), ("16日前",), "china-mobile"
)
STORED = {
    "number": "138****8000",
    "reference": "SL123",
    "promised": "2026-10-16",
    "amount": "8.00",
    "words": ["16日前"],
    "carrier": "china-mobile",
    "candidates": [],
    "certainty": None,
}


def test_there_and_back() -> None:
    assert READING.to_json() == STORED
    assert Reading.from_json(Meaning.PROMISED, STORED) == READING


def test_what_was_not_stored_is_none() -> None:
    assert Reading.from_json(Meaning.AMBIGUOUS, {}) == Reading(Meaning.AMBIGUOUS)
