"""What identifies a person, made unreadable: for papers that are handed on."""

import re

from cases.domain import phones
from cases.domain.errors import NumberRefused
from cases.domain.id_numbers import redact_identity_numbers
from cases.domain.json_values import Json, JsonObject

# Mobile numbers as people write them: 138 0013 8000, +86-13800138000; 13 digits are machines' cards.
_NUMBER = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1\d{2})[ -]?(\d{4})[ -]?(\d{6}|\d{4})(?!\d)")
_NUMBER_AMONG_WORDS = re.compile(rf"(?<![A-Za-z0-9-]){_NUMBER.pattern}(?![A-Za-z-])")
#: Values that are digests, or hold one: changing a digit would make it another.
_DIGESTS = frozenset({"sha256", "hash", "head", "fingerprint", "file"})


def mask_number(number: str) -> str:
    """'138****8000': what lists, notices and logs show; of a number that was erased nothing."""
    if phones.is_erased(number):
        return phones.ERASED_MASK
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_if_number(text: str) -> str:
    """What was typed to search for, with a number in full masked: addresses of pages are kept in histories and logs.

    Also a number among words, but not the digits of a reference ('GD13800138000').
    """
    try:
        return mask_number(phones.parse(text))
    except NumberRefused:
        return _NUMBER_AMONG_WORDS.sub(lambda match: mask_number("".join(match.groups())), text)


def mask_text(text: str) -> str:
    """The text with every mobile number as '138****8000', and without what looks like an identity number."""
    return _NUMBER.sub(lambda match: mask_number("".join(match.groups())), redact_identity_numbers(text))


def mask_name(name: str) -> str:
    """'王**': the first character, which for a Chinese name is the family name."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""


def mask_json(value: Json) -> Json:
    """A JSON value with every text in it masked, but for digests."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, list):
        return [mask_json(item) for item in value]
    return mask_object(value) if isinstance(value, dict) else value


def mask_object(value: JsonObject) -> dict[str, Json]:
    """A JSON object with every text in it masked, but for digests."""
    return {key: item if key in _DIGESTS else mask_json(item) for key, item in value.items()}
