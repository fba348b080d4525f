"""A month's bill beside the register: what is charged and ought not to be, and what is not charged and ought to be.

Pure; money is yuan to the fen, days are days in Shanghai. The rules are of this product (docs/bills.md).
"""

import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

#: Differences up to this are rounding.
FEE_TOLERANCE = Decimal("0.01")
#: A bill without a carrier's name is of the carrier of so many of its numbers, and of such a part of them.
_LEAST_BILLED, _NEARLY_ALL = 3, 0.9


class FindingKind(StrEnum):
    CHARGED_AFTER_CANCELLATION = "charged_after_cancellation"
    NOT_IN_REGISTER = "not_in_register"
    FEE_DIFFERS = "fee_differs"
    NEVER_BILLED = "never_billed"
    NO_USE = "no_use"


class BilledLines(Protocol):
    """What a bill charges for a number (`formats.bills.types.BilledNumber`)."""

    @property
    def number(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def plan_fee(self) -> Decimal | None: ...
    @property
    def has_use(self) -> bool | None: ...
    @property
    def rows(self) -> tuple[int, ...]: ...


@dataclass(frozen=True)
class RegisteredCard:
    """A card of the register as the comparison looks at it.

    `billing_ended_on`: the last day that the carrier may charge for, None while the card is in use. `opened_on` None:
    not known, taken for long ago. `has_open_case`: its cancellation is under way.
    """

    number: str
    carrier: str
    monthly_fee: Decimal | None = None
    opened_on: date | None = None
    billing_ended_on: date | None = None
    has_open_case: bool = False


@dataclass(frozen=True)
class Finding:
    """`amount`: what is at stake a month; the sum charged, the fee charged in excess (below zero: too little), the fee
    that an unused number costs; None where it is not known."""

    kind: FindingKind
    number: str
    amount: Decimal | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Unmatched:
    """A masked number that no card fits, or more than one."""

    number: str
    rows: tuple[int, ...]
    fits: int


@dataclass(frozen=True)
class Comparison:
    findings: list[Finding]
    unmatched: list[Unmatched]


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def billing_end(confirmed_on: date, *, whole_month: bool) -> date:
    """The last day that a carrier may charge for a number cancelled on a day; `whole_month` where its terms say that
    the month of the cancellation is charged in full."""
    return month_bounds(confirmed_on.year, confirmed_on.month)[1] if whole_month else confirmed_on


def main_carrier(lines: Sequence[BilledLines], cards: Iterable[RegisteredCard]) -> str | None:
    """The carrier of nearly all registered numbers on a bill that names none; None where they are of several."""
    carriers = {card.number: card.carrier for card in cards}
    billed = Counter(carriers[line.number] for line in lines if line.number in carriers)
    if not billed:
        return None
    carrier, count = billed.most_common(1)[0]
    return carrier if count >= _LEAST_BILLED and count >= _NEARLY_ALL * billed.total() else None


def compare_bill(
    lines: Sequence[BilledLines], cards: Iterable[RegisteredCard], *, year: int, month: int, carrier: str | None
) -> Comparison:
    """What the lines of a month's bill of a carrier and the register do not agree on.

    Without a `carrier` nothing is said to be missing on the bill: it may be only one of several.
    """
    register = {card.number: card for card in cards}
    first, last = month_bounds(year, month)
    findings: list[Finding] = []
    unmatched: list[Unmatched] = []
    billed: set[str] = set()
    by_end = _numbers_by_end(register)
    for line in lines:
        numbers = [line.number] if line.number.isdigit() else _fitting(line.number, by_end)
        if not line.number.isdigit():
            billed.update(numbers)  # whichever it is, none of them is missing
            if len(numbers) != 1:
                unmatched.append(Unmatched(line.number, line.rows, len(numbers)))
                continue
        billed.add(numbers[0])
        findings += _findings_of_line(line, numbers[0], register.get(numbers[0]), first, last)
    if carrier:
        findings += [
            Finding(FindingKind.NEVER_BILLED, card.number, card.monthly_fee)
            for card in register.values()
            if card.carrier == carrier and card.number not in billed and _is_in_use(card, first, last)
        ]
    return Comparison(findings, unmatched)


def _findings_of_line(
    line: BilledLines, number: str, card: RegisteredCard | None, first: date, last: date
) -> list[Finding]:
    if card is None:
        return [Finding(FindingKind.NOT_IN_REGISTER, number, line.amount, line.rows)]
    if card.billing_ended_on and card.billing_ended_on < first:
        charged = Finding(FindingKind.CHARGED_AFTER_CANCELLATION, number, line.amount, line.rows)
        return [charged] if line.amount > 0 else []
    findings: list[Finding] = []
    is_whole_month = _is_in_use(card, first, last)
    if is_whole_month and line.plan_fee is not None and card.monthly_fee is not None:
        excess = line.plan_fee - card.monthly_fee
        if abs(excess) > FEE_TOLERANCE:
            findings.append(Finding(FindingKind.FEE_DIFFERS, number, excess, line.rows))
    if is_whole_month and line.has_use is False and not card.has_open_case:
        findings.append(Finding(FindingKind.NO_USE, number, card.monthly_fee or line.plan_fee, line.rows))
    return findings


def _is_in_use(card: RegisteredCard, first: date, last: date) -> bool:
    """Whether the card was in use on every day of the month: of a part of it only a part is charged."""
    return (card.opened_on is None or card.opened_on < first) and (
        card.billing_ended_on is None or card.billing_ended_on > last
    )


def _numbers_by_end(register: Mapping[str, RegisteredCard]) -> Mapping[str, list[str]]:
    by_end: dict[str, list[str]] = defaultdict(list)
    for number in register:
        by_end[number[-2:]].append(number)
    return by_end


def _fitting(masked: str, by_end: Mapping[str, list[str]]) -> list[str]:
    pattern = re.compile(re.sub(r"\*+", lambda stars: rf"\d{{{len(stars[0])}}}", masked))
    loose = re.compile(re.sub(r"\*+", r"\\d+", masked))
    candidates = by_end.get(masked[-2:], [])
    return [number for number in candidates if pattern.fullmatch(number)] or [
        number for number in candidates if loose.fullmatch(number)
    ]
