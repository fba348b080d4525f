"""Rows of a table that name a number again: whether they say more than the first one did."""

from datetime import UTC, datetime

import pytest

from cases.formats.tables.card_rows import ReadOptions, read_sheet
from cases.formats.tables.workbook import Sheet
from cases.operations.card_import_repeats import Repeat, scan_table

CARRIERS = {"中国移动": "china-mobile", "中国联通": "china-unicom"}


@pytest.mark.parametrize(
    ("again", "says_more"), [("移动", False), ("CMCC", False), ("中国移动", False), ("", False), ("联通", True)]
)
def test_another_way_to_write_the_carrier_says_nothing_more(again: str, says_more: bool) -> None:
    rows = [["手机号", "运营商"], ["13800138000", "中国移动"], ["13800138001", "移动"], ["13800138000", again]]
    reading = read_sheet(Sheet(None, rows), ReadOptions(datetime(2026, 11, 30, tzinfo=UTC), CARRIERS))
    scan = scan_table(lambda: reading.rows, lambda value, other: True)
    assert scan.repeats == {(4, 0): Repeat(2, says_more)}
