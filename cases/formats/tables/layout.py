"""Where the tables of a sheet are: rows of titles, what each column is, and how far each table goes.

A sheet of an office is rarely one clean table: there are banners and dates above the titles, titles over two rows,
tables below or beside each other, several numbers for a person, notes and totals below, and sometimes no titles at all.
What a column is, its title says; where the title is silent or in doubt, what stands in the column does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from cases.formats.tables.column_contents import field_by_contents, fits_contents, holds_numbers
from cases.formats.tables.merged_cells import fill_merged
from cases.formats.tables.phone_numbers import read_numbers
from cases.formats.tables.titles import Field, TitleMeaning, base_title, normalize_title, title_meaning
from cases.formats.tables.workbook import Sheet

#: Rows of titles that may stand above each other.
_MOST_TITLE_ROWS = 3
#: Data rows of a table by which its columns are judged.
_SAMPLE_ROWS = 80
#: Titles of what is counted beside a table of cards.
_COUNTS = re.compile("数量|张数|个数|人数|合计|小计|总计|占比|统计|汇总|count|total", re.IGNORECASE)
#: Titles that forms add to what people answer.
_OF_A_FORM = re.compile("^(提交者|提交人|填写者|填写人|答题人|所用时间|填写时长|submittedby|respondent)|答卷")
_CANCELLING = re.compile("注销|销户|销号|cancel", re.IGNORECASE)
#: Rows at the top in which the beginning of a table without known titles is looked for.
_ROWS_SEARCHED = 200
#: Fields of which a row has one; of several columns the surest title counts, the others are the team's own columns.
_SINGLE: frozenset[Field] = frozenset(
    {
        "carrier", "holder", "user", "department", "purpose", "plan", "monthly_fee", "iccid", "opened_on",
        "contract_ends_on", "status", "submitted_at", "cancelled_on", "returned_on", "returned_reason",
        "carrier_reference", "channel", "reason", "handler",
    }
)  # fmt: skip


@dataclass(frozen=True)
class ColumnGuess:
    """A column: 0-based index, its title as a person reads it (a letter where it has none), and its field."""

    index: int
    title: str
    field: Field


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
    starts = _title_rows(rows) if header_row is None else _title_rows_from(rows, header_row)
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
    above = [at for at in range(blocks[0].first_title_row) if any(cell and _is_number(cell) for cell in rows[at])]
    if len(above) < 2:
        return blocks
    return [_block(rows, above[0], 0, blocks[0].first_title_row), *blocks]


# Rows of titles


def is_title_row(row: Sequence[str]) -> bool:
    """Whether a row looks like titles of a table of cards: some are known, and no cell is a number."""
    for cell in row:
        if cell.isdigit() and len(cell) > 6:
            return False  # nearly all rows of data, at once
    known: set[str] = set()
    strong = cells = 0
    for cell in row:
        if cell:
            cells += 1
            meaning = title_meaning(cell)
            if meaning:
                known.add(meaning.field)
                strong += meaning.strength >= 2
    if not known or cells > 2 * strong + 3 * len(known) + 2:
        return False
    names_number = "number" in known
    if not (len(known) >= 2 and (strong >= 2 or names_number)) and not (names_number and cells <= 2):
        return False
    return not any(cell and _is_number(cell) for cell in row)


def _is_number(cell: str) -> bool:
    return sum(character.isdigit() for character in cell) >= 7 and bool(read_numbers(cell).numbers)


def _title_rows(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """The first row and the number of rows of each run of titles, 0-based; runs that repeat the one before are left out."""
    starts: list[tuple[int, int]] = []
    shown: list[str] = []
    at = 0
    while at < len(rows):
        if rows[at] and is_title_row(rows[at]):
            count = _count_title_rows(rows, at)
            titles = [normalize_title(cell) for cell in _joined_titles(rows, at, count)]
            if titles != shown:
                starts.append((at, count))
                shown = titles
            at += count
        else:
            at += 1
    return _with_upper_rows(rows, starts)


def _with_upper_rows(rows: Sequence[Sequence[str]], starts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The runs with the row of groups above them, where it names groups of columns rather than the whole table."""
    widened: list[tuple[int, int]] = []
    for first, count in starts:
        above = rows[first - 1] if first else []
        distinct = {cell for cell in above if cell}
        is_free = not widened or sum(widened[-1]) < first
        if count < _MOST_TITLE_ROWS and is_free and len(distinct) >= 2 and _names_groups(above, rows[first]):
            widened.append((first - 1, count + 1))
        else:
            widened.append((first, count))
    return widened


