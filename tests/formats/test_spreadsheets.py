"""Tables as people hand them in, and what is refused before anything unfolds it."""

import io
import zipfile
import zlib
from datetime import date, datetime

import pytest
from xlsxwriter import Workbook

from cases.formats.spreadsheets import (
    TableEmpty,
    TableRefused,
    TableTooLarge,
    TableUnreadable,
    TooManyColumns,
    read_table,
)
from cases.operations.xlsx_process import read_xlsx


def xlsx(*rows: list[object], empty_first: bool = False) -> bytes:
    file = io.BytesIO()
    with Workbook(file) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        if empty_first:
            book.add_worksheet("leer")
        sheet = book.add_worksheet()
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(y, x, value, day)
                else:
                    sheet.write(y, x, value)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        "号码,运营商\n13800138000,移动\n".encode(),
        "号码,运营商\r\n13800138000,移动\r\n".encode("utf-8-sig"),
        "号码,运营商\n13800138000,移动\n".encode("gb18030"),
        "号码\t运营商\n13800138000\t移动".encode(),
        "号码;运营商\n13800138000;移动\n".encode(),
        "号码，运营商\n13800138000，移动\n".encode(),
        "号码\t运营商\n13800138000\t移动\n".encode("utf-16"),
        '号码,运营商\n"13800138000","移动"\n\n\n'.encode(),
        xlsx(["号码", "运营商"], ["13800138000", "移动"]),
        xlsx(["号码", "运营商"], [13800138000, "移动"], empty_first=True),
    ],
)
def test_the_same_table_in_every_shape(data: bytes) -> None:
    assert read_table(data, read_xlsx) == [["号码", "运营商"], ["13800138000", "移动"]]


def test_days_moments_and_sums_as_a_person_reads_them() -> None:
    data = xlsx(["号码", "提交", "到期", "月租"], ["1", datetime(2026, 9, 30, 15, 0), date(2027, 3, 31), 8.5])
    assert read_table(data, read_xlsx)[1] == ["1", "2026-09-30 15:00", "2027-03-31", "8.5"]


def test_empty_rows_in_between_keep_the_numbers_of_the_others() -> None:
    assert read_table("号码\n\n13800138000\n".encode(), read_xlsx) == [["号码"], [], ["13800138000"]]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", TableEmpty),
        ("号码,运营商\n".encode(), TableEmpty),
        (xlsx(), TableEmpty),
        (b"%PDF-1.4\n1 0 obj\n", TableUnreadable),
        (b"PK\x03\x04 and nothing else", TableUnreadable),
        (b"<html><body><table>", TableUnreadable),
        (b'[{"number": "13800138000"}]', TableUnreadable),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", TableUnreadable),
        (b"a,b\n\xff\xff\xff,1\n", TableUnreadable),
        ((",".join("abc" for _ in range(300)) + "\n1\n").encode(), TooManyColumns),
        (b"x" * (20 * 1024 * 1024 + 1), TableTooLarge),
        (b"a\n" + b"1\n" * 200_001, TableTooLarge),
    ],
)
def test_refused_with_a_name(data: bytes, error: type[TableRefused]) -> None:
    with pytest.raises(error):
        read_table(data, read_xlsx)


def vast(row: int, column: str) -> bytes:
    """A small XLSX file with two cells far apart."""
    data, cell = io.BytesIO(xlsx(["号码"], ["1"])), f'<c r="{column}{row}"><v>1</v></c>'
    file = io.BytesIO()
    with zipfile.ZipFile(data) as read, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for info in read.infolist():
            content = read.read(info).replace(b"</sheetData>", f'<row r="{row}">{cell}</row></sheetData>'.encode())
            written.writestr(info.filename, content)
    return file.getvalue()


@pytest.mark.parametrize(("row", "column"), [(1_048_576, "XFD"), (200_000, "XFD"), (300_000, "A")])
def test_a_few_bytes_that_claim_a_vast_sheet_end_nothing(row: int, column: str) -> None:
    data = vast(row, column)
    assert len(data) < 10_000
    with pytest.raises(TableTooLarge):
        read_table(data, read_xlsx)


def bomb(*, honest: bool) -> bytes:
    """A ZIP of little that unpacks to 400 MB, and one that says that it does not."""
    file = io.BytesIO()
    deflated = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(file, "w", deflated) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as member,
    ):
        for _ in range(400):
            member.write(b"0" * 1024 * 1024)
    data = bytearray(file.getvalue())
    if not honest:
        directory = data.rindex(b"PK\x01\x02")
        data[directory + 16 : directory + 20] = zlib.crc32(b"0" * 1000).to_bytes(4, "little")
        data[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize("honest", [True, False])
def test_a_bomb_is_measured_before_it_is_read(honest: bool) -> None:
    def never(*_: object) -> list[list[str]]:
        raise AssertionError("it was opened")

    data = bomb(honest=honest)
    assert len(data) < 1024 * 1024
    with pytest.raises(TableTooLarge):
        read_table(data, never)
