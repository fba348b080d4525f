"""Marks that say 'the same as above': 同上, 〃, and what stands for them."""

from collections.abc import Sequence

from cases.formats.tables.row_kinds import is_total
from cases.formats.tables.title_rows import is_title_row
from cases.formats.tables.word_lists import words_of

#: The marks, whole cells of them.
DITTOS = frozenset(
    words_of("同上 同上。 (同上) （同上） 同前 如上 〃 ″ \" “ ” '' ＂ ditto do. ↑ ↑同上 ↑↑ ^ 同上↑ sameasabove")
)
#: Rows above in which the text is looked for, past totals and headings.
_ROWS_ABOVE = 5


def fill_dittos(rows: list[list[str]], above: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows with the text of the cell above in the place of each mark; `above` are they with merged cells filled.

    A mark right under titles, or under an empty cell, stays as it is.
    """
    marked = [at for at, row in enumerate(rows) if not DITTOS.isdisjoint(row)]
    if not marked:
        return rows
    filled = list(rows)
    for at in marked:
        source = _row_above(rows, filled, above, at)
        filled[at] = [
            source[column] if cell in DITTOS and column < len(source) and source[column] else cell
            for column, cell in enumerate(rows[at])
        ]
    return filled


def _row_above(
    rows: Sequence[list[str]], filled: Sequence[list[str]], above: Sequence[Sequence[str]], at: int
) -> Sequence[str]:
    for index in range(at - 1, max(at - 1 - _ROWS_ABOVE, -1), -1):
        row = above[index]
        if is_title_row(row):
            break
        if sum(map(bool, row)) > 1 and not any(is_total(cell) for cell in row if cell):
            return filled[index] if filled[index] is not rows[index] else row
    return ()
