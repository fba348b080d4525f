"""Spreadsheets, read by `cases.formats.spreadsheet_program` in a process of its own: no file can end this one."""

import json
import subprocess
import sys
from collections.abc import Iterable
from tempfile import TemporaryFile
from threading import Timer

from cases.formats import spreadsheet_program
from cases.formats.spreadsheet_program import SpreadsheetLocked, SpreadsheetTooLarge, SpreadsheetUnreadable
from cases.formats.tables.workbook import Sheet

TIMEOUT_SECONDS = 60


def read_spreadsheet(data: bytes, max_rows: int) -> list[Sheet]:
    """The sheets of an XLSX, XLS or ODS file that have any rows, each cell as a person reads it; `max_rows` in all.

    Raises SpreadsheetUnreadable, SpreadsheetTooLarge or SpreadsheetLocked.
    """
    command = [sys.executable, "-I", spreadsheet_program.__file__, str(max_rows)]
    with TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        with subprocess.Popen(
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            timer = Timer(TIMEOUT_SECONDS, process.kill)
            timer.start()
            try:
                sheets = _read_lines(process.stdout or ())
            finally:
                timer.cancel()
    if process.returncode == spreadsheet_program.EXIT_UNREADABLE:
        raise SpreadsheetUnreadable
    if process.returncode == spreadsheet_program.EXIT_LOCKED:
        raise SpreadsheetLocked
    if process.returncode:  # EXIT_TOO_LARGE, out of time, or ended by what it could not get
        raise SpreadsheetTooLarge
    return sheets


def _read_lines(lines: Iterable[str]) -> list[Sheet]:
    """The sheets as far as they were written; cells with the same text share it, which keeps long tables small."""
    sheets: list[Sheet] = []
    texts: dict[str, str] = {}
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            break  # the last line of a process that was ended
        if isinstance(value, dict):
            merges = [(top, left, bottom, right) for top, left, bottom, right in value["merges"]]
            sheets.append(Sheet(value["name"], [], merges, value["hidden"]))
        else:
            sheets[-1].rows.append([texts.setdefault(cell, cell) for cell in value])
    return sheets
