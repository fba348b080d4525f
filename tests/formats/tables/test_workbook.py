"""Files as people hand them in, as sheets; and what is refused before anything unfolds it."""

import io
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from cases.formats.tables.refusals import (
    TableEmpty,
    TableLocked,
    TableRefused,
    TableTooLarge,
    TableUnreadable,
    TooManyColumns,
)
from cases.formats.tables.workbook import Sheet, read_workbook
from cases.operations.spreadsheet_process import read_spreadsheet

ROWS = [["手机号", "运营商"], ["13800138000", "移动"]]


def xlsx(*rows: list[object], merged: str = "", more: tuple[str, bool] | None = None) -> bytes:
    """A workbook with a sheet of these rows; `more` is another sheet's name, and whether it is hidden."""
    file = io.BytesIO()
    with Workbook(file) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet("空表")
        sheet = book.add_worksheet("台账")
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(y, x, value, day)
                else:
                    sheet.write(y, x, value)
        if merged:
            sheet.merge_range(merged, "销售部")
        if more:
            other = book.add_worksheet(more[0])
            other.write(0, 0, "手机号")
            if more[1]:
                other.hide()
    return file.getvalue()


def rows_of(data: bytes) -> list[list[str]]:
    (sheet,) = read_workbook(data, read_spreadsheet)
    return sheet.rows


@pytest.mark.parametrize(
    "data",
    [
        "手机号,运营商\n13800138000,移动\n".encode(),
        "手机号,运营商\r\n13800138000,移动\r\n".encode("utf-8-sig"),
        "手机号,运营商\n13800138000,移动\n".encode("gb18030"),
        "手机号\t运营商\n13800138000\t移动".encode(),
        "手机号;运营商\n13800138000;移动\n".encode(),
        "手机号|运营商\n13800138000|移动\n".encode(),
        "| 手机号 | 运营商 |\n| 13800138000 | 移动 |\n".encode(),
        "手机号，运营商\n13800138000，移动\n".encode(),
        "手机号、运营商\n13800138000、移动\n".encode(),
        "手机号 运营商\n13800138000 移动\n".encode(),
        "手机号   运营商\n13800138000  移动\n".encode(),
        "手机号\t运营商\n13800138000\t移动\n".encode("utf-16"),
        "手机号\t运营商\n13800138000\t移动\n".encode("utf-16-le"),
        '手机号,运营商\n"13800138000","移动"\n\n\n'.encode(),
        '手机号,运营商\n="13800138000",移动\n'.encode(),
        "<html><table><tr><th>手机号<th>运营商</tr><tr><td>13800138000</td><td> 移动</td></tr></table>".encode(
            "gb18030"
        ),
        xlsx(["手机号", "运营商"], ["13800138000", "移动"]),
        xlsx(["手机号", "运营商"], [13800138000, "移动"]),
    ],
)
def test_the_same_table_in_every_shape(data: bytes) -> None:
    assert rows_of(data) == ROWS


def test_the_line_that_names_the_separator_is_a_row() -> None:
    assert rows_of("sep=;\n手机号;备注\n13800138000;a,b;\n".encode()) == [
        ["sep=;"],
        ["手机号", "备注"],
        ["13800138000", "a,b"],
    ]


def test_cells_with_separators_and_line_breaks_in_quotes() -> None:
    data = '手机号,备注\n13800138000,"第一行\n第二行,""是"""\n13800138001,\n'.encode()
    assert rows_of(data) == [["手机号", "备注"], ["13800138000", '第一行\n第二行,"是"'], ["13800138001"]]


def test_days_moments_sums_and_long_numbers_as_a_person_reads_them() -> None:
    data = xlsx(["x"], [datetime(2026, 9, 30, 15, 0), date(2027, 3, 31), 8.5, 2026112012345678, True])
    assert rows_of(data)[1] == ["2026-09-30 15:00", "2027-03-31", "8.5", "2026112012345678", "TRUE"]


def test_a_number_that_the_spreadsheet_could_not_keep_stays_scientific() -> None:
    assert rows_of(xlsx(["x"], [8.98600753094224e19]))[1] == ["8.98600753094224E+19"]


