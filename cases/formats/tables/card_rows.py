"""The cards of a sheet: which rows are cards, and what each says."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cases.domain import phones
from cases.domain.errors import gettext_noop
from cases.formats.tables.carriers import carrier_slug
from cases.formats.tables.column_contents import has_number
from cases.formats.tables.facts import CASE_FIELDS, MAX_NOTE, RowFacts, clean_cell, read_cell, says_nothing
from cases.formats.tables.layout import Block, ColumnGuess, Group, Layout, column_letter, layout_of_rows
from cases.formats.tables.merged_cells import fill_merged
from cases.formats.tables.phone_numbers import MISSING, NumbersRead, read_numbers
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
from cases.formats.tables.row_case import read_case
from cases.formats.tables.row_kinds import (
    EXAMPLE,
    NO_NUMBERS,
    NOTE,
    OUTSIDE,
    is_example,
    is_label,
    is_sentence,
    why_no_card,
)
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

UNKNOWN_CARRIER = gettext_noop("“%(title)s”: no carrier has the name “%(text)s”.")
NUMBER_PARTLY = gettext_noop("“%(title)s”: a part of “%(text)s” was not taken as a number. It was kept in the note.")
BESIDE = gettext_noop("Beside the table: “%(text)s” was not taken.")
NOTE_TOO_LONG = gettext_noop(
    "The note is longer than %(most)s characters. What is beyond is kept in the column “%(title)s”."
)
#: Where what is beyond the longest note is kept.
REST_OF_NOTE = "备注（续）"
#: Fields whose text counts in every column that a merged cell covers, not only in its first.
_TEXT_FIELDS = frozenset({"holder", "user", "department", "plan", "note", "handler", "custom"})
#: Rows of a sheet that are looked at to tell whether it holds numbers.
_ROWS_COUNTED = 3000
#: Names of sheets that are taken only where no other holds numbers.
_SET_ASIDE = (
    "已注销",
    "注销",
    "销户",
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


@dataclass(frozen=True)
class _Grid:
    """A sheet's rows: as they are, with merged cells filled downwards, and with them filled in all directions."""

    own: list[list[str]]
    down: list[list[str]]
    across: list[list[str]]


def read_sheet(sheet: Sheet, options: ReadOptions) -> SheetReading:
    """Every row of a sheet that has anything in it, as cards, as wrong, or as skipped with the reason.

    A row over several tables beside each other comes once for each of them that has anything in it.
    """
    reader = SheetReader(sheet, options)
    return SheetReading(sheet.name, reader.header_row, reader.columns, list(reader.rows()))


class SheetReader:
    """The same for one row after the other, for who does not want all of a long sheet in memory."""

    def __init__(self, sheet: Sheet, options: ReadOptions) -> None:
        fixed = _with_fixes(sheet, options.fixes)
        self._grid = _Grid(fixed.rows, fill_merged(fixed, across=False), fill_merged(fixed, across=True))
        self._layout = _with_columns(layout_of_rows(self._grid.across, options.header_row), options.columns)
        self._options = options
        self._carrier = carrier_slug(sheet.name or "", options.carriers)
        self.header_row = self._layout.header_row
        self.columns = _columns(self._layout)

    def rows(self, only: Container[int] | None = None) -> Iterator[ReadRow]:
        """The rows in their order, all of them or those with these numbers (from 1); to be gone through once."""
        rows = self._rows(self._grid if only is None else _grid_of(self._grid, only))
        return rows if only is None else (row for row in rows if row.row in only)

    def _rows(self, grid: _Grid) -> Iterator[ReadRow]:
        at = 0
        for block in self._layout.blocks:
            for index in range(at, block.first_title_row):
                self._carrier = _heading_carrier(grid.own[index], self._options) or self._carrier
                yield from _skipped(grid, index, OUTSIDE)
            reader = _BlockReader(block, grid, self._options, self._carrier)
            yield from reader.read()
            self._carrier, at = reader.carrier, block.end


