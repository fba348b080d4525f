"""Numbers of identity documents, which no field of the product takes (PIPL, article 28: only where necessary).

An 18-digit identity number holds its bearer's birthday in digits 7 to 14 (GB 11643). A carrier's reference may have 18
digits, too; it is told apart by that day.
"""

import re
import unicodedata
from datetime import date

from cases.domain.errors import IdentityNumber

_CANDIDATE = re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?!\d)")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
REDACTION = "（证件号码略）"


def _is_identity_number(candidate: str) -> bool:
    digits = "".join(c for c in candidate if c.isalnum())
    try:
        birthday = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return _FIRST_YEAR <= birthday.year <= _LAST_YEAR


def refuse_identity_number(text: str, part: str = "") -> None:
    """Raise IdentityNumber when something in the text looks like one; `part`: which part of a letter the text is."""
    for candidate in _CANDIDATE.findall(unicodedata.normalize("NFKC", text)):
        if _is_identity_number(candidate):
            raise IdentityNumber(tail=f"…{candidate[-4:]}", part=part)


def redact_identity_numbers(text: str) -> str:
    """The text with REDACTION in place of what looks like an identity number."""
    normalized = unicodedata.normalize("NFKC", text)
    if not any(map(_is_identity_number, _CANDIDATE.findall(normalized))):
        return text
    return _CANDIDATE.sub(lambda match: REDACTION if _is_identity_number(match[0]) else match[0], normalized)
