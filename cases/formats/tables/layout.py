"""Where the tables of a sheet are: rows of titles, what each column is, and how far each table goes.

A sheet of an office is rarely one clean table: there are banners and dates above the titles, titles over two rows,
tables below or beside each other, several numbers for a person, notes and totals below, and sometimes no titles at all.
What a column is, its title says; where the title is silent or in doubt, what stands in the column does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from cases.formats.tables.column_contents import (
    field_by_contents,
    fits_contents,
    holds_numbers,
    is_column_of_carriers,
    tells_cancellations,
)
from cases.formats.tables.column_groups import split_groups
from cases.formats.tables.column_styles import ColumnStyle, style_of_days, style_of_fees
from cases.formats.tables.merged_cells import fill_merged
from cases.formats.tables.title_names import AMOUNT_FIELDS, DAY_FIELDS
from cases.formats.tables.title_rows import find_title_rows, is_number_cell, joined_titles, title_rows_from
from cases.formats.tables.titles import Field, TitleMeaning, is_own_title, normalize_title, title_meaning
from cases.formats.tables.workbook import Sheet

#: Data rows of a table by which its columns are judged.
_SAMPLE_ROWS = 80
#: Titles that forms and approvals within the company add to what people answer.
_OF_A_FORM = re.compile("^(提交者|提交人|填写者|填写人|答题人|所用时间|填写时长|submittedby|respondent)|答卷")
_OF_AN_APPROVAL = re.compile("^(审批(编号|单号|状态|结果|流程)|发起(人|时间)|流程(编号|状态|名称))")
_CANCELLING = re.compile("注销|销户|销号|销卡|运营商|移动|联通|电信|广电|营业厅|cancel", re.IGNORECASE)
#: Rows at the top in which the beginning of a table without known titles is looked for.
_ROWS_SEARCHED = 200
#: Fields of which a row has one; of several columns the surest title counts, the others are the team's own columns.
_SINGLE: frozenset[Field] = frozenset(
    {
        "carrier", "holder", "user", "department", "purpose", "plan", "monthly_fee", "iccid", "opened_on",
        "contract_ends_on", "status", "submitted_at", "cancelled_on", "returned_on", "returned_reason",
        "carrier_reference", "channel", "reason", "handler",
        "refund_amount", "refund_received", "refund_status", "refund_due_on", "refund_received_on",
    }
)  # fmt: skip


@dataclass(frozen=True)
class ColumnGuess:
    """A column: 0-based index, its title as a person reads it (a letter where it has none), and its field."""

    index: int
    title: str
    field: Field
    style: ColumnStyle = ""


@dataclass(frozen=True)
class Group:
    """Columns that belong to the same card, number columns among them.

    `beside` are columns of no card's beside them, `shared` those that other groups of the same row have too.
    """

    columns: tuple[ColumnGuess, ...]
    beside: tuple[int, ...] = ()
    shared: frozenset[int] = frozenset()

    @property
    def numbers(self) -> tuple[ColumnGuess, ...]:
        return tuple(column for column in self.columns if column.field == "number")


@dataclass(frozen=True)
class Block:
    """A table: its rows of titles and its data rows up to `end`, 0-based and exclusive; one group for each table beside
    another."""

    first_title_row: int
    title_rows: int
    end: int
    groups: tuple[Group, ...]
    titles: frozenset[str] = frozenset()

    @property
    def first_data_row(self) -> int:
        return self.first_title_row + self.title_rows


@dataclass(frozen=True)
class Layout:
    """The tables of a sheet; `header_row` is the first table's first row of titles, 1-based, 0 where there are none."""

    header_row: int
    header_rows: int
    columns: list[ColumnGuess]
    blocks: list[Block] = field(default_factory=list)


def find_layout(sheet: Sheet, header_row: int | None = None) -> Layout:
    """Where the tables are; `header_row` (1-based, 0 for none) where a person set it."""
    return layout_of_rows(fill_merged(sheet, across=True), header_row)


def layout_of_rows(rows: Sequence[Sequence[str]], header_row: int | None = None) -> Layout:
    """The same, of rows whose merged cells are filled in."""
    starts = find_title_rows(rows) if header_row is None else title_rows_from(rows, header_row)
    blocks: list[Block] = []
    for number, (first, count) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(rows)
        blocks.append(_block(rows, first, count, end))
    # A row of titles that no number stands under opens no table, unless nothing does.
    holding = [block for block in blocks if any(group.numbers for group in block.groups)]
    if header_row is None and not holding:
        blocks = [_untitled_block(rows)]
    elif header_row is None:
        blocks = _with_untitled_above(rows, _without_empty(rows, holding))
    first_block = blocks[0]
    return Layout(
        first_block.first_title_row + 1 if first_block.title_rows else 0,
        first_block.title_rows,
        [column for group in first_block.groups for column in group.columns],
        blocks,
    )


