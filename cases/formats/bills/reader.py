"""A bill out of the sheets of a file: its titles found, each line read, lines of one number put together."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from cases.domain.errors import CaseError, gettext_noop
from cases.formats.bills.columns import Column, column_of, is_charge_of_use, is_header, item_of
from cases.formats.bills.origin import carrier_of, month_of
from cases.formats.bills.types import Bill, BilledNumber, SkippedLine
from cases.formats.tables.merged_cells import fill_merged
from cases.formats.tables.phone_numbers import read_numbers
from cases.formats.tables.readings import Message
from cases.formats.tables.workbook import Sheet

_FEN = Decimal("0.01")
_MASKED = re.compile(r"1\d{2}[*xX×•●]{4,6}\d{2,4}|1\d{0,6}[*xX×•●]{2,}\d{2,6}")
_GRAND_TOTAL = re.compile(r"^(总计|总合计|合计|总额|总金额|费用合计|本期合计|total|grandtotal)")
_SUBTOTAL = re.compile(r"小计|本页|subtotal")
_TOTAL_IN_WORDS = re.compile(
    r"(?:合计|总计|总金额|总额|费用总额|应付|应缴|实收)(?:金额|费用)?[^0-9\-]{0,12}(-?\d[\d,]*\.\d{1,2})"
)
#: Rows in which titles are looked for.
_ROWS_SEARCHED = 60

NOT_A_MOBILE = gettext_noop("“%(text)s” is not a mobile number.")
AMOUNT_UNREADABLE = gettext_noop("The amount “%(text)s” cannot be read.")


class NoBill(CaseError):
    code = "no_bill"
    message = gettext_noop(
        "No bill was found in this file: it needs a column of numbers and one of amounts under a row of titles."
    )


def read_bill(sheets: Sequence[Sheet], name: str = "") -> Bill:
    """The bill in the sheets of a file; `name` is the file's, which often names carrier and month. Raises NoBill."""
    tables = [table for sheet in sheets if not sheet.hidden for table in _tables(sheet)]
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


@dataclass(frozen=True)
class _Table:
    sheet: Sheet
    rows: list[list[str]]
    columns: list[Column]
    titles: list[str]
    first_row: int
    end: int
    is_long: bool

    def indexes(self, *columns: Column) -> list[int]:
        return [index for index, column in enumerate(self.columns) if column in columns]


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


# Where the tables are


def _tables(sheet: Sheet) -> Iterator[_Table]:
    rows = fill_merged(sheet, across=False)
    starts = [at for at, row in enumerate(rows[:_ROWS_SEARCHED]) if is_header(_with_below(rows, at))]
    # Two rows of titles: the second alone looks like one, too.
    starts = [at for number, at in enumerate(starts) if number == 0 or at > starts[number - 1] + 1]
    repeated = [at for at in range(_ROWS_SEARCHED, len(rows)) if is_header(rows[at])]
    starts = [*starts, *repeated]
    for number, first in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(rows)
        depth = 2 if _has_second_row(rows, first) else 1
        titles = _titles(rows, first, depth)
        columns = [column_of(lower, upper) if lower or upper else Column.OTHER for upper, lower in titles]
        is_long = Column.ITEM in columns
        settled = _settled(columns, rows[first + depth : end])
        yield _Table(sheet, rows, settled, [lower for _, lower in titles], first + depth, end, is_long)


