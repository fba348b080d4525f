"""Cells merged into one count for every cell that they cover."""

from cases.formats.tables.workbook import Sheet

#: Cells that are filled at most: ranges that cover each other without end are nobody's table.
_MOST_FILLED = 5_000_000


def fill_merged(sheet: Sheet, *, across: bool) -> list[list[str]]:
    """The rows with the text of each merged range in all its cells; without `across`, in its first column only.

    A range that is as wide as the sheet is a banner: its text stays in its first cell.
    """
    rows = [list(row) for row in sheet.rows] if sheet.merges else sheet.rows
    left = _MOST_FILLED
    width = max((len(row) for row in rows), default=0)
    for first_row, first, last_row, last in sheet.merges:
        if not 0 <= first_row < len(rows) or first >= len(rows[first_row]):
            continue
        text = rows[first_row][first]
        is_banner = last - first + 1 >= max(width - 1, 4) and last_row == first_row
        if not text or is_banner:
            continue
        columns = range(first, min(last, width - 1) + 1) if across else range(first, first + 1)
        left -= (min(last_row, len(rows)) - first_row + 1) * len(columns)
        if left < 0:
            break
        for row in rows[first_row : last_row + 1]:
            for column in columns:
                row.extend([""] * (column + 1 - len(row)))
                row[column] = row[column] or text
    return rows
