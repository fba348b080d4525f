"""Tables as files: CSV and XLSX, row by row, in memory that does not grow with the rows."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import TextIOWrapper
from typing import IO, Any, NamedTuple

from django.conf import settings
from xlsxwriter import Workbook

from cases.domain.business_days import local
from cases.formats.csv_injection import escape_cell

Cell = str | int | Decimal | date | datetime | None

#: What no XML may hold (XML 1.0, 2.2), and what therefore is not in an XLSX file.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: The most that one cell of XLSX holds.
_MAX_CELL_CHARS = 32_767
_COLUMN_WIDTH = 16


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def content_type(self) -> str:
        if self is Format.XLSX:
            return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook; `name` stands on its tab, empty: the program's own."""

    titles: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    name: str = ""


def write_table(file: IO[bytes], file_format: Format, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table with its titles into an open file, which stays open; returns how many rows there were.

    Moments are written by the clock of Shanghai. No text is ever a formula.
    """
    if file_format is Format.XLSX:
        return write_workbook(file, [Sheet(titles, rows)])
    return _write_csv(file, titles, rows)


def _write_csv(file: IO[bytes], titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    # With the mark by which Excel knows that it is UTF-8.
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(titles)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 (how many there were)
        writer.writerow([_csv_text(value) for value in row])
    text.detach()
    return count


def _csv_text(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return escape_cell(value.replace("\0", ""))
    return "" if value is None else str(value)


def write_workbook(file: IO[bytes], sheets: Iterable[Sheet]) -> int:
    """Write tables as the sheets of an XLSX file, as `write_table` does; returns how many rows they have."""
    # A string is a string here, whatever it looks like; and rows leave the memory as they come.
    with Workbook(file, {"constant_memory": True, "tmpdir": str(settings.FILE_UPLOAD_TEMP_DIR)}) as book:
        moment, day = (book.add_format({"num_format": shape}) for shape in ("yyyy-mm-dd hh:mm", "yyyy-mm-dd"))
        bold = book.add_format({"bold": True})
        return sum(_write_sheet(book, sheet, _Formats(bold, moment, day)) for sheet in sheets)


class _Formats(NamedTuple):
    """How titles, moments and days are shown."""

    title: Any
    moment: Any
    day: Any


def _write_sheet(book: Workbook, sheet: Sheet, formats: _Formats) -> int:
    worksheet = book.add_worksheet(sheet.name or None)
    worksheet.freeze_panes(1, 0)
    worksheet.set_column(0, len(sheet.titles) - 1, _COLUMN_WIDTH)
    for column, title in enumerate(sheet.titles):
        worksheet.write_string(0, column, title, formats.title)
    count = 0
    for count, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                worksheet.write_string(count, column, _NOT_XML.sub("", value)[:_MAX_CELL_CHARS])
            elif isinstance(value, datetime):
                naive = local(value).replace(tzinfo=None, second=0, microsecond=0)
                worksheet.write_datetime(count, column, naive, formats.moment)
            elif isinstance(value, date):
                worksheet.write_datetime(count, column, value, formats.day)
            else:
                worksheet.write_number(count, column, value)
    return count
