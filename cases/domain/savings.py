"""What cancellations save: monthly fees that are no longer paid (docs/statistics.md, 'What it saved').

Pure; months and days are those of Shanghai, money is yuan as Decimal. The rule is of this product: like the cost of
delay it counts less rather than more than is saved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from cases.domain.statement_months import EARLIEST_MONTH, Month


class Period(StrEnum):
    """Of what time savings are told; each ends with the running month, which counts in full."""

    MONTH = "month"
    YEAR = "year"
    ALL = "all"

    def first_month(self, current: Month) -> Month:
        """The month with which it begins, where `current` is the running one."""
        if self is Period.MONTH:
            return current
        return Month(current.year, 1) if self is Period.YEAR else EARLIEST_MONTH


@dataclass(frozen=True, slots=True)
class CaseOfCard:
    """A case as the savings of its card depend on it.

    `card` tells cards apart. `confirmed_at`: when the number was found cancelled (aware), None while the case is not
    confirmed; `is_open`: it is being worked on, or was reopened. `key` orders cases of one moment.
    """

    card: int
    key: int
    is_open: bool
    confirmed_at: datetime | None
    monthly_fee: Decimal | None


@dataclass(frozen=True, slots=True)
class FeesSaved:
    """`cards`: those that save something in these months; `without_fee`: those that would, had they a monthly fee."""

    amount: Decimal
    cards: int
    without_fee: int


def months_saved(confirmed_in: Month, first: Month, last: Month) -> int:
    """How many of the months first..last have no fee any more: those after the month of the confirmation."""
    return max(0, last.ordinal - max(first.ordinal, confirmed_in.ordinal + 1) + 1)


def saving_cases(cases: Iterable[CaseOfCard]) -> list[CaseOfCard]:
    """The case by which each card saves: its latest confirmed one; none where a case of the card is open, for then its
    number is in use."""
    latest: dict[int, CaseOfCard] = {}
    in_use: set[int] = set()
    for case in cases:
        if case.is_open:
            in_use.add(case.card)
        elif case.confirmed_at is not None:
            other = latest.get(case.card)
            if other is None or (case.confirmed_at, case.key) > (other.confirmed_at, other.key):
                latest[case.card] = case
    return [case for card, case in latest.items() if card not in in_use]


def fees_saved(cases: Iterable[CaseOfCard], first: Month, last: Month) -> FeesSaved:
    """The monthly fees that were no longer paid in the months first..last, of all cases of some cards."""
    amount, cards, without_fee = Decimal(), 0, 0
    for case in saving_cases(cases):
        assert case.confirmed_at is not None
        months = months_saved(Month.of(case.confirmed_at), first, last)
        if months and case.monthly_fee is None:
            without_fee += 1
        elif months and case.monthly_fee is not None:
            amount += months * case.monthly_fee
            cards += 1
    return FeesSaved(amount, cards, without_fee)