def _names_groups(above: Sequence[str], titles: Sequence[str]) -> bool:
    """Whether a row has words over several titles each (merged or with gaps), and nothing that is written like data."""
    width = sum(1 for cell in titles if cell)
    if (
        width < 3
        or len(above) * 2 < len(titles)
        or any(len(cell) > 12 or any(c.isdigit() for c in cell) or ":" in cell or "：" in cell for cell in above)
    ):
        return False
    runs = sum(1 for at, cell in enumerate(above) if cell and at and above[at - 1] == cell)
    same = sum(1 for upper, lower in zip(above, titles, strict=False) if upper and upper == lower)
    return bool(runs or same)


def _count_title_rows(rows: Sequence[Sequence[str]], first: int) -> int:
    count = 1
    while count < _MOST_TITLE_ROWS and first + count < len(rows):
        upper, lower = rows[first + count - 1], rows[first + count]
        if not lower or not _continues_titles(upper, lower):
            break
        count += 1
    return count


def _continues_titles(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a row belongs to the titles above it: more titles, where the upper row has groups, gaps or the same."""
    if any(_is_number(cell) for cell in lower if cell) or [cell for cell in lower if cell] == [
        cell for cell in upper if cell
    ]:
        return False
    known = sum(1 for cell in lower if cell and title_meaning(cell))
    if not known or known * 3 < sum(1 for cell in lower if cell):
        return False
    new = [
        at for at, cell in enumerate(lower) if cell and title_meaning(cell) and (at >= len(upper) or cell != upper[at])
    ]
    return all(_is_group_or_gap(upper, at) for at in new) or is_title_row(lower)


def _is_group_or_gap(upper: Sequence[str], at: int) -> bool:
    if at >= len(upper) or not upper[at]:
        return True
    beside = (upper[at - 1] if at else "", upper[at + 1] if at + 1 < len(upper) else "")
    return upper[at] in beside or beside[1] == ""


def _title_rows_from(rows: Sequence[Sequence[str]], header_row: int) -> list[tuple[int, int]]:
    """The runs of titles where a person said which row is the first; later ones are found as ever."""
    if header_row <= 0:
        return [(0, 0)]
    first = min(header_row, max(len(rows), 1)) - 1
    count = _count_title_rows(rows, first) if rows else 0
    later = [(at, many) for at, many in _title_rows(rows) if at >= first + count]
    titles = [normalize_title(cell) for cell in _joined_titles(rows, first, count)]
    different = [
        (at, many) for at, many in later if [normalize_title(cell) for cell in _joined_titles(rows, at, many)] != titles
    ]
    return [(first, count), *different]


def _joined_titles(rows: Sequence[Sequence[str]], first: int, count: int) -> list[str]:
    """One title for each column: the lowest that is known, or else the lowest."""
    width = max((len(row) for row in rows[first : first + count]), default=0)
    titles: list[str] = []
    for index in range(width):
        column = [row[index] for row in rows[first : first + count] if index < len(row) and row[index]]
        known = [cell for cell in column if title_meaning(cell)]
        titles.append((known or column or [""])[-1])
    return titles


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
    data = [row for row in filled if any(cell and _is_number(cell) for cell in row)][:_SAMPLE_ROWS] or filled
    width = max((len(row) for row in rows[first:end]), default=0)
    titles = _joined_titles(rows, first, count)
    titles += [""] * (width - len(titles))
    samples = [_sample(data, index) for index in range(width)]
    meanings = [_meaning(titles[index], samples[index]) for index in range(width)]
    _settle_numbers(meanings, titles, samples)
    upper = rows[first] if count > 1 else []
    _drop_form_times(meanings, titles)
    groups = [
        _group(indexes, beside, titles, meanings, upper) for indexes, beside in _split_groups(titles, meanings, samples)
    ]
    return Block(first, count, end, _with_shared(groups), frozenset(filter(None, map(normalize_title, titles))))


def _drop_form_times(meanings: list[TitleMeaning | None], titles: list[str]) -> None:
    """In the answers to a form, the time of submitting is that of the answer, not of a request to a carrier."""
    if any(_OF_A_FORM.search(normalize_title(title)) for title in titles):
        for at, meaning in enumerate(meanings):
            if meaning and meaning.field == "submitted_at" and not _CANCELLING.search(titles[at]):
                meanings[at] = None


def _untitled_block(rows: Sequence[Sequence[str]]) -> Block:
    """A table without known titles: its columns by what stands in them; a row of words right above it has its titles."""
    for at, row in enumerate(rows[:_ROWS_SEARCHED]):
        if any(_is_number(cell) for cell in row if cell):
            above = rows[at - 1] if at else []
            column = next(index for index, cell in enumerate(row) if cell and _is_number(cell))
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
        by_contents = field_by_contents(sample) if not title else None
        return TitleMeaning(by_contents, 1) if by_contents else meaning
    fitting = fits_contents(meaning.field, sample, is_vague=meaning.strength < 3)
    return TitleMeaning(fitting, meaning.strength) if fitting else None


def _settle_numbers(meanings: list[TitleMeaning | None], titles: list[str], samples: list[list[str]]) -> None:
    """Which columns hold the cards' numbers: those whose titles say so, or else those in which numbers stand."""
    named = [at for at, meaning in enumerate(meanings) if meaning and meaning.field == "number"]
    sure = [at for at in named if meanings[at] and meanings[at].strength > 0]  # type: ignore[union-attr]
    holding = [at for at in sure if holds_numbers(samples[at])]
    kept = holding or [at for at in named if holds_numbers(samples[at])]
    if not kept:
        by_contents = [at for at, sample in enumerate(samples) if holds_numbers(sample)]
        known = [at for at in by_contents if meanings[at] is None]
        # Nobody's number reads as one: then the column that is called so holds them, hidden or broken.
        kept = known[:1] or by_contents[:1] or sure[:1] or named[:1]
    elif holding:
        kept = sorted({*holding, *(at for at in sure if not samples[at])})
    for at in range(len(meanings)):
        if at in kept:
            meanings[at] = TitleMeaning("number", 3)
        elif at in named:
            meanings[at] = None


def _split_groups(
    titles: list[str], meanings: list[TitleMeaning | None], samples: list[list[str]]
) -> list[tuple[list[int], list[int]]]:
    """The columns of each table beside another, and the columns that are beside them all: (columns, beside)."""
    used = [at for at in range(len(titles)) if titles[at] or samples[at]]
    spans = _spans(used)
    numbered = [span for span in spans if _has_number(span, meanings)]
    if len(numbered) > 1 and all(len(span) > 1 for span in numbered):
        return [(span, []) for span in numbered[:-1]] + [_with_rest(numbered[-1], spans, numbered)]
    if len(numbered) == 1 and len(spans) > 1:
        own = numbered[0]
        known = {meaning.field for at in own if (meaning := meanings[at])}
        joined, beside = list(own), list[int]()
        for span in spans:
            if span is not own:
                fields = {meaning.field for at in span if (meaning := meanings[at])}
                depth = max(len(samples[at]) for at in span)
                counts = any(_COUNTS.search(titles[at]) for at in span)
                belongs = not counts and (
                    (fields and not fields & known) or depth * 2 > max(len(samples[at]) for at in own)
                )
                (joined if belongs or not any(titles[at] for at in span) else beside).extend(span)
        return _repeated_groups(sorted(joined), titles, meanings, beside)
    return _repeated_groups(used, titles, meanings, [])


def _with_rest(last: list[int], spans: list[list[int]], numbered: list[list[int]]) -> tuple[list[int], list[int]]:
    return last, [at for span in spans if span not in numbered for at in span]


def _spans(used: list[int]) -> list[list[int]]:
    """Runs of columns without an empty one between."""
    spans: list[list[int]] = []
    for at in used:
        if spans and spans[-1][-1] == at - 1:
            spans[-1].append(at)
        else:
            spans.append([at])
    return spans


def _has_number(span: list[int], meanings: list[TitleMeaning | None]) -> bool:
    return any(meaning.field == "number" for at in span if (meaning := meanings[at]))


def _repeated_groups(
    columns: list[int], titles: list[str], meanings: list[TitleMeaning | None], beside: list[int]
) -> list[tuple[list[int], list[int]]]:
    """Tables beside each other without a gap: the same titles come again, the number's and others."""
    places: dict[str, list[int]] = {}
    for at in columns:
        name = base_title(titles[at])
        if name:
            places.setdefault(name, []).append(at)
    numbers = [at for at in columns if (meaning := meanings[at]) and meaning.field == "number"]
    times = len(numbers)
    repeated = {name: found for name, found in places.items() if len(found) == times and times > 1}
    if len(repeated) < 2 or not any(set(found) == set(numbers) for found in repeated.values()):
        return [(columns, beside)]
    starts = [min(found[turn] for found in repeated.values()) for turn in range(times)]
    ends = [max(found[turn] for found in repeated.values()) for turn in range(times)]
    if any(ends[turn] >= starts[turn + 1] for turn in range(times - 1)):
        return [(columns, beside)]
    groups: list[tuple[list[int], list[int]]] = []
    for turn in range(times):
        until = starts[turn + 1] if turn + 1 < times else ends[turn] + 1
        shared = [at for at in columns if at < starts[0] or at > ends[-1]]
        groups.append(([*shared, *(at for at in columns if starts[turn] <= at < until)], beside if turn == 0 else []))
    return groups


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
    """A title of its own for each column: its letter where it has none, its group's name before it where two are alike."""
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