def _with_below(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [*rows[at], *(rows[at + 1] if _has_second_row(rows, at) else [])]


def _has_second_row(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether the row below holds the lower titles of this one: words only, and none where the number stands."""
    if at + 1 >= len(rows):
        return False
    upper, lower = rows[at], rows[at + 1]
    number = next((i for i, cell in enumerate(upper) if column_of(cell) is Column.NUMBER and cell), None)
    if number is None:
        return False
    filled = [cell for cell in lower if cell]
    below_number = lower[number] if number < len(lower) else ""
    return (
        len(filled) >= 2
        and below_number in ("", upper[number])
        and not any(any(char.isdigit() for char in cell) and _amount(cell) is not None for cell in filled)
        and not any(_MASKED.search(cell) or read_numbers(cell).numbers for cell in filled)
    )


def _titles(rows: Sequence[Sequence[str]], first: int, depth: int) -> list[tuple[str, str]]:
    """Upper and lower title of each column; a lower one that is empty is the upper one's."""
    upper = list(rows[first])
    if depth == 1:
        return [("", title) for title in upper]
    lower = rows[first + 1]
    width, current = max(len(upper), len(lower)), ""
    titles: list[tuple[str, str]] = []
    for index in range(width):
        own = upper[index] if index < len(upper) else ""
        below = lower[index] if index < len(lower) else ""
        current = own or (current if below else "")
        titles.append((current, below or own))
    return titles


def _settled(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """The columns by what stands in them: a charge holds sums; one net sum is left, the last that names itself."""
    settled = list(columns)
    for index, column in enumerate(columns):
        if column is Column.CHARGE:
            cells = [row[index] for row in rows[:200] if index < len(row) and row[index]]
            sums = sum(_amount(cell) is not None for cell in cells)
            if not cells or sums * 5 < len(cells) * 4:
                settled[index] = Column.OTHER
    nets = [index for index, column in enumerate(settled) if column is Column.NET]
    for index in nets[:-1]:
        settled[index] = Column.GROSS
    if not nets and (gross := [index for index, column in enumerate(settled) if column is Column.GROSS]):
        settled[gross[-1]] = Column.NET
    return settled


# What a line says


def _read_table(table: _Table, whole: _Collected) -> None:
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
        number = _number(text)
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


def _number(text: str) -> str | None:
    """The number of a line, in full or as it is masked; None for a landline, an account, or nothing."""
    read = read_numbers(text) if text else None
    if read and len(read.numbers) == 1:
        return read.numbers[0]
    folded = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    return re.sub("[xX×•●]", "*", folded) if _MASKED.fullmatch(folded) else None


def _line_amount(row: Sequence[str], table: _Table) -> Decimal | None:
    """What the line comes to: its net sum, or else its charges less its reliefs."""
    for index in table.indexes(Column.NET):
        return _amount(_cell(row, index)) if _cell(row, index) else Decimal()
    charges = [_amount(_cell(row, i)) for i in table.indexes(Column.PLAN_FEE, Column.CHARGE) if _cell(row, i)]
    reliefs = [_amount(_cell(row, i)) for i in table.indexes(Column.RELIEF) if _cell(row, i)]
    if not charges or None in charges or None in reliefs:
        return None
    return sum((c for c in charges if c is not None), Decimal()) - sum(
        (abs(r) for r in reliefs if r is not None), Decimal()
    )


def _add_plan_fee(part: _Part, row: Sequence[str], table: _Table, amount: Decimal) -> None:
    if table.is_long:
        gross = next((_amount(_cell(row, index)) for index in table.indexes(Column.GROSS)), None)
        fees = [amount if gross is None else gross] if item_of(_item(row, table)) is Column.PLAN_FEE else []
    else:
        cells = [_amount(_cell(row, index)) for index in table.indexes(Column.PLAN_FEE) if _cell(row, index)]
        fees = [fee for fee in cells if fee is not None]
    if fees:
        part.plan_fee = sum(fees, part.plan_fee or Decimal())


def _add_use(part: _Part, row: Sequence[str], table: _Table) -> None:
    uses = [_amount(_cell(row, index)) for index in table.indexes(Column.USE) if _cell(row, index)]
    known = [use for use in uses if use is not None]
    charged = [_amount(_cell(row, i)) for i in table.indexes(Column.CHARGE) if is_charge_of_use(table.titles[i])]
    if known:
        known += [charge for charge in charged if charge is not None]
    if known:
        part.has_use = bool(part.has_use) or any(use != 0 for use in known)


def _item(row: Sequence[str], table: _Table) -> str:
    return next((_cell(row, index) for index in table.indexes(Column.ITEM)), "")


def _cell(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def _amount(text: str) -> Decimal | None:
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


# Totals, month and carrier


def _total_of(row: Sequence[str], table: _Table) -> tuple[bool, Decimal] | None:
    """The sum of a row of totals, and whether it is the whole bill's; None for any other row."""
    label = re.sub(r"\s", "", next((cell for cell in row if cell), "")).casefold()
    if not (_GRAND_TOTAL.match(label) or _SUBTOTAL.search(label[:20])) or _number(
        _cell(row, table.indexes(Column.NUMBER)[0])
    ):
        return None
    sums = [_amount(_cell(row, index)) for index in table.indexes(Column.NET) if _cell(row, index)]
    known = next((amount for amount in sums if amount is not None), None)
    if known is None:
        amounts = [amount for cell in row[1:] if cell and (amount := _amount(cell)) is not None]
        known = amounts[-1] if amounts else None
    return (not _SUBTOTAL.search(label), known) if known is not None else None


def _printed_total(whole: _Collected, sheets: Sequence[Sheet], tables: Sequence[_Table]) -> Decimal | None:
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


def _words(sheets: Sequence[Sheet], tables: Sequence[_Table]) -> list[str]:
    """What stands outside the lines: above titles, below the last lines, on other sheets."""
    within = {(id(table.sheet), at) for table in tables for at in range(table.first_row, table.end)}
    return [
        " ".join(filter(None, row))
        for sheet in sheets
        for at, row in enumerate(sheet.rows[:_ROWS_SEARCHED] + sheet.rows[-10:])
        if any(row) and ((id(sheet), at) not in within or at >= _ROWS_SEARCHED)
    ]
