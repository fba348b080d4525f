"""Where the lines of a bill stand in a sheet, and what its columns are: by its titles, or as somebody has said."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.formats.bills.cells import MASKED, amount_of, number_of
from cases.formats.bills.columns import Column, column_of, is_header, normalize_title
from cases.formats.tables.merged_cells import fill_merged
from cases.formats.tables.phone_numbers import read_numbers
from cases.formats.tables.workbook import Sheet

#: Rows in which titles are looked for.
ROWS_SEARCHED = 60
#: What the columns under a row of titles are, by the digest of these.
KnownColumns = Mapping[str, Sequence[Column]]


@dataclass(frozen=True)
class BillTable:
    sheet: Sheet
    rows: list[list[str]]
    columns: list[Column]
    titles: list[str]
    first_row: int
    end: int
    is_long: bool
    #: Somebody has said what the columns are.
    is_known: bool = False

    def indexes(self, *columns: Column) -> list[int]:
        return [index for index, column in enumerate(self.columns) if column in columns]


def titles_digest(titles: Sequence[str]) -> str:
    """By what a row of titles is remembered, whatever spaces, case and units of money it is written with."""
    return hashlib.sha256("\n".join(normalize_title(title) for title in titles).rstrip("\n").encode()).hexdigest()


def tables_of(sheet: Sheet, known: KnownColumns) -> Iterator[BillTable]:
    """The tables of a sheet, from their titles to the next ones."""
    rows = fill_merged(sheet, across=False)
    starts = [at for at, row in enumerate(rows) if known and any(row) and titles_digest(row) in known]
    for number, first in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(rows)
        columns = [*known[titles_digest(rows[first])]]
        titles = [*rows[first], *[""] * len(columns)]  # ends are cut off where they are blank
        yield BillTable(sheet, rows, columns, titles, first + 1, end, Column.ITEM in columns, is_known=True)
    if not starts:
        yield from _recognized(sheet, rows)


def has_columns(sheet: Sheet) -> bool:
    """Whether a sheet is a table at all: rows of several cells."""
    return sum(sum(map(bool, row)) > 1 for row in sheet.rows[:ROWS_SEARCHED]) > 1


def columns_under(rows: Sequence[Sequence[str]], titles_row: int) -> list[Column]:
    """What the columns under a row of titles (from 0) seem to be, by titles and cells: to be put right by a person."""
    titles, below = rows[titles_row], rows[titles_row + 1 :]
    columns = _settled([column_of(title) if title else Column.OTHER for title in titles], below)
    if Column.NUMBER in columns:
        return columns
    counts = [
        sum(number_of(row[index]) is not None for row in below[:200] if index < len(row))
        for index in range(len(columns))
    ]
    if max(counts, default=0) * 2 >= sum(map(any, below[:200])) > 0:
        columns[counts.index(max(counts))] = Column.NUMBER
    return columns


def titles_row_of(rows: Sequence[Sequence[str]]) -> int:
    """The row (from 0) in which the titles probably stand: the last without a number before the first with one."""
    first = next((at for at, row in enumerate(rows) if any(number_of(cell) for cell in row)), 1)
    return next((at for at in range(first - 1, -1, -1) if sum(map(bool, rows[at])) > 1), 0)


def _recognized(sheet: Sheet, rows: list[list[str]]) -> Iterator[BillTable]:
    starts = [at for at, row in enumerate(rows[:ROWS_SEARCHED]) if is_header(_with_below(rows, at))]
    # Two rows of titles: the second alone looks like one, too.
    starts = [at for number, at in enumerate(starts) if number == 0 or at > starts[number - 1] + 1]
    repeated = [at for at in range(ROWS_SEARCHED, len(rows)) if is_header(rows[at])]
    starts = [*starts, *repeated]
    for number, first in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(rows)
        depth = 2 if _has_second_row(rows, first) else 1
        titles = _titles(rows, first, depth)
        columns = [column_of(lower, upper) if lower or upper else Column.OTHER for upper, lower in titles]
        is_long = Column.ITEM in columns
        settled = _settled(columns, rows[first + depth : end])
        yield BillTable(sheet, rows, settled, [lower for _, lower in titles], first + depth, end, is_long)


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
        and not any(any(char.isdigit() for char in cell) and amount_of(cell) is not None for cell in filled)
        and not any(MASKED.search(cell) or read_numbers(cell).numbers for cell in filled)
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
            sums = sum(amount_of(cell) is not None for cell in cells)
            if not cells or sums * 5 < len(cells) * 4:
                settled[index] = Column.OTHER
    nets = [index for index, column in enumerate(settled) if column is Column.NET]
    for index in nets[:-1]:
        settled[index] = Column.GROSS
    if not nets and (gross := [index for index, column in enumerate(settled) if column is Column.GROSS]):
        settled[gross[-1]] = Column.NET
    return settled
