"""What a cell of a bill holds: a number, in full or masked, or a sum."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from cases.formats.tables.phone_numbers import read_numbers

MASKED = re.compile(r"1\d{2}[*xX×•●]{4,6}\d{2,4}|1\d{0,6}[*xX×•●]{2,}\d{2,6}")


def number_of(text: str) -> str | None:
    """The number of a line, in full or as it is masked; None for a landline, an account, or nothing."""
    read = read_numbers(text) if text else None
    if read and len(read.numbers) == 1:
        return read.numbers[0]
    folded = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    return re.sub("[xX×•●]", "*", folded) if MASKED.fullmatch(folded) else None


def amount_of(text: str) -> Decimal | None:
    """A sum, or a quantity: '1,234.50', '¥19', '(6.00)' and '6.00-' below zero."""
    folded = unicodedata.normalize("NFKC", text).strip().replace(",", "").replace(" ", "")
    folded = re.sub(r"^[¥￥]|元$|分钟$|[MGK]B$|条$|次$", "", folded, flags=re.IGNORECASE)
    if bracketed := re.fullmatch(r"\((\d[\d.]*)\)", folded):
        folded = f"-{bracketed[1]}"
    elif folded.endswith("-") and folded[:-1]:
        folded = f"-{folded[:-1]}"
    if folded in ("-", "--", "—", "/"):
        return Decimal()
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", folded):
        return None
    try:
        return Decimal(folded)
    except InvalidOperation:
        return None
