"""One message out of the fields of a request."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.formats.forwarders import shapes
from cases.formats.forwarders.moments import parse_moment
from cases.formats.forwarders.refusals import SenderMissing, TextMissing, TimestampInvalid
from cases.formats.forwarders.wording import clean_sender, national_number, sender_in, unwrap

MAX_SENDER_LENGTH = 40
_SIGNATURE = re.compile(r"\s*(?:【[^】]{2,20}】|\[[^\]]{2,20}\])|.*【[^】]{2,20}】\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class ForwardedMessage:
    """A message as it was sent on.

    `sender` is empty where a robot's message names none but its text is signed 【…】; `received_at` as its forwarder
    reports it (aware), None where it reports none or, `is_moment_unknown`, one that cannot be read; `receiver`: the
    number at which it arrived as national digits, empty where nothing says so.
    """

    sender: str
    text: str
    received_at: datetime | None
    receiver: str = ""
    is_moment_unknown: bool = field(default=False, kw_only=True)


def parse_message(fields: Mapping[str, object], *, is_day_first: bool = False) -> ForwardedMessage:
    """Sender, text, moment and receiver from a forwarder's fields, in whatever shape; `is_day_first` as in
    `parse_moment`.

    Raises SenderMissing, TextMissing, TextEncrypted, PayloadUnreadable.
    """
    flat = shapes.flatten(fields)
    title = _first_text(flat, shapes.TITLE_NAMES)
    sender = clean_sender(_first_text(flat, shapes.SENDER_NAMES)) or sender_in(title)
    unwrapped = unwrap(_first_text(flat, shapes.TEXT_NAMES), sender)
    sender = sender or unwrapped.sender or clean_sender(_unsigned_sender(title, unwrapped.text))
    if len(sender) > MAX_SENDER_LENGTH or not (sender or _SIGNATURE.match(unwrapped.text)):
        raise SenderMissing
    if not unwrapped.text.strip():
        raise TextMissing
    # SmsForwarder's signature covers its timestamp alone: beside a signature no other moment counts.
    names = ("timestamp",) if "sign" in flat else shapes.MOMENT_NAMES
    moment = next((flat[name] for name in names if flat.get(name) not in (None, "")), unwrapped.moment or None)
    told_numbers = [*_texts(flat, shapes.RECEIVER_NAMES), title if title.lower().startswith("sim") else ""]
    receiver = next((number for text in told_numbers if (number := national_number(text))), unwrapped.receiver)
    try:
        received_at = None if moment is None else parse_moment(moment, is_day_first=is_day_first)
    except TimestampInvalid:
        return ForwardedMessage(sender, unwrapped.text, None, receiver, is_moment_unknown=True)
    return ForwardedMessage(sender, unwrapped.text, received_at, receiver)


def _unsigned_sender(title: str, text: str) -> str:
    """A robot's title as the sender, such as the name of a contact, where the text has no signature that says more."""
    return "" if _SIGNATURE.match(text) else title


def _first_text(fields: Mapping[str, object], names: Sequence[str]) -> str:
    """The first of these fields that holds something, as text that every database can keep; else empty."""
    return next(_texts(fields, names), "")


def _texts(fields: Mapping[str, object], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        value = fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**40 else ""
        if isinstance(value, str) and value.strip():
            yield strip_unstorable(value)


def strip_unstorable(text: str) -> str:
    """Without what no database keeps: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
