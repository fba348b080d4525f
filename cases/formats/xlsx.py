"""The program that reads the rows of an XLSX file, from standard input to JSON; `operations.xlsx_process` starts it.

A file of a few hundred bytes may name a cell in the last row and the last column; the library then sets the whole
rectangle out in memory, and what it cannot get ends the process without a word. So it runs where nothing else does,
with a limit to memory and to time. It imports nothing of the product.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, load_workbook

#: Bytes of the process that reads, all of it.
MEMORY_LIMIT = 1024 * 1024 * 1024
EXIT_UNREADABLE, EXIT_TOO_LARGE = 3, 4


class XlsxUnreadable(Exception):
    """It is no XLSX file."""


class XlsxTooLarge(Exception):
    """It has too many rows, or needs more memory or time than it gets."""


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
