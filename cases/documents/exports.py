"""Exports of cases and lists as files, each with its audit entry: the same for a browser and for a program."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _

from cases import selectors
from cases.documents.dossier import DossierOptions, write_dossier
from cases.documents.export_columns import all_card_columns, card_rows, card_titles, case_rows, case_titles
from cases.documents.tables import Cell, Format, Table, write_table
from cases.domain.business_days import local
from cases.domain.errors import CaseError, gettext_noop
from cases.models import Card, CardColumn, Case, Team, User
from cases.operations.audit_log import record_dossier_export, record_list_export
from cases.operations.export_rights import check_dossier_export, check_list_export

if TYPE_CHECKING:
    from cases.selectors.visibility import CountedCard

#: Rows of a file, and cases of a dossier, while a browser waits; the command writes more.
MAX_ROWS, MAX_CASES = 200_000, 100


class TooManyRows(CaseError):
    code = "too_many_rows"
    message = gettext_noop("The list has more than %(most)s rows. Filter it first.")


@dataclass(frozen=True)
class ListExport:
    """A list to export; `noun` stands in the file's name, `rows(full_numbers)` gives its rows with numbers in full or
    masked."""

    noun: str
    sheet_name: str
    queryset: "QuerySet[Case] | QuerySet[Card]"
    titles: Sequence[str]
    rows: Callable[[bool], Iterator[list[Cell]]]

    def count(self) -> int:
        """How many rows, counted to one more than MAX_ROWS."""
        return selectors.capped_count(self.queryset, MAX_ROWS + 1)


@dataclass(frozen=True)
class TableOptions:
    """How a list is written; numbers are masked unless `full_numbers`."""

    file_format: Format
    full_numbers: bool = False


def cases_export(cases: QuerySet[Case], now: datetime) -> ListExport:
    calendar = selectors.working_calendar()
    return ListExport(
        "cases",
        _("Cases"),
        cases,
        case_titles(),
        lambda full_numbers: case_rows(cases, now, calendar, full_numbers=full_numbers),
    )


def cards_export(
    cards: "QuerySet[CountedCard]", columns: Sequence[CardColumn], names: Sequence[str] = ()
) -> ListExport:
    """The cards in their order; `columns` are the team's own, `names` the columns that are wanted, none: all."""
    names = names or all_card_columns(columns)
    return ListExport(
        "cards",
        _("Cards"),
        cards,
        card_titles(names, columns),
        lambda full_numbers: card_rows(cards, names, columns, full_numbers=full_numbers),
    )


def table_response(
    export: ListExport, options: TableOptions, *, team: Team, by: User, now: datetime, audit_source: str = ""
) -> FileResponse:
    """A list as a table; `audit_source` names the program that takes it, for the audit entry.

    Raises TooManyRows, and OtherTeam or ViewerMasked where `by` may not take it out like that.
    """
    check_list_export(team, by=by, full_numbers=options.full_numbers)
    if export.count() > MAX_ROWS:
        raise TooManyRows(most=f"{MAX_ROWS:,}")

    file_format = options.file_format

    def fill(file: BinaryIO) -> None:
        table = Table(export.sheet_name, export.titles, export.rows(options.full_numbers))
        count = write_table(file, file_format, table)
        card_column = "card" if export.noun == "cases" else "pk"
        cards = export.queryset.values_list(card_column, flat=True) if options.full_numbers else None
        record_list_export(
            team,
            cards,
            by=by,
            now=now,
            about=", ".join(filter(None, (f"{count} {export.noun}", file_format.value, audit_source))),
        )

    name = f"xiaoka-{export.noun}-{local(now):%Y-%m-%d}.{file_format.value}"
    return _file_response(fill, name, file_format.content_type)


def dossier_response(
    cases: Sequence[Case], name: str, *, options: DossierOptions, by: User, now: datetime, audit_source: str = ""
) -> FileResponse:
    """The signed dossier of these cases. Raises NoCases, ArchiveTooLarge, and OtherTeam or ViewerMasked where `by` may
    not take it out like that."""
    check_dossier_export(cases, by=by, full_numbers=options.full_numbers, with_receipts=options.with_receipts)

    def fill(file: BinaryIO) -> None:
        write_dossier(cases, file, options=options, now=now)
        record_dossier_export(cases, by=by, now=now, full_numbers=options.full_numbers, audit_source=audit_source)

    return _file_response(fill, f"xiaoka-{name}-{local(now):%Y-%m-%d}.zip", "application/zip")


def _file_response(fill: Callable[[BinaryIO], None], name: str, content_type: str) -> FileResponse:
    """Made before the answer begins, in a file without a name that ends with the answer."""
    file = TemporaryFile(dir=settings.DATA_DIR)  # noqa: SIM115 (the response closes it)
    try:
        fill(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
