"""Spreadsheets, read by `cases.formats.spreadsheet_program` in a process of its own: no file can end this one."""

import json
import subprocess
import sys

from cases.formats import spreadsheet_program
from cases.formats.spreadsheet_program import SpreadsheetLocked, SpreadsheetTooLarge, SpreadsheetUnreadable
from cases.formats.tables.workbook import Sheet

TIMEOUT_SECONDS = 60


def read_spreadsheet(data: bytes, max_rows: int) -> list[Sheet]:
    """The sheets of an XLSX, XLS or ODS file that have any rows, each cell as a person reads it; `max_rows` in all.

    Raises SpreadsheetUnreadable, SpreadsheetTooLarge or SpreadsheetLocked.
    """
    command = [sys.executable, "-I", spreadsheet_program.__file__, str(max_rows)]
    try:
        process = subprocess.run(command, input=data, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SpreadsheetTooLarge from None
    if process.returncode == spreadsheet_program.EXIT_UNREADABLE:
        raise SpreadsheetUnreadable
    if process.returncode == spreadsheet_program.EXIT_LOCKED:
        raise SpreadsheetLocked
    if process.returncode:  # EXIT_TOO_LARGE, or ended by what it could not get
        raise SpreadsheetTooLarge
    return [
        Sheet(sheet["name"], sheet["rows"], [(a, b, c, d) for a, b, c, d in sheet["merges"]], sheet["hidden"])
        for sheet in json.loads(process.stdout)
    ]
