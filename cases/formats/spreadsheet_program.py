"""The program that reads XLSX, XLS and ODS files, to JSON; `operations.spreadsheet_process` starts it.

A file of a few hundred bytes may name a cell in the last row and the last column; the library then sets the whole
rectangle out in memory, and what it cannot get ends the process without a word. So it runs where nothing else does,
with a limit to memory and to time. It imports nothing of the product.

It writes a line for each sheet, an object with its name, whether it is hidden, and its merged ranges (first row, first
column, last row, last column; from 0), and after it a line for each row, a list of texts. Only with exit code 0 is that
all.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetVisibleEnum, load_workbook

#: Bytes of the process that reads, all of it.
MEMORY_LIMIT = 1024 * 1024 * 1024
EXIT_UNREADABLE, EXIT_TOO_LARGE, EXIT_LOCKED = 3, 4, 5
#: The largest whole number of which all numbers below it can be kept in a cell; beyond it the last digits are lost.
_LARGEST_EXACT = 2**53
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"

Cell = str | float | int | bool | date | datetime | time | timedelta
Range = tuple[int, int, int, int]


class SpreadsheetUnreadable(Exception):
    """It is no spreadsheet that can be read."""


class SpreadsheetTooLarge(Exception):
    """It has too many rows, or needs more memory or time than it gets."""


class SpreadsheetLocked(Exception):
    """It wants a password."""


def _main(max_rows: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        _write_sheets(data, max_rows)
    except (MemoryError, SpreadsheetTooLarge):
        return EXIT_TOO_LARGE
    except PasswordError:
        return EXIT_LOCKED
    except (CalamineError, ParseError, BadZipFile, KeyError, ValueError, OSError):
        return EXIT_LOCKED if _is_encrypted_package(data) else EXIT_UNREADABLE
    return 0


def _is_encrypted_package(data: bytes) -> bool:
    """An XLSX file with a password is an OLE file with a stream of this name."""
    return data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data


def _write_sheets(data: bytes, max_rows: int) -> None:
    book = load_workbook(io.BytesIO(data))
    merges_of_ods = _merges_of_ods(data)
    rows_left = max_rows
    for metadata in book.sheets_metadata:
        try:
            sheet = book.get_sheet_by_name(metadata.name)
        except CalamineError:
            continue  # a sheet of charts or macros
        rows_left -= sheet.total_height
        if rows_left < 0:
            raise SpreadsheetTooLarge
        if sheet.start:  # none where nothing is in any cell
            merges = merges_of_ods.get(metadata.name) or _merges(sheet)
            is_hidden = metadata.visible != SheetVisibleEnum.Visible
            _write_line({"name": metadata.name, "hidden": is_hidden, "merges": merges})
            left = [""] * sheet.start[1]  # empty columns at the left are not in the rows, empty rows above are
            for row in sheet.iter_rows():
                _write_line(left + [_cell_text(cell) for cell in row])


def _write_line(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


def _merges(sheet: CalamineSheet) -> list[Range]:
    ranges = sheet.merged_cell_ranges or []
    return [(first_row, first, last_row, last) for (first_row, first), (last_row, last) in ranges]


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) <= _LARGEST_EXACT else f"{Decimal(repr(cell)).normalize():E}"
    return str(cell)


# ODS: the library leaves its merged ranges out.


def _merges_of_ods(data: bytes) -> dict[str, list[Range]]:
    """The merged ranges of an ODS file by sheet; empty for any other file."""
    if not data.startswith(b"PK"):
        return {}
    merges: dict[str, list[Range]] = {}
    with ZipFile(io.BytesIO(data)) as archive:
        if "content.xml" not in archive.namelist():
            return {}
        with archive.open("content.xml") as content:
            row, sheet = 0, ""
            for event, element in iterparse(content, ("start", "end")):
                if element.tag == f"{_TABLE}table" and event == "start":
                    row, sheet = 0, element.get(f"{_TABLE}name", "")
                elif element.tag == f"{_TABLE}table-row" and event == "end":
                    merges.setdefault(sheet, []).extend(_merges_of_ods_row(element, row))
                    row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                    element.clear()
    return merges


def _merges_of_ods_row(element: Element, row: int) -> Iterator[Range]:
    column = 0
    for cell in element:
        rows = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        columns = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            yield row, column, row + rows - 1, column + columns - 1
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))


if __name__ == "__main__":
    sys.exit(_main(int(sys.argv[1])))
