"""The rows of one table, or of tables beside each other, as cards, as wrong, or as skipped."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cases.domain import phones
from cases.domain.errors import gettext_noop
from cases.formats.tables.carriers import carrier_slug, is_plain_name
from cases.formats.tables.facts import CASE_FIELDS, MAX_NOTE, RowFacts, clean_cell, read_cell, says_nothing
from cases.formats.tables.layout import Block, ColumnGuess, Group
from cases.formats.tables.phone_numbers import MISSING, NumbersRead, read_numbers
from cases.formats.tables.readings import Message, ReadCard, ReadOptions, ReadRow
from cases.formats.tables.row_case import read_case
from cases.formats.tables.row_kinds import (
    EXAMPLE,
    NO_NUMBERS,
    NOTE,
    is_example,
    is_label,
    is_sentence,
    is_total,
    why_no_card,
)
from cases.formats.tables.title_rows import is_number_cell

UNKNOWN_CARRIER = gettext_noop("“%(title)s”: no carrier has the name “%(text)s”.")
NUMBER_PARTLY = gettext_noop("“%(title)s”: a part of “%(text)s” was not taken as a number. It was kept in the note.")
BESIDE = gettext_noop("Beside the table: “%(text)s” was not taken.")
NOTE_TOO_LONG = gettext_noop(
    "The note is longer than %(most)s characters. What is beyond is kept in the column “%(title)s”."
)
#: What stands around the carrier's name in a heading.
_AROUND_A_HEADING = re.compile(
    r"^[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．:：\s]+|[:：]$|[(（]?共?\d+张[)）]?$|(明细|清单|列表|台账|登记|汇总|部分)表?[:：]?$"
)
#: Where what is beyond the longest note is kept.
REST_OF_NOTE = "备注（续）"
#: Fields whose text counts in every column that a merged cell covers, not only in its first.
_TEXT_FIELDS = frozenset({"holder", "user", "department", "plan", "note", "handler", "custom"})


@dataclass(frozen=True)
class Grid:
    """A sheet's rows: as they are, with merged cells filled downwards, and with them filled in all directions."""

    own: list[list[str]]
    down: list[list[str]]
    across: list[list[str]]


def heading_carrier(row: Sequence[str], options: ReadOptions) -> str | None:
    """The carrier that a row with one text in it names: a heading over the cards of one carrier."""
    filled = [cell for cell in row if cell]
    return named_carrier(filled[0], options) if len(filled) == 1 else None


def named_carrier(heading: str, options: ReadOptions) -> str | None:
    """The carrier in '一、移动号卡明细'."""
    return carrier_slug(_AROUND_A_HEADING.sub("", heading.strip()), options.carriers) if len(heading) <= 30 else None


def skipped_row(grid: Grid, index: int, reason: Message) -> Iterator[ReadRow]:
    if any(grid.own[index]):
        yield ReadRow(index + 1, "skipped", [], reason, grid.own[index])


class BlockReader:
    """Reads the data rows of one table, or of tables beside each other; `carrier` is the one of the heading above."""

    def __init__(self, block: Block, grid: Grid, options: ReadOptions, carrier: str | None) -> None:
        self.block, self.grid, self.options, self.carrier = block, grid, options, carrier
        self._group_carriers = self._carriers_of_groups()
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
                yield from skipped_row(self.grid, index, NOTE)

    def _read_row(self, index: int, group: Group) -> ReadRow | None:
        own, down = self.grid.own[index], self.grid.down[index]
        columns = [c for c in group.columns if c.index < len(own) and own[c.index] and c.field != "ignored"]
        if not columns or (group.shared and self._belongs_to_another(own, columns, group)):
            return None
        filled = [own[column.index] for column in columns]
        numbers = [(c, read_numbers(down[c.index])) for c in group.numbers if c.index < len(down) and down[c.index]]
        if not any(read.numbers for _, read in numbers):
            return self._read_row_without_number(index, filled, numbers, group)
        reason = self._why_skipped(filled, numbers)
        if reason:
            return ReadRow(index + 1, "skipped", [], reason, down)
        return ReadRow(index + 1, "card", self._read_cards(index, group, numbers), None, down)

    def _read_row_without_number(
        self, index: int, filled: list[str], found: list[tuple[ColumnGuess, NumbersRead]], group: Group
    ) -> ReadRow:
        cells = self.grid.down[index]
        counters = [c.index for c in group.columns if c.field == "ignored"]
        is_counted = any(at < len(cells) and cells[at].isdigit() for at in counters)
        # '合计' may stand under the titles of what counts the rows.
        filled = [*(cells[at] for at in counters if at < len(cells) and is_total(cells[at])), *filled]
        reason = why_no_card(filled, [cells[c.index] for c, _ in found], self.block.titles, is_counted=is_counted)
        if reason is None and not group.numbers:
            reason = NO_NUMBERS
        if reason:
            if reason is NOTE:
                self.carrier = heading_carrier(self.grid.own[index], self.options) or self.carrier
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
        return self._cards_of(row, group, list(numbers), words)

    def _cards_of(self, row: RowFacts, group: Group, numbers: list[str], words: list[str]) -> list[ReadCard]:
        case = read_case(row, self.options.now)
        carrier, name = self._carrier_of(row, group, words)
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

    def _carrier_of(self, row: RowFacts, group: Group, words: list[str]) -> tuple[str | None, str]:
        """The carrier of a row, and its name as written.

        By its cell, by what stands beside the number, as a person said of the whole file, or by the heading above.
        """
        options, name, slug = self.options, "", None
        if row.carrier_cell:
            column, name = row.carrier_cell
            slug = self._slug(name)
            if slug is None and options.carrier is None:
                row.warn(UNKNOWN_CARRIER, column, name)
                return None, name
            if slug is None or not is_plain_name(name, options.carriers):
                row.keep_in_note(column, name)
        slug = slug or next((found for text in words if (found := self._slug(text))), None)
        return slug or options.carrier or self._group_carriers.get(id(group)) or self.carrier, name

    def _carriers_of_groups(self) -> dict[int, str]:
        """The carriers that stand over tables beside each other, by the identity of their groups."""
        carriers: dict[int, str] = {}
        if len(self.block.groups) > 1:
            for row in self.grid.down[max(self.block.first_title_row - 1, 0) : self.block.first_data_row]:
                if any(is_number_cell(cell) for cell in row):
                    continue  # a card of the table above
                for group in self.block.groups:
                    own = [c.index for c in group.columns if c.index not in group.shared and c.index < len(row)]
                    slugs = {slug for at in own if row[at] and (slug := named_carrier(row[at], self.options))}
                    if len(slugs) == 1:
                        carriers[id(group)] = slugs.pop()
        return carriers

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