def _grid_of(grid: _Grid, only: Container[int]) -> _Grid:
    """The grid without rows that nobody wants; those with one text stay, as they may be headings of others."""
    own = [
        row if number in only or sum(map(bool, row)) == 1 else []
        for number, row in enumerate(grid.own, 1)
    ]
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


def _skipped(grid: _Grid, index: int, reason: Message) -> Iterator[ReadRow]:
    if any(grid.own[index]):
        yield ReadRow(index + 1, "skipped", [], reason, grid.own[index])


def _heading_carrier(row: Sequence[str], options: ReadOptions) -> str | None:
    """The carrier that a row with one text in it names: a heading over the cards of one carrier."""
    filled = [cell for cell in row if cell]
    return (
        carrier_slug(filled[0].lstrip("一二三四五六七八九十、.．0123456789()（） "), options.carriers)
        if len(filled) == 1
        else None
    )


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


# Rows


class _BlockReader:
    """Reads the data rows of one table, or of tables beside each other; `carrier` is the one of the heading above."""

    def __init__(self, block: Block, grid: _Grid, options: ReadOptions, carrier: str | None) -> None:
        self.block, self.grid, self.options, self.carrier = block, grid, options, carrier
        self._slugs: dict[str, str | None] = {}

    def read(self) -> Iterator[ReadRow]:
        for index in range(self.block.first_data_row, self.block.end):
            own = self.grid.own[index]
            if not any(own):
                continue
            before = len(own)
            for group in self.block.groups:
                row = self._read_row(index, group)
                if row:
                    before = 0
                    yield row
            if before:
                yield from _skipped(self.grid, index, NOTE)

    def _read_row(self, index: int, group: Group) -> ReadRow | None:
        own, down = self.grid.own[index], self.grid.down[index]
        columns = [c for c in group.columns if c.index < len(own) and own[c.index] and c.field != "ignored"]
        if not columns or (group.shared and self._belongs_to_another(own, columns, group)):
            return None
        filled = [own[column.index] for column in columns]
        found = [(c, read_numbers(down[c.index])) for c in group.numbers if c.index < len(down) and down[c.index]]
        if not any(read.numbers for _, read in found):
            return self._read_row_without_number(index, filled, found, group)
        reason = self._why_skipped(filled, found)
        if reason:
            return ReadRow(index + 1, "skipped", [], reason, down)
        return ReadRow(index + 1, "card", self._read_cards(index, group, found), None, down)

    def _read_row_without_number(
        self, index: int, filled: list[str], found: list[tuple[ColumnGuess, NumbersRead]], group: Group
    ) -> ReadRow:
        cells = self.grid.down[index]
        counters = [c.index for c in group.columns if c.field == "ignored"]
        is_counted = any(at < len(cells) and cells[at].isdigit() for at in counters)
        reason = why_no_card(filled, [cells[c.index] for c, _ in found], self.block.titles, is_counted=is_counted)
        if reason is None and not group.numbers:
            reason = NO_NUMBERS
        if reason:
            if reason is NOTE:
                self.carrier = _heading_carrier(self.grid.own[index], self.options) or self.carrier
            return ReadRow(index + 1, "skipped", [], reason, cells)
        column = self._number_column(found)
        problem = next((read.problem for _, read in found if read.problem), None) or Message(MISSING)
        return ReadRow(index + 1, "wrong", [], replace(problem, column=column), cells)

    def _belongs_to_another(self, own: list[str], columns: list[ColumnGuess], group: Group) -> bool:
        """Whether all that a row has for a group is what other groups have too, and one of those says more."""
        if any(column.index not in group.shared for column in columns):
            return False
        others = [c.index for other in self.block.groups for c in other.columns if c.index not in group.shared]
        return group is not self.block.groups[0] or any(at < len(own) and own[at] for at in others)

    def _number_column(self, found: list[tuple[ColumnGuess, NumbersRead]]) -> int | None:
        named = [column.index for column, _ in found]
        named += [column.index for group in self.block.groups for column in group.numbers]
        return named[0] if named else None

    def _why_skipped(self, filled: list[str], found: list[tuple[ColumnGuess, NumbersRead]]) -> Message | None:
        """Why a row with a number is no card's: an example, or a line to the reader that names a telephone number."""
        if any(is_example(cell) for cell in filled):
            return EXAMPLE
        words = any(read.words for _, read in found)
        if words and ((len(filled) == 1 and is_sentence(filled[0])) or any(is_label(cell) for cell in filled)):
            return NOTE
        return None

    def _read_cards(self, index: int, group: Group, found: list[tuple[ColumnGuess, NumbersRead]]) -> list[ReadCard]:
        row = RowFacts(case_columns=sum(column.field in CASE_FIELDS for column in group.columns))
        words: list[str] = []
        down, across = self.grid.down[index], self.grid.across[index]
        for column in group.columns:
            cells = across if column.field in _TEXT_FIELDS else down
            if column.field != "number" and column.index < len(cells) and cells[column.index]:
                read_cell(row, column, cells[column.index])
        numbers: dict[str, None] = {}
        for column, read in found:
            numbers.update(dict.fromkeys(read.numbers))
            if read.words:
                words.append(read.words)
            if read.problem and read.numbers:
                row.warn(NUMBER_PARTLY, column, down[column.index])
                row.warnings.append(replace(read.problem, column=column.index))
            elif read.problem and not says_nothing(down[column.index]):
                row.warnings.append(replace(read.problem, column=column.index))
                row.keep_in_note(column, clean_cell(down[column.index]))
        for at in group.beside:
            if at < len(down) and down[at]:
                row.warnings.append(Message(BESIDE, {"text": down[at]}, at))
        return self._cards_of(row, list(numbers), words)

    def _cards_of(self, row: RowFacts, numbers: list[str], words: list[str]) -> list[ReadCard]:
        case = read_case(row, self.options.now)
        carrier, name = self._carrier_of(row, words)
        row.notes.extend(words)
        _set_note(row)
        cards = []
        for number in numbers:
            guess = phones.guess_carrier(number) if carrier is None and not name else None
            cards.append(
                ReadCard(
                    number=number,
                    carrier=carrier or guess,
                    carrier_name=name,
                    carrier_is_guess=guess is not None,
                    facts=row.facts,
                    custom=row.custom,
                    handler=row.handler,
                    case=case,
                    warnings=row.warnings,
                )
            )
        return cards

    def _carrier_of(self, row: RowFacts, words: list[str]) -> tuple[str | None, str]:
        """The carrier of a row and its name as written: by its cell, by what stands beside the number, as a person said of
        the whole file, or by the heading above."""
        options, name, slug = self.options, "", None
        if row.carrier_cell:
            column, name = row.carrier_cell
            slug = self._slug(name)
            if slug is None and options.carrier is None:
                row.warn(UNKNOWN_CARRIER, column, name)
                return None, name
            if slug is None:
                row.keep_in_note(column, name)
        slug = slug or next((found for text in words if (found := self._slug(text))), None)
        return slug or options.carrier or self.carrier, name

    def _slug(self, name: str) -> str | None:
        if name not in self._slugs:
            self._slugs[name] = carrier_slug(name, self.options.carriers)
        return self._slugs[name]


def _set_note(row: RowFacts) -> None:
    note = "\n".join(dict.fromkeys(row.notes))
    if len(note) > MAX_NOTE:
        row.custom[REST_OF_NOTE] = note[MAX_NOTE:]
        row.warnings.append(Message(NOTE_TOO_LONG, {"most": MAX_NOTE, "title": REST_OF_NOTE}))
        note = note[:MAX_NOTE]
    if note:
        row.facts["note"] = note
