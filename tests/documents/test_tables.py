"""Tables as files: the sheet's name, its filter, and what stands below the rows."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import load_workbook

from cases.documents.tables import Format, Table, workbook, write_table


def sheet_xml(table: Table) -> str:
    with ZipFile(workbook(table)) as packed:
        return packed.read("xl/worksheets/sheet1.xml").decode()


def test_no_total_and_no_note_is_filtered_or_sorted_among_the_rows() -> None:
    table = Table("October", ["Carrier", "Cases"], [["A", 1], ["B", 2]], total=["All", 3], notes=["Synthetic."])
    assert re.findall(r'<autoFilter ref="([^"]+)"', sheet_xml(table)) == ["A1:B3"]
    sheet = load_workbook(workbook(table)).get_sheet_by_index(0)
    assert sheet.to_python() == [["Carrier", "Cases"], ["A", 1], ["B", 2], ["All", 3], ["", ""], ["Synthetic.", ""]]


def test_as_csv_they_are_there_too() -> None:
    file = BytesIO()
    table = Table("October", ["Carrier", "Cases"], [["A", 1]], total=["All", 1], notes=["=1"])
    assert write_table(file, Format.CSV, table) == 1
    assert file.getvalue().decode("utf-8-sig") == "Carrier,Cases\r\nA,1\r\nAll,1\r\n\r\n'=1\r\n"


def test_an_empty_table_has_its_titles_and_a_filter() -> None:
    table = Table("Cases", ["A", "B", "C"], [])
    assert '<autoFilter ref="A1:C1"' in sheet_xml(table)
    assert load_workbook(workbook(table)).get_sheet_by_index(0).to_python() == [["A", "B", "C"]]


@pytest.mark.parametrize(
    ("name", "expected"), [("10/2026 [x]: 'a'?", "10 2026  x    a  "), ("号" * 40, "号" * 31), ("Cases", "Cases")]
)
def test_every_name_of_a_sheet_is_one_that_excel_opens(name: str, expected: str) -> None:
    assert load_workbook(workbook(Table(name, ["A"], [["x"]]))).sheet_names == [expected]
