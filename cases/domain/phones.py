"""Mobile numbers: read what a person typed, show them, mask them, guess the carrier.

A number is stored as its national digits, '13800138000'. `phonenumbers` knows most prefixes and is empty or
wrong for some (162, 165, 1349, the virtual operators' 170 and 171; facts.md), and porting breaks every guess:
so a guess only fills a form in, and a number that the package refuses is accepted when its shape is right.
"""

import re
import unicodedata

import phonenumbers
from phonenumbers import carrier as phone_carrier

from cases.domain.errors import NumberRefused

#: 11 digits; IoT cards have 13 that begin with 14 or with 1064 (docs/decisions/0047-reading-any-table.md).
_SHAPE = re.compile(r"1\d{10}|14\d{11}|1064\d{9}")
_PUNCTUATION = re.compile(r"[\s\-‐-―()().·]+")
_DIALLED = re.compile(r"\+?\d[\d\s\-‐-―().·]+", re.ASCII)
_MAX_LENGTH = 40
#: What is shown of an erased number.
ERASED_MASK = "*" * 11
_MASKED = re.compile(r"(1\d{2})\*{4,7}(\d{4})")

#: The package's English carrier names, and the slugs of our carriers.
_SLUGS = {
    "China Mobile": "china-mobile",
    "China Unicom": "china-unicom",
    "China Telecom": "china-telecom",
    "China Broadnet": "china-broadnet",
}
#: Whose the 13-digit numbers of IoT cards are, by their beginnings; the package does not know them.
_IOT_PREFIXES = {
    "1440": "china-mobile",
    "1441": "china-mobile",
    "148": "china-mobile",
    "10647": "china-mobile",
    "10648": "china-mobile",
    "146": "china-unicom",
    "1400": "china-unicom",
    "10646": "china-unicom",
    "1410": "china-telecom",
    "10649": "china-telecom",
}
_IOT_LENGTH = 13
#: Here the package names the host network, not the operator that has the contract: worse than no guess.
_VIRTUAL_PREFIXES = frozenset({"162", "165", "167", "170", "171"})


def parse(typed: str) -> str:
    """The national digits of what a person typed; raises NumberRefused.

    Spaces, hyphens, +86, 0086, 86 and full-width digits are understood, and so are the invisible marks of
    direction that address books copy along with a number.
    """
    text = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", typed[: _MAX_LENGTH + 1]))
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    for prefix in ("+86", "0086"):
        text = text.removeprefix(prefix)
    if len(text) in (13, 15) and text.startswith("861"):
        text = text.removeprefix("86")
    if len(typed) > _MAX_LENGTH or not text.isascii() or not _SHAPE.fullmatch(text):
        raise NumberRefused(typed=typed[:_MAX_LENGTH])
    return text


def dialled(text: str) -> str:
    """What a phone dials of a telephone number as somebody wrote it: '02712345678' of '027-1234 5678 转 8'; empty where
    there is none."""
    match = _DIALLED.search(unicodedata.normalize("NFKC", text))
    return re.sub(r"[^+\d]", "", match[0]) if match else ""


def erased_placeholder(key: int) -> str:
    """What stands in the place of an erased number: of the card's key, so that no two are alike."""
    return f"x{key}"


def is_erased(number: str) -> bool:
    return number.startswith("x")


def format_number(number: str) -> str:
    """'138 0013 8000'; a 13-digit number as '140 0000 000000'."""
    if is_erased(number):
        return ERASED_MASK
    return f"{number[:3]} {number[3:7]} {number[7:]}"


def split_masked(text: str) -> tuple[str, str] | None:
    """The beginning and the last four digits of a masked number, or None when the text is none."""
    match = _MASKED.fullmatch(text)
    return (match[1], match[2]) if match else None


def is_virtual(number: str) -> bool:
    """Whether the prefix belongs to virtual operators; it does not say which one."""
    return number[:3] in _VIRTUAL_PREFIXES


def guess_carrier(number: str) -> str | None:
    """The slug of the carrier that the prefix was given to, or None; the person decides."""
    if is_virtual(number):
        return None
    if len(number) == _IOT_LENGTH:
        return next((slug for prefix, slug in _IOT_PREFIXES.items() if number.startswith(prefix)), None)
    name = phone_carrier.name_for_number(phonenumbers.PhoneNumber(country_code=86, national_number=int(number)), "en")
    return _SLUGS.get(name)