def _without_empty(rows: Sequence[Sequence[str]], blocks: list[Block]) -> list[Block]:
    """The blocks, each reaching to the next one's titles."""
    ends = [*(block.first_title_row for block in blocks[1:]), len(rows)]
    return [replace(block, end=end) for block, end in zip(blocks, ends, strict=True)]


def _with_untitled_above(rows: Sequence[Sequence[str]], blocks: list[Block]) -> list[Block]:
    """The blocks, and before them the rows with numbers that stand above all titles: a table that has none."""
    above = [at for at in range(blocks[0].first_title_row) if any(cell and is_number_cell(cell) for cell in rows[at])]
    if len(above) < 2:
        return blocks
    return [_block(rows, above[0], 0, blocks[0].first_title_row), *blocks]


# Columns


def column_letter(index: int) -> str:
    """A column's letters as a spreadsheet has them, of its 0-based index."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _block(rows: Sequence[Sequence[str]], first: int, count: int, end: int) -> Block:
    filled = [row for row in islice(rows, first + count, min(end, first + count + 10 * _SAMPLE_ROWS)) if any(row)]
    # Rows with a number in them are cards'; headings, notes and totals say nothing about columns.
    data = [row for row in filled if any(cell and is_number_cell(cell) for cell in row)][:_SAMPLE_ROWS] or filled
    width = max((len(row) for row in rows[first:end]), default=0)
    titles = joined_titles(rows, first, count)
    titles += [""] * (width - len(titles))
    samples = [_sample(data, index) for index in range(width)]
    meanings = [_meaning(titles[index], samples[index]) for index in range(width)]
    _settle_numbers(meanings, titles, samples)
    upper = rows[first] if count > 1 else []
    _find_status(meanings, titles, samples)
    _drop_form_times(meanings, titles)
    groups = [
        _group(indexes, beside, titles, meanings, upper) for indexes, beside in split_groups(titles, meanings, samples)
    ]
    groups = [_with_styles(group, rows[first + count : end]) for group in groups]
    return Block(first, count, end, _with_shared(groups), frozenset(filter(None, map(normalize_title, titles))))


def _with_styles(group: Group, rows: Sequence[Sequence[str]]) -> Group:
    """The group with how its fees and days are written, by all its rows."""
    columns = []
    for column in group.columns:
        at = column.index
        style = (
            style_of_days if column.field in DAY_FIELDS else style_of_fees if column.field in AMOUNT_FIELDS else None
        )
        columns.append(replace(column, style=style(row[at] for row in rows if at < len(row))) if style else column)
    return replace(group, columns=tuple(columns))


def _drop_form_times(meanings: list[TitleMeaning | None], titles: list[str]) -> None:
    """In the answers to a form, and in a list of approvals, the time of submitting is that of the answer, not of a
    request to a carrier; the time at which an approval was completed is that of no cancellation."""
    normalized = [normalize_title(title) for title in titles]
    of_approval = any(map(_OF_AN_APPROVAL.search, normalized))
    if of_approval or any(map(_OF_A_FORM.search, normalized)):
        dropped = ("submitted_at", "cancelled_on") if of_approval else ("submitted_at",)
        for at, meaning in enumerate(meanings):
            if meaning and meaning.field in dropped and not _CANCELLING.search(titles[at]):
                meanings[at] = None


def _untitled_block(rows: Sequence[Sequence[str]]) -> Block:
    """A table without known titles: its columns by what stands in them; a row of words right above has its titles."""
    for at, row in enumerate(rows[:_ROWS_SEARCHED]):
        if any(is_number_cell(cell) for cell in row if cell):
            above = rows[at - 1] if at else []
            column = next(index for index, cell in enumerate(row) if cell and is_number_cell(cell))
            if _is_row_of_words(above, row, column):
                return _block(rows, at - 1, 1, len(rows))
            return _block(rows, at, 0, len(rows))
    return _block(rows, 0, 0, len(rows))


def _is_row_of_words(above: Sequence[str], row: Sequence[str], column: int) -> bool:
    filled = [cell for cell in above if cell]
    if (
        column >= len(above)
        or not above[column]
        or len(set(filled)) < len(filled)
        or len(filled) * 2 < sum(map(bool, row))
    ):
        return False
    return all(len(cell) <= 20 and sum(c.isdigit() for c in cell) <= 2 for cell in filled)


def _sample(data: Sequence[Sequence[str]], index: int) -> list[str]:
    return [row[index] for row in data if index < len(row) and row[index]]


def _meaning(title: str, sample: list[str]) -> TitleMeaning | None:
    """What a column is by its title, unless what stands in it is something else."""
    meaning = title_meaning(title) if title else None
    if meaning is None or not sample:
        by_contents = None if meaning else _field_by_contents(title, sample)
        return TitleMeaning(by_contents, 1) if by_contents else meaning
    fitting = fits_contents(meaning.field, sample, is_vague=meaning.strength < 3)
    return TitleMeaning(fitting, meaning.strength) if fitting else None


def _field_by_contents(title: str, sample: list[str]) -> Field | None:
    if not title:
        return field_by_contents(sample)
    return "carrier" if not is_own_title(title) and is_column_of_carriers(sample) else None


def _find_status(meanings: list[TitleMeaning | None], titles: list[str], samples: list[list[str]]) -> None:
    """Where no title names the status, a column of short texts that tell of cancellations is it: 使用情况, 还要不要."""
    if any(meaning and meaning.field == "status" for meaning in meanings):
        return
    for at, meaning in enumerate(meanings):
        if meaning is None and titles[at] and not is_own_title(titles[at]) and tells_cancellations(samples[at]):
            meanings[at] = TitleMeaning("status", 1)
            return


def _settle_numbers(meanings: list[TitleMeaning | None], titles: list[str], samples: list[list[str]]) -> None:
    """Which columns hold the cards' numbers: those whose titles say so, or else those in which numbers stand."""
    named = [at for at, meaning in enumerate(meanings) if meaning and meaning.field == "number"]
    sure = [at for at in named if meanings[at] and meanings[at].strength > 0]  # type: ignore[union-attr]
    holding = [at for at in sure if holds_numbers(samples[at])]
    kept = holding
    if not kept:
        by_contents = [at for at, sample in enumerate(samples) if holds_numbers(sample)]
        # A column of numbers whose title says nothing comes before one of numbers at which somebody can be reached.
        unknown = [at for at in by_contents if meanings[at] is None]
        # Nobody's number reads as one: then the column that is called so holds them, hidden or broken.
        kept = unknown[:1] or [at for at in named if at in by_contents] or by_contents[:1] or sure[:1] or named[:1]
    elif holding:
        kept = sorted({*holding, *(at for at in sure if not samples[at])})
    for at in range(len(meanings)):
        if at in kept:
            meanings[at] = TitleMeaning("number", 3)
        elif at in named:
            meanings[at] = None


