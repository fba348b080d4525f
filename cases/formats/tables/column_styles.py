"""How a column writes what may be read in two ways, by its other cells: '19,00' and 05/03/2024."""

import re
from collections.abc import Iterable
from typing import Literal

ColumnStyle = Literal["", "decimal-comma", "day-first", "month-first"]

_COMMA = re.compile(r"\D*\d+,\d{1,2}\D*")
_OTHER_MARKS = re.compile(r"\d,\d{3}(?!\d)|\d\.\d{1,2}(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def style_of_fees(cells: Iterable[str]) -> ColumnStyle:
    """Whether two amounts at least have a comma before their cents, and none another mark."""
    commas = 0
    for cell in cells:
        if _OTHER_MARKS.search(cell):
            return ""
        commas += "," in cell and bool(_COMMA.fullmatch(cell))
    return "decimal-comma" if commas > 1 else ""


def style_of_days(cells: Iterable[str]) -> ColumnStyle:
    """Which comes first where the year is last, by the cells in which only one can; '' where they disagree."""
    styles: set[ColumnStyle] = set()
    for cell in cells:
        match = _YEAR_LAST.match(cell) if cell[:1].isdigit() else None
        if match and int(match[1]) > 12:
            styles.add("day-first")
        elif match and int(match[2]) > 12:
            styles.add("month-first")
    return styles.pop() if len(styles) == 1 else ""


def plain_amount(text: str, style: ColumnStyle) -> str:
    """The text with the point of cents as programs write it."""
    return text.replace(",", ".") if style == "decimal-comma" and _COMMA.fullmatch(text) else text


def year_first(text: str, style: ColumnStyle) -> str:
    """The text with its day as year, month, day, where the style of its column tells the order."""
    match = _YEAR_LAST.match(text) if style in ("day-first", "month-first") else None
    if not match:
        return text
    day, month = (match[1], match[2]) if style == "day-first" else (match[2], match[1])
    return f"{match[3]}-{month}-{day}{text[match.end() :]}"
