"""A bill out of the sheets of a file: its titles found, each line read, lines of one number put together."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cases.domain.errors import CaseError, gettext_noop
from cases.formats.bills.cells import amount_of, number_of
from cases.formats.bills.columns import Column, is_charge_of_use, item_of
from cases.formats.bills.origin import carrier_of, month_of
from cases.formats.bills.tables import ROWS_SEARCHED, BillTable, KnownColumns, tables_of
from cases.formats.bills.types import Bill, BilledNumber, SkippedLine
from cases.formats.tables.readings import Message
from cases.formats.tables.workbook import Sheet

_FEN = Decimal("0.01")
_GRAND_TOTAL = re.compile(r"^(总计|总合计|合计|总额|总金额|费用合计|本期合计|total|grandtotal)")
_SUBTOTAL = re.compile(r"小计|本页|subtotal")
_TOTAL_IN_WORDS = re.compile(
    r"(?:合计|总计|总金额|总额|费用总额|应付|应缴|实收)(?:金额|费用)?[^0-9\-]{0,12}(-?\d[\d,]*\.\d{1,2})"
)

NOT_A_MOBILE = gettext_noop("“%(text)s” is not a mobile number.")
AMOUNT_UNREADABLE = gettext_noop("The amount “%(text)s” cannot be read.")


class NoBill(CaseError):
    code = "no_bill"
    message = gettext_noop(
        "No bill was found in this file: it needs a column of numbers and one of amounts under a row of titles."
    )


def read_bill(sheets: Sequence[Sheet], name: str = "", known: KnownColumns | None = None) -> Bill:
    """The bill in the sheets of a file; `name` is the file's, which often names carrier and month.

    `known`: what people have said of columns under certain titles; where there are such, only these count. Raises
    NoBill.
    """
    tables = [table for sheet in sheets if not sheet.hidden for table in tables_of(sheet, known or {})]
    if any(table.is_known for table in tables):
        tables = [table for table in tables if table.is_known]
    if not tables:
        raise NoBill()
    whole = _Collected()
    for table in tables:
        _read_table(table, whole)
    if not whole.lines:
        raise NoBill()
    texts = [name, *(sheet.name or "" for sheet in sheets), *_words(sheets, tables)]
    total = _printed_total(whole, sheets, tables)
    sum_of_lines = sum((part.amount for part in whole.numbers.values()), whole.beside)
    return Bill(
        [part.billed() for part in whole.numbers.values()],
        whole.lines,
        sum_of_lines.quantize(_FEN) if total is None else total,
        total is not None,
        carrier_of(texts),
        month_of(texts, whole.periods),
        whole.skipped,
    )


@dataclass
class _Part:
    """The lines of one number so far."""

    number: str
    name: str = ""
    amount: Decimal = Decimal()
    plan_fee: Decimal | None = None
    has_use: bool | None = None
    rows: list[int] = field(default_factory=list)

    def billed(self) -> BilledNumber:
        return BilledNumber(
            self.number,
            self.amount.quantize(_FEN),
            None if self.plan_fee is None else self.plan_fee.quantize(_FEN),
            self.has_use,
            tuple(self.rows),
            self.name,
        )


@dataclass
class _Collected:
    numbers: dict[str, _Part] = field(default_factory=dict)
    skipped: list[SkippedLine] = field(default_factory=list)
    lines: int = 0
    #: What is charged for no number.
    beside: Decimal = Decimal()
    totals: list[tuple[bool, Decimal]] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)


# What a line says


def _read_table(table: BillTable, whole: _Collected) -> None:
    numbers, names = table.indexes(Column.NUMBER), table.indexes(Column.NAME)
    previous = ""
    for at in range(table.first_row, table.end):
        row = table.rows[at]
        if not any(row):
            continue
        text = _cell(row, numbers[0])
        if (total := _total_of(row, table)) is not None:
            whole.totals.append(total)
            continue
        amount = _line_amount(row, table)
        if not text and table.is_long and amount is not None and previous and _item(row, table):
            text = previous  # the number stands once, above the lines of its charges
        number = number_of(text)
        if number is None:
            if amount is not None and amount != 0 and text:
                whole.lines += 1
                whole.beside += amount
                whole.skipped.append(SkippedLine(at + 1, Message(NOT_A_MOBILE, {"text": text[:40]}), amount))
            continue
        previous = text
        whole.lines += 1
        if amount is None:
            shown = next((_cell(row, i) for i in table.indexes(Column.NET) if _cell(row, i)), "")
            whole.skipped.append(SkippedLine(at + 1, Message(AMOUNT_UNREADABLE, {"text": shown[:40]})))
            continue
        part = whole.numbers.setdefault(number, _Part(number))
        part.rows.append(at + 1)
        part.amount += amount
        part.name = part.name or next((_cell(row, index) for index in names if _cell(row, index)), "")
        _add_plan_fee(part, row, table, amount)
        _add_use(part, row, table)
        whole.periods += [_cell(row, index) for index in table.indexes(Column.PERIOD)][:1] if at < 200 else []


def _line_amount(row: Sequence[str], table: BillTable) -> Decimal | None:
    """What the line comes to: its net sum, or else its charges less its reliefs."""
    for index in table.indexes(Column.NET):
        return amount_of(_cell(row, index)) if _cell(row, index) else Decimal()
    charges = [amount_of(_cell(row, i)) for i in table.indexes(Column.PLAN_FEE, Column.CHARGE) if _cell(row, i)]
    reliefs = [amount_of(_cell(row, i)) for i in table.indexes(Column.RELIEF) if _cell(row, i)]
    if not charges or None in charges or None in reliefs:
        return None
    return sum((c for c in charges if c is not None), Decimal()) - sum(
        (abs(r) for r in reliefs if r is not None), Decimal()
    )


def _add_plan_fee(part: _Part, row: Sequence[str], table: BillTable, amount: Decimal) -> None:
    if table.is_long:
        gross = next((amount_of(_cell(row, index)) for index in table.indexes(Column.GROSS)), None)
        fees = [amount if gross is None else gross] if item_of(_item(row, table)) is Column.PLAN_FEE else []
    else:
        cells = [amount_of(_cell(row, index)) for index in table.indexes(Column.PLAN_FEE) if _cell(row, index)]
        fees = [fee for fee in cells if fee is not None]
    if fees:
        part.plan_fee = sum(fees, part.plan_fee or Decimal())


def _add_use(part: _Part, row: Sequence[str], table: BillTable) -> None:
    uses = [amount_of(_cell(row, index)) for index in table.indexes(Column.USE) if _cell(row, index)]
    known = [use for use in uses if use is not None]
    charged = [amount_of(_cell(row, i)) for i in table.indexes(Column.CHARGE) if is_charge_of_use(table.titles[i])]
    if known:
        known += [charge for charge in charged if charge is not None]
    if known:
        part.has_use = bool(part.has_use) or any(use != 0 for use in known)


def _item(row: Sequence[str], table: BillTable) -> str:
    return next((_cell(row, index) for index in table.indexes(Column.ITEM)), "")


def _cell(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""


# Totals, month and carrier


def _total_of(row: Sequence[str], table: BillTable) -> tuple[bool, Decimal] | None:
    """The sum of a row of totals, and whether it is the whole bill's; None for any other row."""
    label = re.sub(r"\s", "", next((cell for cell in row if cell), "")).casefold()
    if not (_GRAND_TOTAL.match(label) or _SUBTOTAL.search(label[:20])) or number_of(
        _cell(row, table.indexes(Column.NUMBER)[0])
    ):
        return None
    sums = [amount_of(_cell(row, index)) for index in table.indexes(Column.NET) if _cell(row, index)]
    known = next((amount for amount in sums if amount is not None), None)
    if known is None:
        amounts = [amount for cell in row[1:] if cell and (amount := amount_of(cell)) is not None]
        known = amounts[-1] if amounts else None
    return (not _SUBTOTAL.search(label), known) if known is not None else None


