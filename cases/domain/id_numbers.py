"""Numbers of identity documents, which no field of the product takes (PIPL, article 28: only where necessary).

An 18-digit identity number holds its bearer's birthday in digits 7 to 14 (GB 11643). A carrier's reference may have 18
digits, too; it is told apart by that day.
"""

import re
import unicodedata
from datetime import date

from cases.domain.errors import IdentityNumber

_LIKE = re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?!\d)")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
HIDDEN = "（证件号码略）"


def _is_one(found: str) -> bool:
    digits = "".join(c for c in found if c.isalnum())
    try:
        birthday = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return _FIRST_YEAR <= birthday.year <= _LAST_YEAR


def refuse_identity_number(text: str) -> None:
    """Raise IdentityNumber (param `tail`: its last four) when something in the text looks like one."""
    for found in _LIKE.findall(unicodedata.normalize("NFKC", text)):
        if _is_one(found):
            raise IdentityNumber(tail=f"…{found[-4:]}")


def without_identity_numbers(text: str) -> str:
    """The text with HIDDEN in place of what looks like an identity number."""
    plain = unicodedata.normalize("NFKC", text)
    if not any(map(_is_one, _LIKE.findall(plain))):
        return text
    return _LIKE.sub(lambda found: HIDDEN if _is_one(found[0]) else found[0], plain)
