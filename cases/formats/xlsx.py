"""The rows of an XLSX file, read in a process of its own: `read_rows`, and this file as the program that it starts.

A file of a few hundred bytes may name a cell in the last row and the last column; the library then sets the whole
rectangle out in memory, and what it cannot get ends the process without a word. So it runs where nothing else does,
with a limit to memory and to time.
"""

import io
import json
import resource
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, load_workbook

#: Of the process that reads, all of it; and how long it may take.
MEMORY_LIMIT, TIMEOUT_SECONDS = 1024 * 1024 * 1024, 60
EXIT_UNREADABLE, EXIT_TOO_LARGE = 3, 4


class XlsxUnreadable(Exception):
    """It is no XLSX file."""


class XlsxTooLarge(Exception):
    """It has too many rows, or needs more memory or time than it gets."""


def read_rows(data: bytes, max_rows: int) -> list[list[str]]:
    """The rows of the first sheet that has any, each cell as a person reads it; none where there is nothing.

    Raises NotReadable or TooLarge.
    """
    command = [sys.executable, "-I", str(Path(__file__)), str(max_rows)]
    try:
        process = subprocess.run(command, input=data, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise XlsxTooLarge from None
    if process.returncode == EXIT_UNREADABLE:
        raise XlsxUnreadable
    if process.returncode:  # TOO_LARGE, or ended by what it could not get
        raise XlsxTooLarge
    rows: list[list[str]] = json.loads(process.stdout)
    return rows


def _main(max_rows: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        rows: list[list[str]] = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > max_rows:
                return EXIT_TOO_LARGE
            if sheet.total_height:
                rows = [[_cell_text(cell) for cell in row] for row in sheet.iter_rows()]
                break
        sys.stdout.write(json.dumps(rows))
    except MemoryError:
        return EXIT_TOO_LARGE
    except (CalamineError, ValueError, OSError):
        return EXIT_UNREADABLE
    return 0


def _cell_text(cell: "str | float | int | bool | date | datetime | time | timedelta") -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


if __name__ == "__main__":
    sys.exit(_main(int(sys.argv[1])))
