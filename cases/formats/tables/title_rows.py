"""Which rows of a sheet are titles of columns."""

import re
from collections.abc import Sequence

from cases.formats.tables.phone_numbers import read_numbers
from cases.formats.tables.titles import normalize_title, title_meaning

#: Rows of titles that may stand above each other.
_MOST_TITLE_ROWS = 3
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


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
    return not any(_is_written_like_data(cell) for cell in row)


def _is_written_like_data(cell: str) -> bool:
    """Whether a cell has the digits of a number or a day, which titles have in brackets at most."""
    return (
        sum(map(str.isdigit, cell)) >= 7
        and not title_meaning(cell)
        and sum(map(str.isdigit, _BRACKETS.sub("", cell))) >= 7
    )


def is_number_cell(cell: str) -> bool:
    return sum(character.isdigit() for character in cell) >= 7 and bool(read_numbers(cell).numbers)


def find_title_rows(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """The first row and the number of rows of each run of titles, 0-based; runs that repeat the one before left out."""
    starts: list[tuple[int, int]] = []
    shown: list[str] = []
    at = 0
    while at < len(rows):
        if rows[at] and is_title_row(rows[at]):
            count = _count_title_rows(rows, at)
            titles = [normalize_title(cell) for cell in joined_titles(rows, at, count)]
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
    if any(is_number_cell(cell) for cell in lower if cell) or [cell for cell in lower if cell] == [
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


def title_rows_from(rows: Sequence[Sequence[str]], header_row: int) -> list[tuple[int, int]]:
    """The runs of titles where a person said which row is the first; later ones are found as ever."""
    if header_row <= 0:
        return [(0, 0)]
    first = min(header_row, max(len(rows), 1)) - 1
    count = _count_title_rows(rows, first) if rows else 0
    later = [(at, many) for at, many in find_title_rows(rows) if at >= first + count]
    titles = [normalize_title(cell) for cell in joined_titles(rows, first, count)]
    different = [
        (at, many) for at, many in later if [normalize_title(cell) for cell in joined_titles(rows, at, many)] != titles
    ]
    return [(first, count), *different]


def joined_titles(rows: Sequence[Sequence[str]], first: int, count: int) -> list[str]:
    """One title for each column: the lowest that is known, or else the lowest."""
    width = max((len(row) for row in rows[first : first + count]), default=0)
    titles: list[str] = []
    for index in range(width):
        column = [row[index] for row in rows[first : first + count] if index < len(row) and row[index]]
        known = [cell for cell in column if title_meaning(cell)]
        titles.append((known or column or [""])[-1])
    return titles
