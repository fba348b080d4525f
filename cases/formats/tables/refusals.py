"""Why a table cannot be taken at all, and the limits that say so."""

from cases.domain.errors import CaseError, gettext_noop

MEGABYTE = 1024 * 1024
#: What is taken at once: the file, what an XLSX unpacks to, rows, columns, and characters of a cell.
MAX_TABLE_BYTES, MAX_UNPACKED_BYTES, MAX_ROWS, MAX_COLUMNS, MAX_CELL_LENGTH = (
    20 * MEGABYTE,
    300 * MEGABYTE,
    200_000,
    100,
    32_767,  # what Excel keeps in a cell
)


class TableRefused(CaseError):
    """A table that cannot be taken; the subclasses say why."""

    code = "table_refused"


class TableTooLarge(TableRefused):
    code = "table_too_large"
    message = gettext_noop(
        "The table is too large (limit: %(size)s MB and %(rows)s rows). Split it and import the parts."
    )

    def __init__(self) -> None:
        super().__init__(size=MAX_TABLE_BYTES // MEGABYTE, rows=f"{MAX_ROWS:,}")


class TableUnreadable(TableRefused):
    code = "table_not_understood"
    message = gettext_noop(
        "This file could not be read as a table. Save it as XLSX or CSV, or copy and paste the rows."
    )


class TableLocked(TableRefused):
    code = "table_locked"
    message = gettext_noop("This file is locked with a password. Save a copy without one, or copy and paste the rows.")


class TableEmpty(TableRefused):
    code = "table_empty"
    message = gettext_noop("The table is empty or has only a header row.")


class TooManyColumns(TableRefused):
    code = "too_many_columns"
    message = gettext_noop("The table has more than %(most)s columns. Check that each row is one card.")

    def __init__(self) -> None:
        super().__init__(most=MAX_COLUMNS)


class NoNumberColumn(TableRefused):
    code = "no_number_column"
    message = gettext_noop("Choose the column that contains the numbers.")
