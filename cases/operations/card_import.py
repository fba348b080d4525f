"""Importing a table of cards: a dry run first, then the rows in chunks, each chunk one transaction.

A dry run changes nothing, and the import does what it forecast: a card that the team lacks is registered, one that it
has gets what the table adds; a row that names a request to cancel opens a case in that standing. The same table
imported again changes nothing.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.domain.errors import CaseError
from cases.formats.tables.card_rows import SheetReading
from cases.formats.tables.workbook import Sheet
from cases.models import CardImport, Carrier, Team, User
from cases.operations.card_import_plan import RowPlan

#: Counted beside the outcomes of the rows: the cases that are opened, and the rows with warnings.
CASE_COUNT, WARNING_COUNT = "case", "warned"


@dataclass(frozen=True)
class ImportOptions:
    """How a table is read, where a person says so. `header_row` is counted from 1, 0: the sheet has no titles, None: as
    it is recognized; `columns`: field by column from 0 ("" leaves it out, "custom" makes it a column of the team's own),
    None: as recognized or as remembered; `carrier`: of all rows that name none."""

    sheet: int
    header_row: int | None = None
    columns: Mapping[int, str] | None = None
    carrier: Carrier | None = None


def upload(team: Team, name: str, data: bytes, *, by: User, now: datetime) -> CardImport:
    """Store a file for a dry run, with the sheet to take and remembered columns; raises TableRefused."""
    raise NotImplementedError


def set_options(card_import: CardImport, options: ImportOptions, *, now: datetime) -> None:
    """Read the table in another way; columns are remembered for the team's files with the same titles.

    Another sheet forgets the mended cells. Raises ImportNotNew once it runs, NoSuchSheet. A dry run has to follow.
    """
    raise NotImplementedError


def set_fix(card_import: CardImport, row: int, column: int, text: str) -> None:
    """Mend a cell of the chosen sheet (row from 1, column from 0), before the import; raises ImportNotNew, NoSuchCell.

    A dry run has to follow.
    """
    raise NotImplementedError


def load_sheets(card_import: CardImport) -> list[Sheet]:
    """The sheets of the stored file; none once it is deleted, or where its key is missing."""
    raise NotImplementedError


def read_table(card_import: CardImport, now: datetime) -> SheetReading | None:
    """The chosen sheet as it is read with the import's options; None where the file is not stored any more."""
    raise NotImplementedError


def dry_run(card_import: CardImport, *, by: User, now: datetime) -> None:
    """Count what would become of the rows, and store that as `forecast`; `now` is aware. Raises NoNumberColumn.

    `forecast`: "counts" by outcome, and CASE_COUNT, WARNING_COUNT; "ranges": for each of these, of which rows
    ([[first, last], ...], counted from 1); "header_row"; "columns": [[index, title, field], ...] as read;
    "unknown_carriers": [[name as written, rows], ...]; "new_columns": titles that become columns of the team's own;
    "new_handlers": names of people who are no members yet.
    """
    raise NotImplementedError


def rows_with(card_import: CardImport, outcome: str) -> list[int]:
    """The rows (counted from 1) that the dry run forecast this outcome for, or CASE_COUNT or WARNING_COUNT of."""
    raise NotImplementedError


def plan_rows(
    card_import: CardImport, *, by: User, now: datetime, rows: Container[int] | None = None
) -> Iterator[RowPlan]:
    """What would become of every row of the chosen sheet by what is stored now, or of those in `rows`, in their order.

    The number of queries grows with every CHUNK rows.
    """
    raise NotImplementedError


def start(card_import: CardImport, *, by: User, now: datetime) -> bool:
    """Start the import, from the first row or from where it was cancelled; False where it cannot be started."""
    raise NotImplementedError


def cancel(card_import: CardImport) -> None:
    """Stop after the chunk that is being imported; what is imported stays."""
    raise NotImplementedError


def run_chunks(pk: int, now: datetime, to_text: Callable[[Sequence[CaseError]], str]) -> Iterator[CardImport]:
    """Import the rows of a running import, yielding after each chunk; ends when all are done or somebody stopped it.

    `to_text` renders the errors of a row in the language of whoever uploaded the table.
    """
    raise NotImplementedError


def delete_old_tables(before: datetime) -> int:
    """Delete the tables, the failed rows and what is needed to take imports back, of those uploaded before a moment
    (aware); returns how many imports.

    Who uploaded how many rows, and what became of them, stays.
    """
    raise NotImplementedError
