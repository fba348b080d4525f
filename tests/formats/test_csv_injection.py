"""What people wrote is never a formula in a spreadsheet."""

import pytest

from cases.formats.csv_injection import escape_cell, unescape_cell


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("http://example.com")', '\'=HYPERLINK("http://example.com")'),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("\u3000=1", "'\u3000=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        ("上海=1", "上海=1"),
        ("", ""),
        ("138****8000", "138****8000"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_written_and_read_back(text: str, written: str) -> None:
    assert escape_cell(text) == written
    assert unescape_cell(written) == text
