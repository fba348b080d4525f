"""When a cancellation is settled (了结): confirmed, its last bill looked at, and nothing owed to us.

Pure; days are those of Shanghai. `cases.selectors.settlement` has the same as a query, which a test holds together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.domain.business_days import add_months

_FINAL_BILL_DAY = 5


class OpenMatter(StrEnum):
    """What keeps a confirmed case from being settled, the most pressing first."""

    CHARGE = "charge"
    FINDING = "finding"
    REFUND = "refund"
    BILL = "bill"


@dataclass(frozen=True, slots=True)
class CaseMoney:
    """What the settlement of a confirmed case depends on.

    `bill_checked`: somebody looked at the bill of a month after the confirmation. `latest_bill`: the latest month (its
    first day) of which a bill of the case's carrier was brought in, None without one. `open_charges`: the days of
    charges that were neither refunded nor written off. `has_open_finding`: a bill charges the number too much, and that
    is not dealt with or is in dispute. `has_open_refund`: a refund is expected.
    """

    confirmed_on: date
    bill_checked: bool = False
    latest_bill: date | None = None
    open_charges: Sequence[date] = ()
    has_open_finding: bool = False
    has_open_refund: bool = False


def final_bill_day(confirmed_on: date) -> date:
    """The day on which the bill of the month of the confirmation is to be looked at: the 5th of the month after."""
    return add_months(confirmed_on.replace(day=1), 1).replace(day=_FINAL_BILL_DAY)


def open_matters(money: CaseMoney) -> tuple[OpenMatter, ...]:
    """What is still open of a confirmed case; nothing: it is settled."""
    # A bill of a later month begins after the day of the confirmation.
    has_bill = money.bill_checked or (money.latest_bill is not None and money.latest_bill > money.confirmed_on)
    matters = {
        OpenMatter.CHARGE: any(day > money.confirmed_on for day in money.open_charges),
        OpenMatter.FINDING: money.has_open_finding,
        OpenMatter.REFUND: money.has_open_refund,
        OpenMatter.BILL: not has_bill,
    }
    return tuple(matter for matter, is_open in matters.items() if is_open)
