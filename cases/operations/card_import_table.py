"""The file of an import: stored, read with what a person has set, and what is learnt of its titles."""

import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cases.domain.errors import CaseError, gettext_noop
from cases.formats.tables.card_rows import SheetReader, choose_sheet
from cases.formats.tables.readings import ReadColumn, ReadOptions, ReadRow, SheetReading
from cases.formats.tables.titles import normalize_title
from cases.formats.tables.workbook import Sheet, read_workbook
from cases.models import CardImport, Carrier, ImportMapping, Team, User
from cases.models.card_imports import SheetJson
from cases.models.choices import ImportState
from cases.operations.carrier_names import known_carrier_names
from cases.operations.spreadsheet_process import read_spreadsheet


class ImportNotNew(CaseError):
    """An import whose table was to be read in another way has been started."""

    code = "import_not_new"
    message = gettext_noop("This import has been started. Upload the table again to change how it is read.")


class NoSuchSheet(CaseError):
    code = "no_such_sheet"
    message = gettext_noop("The file has no such sheet. Choose another one.")


class NoSuchCell(CaseError):
    code = "no_such_cell"
    message = gettext_noop("The sheet has no row %(row)s. Reload the page and try again.")


@dataclass(frozen=True)
class ImportOptions:
    """How a table is read, where a person says so.

    `header_row` is counted from 1, 0: the sheet has no titles, None: as it is recognized; `columns`: field by column
    from 0 ("" leaves it out, "custom" makes it a column of the team's own), None: as recognized or as remembered;
    `carrier`: of all rows that name none.
    """

    sheet: int
    header_row: int | None = None
    columns: Mapping[int, str] | None = None
    carrier: Carrier | None = None


def upload(team: Team, name: str, data: bytes, *, by: User, now: datetime) -> CardImport:
    """Store a file for a dry run, with the sheet to take and remembered columns; raises TableRefused."""
    sheets = read_workbook(data, read_spreadsheet)
    card_import = CardImport(team=team, made_by=by, made_at=now, name=name[:120])
    card_import.store_sheets([_as_json(sheet) for sheet in sheets])
    card_import.sheets = [[sheet.name, len(sheet.rows)] for sheet in sheets]
    card_import.sheet = choose_sheet(sheets)
    card_import.last_row = len(sheets[card_import.sheet].rows)
    _recall_columns(card_import, sheets[card_import.sheet], now)
    card_import.save()
    return card_import


def set_options(card_import: CardImport, options: ImportOptions, *, now: datetime) -> None:
    """Read the table in another way; columns are remembered for the team's files with the same titles.

    Another sheet forgets the mended cells. Raises ImportNotNew once it runs, NoSuchSheet. A dry run has to follow.
    """
    with transaction.atomic():
        stored = _lock_new(card_import)
        sheets = load_sheets(stored)
        if not 0 <= options.sheet < len(sheets):
            raise NoSuchSheet()
        if options.sheet != stored.sheet:
            stored.fixes = {}
        sheet = sheets[options.sheet]
        stored.sheet, stored.last_row = options.sheet, len(sheet.rows)
        stored.header_row, stored.carrier = options.header_row, options.carrier
        stored.forecast = {}
        if options.columns is None:
            _recall_columns(stored, sheet, now)
        else:
            stored.columns = {str(index): field for index, field in options.columns.items()}
            _remember_columns(stored, sheet, now)
        stored.save()
    _copy(stored, card_import)


def set_fix(card_import: CardImport, row: int, column: int, text: str) -> None:
    """Mend a cell of the chosen sheet (row from 1, column from 0), before the import; raises ImportNotNew, NoSuchCell.

    A dry run has to follow.
    """
    with transaction.atomic():
        stored = _lock_new(card_import)
        if not 1 <= row <= stored.last_row or column < 0:
            raise NoSuchCell(row=row)
        fixes: dict[str, dict[str, str]] = dict(stored.fixes)
        fixes[str(row)] = {**fixes.get(str(row), {}), str(column): text}
        stored.fixes, stored.forecast = fixes, {}
        stored.save(update_fields=["fixes", "forecast"])
    _copy(stored, card_import)


