"""Which messages are stored: a carrier's, and those that name a card of the team. Checked before anything is stored."""

import re
from collections.abc import Sequence

from cases.formats.sms.carriers import is_bulk_sender, origin_of
from cases.formats.sms.normalize import normalize_text
from cases.formats.sms.numbers import find_numbers
from cases.formats.sms.types import CarrierIdentifiers


def mentioned_numbers(text: str) -> frozenset[str]:
    """The mobile numbers that a text names, each as it stands there: in full, masked, or its last four digits."""
    return frozenset(form.digits for form in find_numbers(normalize_text(text).plain))


def normalize_sender(sender: str) -> str:
    """A sender without country code, spaces and hyphens, by which the same one is known again."""
    normalized = re.sub(r"[ ()-]", "", normalize_text(sender).plain).casefold()
    return re.sub(r"^(?:\+86|0086|86(?=1[0-9]{4}))(?=[0-9])", "", normalized)


def is_from_carrier(sender: str, text: str, carriers: Sequence[CarrierIdentifiers]) -> bool:
    """Whether a carrier sent this, as far as sender and signature say; either can be forged.

    It came from a line of the carrier's, or under its name; one for bulk messages (106…) needs a carrier's signature.
    """
    if is_bulk_sender(sender):
        return origin_of("", normalize_text(text), carriers).carrier is not None
    return origin_of(normalize_sender(sender), normalize_text(""), carriers).carrier is not None
