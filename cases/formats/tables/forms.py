"""Sheets that hold a card as a form, label beside value, again and again down the page, or with titles down the first
column: both become tables with titles above, so that the rest of the reading need not know of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cases.formats.tables.phone_numbers import read_numbers
from cases.formats.tables.title_rows import is_number_cell, is_title_row
from cases.formats.tables.titles import normalize_title, title_meaning
from cases.formats.tables.workbook import Sheet

#: Rows by which it is judged whether a sheet holds forms.
_ROWS_JUDGED = 80
_LONGEST_LABEL = 15
_COLON = re.compile(r"\s*[:：]\s*")
#: Columns that a sheet with titles down its first column may have, the cards beside each other.
_MOST_CARDS_BESIDE = 1000


@dataclass
class _Form:
    """A card's values by normalized label, the row and column of its number, and what stands in it without a label."""

    values: dict[str, str] = field(default_factory=dict)
    row: int = -1
    rest: list[str] = field(default_factory=list)


def as_table(sheet: Sheet) -> Sheet:
    """The sheet with each form of it as a row, in the row where the form's number stands, and one row of titles above.

    A sheet that holds a table already stays as it is.
    """
    if _is_transposed(sheet.rows):
        width = max(len(row) for row in sheet.rows)
        rows = [[row[at] if at < len(row) else "" for row in sheet.rows if any(row)] for at in range(width)]
        return replace(sheet, rows=rows, merges=[])
    if not _holds_forms(sheet.rows):
        return sheet
    rows = _table_of_forms(sheet.rows)
    return replace(sheet, rows=rows, merges=[]) if rows else sheet


# Titles down the first column


def _is_transposed(rows: Sequence[Sequence[str]]) -> bool:
    filled = [row for row in rows[: _ROWS_JUDGED + 1] if any(row)]
    if not 3 <= len(filled) <= _ROWS_JUDGED or max(map(len, filled)) > _MOST_CARDS_BESIDE:
        return False
    meanings = [title_meaning(row[0]) for row in filled]
    fields = [meaning.field for meaning in meanings if meaning and meaning.strength > 0]
    if fields.count("number") != 1 or len(set(fields)) < 3 or len(set(fields)) * 10 < len(filled) * 6:
        return False
    numbers = next(row for row in filled if (found := title_meaning(row[0])) and found.field == "number")
    beside = sum(1 for cell in numbers[1:] if cell and is_number_cell(cell))
    others = sum(1 for row in filled if row is not numbers for cell in row if cell and is_number_cell(cell))
    return beside >= 2 and others < beside and not any(map(is_title_row, filled))


# A label beside each value


def _is_label(cell: str) -> bool:
    """Whether a cell is a label: a short text with a colon behind it, or a title that is known."""
    if not cell or len(cell) > _LONGEST_LABEL:
        return False
    return cell[-1] in ":：" or title_meaning(cell) is not None


def _pairs(row: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """The column, label and value of each pair in a row; what has no label comes with an empty one."""
    at, colons = 0, any(cell.endswith((":", "：")) for cell in row)
    while at < len(row):
        cell = row[at]
        label, value = [*_COLON.split(cell, maxsplit=1), ""][:2]
        if value and title_meaning(label):
            yield at, label, value
        elif _is_label(cell) and (not colons or cell[-1] in ":："):
            following = row[at + 1] if at + 1 < len(row) else ""
            is_value = not (colons and following.endswith((":", "：")))
            yield at, label, following if is_value else ""
            at += is_value
        elif cell:
            yield at, "", cell
        at += 1


def _names_number(label: str) -> bool:
    meaning = title_meaning(label) if label else None
    return meaning is not None and meaning.field == "number" and meaning.strength > 0


def _holds_forms(rows: Sequence[Sequence[str]]) -> bool:
    """Whether most rows are pairs, and each label of a number has labels of other things with it."""
    of_pairs = filled = forms = known = 0
    for row in rows[:_ROWS_JUDGED]:
        if any(row):
            filled += 1
            pairs = list(_pairs(row))
            labels = [label for _, label, _ in pairs if label]
            if labels and len(labels) * 2 >= len(pairs):
                of_pairs += 1
                forms += any(_names_number(label) and read_numbers(value).numbers for _, label, value in pairs)
                known += sum(1 for label in labels if title_meaning(label) and not _names_number(label))
    return forms > 0 and of_pairs * 10 >= filled * 7 and of_pairs >= 2 * forms and known >= forms


def _table_of_forms(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows with a table in the place of the forms; none where no form has a number."""
    titles: dict[str, str] = {}
    forms: list[_Form] = []
    taken: set[int] = set()
    for first, end in _bands(rows):
        band_forms = list(_forms_of_band(rows, first, end, titles, taken))
        forms += [form for form in band_forms if form.row >= 0]
    kept = [[" ".join(filter(None, row))] if any(row) and at not in taken else [] for at, row in enumerate(rows)]
    if not forms:
        return []
    has_rest = any(form.rest for form in forms)
    width = len(titles) + has_rest
    free = [at for at in sorted(taken) if at > 0]
    title_row = max(min(form.row for form in forms) - 1, 0)
    kept[title_row] = list(titles.values())
    for form in sorted(forms, key=lambda form: form.row):
        at = next((place for place in free if place >= form.row and place != title_row), None)
        if at is None:
            return []
        free.remove(at)
        kept[at] = [*(form.values.get(title, "") for title in titles), " ".join(form.rest)][:width]
    return kept


def _bands(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """The columns of the forms beside each other, each beginning at a label of a number."""
    for row in rows:
        starts = [at for at, label, value in _pairs(row) if _names_number(label) and read_numbers(value).numbers]
        if starts:
            width = max(map(len, rows))
            return list(zip([0, *starts[1:]], [*starts[1:], width], strict=True))
    return []


def _forms_of_band(
    rows: Sequence[Sequence[str]], first: int, end: int, titles: dict[str, str], taken: set[int]
) -> Iterator[_Form]:
    """The forms of a band of columns: another begins with a label that the one before has already."""
    form, is_after_gap = _Form(), False
    for at, row in enumerate(rows):
        pairs = list(_pairs(row[first:end]))
        labels = [normalize_title(label) for _, label, _ in pairs if label]
        if not pairs or len(labels) * 2 < len(pairs):
            is_after_gap = True
            continue
        if any(label in form.values for label in labels):
            yield form
            form = _Form()
        elif is_after_gap and form.row >= 0 and not all(label in titles for label in labels):
            continue  # a line around the forms: who signs them, and when
        is_after_gap = False
        for _, label, value in pairs:
            key = normalize_title(label)
            if not key:
                form.rest.append(value)
                continue
            titles.setdefault(key, label)
            form.values[key] = value
            form.row = at if _names_number(label) and form.row < 0 else form.row
        taken.add(at)
    yield form
