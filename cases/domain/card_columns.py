"""The columns of a team's cards: what each may hold, and how what somebody types into one is read.

A value is typed and shown as text; what is stored of it is the same whatever way it was typed: '2026-09-30' for
'2026年9月30日', '1234.5' for '１,234.50'. Text is kept as it is, without spaces at its ends.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from cases.domain.errors import CaseError, gettext_noop


class Kind(StrEnum):
    """What a column holds; the first four are those of a team's own columns."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    AMOUNT = "amount"  # yuan, to the fen


OWN_KINDS = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.CHOICE)
#: Columns that a team may add, characters of a value of one, choices of one.
MOST_COLUMNS, MOST_CHARACTERS, MOST_CHOICES = 40, 500, 100

_KEY = re.compile(r"c[1-9]\d{0,6}")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_DIGITS_AT_MOST = 20
#: Choices that an error names.
_NAMED = 10


class ValueRefused(CaseError):
    """A value that its column cannot hold; params: title, value."""

    code = "value_refused"
    message = gettext_noop("%(title)s: “%(value)s” does not fit this column.")


class NotANumber(ValueRefused):
    message = gettext_noop("%(title)s: “%(value)s” is not a number. Enter digits, like 12 or 12.5.")


class NotADay(ValueRefused):
    message = gettext_noop("%(title)s: “%(value)s” is not a date. Enter one like 2026-09-30.")


class NotAChoice(ValueRefused):
    message = gettext_noop("%(title)s: “%(value)s” is not one of its choices: %(choices)s.")


class NotAnAmount(ValueRefused):
    message = gettext_noop(
        "%(title)s: “%(value)s” is not an amount. Enter yuan, from 0 to 999999.99, like 19 or 19.90."
    )


class TextTooLong(ValueRefused):
    message = gettext_noop("%(title)s: at most %(most)s characters; these are %(length)s.")


class ValueMissing(ValueRefused):
    message = gettext_noop("%(title)s cannot be empty.")


class UnknownColumn(CaseError):
    code = "unknown_column"
    message = gettext_noop("This column no longer exists. Reload the page.")


@dataclass(frozen=True)
class ColumnRule:
    """What a column may hold: at most `most` characters; of `choices` the stored values with their names."""

    title: str
    kind: Kind = Kind.TEXT
    choices: Mapping[str, str] | None = None
    most: int = MOST_CHARACTERS
    is_required: bool = False


def is_own_key(key: str) -> bool:
    """Whether this may be the key of a team's own column ('c1'): safe to be part of a query."""
    return _KEY.fullmatch(key) is not None


def own_rule(title: str, kind: str, choices: Sequence[str]) -> ColumnRule:
    """The rule of a team's own column."""
    return ColumnRule(title, Kind(kind), {choice: choice for choice in choices})


def parse_value(rule: ColumnRule, typed: str) -> str:
    """What is stored of a typed value, '' of an empty one.

    Raises NotANumber, NotADay, NotAChoice, NotAnAmount, TextTooLong, ValueMissing, which are ValueRefused.
    """
    text = typed.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        if rule.is_required:
            raise ValueMissing(title=rule.title, value="")
        return ""
    if rule.kind is Kind.TEXT:
        if len(text) > rule.most:
            raise TextTooLong(title=rule.title, value=text[:40], most=rule.most, length=len(text))
        return text
    if rule.kind is Kind.CHOICE:
        return _parse_choice(rule, text)
    if rule.kind is Kind.DATE:
        return _parse_day(rule, text)
    return _parse_number(rule, text)


def _parse_number(rule: ColumnRule, text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if rule.kind is Kind.AMOUNT:
        plain = plain.removeprefix("¥").removesuffix("元")
    error = NotAnAmount if rule.kind is Kind.AMOUNT else NotANumber
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise error(title=rule.title, value=text[:40]) from None
    if not number.is_finite() or len(plain) > _DIGITS_AT_MOST or "_" in plain or "e" in plain.lower():
        raise error(title=rule.title, value=text[:40])
    if rule.kind is Kind.AMOUNT:
        fen = number.quantize(Decimal("0.01"))
        if fen != number or not 0 <= number < 1_000_000:
            raise error(title=rule.title, value=text[:40])
        return str(abs(fen))
    shortest = f"{number:f}"
    shortest = shortest.rstrip("0").rstrip(".") if "." in shortest else shortest
    return "0" if Decimal(shortest) == 0 else str(Decimal(shortest))


def _parse_day(rule: ColumnRule, text: str) -> str:
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        year, month, day = (int(part) for part in match.groups() if part) if match else (0, 0, 0)
        return date(year, month, day).isoformat()
    except ValueError:
        raise NotADay(title=rule.title, value=text[:40]) from None


def _parse_choice(rule: ColumnRule, text: str) -> str:
    choices = rule.choices or {}
    if text in choices:
        return text
    by_name = {name.casefold(): value for value, name in choices.items()}
    if text.casefold() not in by_name:
        names = list(choices.values())
        raise NotAChoice(
            title=rule.title, value=text[:40], choices=[*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])]
        )
    return by_name[text.casefold()]
