"""Which messages are kept: a carrier's, and those that name a card of the team. Looked at before anything is stored."""

import re
from collections.abc import Sequence

from cases.formats.sms.carriers import is_bulk, origin_of
from cases.formats.sms.normalize import plain_text
from cases.formats.sms.numbers import forms_in
from cases.formats.sms.types import CarrierMarks


def numbers_in(text: str) -> frozenset[str]:
    """The mobile numbers that a text names, each as it stands there: in full, masked, or its last four digits."""
    return frozenset(form.digits for form in forms_in(plain_text(text).plain))


def plain_sender(sender: str) -> str:
    """A sender without country code, spaces and hyphens, by which the same one is known again."""
    plain = re.sub(r"[ ()-]", "", plain_text(sender).plain).casefold()
    return re.sub(r"^(?:\+86|0086|86(?=1[0-9]{4}))(?=[0-9])", "", plain)


def from_carrier(sender: str, text: str, carriers: Sequence[CarrierMarks]) -> bool:
    """Whether a carrier sent this, as far as sender and signature say; either can be forged.

    It came from a line of the carrier's, or under its name; one for bulk messages (106…) needs a carrier's signature.
    """
    if is_bulk(sender):
        return origin_of("", plain_text(text), carriers).carrier is not None
    return origin_of(plain_sender(sender), plain_text(""), carriers).carrier is not None