def _group(
    indexes: list[int],
    beside: list[int],
    titles: list[str],
    meanings: list[TitleMeaning | None],
    upper: Sequence[str],
) -> Group:
    """The columns of a group with their fields; of two columns for a field that a card has once, the surest counts."""
    chosen: dict[Field, int] = {}
    for at in indexes:
        meaning = meanings[at]
        if meaning and meaning.field in _SINGLE:
            best = meanings[chosen[meaning.field]] if meaning.field in chosen else None
            if best is None or meaning.strength > best.strength:
                chosen[meaning.field] = at
    names = _distinct_titles(indexes, titles, upper)
    columns: list[ColumnGuess] = []
    for at in sorted(indexes):
        meaning = meanings[at]
        name: Field = meaning.field if meaning else "custom"
        if name in _SINGLE and chosen[name] != at:
            name = "custom"
        columns.append(ColumnGuess(at, names[at], name))
    return Group(tuple(columns), tuple(beside))


def _with_shared(groups: list[Group]) -> tuple[Group, ...]:
    places = [frozenset(column.index for column in group.columns) for group in groups]
    shared = frozenset.intersection(*places) if len(places) > 1 else frozenset[int]()
    return tuple(replace(group, shared=shared) for group in groups)


def _distinct_titles(indexes: list[int], titles: list[str], upper: Sequence[str]) -> dict[int, str]:
    """A title of its own for each column: its letter where it has none, the name above it where two are alike."""
    names: dict[int, str] = {}
    plain = {at: " ".join(titles[at].split()) or column_letter(at) for at in indexes}
    for at in sorted(indexes):
        name = plain[at]
        if list(plain.values()).count(name) > 1:
            group = " ".join(upper[at].split()) if at < len(upper) else ""
            name = f"{group} {name}" if group and group != name else name
        while name in names.values():
            name = f"{plain[at]} {column_letter(at)}" if not name.endswith(column_letter(at)) else f"{name}'"
        names[at] = name
    return names
