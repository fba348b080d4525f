"""A file that people hand in, as the sheets that it holds: XLSX, XLS, ODS, CSV, or rows pasted from a spreadsheet."""

from collections.abc import Callable
from dataclasses import dataclass, field

#: First row, first column, last row, last column of cells merged into one; 0-based.
Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of texts that a person would read; `name` is None for a table of text."""

    name: str | None
    rows: list[list[str]]
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False


#: Reads an XLSX, XLS or ODS file of at most N rows a sheet; raises SpreadsheetUnreadable, -TooLarge, -Locked.
SpreadsheetReader = Callable[[bytes, int], list[Sheet]]


def read_workbook(data: bytes, read_spreadsheet: SpreadsheetReader) -> list[Sheet]:
    """The sheets of a file that have anything in them; raises TableRefused."""
    raise NotImplementedError
