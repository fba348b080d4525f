"""Tables that people hand in: CSV, XLSX, or rows pasted from a spreadsheet, as rows of texts.

Every cell becomes the text that a person would read: a whole number without '.0', a day as 2026-09-30, a moment as
2026-09-30 15:00. Nothing is believed before it is looked at: what a file is tell its bytes, and an XLSX file, which is
a ZIP, is measured by unpacking it into nothing, and then read by the function that is passed in, where it can harm
nothing.
"""

import csv
import io
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cases.domain.text_encoding import decode, encodings_of
from cases.formats.tables.refusals import (
    MAX_CELL_LENGTH,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TABLE_BYTES,
    MAX_UNPACKED_BYTES,
    MEGABYTE,
    TableEmpty,
    TableRefused,
    TableTooLarge,
    TableUnreadable,
    TooManyColumns,
)
from cases.formats.xlsx import XlsxTooLarge, XlsxUnreadable

_CHUNK_BYTES = MEGABYTE
#: Spreadsheets keep a day as the number of days since this one (with their leap day of 1900, which never was).
_SERIAL_EPOCH = datetime(1899, 12, 30)

__all__ = [
    "MAX_CELL_LENGTH",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "MAX_TABLE_BYTES",
    "MAX_UNPACKED_BYTES",
    "MEGABYTE",
    "TableEmpty",
    "TableRefused",
    "TableTooLarge",
    "TableUnreadable",
    "TooManyColumns",
    "moment_from_serial",
    "read_table",
]

TableRow = list[str]
#: Reads an XLSX file of at most N rows; raises XlsxUnreadable, XlsxTooLarge.
XlsxReader = Callable[[bytes, int], list[TableRow]]


def read_table(data: bytes, read_xlsx: XlsxReader) -> list[TableRow]:
    """The rows of a file, the row of titles first; rows with nothing in them are kept as [], so that numbers fit.

    Text is UTF-8 (with or without its mark), UTF-16 with its mark, or GB18030; of an XLSX file the first sheet that
    has anything in it counts. Raises TableRefused.
    """
    if len(data) > MAX_TABLE_BYTES:
        raise TableTooLarge()
    is_xlsx = data.startswith(b"PK\x03\x04")
    rows = list(_clean_rows(_xlsx_rows(data, read_xlsx) if is_xlsx else _csv_rows(_decode(data))))
    while rows and not rows[-1]:
        rows.pop()
    if sum(1 for row in rows if row) < 2:
        raise TableEmpty()
    return rows


def _clean_rows(rows: Iterator[TableRow]) -> Iterator[TableRow]:
    for number, row in enumerate(rows):
        if number > MAX_ROWS:
            raise TableTooLarge()
        cells = [cell.strip()[:MAX_CELL_LENGTH] for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise TooManyColumns()
        yield cells


# Text


def _decode(data: bytes) -> str:
    text = decode(data, encodings_of(data))
    if text is None or "\0" in text or text.startswith("%PDF-") or text.lstrip()[:1] in ("<", "{", "["):
        raise TableUnreadable()
    return text


def _csv_rows(text: str) -> Iterator[TableRow]:
    head = text.lstrip("\r\n").split("\n", 1)[0]
    # What is copied from a spreadsheet comes with tabs; some programs write CSV with semicolons.
    separator = max("\t,;，", key=head.count) if any(candidate in head for candidate in "\t,;，") else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise TableUnreadable() from None


# XLSX


def _xlsx_rows(data: bytes, read_xlsx: XlsxReader) -> Iterator[TableRow]:
    _check_unpacked_size(data)
    try:
        rows = read_xlsx(data, MAX_ROWS + 1)
    except XlsxUnreadable:
        raise TableUnreadable() from None
    except XlsxTooLarge:
        raise TableTooLarge() from None
    if not rows:
        raise TableEmpty()
    return iter(rows)


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
    """How much a member of a ZIP unpacks to, counted no further than just beyond `most`."""
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


def moment_from_serial(number: float) -> datetime:
    """The moment that a spreadsheet keeps as this number, without a time zone."""
    return (_SERIAL_EPOCH + timedelta(days=number)).replace(microsecond=0)
