"""Tables as files: CSV and XLSX, row by row, in memory that does not grow with the rows."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO, TextIOWrapper
from typing import IO

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
#: What Excel does not take in the name of a sheet, and how long that may be.
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_MAX_SHEET_NAME_CHARS = 31


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def content_type(self) -> str:
        if self is Format.XLSX:
            return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Table:
    """A table with its titles; `name` is that of the sheet.

    `total` is a row below all others that no filter or order touches; `notes` are sentences below the table.
    """

    name: str
    titles: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    notes: Sequence[str] = ()


def write_table(file: IO[bytes], file_format: Format, table: Table) -> int:
    """Write a table into an open file, which stays open; returns how many rows there were, without the total.

    Moments are written by the clock of Shanghai. No text is ever a formula.
    """
    return _write_xlsx(file, [table]) if file_format is Format.XLSX else _write_csv(file, table)


def workbook(*tables: Table) -> BytesIO:
    """The tables as the sheets of an XLSX file, from its beginning: for short ones."""
    file = BytesIO()
    _write_xlsx(file, tables)
    file.seek(0)
    return file


def _write_csv(file: IO[bytes], table: Table) -> int:
    # With the mark by which Excel knows that it is UTF-8.
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(table.titles)
    count = 0
    for count, row in enumerate(table.rows, 1):  # noqa: B007 (how many there were)
        writer.writerow([_csv_text(value) for value in row])
    writer.writerows([_csv_text(value) for value in row] for row in _rows_below(table))
    text.detach()
    return count


def _rows_below(table: Table) -> Iterator[Sequence[Cell]]:
    if table.total:
        yield table.total
    if table.notes:
        yield ()
        yield from ((note,) for note in table.notes)


def _csv_text(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return escape_cell(value.replace("\0", ""))
    return "" if value is None else str(value)


def _write_xlsx(file: IO[bytes], tables: Iterable[Table]) -> int:
    # A string is a string here, whatever it looks like; and rows leave the memory as they come.
    with Workbook(file, {"constant_memory": True, "tmpdir": str(settings.FILE_UPLOAD_TEMP_DIR)}) as book:
        return sum(_write_sheet(book, table) for table in tables)


def _write_sheet(book: Workbook, table: Table) -> int:
    sheet = _Sheet(book, table.name)
    sheet.write(0, table.titles, bold=True)
    count = 0
    for count, row in enumerate(table.rows, 1):
        sheet.write(count, row)
    sheet.make_filterable(rows=count, columns=len(table.titles))
    for number, row in enumerate(_rows_below(table), count + 1):
        sheet.write(number, row, bold=row is table.total)
    return count


class _Sheet:
    """The sheet of a workbook, with a name, titles that stay in sight, and a filter in each."""

    def __init__(self, book: Workbook, name: str) -> None:
        self._sheet = book.add_worksheet(_NOT_IN_SHEET_NAMES.sub(" ", name)[:_MAX_SHEET_NAME_CHARS])
        self._sheet.freeze_panes(1, 0)
        self._moment, self._day = (
            book.add_format({"num_format": shape}) for shape in ("yyyy-mm-dd hh:mm", "yyyy-mm-dd")
        )
        self._bold = book.add_format({"bold": True})

    def make_filterable(self, *, rows: int, columns: int) -> None:
        self._sheet.set_column(0, columns - 1, _COLUMN_WIDTH)
        self._sheet.autofilter(0, 0, rows, columns - 1)

    def write(self, number: int, row: Sequence[Cell], *, bold: bool = False) -> None:
        """Write a row; `number` counts from 0."""
        text_format = self._bold if bold else None
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                self._sheet.write_string(number, column, _NOT_XML.sub("", value)[:_MAX_CELL_CHARS], text_format)
            elif isinstance(value, datetime):
                naive = local(value).replace(tzinfo=None, second=0, microsecond=0)
                self._sheet.write_datetime(number, column, naive, self._moment)
            elif isinstance(value, date):
                self._sheet.write_datetime(number, column, value, self._day)
            else:
                self._sheet.write_number(number, column, value, text_format)