def _lock_new(card_import: CardImport) -> CardImport:
    stored = CardImport.objects.select_for_update(of=("self",)).select_related("team").get(pk=card_import.pk)
    if stored.state != ImportState.NEW or not stored.encrypted:
        raise ImportNotNew()
    return stored


def _copy(stored: CardImport, card_import: CardImport) -> None:
    for name in ("sheet", "last_row", "header_row", "columns", "carrier", "fixes", "forecast"):
        setattr(card_import, name, getattr(stored, name))


# Reading


def load_sheets(card_import: CardImport) -> list[Sheet]:
    """The sheets of the stored file; none once it is deleted, or where its key is missing."""
    return [
        Sheet(sheet["name"], sheet["rows"], [(a, b, c, d) for a, b, c, d in sheet["merges"]], sheet["hidden"])
        for sheet in card_import.load_sheets()
    ]


class OpenTable:
    """The chosen sheet of an import, to be gone through any number of times; `header_row`, `columns` as read."""

    def __init__(self, sheet: Sheet, options: ReadOptions) -> None:
        self.sheet, self._options = sheet, options
        reader = SheetReader(sheet, options)
        self.header_row, self.columns = reader.header_row, reader.columns

    def rows(self, only: Container[int] | None = None) -> Iterator[ReadRow]:
        """All rows, or those with these numbers, in their order."""
        return SheetReader(self.sheet, self._options).rows(only)


def open_table(card_import: CardImport, now: datetime) -> OpenTable | None:
    """The chosen sheet as it is read with the import's options; None where the file is not stored any more."""
    sheets = load_sheets(card_import)
    if card_import.sheet >= len(sheets):
        return None
    return OpenTable(sheets[card_import.sheet], _options(card_import, now))


def read_table(card_import: CardImport, now: datetime) -> SheetReading | None:
    """The same with all its rows at once."""
    table = open_table(card_import, now)
    return SheetReading(table.sheet.name, table.header_row, table.columns, list(table.rows())) if table else None


def _options(card_import: CardImport, now: datetime, *, with_columns: bool = True) -> ReadOptions:
    columns = {int(index): field for index, field in card_import.columns.items()}
    return ReadOptions(
        now=now,
        carriers=known_carrier_names(card_import.team),
        header_row=card_import.header_row,
        columns=columns if columns and with_columns else None,
        carrier=card_import.carrier.slug if card_import.carrier else None,
        fixes={
            (int(row), int(column)): text for row, cells in card_import.fixes.items() for column, text in cells.items()
        },
    )


def _as_json(sheet: Sheet) -> SheetJson:
    return {
        "name": sheet.name,
        "rows": sheet.rows,
        "merges": [list(merge) for merge in sheet.merges],
        "hidden": sheet.hidden,
    }


# What is remembered

#: Rows at the head of a sheet by which its titles are found.
_HEAD_ROWS = 200


def _recall_columns(card_import: CardImport, sheet: Sheet, now: datetime) -> None:
    """Set the columns that the team has chosen for a table with the same titles; none where it has not."""
    digest = _digest_of_titles(card_import, sheet, now)
    mapping = ImportMapping.objects.filter(team=card_import.team, titles=digest).first()
    card_import.columns = mapping.columns if mapping else {}
    if mapping:
        mapping.used_at = now
        mapping.save(update_fields=["used_at"])


def _remember_columns(card_import: CardImport, sheet: Sheet, now: datetime) -> None:
    ImportMapping.objects.update_or_create(
        team=card_import.team,
        titles=_digest_of_titles(card_import, sheet, now),
        defaults={"columns": card_import.columns, "used_at": now},
    )


def _digest_of_titles(card_import: CardImport, sheet: Sheet, now: datetime) -> str:
    """A digest of the titles as they are found without anybody's choice of columns."""
    head = Sheet(sheet.name, sheet.rows[:_HEAD_ROWS], [m for m in sheet.merges if m[2] < _HEAD_ROWS], sheet.hidden)
    titles = _titles_of(SheetReader(head, _options(card_import, now, with_columns=False)).columns)
    return hashlib.sha256("\n".join(titles).encode()).hexdigest()


def _titles_of(columns: Sequence[ReadColumn]) -> Sequence[str]:
    return [f"{column.index}:{normalize_title(column.title)}" for column in columns]
