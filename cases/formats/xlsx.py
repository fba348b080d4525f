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
MEMORY, SECONDS = 1024 * 1024 * 1024, 60
NOT_READABLE, TOO_LARGE = 3, 4


class NotReadable(Exception):
    """It is no XLSX file."""


class TooLarge(Exception):
    """It has too many rows, or needs more memory or time than it gets."""


def read_rows(data: bytes, most_rows: int) -> list[list[str]]:
    """The rows of the first sheet that has any, each cell as a person reads it; none where there is nothing.

    Raises NotReadable or TooLarge.
    """
    program = [sys.executable, "-I", str(Path(__file__)), str(most_rows)]
    try:
        done = subprocess.run(program, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise TooLarge from None
    if done.returncode == NOT_READABLE:
        raise NotReadable
    if done.returncode:  # TOO_LARGE, or ended by what it could not get
        raise TooLarge
    rows: list[list[str]] = json.loads(done.stdout)
    return rows


def _main(most_rows: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        rows: list[list[str]] = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > most_rows:
                return TOO_LARGE
            if sheet.total_height:
                rows = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
                break
        sys.stdout.write(json.dumps(rows))
    except MemoryError:
        return TOO_LARGE
    except (CalamineError, ValueError, OSError):
        return NOT_READABLE
    return 0


def _text(cell: "str | float | int | bool | date | datetime | time | timedelta") -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


if __name__ == "__main__":
    sys.exit(_main(int(sys.argv[1])))