def _printed_total(whole: _Collected, sheets: Sequence[Sheet], tables: Sequence[BillTable]) -> Decimal | None:
    grand = [amount for is_grand, amount in whole.totals if is_grand]
    if grand:
        return _whole_of(grand).quantize(_FEN)
    for text in _words(sheets, tables):
        if match := _TOTAL_IN_WORDS.search(unicodedata.normalize("NFKC", text)):
            return Decimal(match[1].replace(",", "")).quantize(_FEN)
    parts = [amount for _, amount in whole.totals]
    return sum(parts, Decimal()).quantize(_FEN) if parts else None


def _whole_of(totals: Sequence[Decimal]) -> Decimal:
    """Of several totals the one that is the sum of the others; else the last of one sheet."""
    if len(totals) > 1 and sum(totals[:-1], Decimal()) != totals[-1] and len(set(totals)) > 1:
        return max(totals, key=abs)
    return totals[-1]


def _words(sheets: Sequence[Sheet], tables: Sequence[BillTable]) -> list[str]:
    """What stands outside the lines: above titles, below the last lines, on other sheets."""
    within = {(id(table.sheet), at) for table in tables for at in range(table.first_row, table.end)}
    return [
        " ".join(filter(None, row))
        for sheet in sheets
        for at, row in enumerate(sheet.rows[:ROWS_SEARCHED] + sheet.rows[-10:])
        if any(row) and ((id(sheet), at) not in within or at >= ROWS_SEARCHED)
    ]
