"""What a bill says, whatever its layout; money is yuan, as Decimal, to the fen."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from cases.formats.tables.readings import Message


class BillMonth(NamedTuple):
    """A billed month."""

    year: int
    month: int


@dataclass(frozen=True)
class BilledNumber:
    """What a bill charges for one number.

    `number` is national digits, or as it is masked on the bill ('138****8000'); `amount` what is to be paid, after
    reliefs; `plan_fee` the plan's monthly fee before reliefs, None where the bill does not name it; `has_use` whether
    anything was used, None where the bill does not show use; `rows` the rows of its lines, as the file counts them.
    """

    number: str
    amount: Decimal
    plan_fee: Decimal | None = None
    has_use: bool | None = None
    rows: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class SkippedLine:
    """A line that is compared with nothing, and why."""

    row: int
    reason: Message
    amount: Decimal | None = None


@dataclass(frozen=True)
class Bill:
    """A bill: `lines` counts those with a number, `total` is the sum that it prints, or that of its lines where it
    prints none (`is_total_printed`); `carrier` is one of our slugs, `month` what the bill itself says."""

    numbers: list[BilledNumber]
    lines: int
    total: Decimal
    is_total_printed: bool
    carrier: str | None = None
    month: BillMonth | None = None
    skipped: list[SkippedLine] = field(default_factory=list)