def test_every_sheet_with_its_merged_cells_and_hidden_ones_known() -> None:
    data = xlsx(["部门"], ["", "13800138000"], ["", "13800138001"], merged="A2:A3", more=("旧", True))
    first, second = read_workbook(data, read_spreadsheet)
    assert (first.name, first.merges, first.hidden) == ("台账", [(1, 0, 2, 0)], False)
    assert first.rows == [["部门"], ["销售部", "13800138000"], ["", "13800138001"]]
    assert (second.name, second.rows, second.hidden) == ("旧", [["手机号"]], True)


def test_empty_columns_and_rows_before_the_table_keep_their_places() -> None:
    file = io.BytesIO()
    with Workbook(file) as book:
        book.add_worksheet().write("C3", "手机号")
    assert rows_of(file.getvalue()) == [[], [], ["", "", "手机号"]]


def test_an_xls_file() -> None:
    first, second = read_workbook((Path(__file__).parent / "cards.xls").read_bytes(), read_spreadsheet)
    assert first.rows[2:] == [
        ["销售部", "13800138000", "2024-03-05"],
        ["", "13800138001", "", "8.98600753094224E+19"],
    ]
    assert sorted(first.merges) == [(0, 0, 0, 3), (2, 0, 3, 0)]
    assert (second.name, second.hidden) == ("旧表", True)


def test_a_page_under_the_name_of_a_spreadsheet_with_merged_cells() -> None:
    page = (
        '\ufeff<table><tr><th rowspan="2">部门<th colspan="2">号卡信息<tr><td>手机号<td>备注</tr>'
        "<tr><td>销售部&nbsp;<td>13800138000<td>a<br>b</table>"
    )
    (sheet,) = read_workbook(page.encode(), read_spreadsheet)
    assert sheet.rows == [["部门", "号卡信息"], ["", "手机号", "备注"], ["销售部", "13800138000", "a\nb"]]
    assert sheet.merges == [(0, 0, 1, 0), (0, 1, 0, 2)]


def ods(content: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        packed.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="台账">{content}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


def test_an_ods_file_with_merged_cells() -> None:
    text = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    merged = ' table:number-rows-spanned="2"'
    number = '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p></table:table-cell>'
    data = ods(
        f"<table:table-row>{text.format('', '部门')}{text.format('', '手机号')}</table:table-row>"
        f"<table:table-row>{text.format(merged, '销售部')}{number.format(13800138000)}"
        "</table:table-row>"
        f"<table:table-row><table:covered-table-cell/>{number.format(13800138001)}</table:table-row>"
    )
    (sheet,) = read_workbook(data, read_spreadsheet)
    assert sheet == Sheet(
        "台账", [["部门", "手机号"], ["销售部", "13800138000"], ["", "13800138001"]], [(1, 0, 2, 0)], False
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", TableEmpty),
        (b"\n\n", TableEmpty),
        (xlsx(), TableEmpty),
        (b"%PDF-1.4\n1 0 obj\n", TableUnreadable),
        (b"PK\x03\x04 and nothing else", TableUnreadable),
        (b"\xd0\xcf\x11\xe0 and nothing else", TableUnreadable),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), TableLocked),
        (b"<html><body><table>", TableUnreadable),
        (b'[{"number": "13800138000"}]', TableUnreadable),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", TableUnreadable),
        (b"a,b\n\xff\xff\xff,1\n", TableUnreadable),
        ((",".join("abc" for _ in range(300)) + "\n1\n").encode(), TooManyColumns),
        (b"x" * (20 * 1024 * 1024 + 1), TableTooLarge),
        (b"a\n" + b"1\n" * 200_001, TableTooLarge),
        (b"\n" * 500_000, TableTooLarge),
    ],
)
def test_refused_with_a_name(data: bytes, error: type[TableRefused]) -> None:
    with pytest.raises(error):
        read_workbook(data, read_spreadsheet)


def vast(row: int, column: str) -> bytes:
    """A small XLSX file with two cells far apart."""
    data, cell = io.BytesIO(xlsx(["手机号"], ["1"])), f'<c r="{column}{row}"><v>1</v></c>'
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
        read_workbook(data, read_spreadsheet)


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
    def never(*_: object) -> list[Sheet]:
        raise AssertionError("it was opened")

    data = bomb(honest=honest)
    assert len(data) < 1024 * 1024
    with pytest.raises(TableTooLarge):
        read_workbook(data, never)
