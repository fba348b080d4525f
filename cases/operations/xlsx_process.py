"""The rows of an XLSX file, read by `cases.formats.xlsx` in a process of its own, so that no file can end this one."""

import json
import subprocess
import sys

from cases.formats import xlsx
from cases.formats.xlsx import XlsxTooLarge, XlsxUnreadable

TIMEOUT_SECONDS = 60


def read_xlsx(data: bytes, max_rows: int) -> list[list[str]]:
    """The rows of the first sheet that has any, each cell as a person reads it; none where there is nothing.

    Raises XlsxUnreadable or XlsxTooLarge.
    """
    command = [sys.executable, "-I", xlsx.__file__, str(max_rows)]
    try:
        process = subprocess.run(command, input=data, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise XlsxTooLarge from None
    if process.returncode == xlsx.EXIT_UNREADABLE:
        raise XlsxUnreadable
    if process.returncode:  # EXIT_TOO_LARGE, or ended by what it could not get
        raise XlsxTooLarge
    rows: list[list[str]] = json.loads(process.stdout)
    return rows
