"""A file that people hand in, as the sheets that it holds: XLSX, XLS, ODS, CSV, or rows pasted from a spreadsheet.

Every cell becomes the text that a person would read: a whole number without '.0', a day as 2026-09-30, a moment as
2026-09-30 15:00. A number that the spreadsheet could not keep is left in its scientific notation, so that nobody takes
it for whole. Nothing is believed before it is looked at: what a file is tell its bytes, a ZIP is measured by unpacking
it into nothing, and the file is then read by the function that is passed in, where it can harm nothing.
"""

import io
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cases.formats.spreadsheet_program import SpreadsheetLocked, SpreadsheetTooLarge, SpreadsheetUnreadable
from cases.formats.tables.delimited_text import decode_text, has_html_table, split_rows
from cases.formats.tables.html_tables import read_html_table
from cases.formats.tables.refusals import (
    MAX_CELL_LENGTH,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TABLE_BYTES,
    MAX_UNPACKED_BYTES,
    MEGABYTE,
    TableEmpty,
    TableLocked,
    TableTooLarge,
    TableUnreadable,
    TooManyColumns,
)

#: First row, first column, last row, last column of cells merged into one; 0-based.
Merge = tuple[int, int, int, int]
_CHUNK_BYTES = MEGABYTE
_ZIP_START, _OLE_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of texts that a person would read; `name` is None for a table of text."""

    name: str | None
    rows: list[list[str]]
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False


#: Reads an XLSX, XLS or ODS file of at most N rows in all; raises SpreadsheetUnreadable, -TooLarge, -Locked.
SpreadsheetReader = Callable[[bytes, int], list[Sheet]]


def read_workbook(data: bytes, read_spreadsheet: SpreadsheetReader) -> list[Sheet]:
    """The sheets of a file that have anything in them; rows with nothing in them are [], so that row numbers fit.

    Text is UTF-8, UTF-16 or GB18030, its cells separated in any usual way, or the table of a page. Raises TableRefused.
    """
    if len(data) > MAX_TABLE_BYTES:
        raise TableTooLarge()
    if data.startswith((_ZIP_START, _OLE_START)):
        sheets = _spreadsheet(data, read_spreadsheet)
    else:
        sheets = [_sheet_of_text(decode_text(data))]
    cleaned = [Sheet(sheet.name, _clean_rows(sheet.rows), sheet.merges, sheet.hidden) for sheet in sheets]
    cleaned = [sheet for sheet in cleaned if sheet.rows]
    if not cleaned:
        raise TableEmpty()
    return cleaned


def _sheet_of_text(text: str) -> Sheet:
    if has_html_table(text):  # what many portals hand out under the name of an Excel file
        table = read_html_table(text, MAX_ROWS)
        return Sheet(None, table.rows, table.merges)
    return Sheet(None, list(split_rows(text, MAX_ROWS)))


def _spreadsheet(data: bytes, read_spreadsheet: SpreadsheetReader) -> list[Sheet]:
    if data.startswith(_ZIP_START):
        _check_unpacked_size(data)
    try:
        return read_spreadsheet(data, MAX_ROWS + 1)
    except SpreadsheetUnreadable:
        raise TableUnreadable() from None
    except SpreadsheetTooLarge:
        raise TableTooLarge() from None
    except SpreadsheetLocked:
        raise TableLocked() from None


def _clean_rows(rows: Iterable[list[str]]) -> list[list[str]]:
    """The rows without what is empty at their ends and at the end; raises TableTooLarge, TooManyColumns."""
    cleaned: list[list[str]] = []
    for row in rows:
        if len(cleaned) > MAX_ROWS:
            raise TableTooLarge()
        cells = [cell.strip()[:MAX_CELL_LENGTH] for cell in row]  # the same text where there is nothing to cut off
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise TooManyColumns()
        cleaned.append(cells)
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    return cleaned


# What a ZIP unpacks to


def _check_unpacked_size(data: bytes) -> None:
    """Unpack a ZIP into nothing, and refuse one that is larger than it may be, whatever it says of itself."""
    remaining = MAX_UNPACKED_BYTES
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                remaining -= _unpacked_size(data, info, remaining)
                if remaining < 0:
                    raise TableTooLarge()
    except (BadZipFile, zlib.error, ValueError, NotImplementedError):
        raise TableUnreadable() from None


def _unpacked_size(data: bytes, info: ZipInfo, limit: int) -> int:
    """How much a member of a ZIP unpacks to, counted no further than just beyond `limit`."""
    head = data[info.header_offset : info.header_offset + 30]
    start = info.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    content = data[start : start + info.compress_size]
    if info.compress_type == ZIP_STORED:
        return len(content)
    if info.compress_type != ZIP_DEFLATED:
        raise TableUnreadable()
    size, unpacker = 0, zlib.decompressobj(-zlib.MAX_WBITS)
    while content and size <= limit:
        size += len(unpacker.decompress(content, _CHUNK_BYTES))
        content = unpacker.unconsumed_tail
    return size
