"""The cards of a sheet: which rows are cards, and what each says."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from cases.domain import phones
from cases.formats.tables.block_reader import BlockReader, Grid, heading_carrier, named_carrier, skipped_row
from cases.formats.tables.carriers import carrier_in_banner
from cases.formats.tables.column_contents import has_number
from cases.formats.tables.dittos import fill_dittos
from cases.formats.tables.forms import as_table
from cases.formats.tables.layout import Block, ColumnGuess, Group, Layout, column_letter, layout_of_rows
from cases.formats.tables.merged_cells import fill_merged
from cases.formats.tables.phone_numbers import read_numbers
from cases.formats.tables.readings import (
    CardFactsRead,
    CaseStatus,
    Message,
    ReadCard,
    ReadCase,
    ReadColumn,
    ReadOptions,
    ReadRow,
    RowKind,
    SheetReading,
)
from cases.formats.tables.row_kinds import OUTSIDE
from cases.formats.tables.titles import FIELDS, Field
from cases.formats.tables.workbook import Sheet

__all__ = [
    "CardFactsRead",
    "CaseStatus",
    "Message",
    "ReadCard",
    "ReadCase",
    "ReadColumn",
    "ReadOptions",
    "ReadRow",
    "RowKind",
    "SheetReader",
    "SheetReading",
    "choose_sheet",
    "read_sheet",
]

#: Rows of a sheet that are looked at to tell whether it holds numbers.
_ROWS_COUNTED = 3000
#: Names of sheets that are taken only where no other holds numbers.
_SET_ASIDE = (
    "已注销",
    "已销",
    "历史",
    "作废",
    "旧",
    "备份",
    "模板",
    "示例",
    "说明",
    "汇总",
    "统计",
    "old",
    "backup",
    "template",
)


def read_sheet(sheet: Sheet, options: ReadOptions) -> SheetReading:
    """Every row of a sheet that has anything in it, as cards, as wrong, or as skipped with the reason.

    A row over several tables beside each other comes once for each of them that has anything in it.
    """
    reader = SheetReader(sheet, options)
    return SheetReading(sheet.name, reader.header_row, reader.columns, list(reader.rows()))


class SheetReader:
    """The same for one row after the other, for who does not want all of a long sheet in memory."""

    def __init__(self, sheet: Sheet, options: ReadOptions) -> None:
        fixed = _with_fixes(as_table(sheet), options.fixes)
        across = fill_merged(fixed, across=True)
        own, down = fill_dittos(fixed.rows, across), fill_dittos(fill_merged(fixed, across=False), across)
        self._grid = Grid(own, down, fill_dittos(across, across))
        self._layout = _with_columns(layout_of_rows(self._grid.across, options.header_row), options.columns)
        self._options = options
        self._carrier = named_carrier(sheet.name or "", options)
        self.header_row = self._layout.header_row
        self.columns = _columns(self._layout)

    def rows(self, only: Container[int] | None = None) -> Iterator[ReadRow]:
        """The rows in their order, all of them or those with these numbers (from 1); to be gone through once."""
        rows = self._rows(self._grid if only is None else _grid_of(self._grid, only))
        return rows if only is None else (row for row in rows if row.row in only)

    def _rows(self, grid: Grid) -> Iterator[ReadRow]:
        at = 0
        for block in self._layout.blocks:
            for index in range(at, block.first_title_row):
                self._carrier = self._carrier_above(index, block) or self._carrier
                yield from skipped_row(grid, index, OUTSIDE)
            reader = BlockReader(block, grid, self._options, self._carrier)
            yield from reader.read()
            self._carrier, at = reader.carrier, block.end

    def _carrier_above(self, index: int, block: Block) -> str | None:
        """The carrier that a row above the titles names: as a heading, or in a banner that the numbers bear out."""
        row = self._grid.own[index]
        heading = heading_carrier(row, self._options)
        filled = [cell for cell in row if cell]
        if heading or len(filled) != 1:
            return heading
        carrier = carrier_in_banner(filled[0], self._options.carriers)
        return carrier if carrier and self._is_borne_out(carrier, block) else None

    def _is_borne_out(self, carrier: str, block: Block) -> bool:
        """Whether most numbers of a table have prefixes of a carrier: a banner may name a customer or a project."""
        rows = self._grid.down[block.first_data_row : block.end][:_ROWS_COUNTED]
        places = [column.index for group in block.groups for column in group.numbers]
        numbers = [n for row in rows for at in places if at < len(row) for n in read_numbers(row[at]).numbers]
        guesses = [guess for number in numbers if (guess := phones.guess_carrier(number))]
        return guesses.count(carrier) * 2 > len(guesses)


def _grid_of(grid: Grid, only: Container[int]) -> Grid:
    """The grid without rows that nobody wants; those with one text stay, as they may be headings of others."""
    own = [row if number in only or sum(map(bool, row)) == 1 else [] for number, row in enumerate(grid.own, 1)]
    return replace(grid, own=own)


def choose_sheet(sheets: Sequence[Sheet]) -> int:
    """The index of the sheet to take where nobody chose: a visible one that holds most numbers, a current one first."""

    def rank(index: int) -> tuple[bool, bool, bool, int]:
        sheet = sheets[index]
        count = sum(1 for row in sheet.rows[:_ROWS_COUNTED] if any(has_number(cell) for cell in row))
        is_set_aside = any(word in (sheet.name or "").lower() for word in _SET_ASIDE)
        return count > 0, not sheet.hidden, not is_set_aside, count

    return max(range(len(sheets)), key=lambda index: (*rank(index), -index))


def _with_fixes(sheet: Sheet, fixes: Mapping[tuple[int, int], str]) -> Sheet:
    if not fixes:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for (row, column), text in fixes.items():
        if 1 <= row <= len(rows) and column >= 0:
            cells = rows[row - 1]
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = text.strip()
    return replace(sheet, rows=rows)


# Columns as a person set them


def _with_columns(layout: Layout, chosen: Mapping[int, str] | None) -> Layout:
    if not chosen:
        return layout
    titles = {column.index: column.title for column in layout.columns}
    blocks = [
        replace(block, groups=tuple(_group_with(group, chosen, titles) for group in block.groups))
        for block in layout.blocks
    ]
    columns = [column for group in blocks[0].groups for column in group.columns] if blocks else []
    return replace(layout, blocks=blocks, columns=columns)


def _group_with(group: Group, chosen: Mapping[int, str], titles: Mapping[int, str]) -> Group:
    """A group with the fields that a person chose; a table below with other titles keeps its own."""
    taken = {name for index, name in chosen.items() if name not in ("", "custom", "number", "note", "ignored")}
    columns: list[ColumnGuess] = []
    for column in group.columns:
        name = chosen.get(column.index) if titles.get(column.index, column.title) == column.title else None
        if name is None:
            columns.append(replace(column, field="custom") if column.field in taken else column)
        else:
            columns.append(replace(column, field=_field_named(name)))
    beside = tuple(index for index in group.beside if index not in chosen)
    for index in set(group.beside) - set(beside):
        columns.append(ColumnGuess(index, column_letter(index), _field_named(chosen[index])))
    return replace(group, columns=tuple(columns), beside=beside)


def _field_named(name: str) -> Field:
    """The field of that name; an empty name leaves the column out."""
    return next((field for field in FIELDS if field == name), "custom") if name else "ignored"


def _columns(layout: Layout) -> list[ReadColumn]:
    columns = {column.index: ReadColumn(column.index, column.title, column.field) for column in layout.columns}
    for block in layout.blocks[:1]:
        for group in block.groups:
            for index in group.beside:
                columns.setdefault(index, ReadColumn(index, column_letter(index), ""))
    return [columns[index] for index in sorted(columns)]
