"""Cases and lists taken out as files, which is noted: the same for a browser and for a program."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse

from cases import selectors
from cases.documents.dossier import Choices, make
from cases.documents.table_columns import card_rows, card_titles, case_rows, case_titles
from cases.documents.tables import Cell, Format, write_table
from cases.domain.business_days import local
from cases.domain.errors import CaseError, gettext_noop
from cases.models import Card, Case, Team, User
from cases.operations.audit_log import record_dossier_export, record_list_export

#: Rows that are made into a file while somebody waits, and cases in a dossier; the command takes more.
MOST_ROWS, MOST_CASES = 200_000, 100


class TooManyRows(CaseError):
    code = "too_many_rows"
    message = gettext_noop("More than %(most)s rows: narrow the list first.")


@dataclass(frozen=True)
class Listed:
    """A list that can be taken out; `rows` tells them with numbers in full or masked."""

    what: str
    found: "QuerySet[Case] | QuerySet[Card]"
    titles: Sequence[str]
    rows: Callable[[bool], Iterator[list[Cell]]]

    def count(self) -> int:
        """How many rows, as far as that matters."""
        return selectors.capped_count(self.found, MOST_ROWS + 1)


def listed_cases(cases: QuerySet[Case], now: datetime) -> Listed:
    calendar = selectors.working_calendar()
    return Listed("cases", cases, case_titles(), lambda full: case_rows(cases, now, calendar, full=full))


def listed_cards(cards: QuerySet[Card]) -> Listed:
    return Listed("cards", cards, card_titles(), lambda full: card_rows(cards, full=full))


def table(
    its: Listed, form: Format, *, team: Team, by: User, now: datetime, full: bool, through: str = ""
) -> FileResponse:
    """A list as a table; `through`: of which program, for the note. Raises TooManyRows."""
    if its.count() > MOST_ROWS:
        raise TooManyRows(most=f"{MOST_ROWS:,}")

    def fill(file: BinaryIO) -> None:
        count = write_table(file, form, its.titles, its.rows(full))
        cards = its.found.values_list("card" if its.what == "cases" else "pk", flat=True) if full else None
        record_list_export(
            team, cards, by=by, now=now, about=", ".join(filter(None, (f"{count} {its.what}", form.value, through)))
        )

    name = f"xiaoka-{its.what}-{local(now):%Y-%m-%d}.{form.value}"
    return _made_whole(fill, name, form.content_type)


def dossier(
    cases: Sequence[Case], name: str, *, choices: Choices, by: User, now: datetime, through: str = ""
) -> FileResponse:
    """The signed dossier of these cases. Raises NoCases, ArchiveTooLarge."""

    def fill(file: BinaryIO) -> None:
        make(cases, file, choices=choices, now=now)
        record_dossier_export(cases, by=by, now=now, full_numbers=choices.full_numbers, audit_source=through)

    return _made_whole(fill, f"xiaoka-{name}-{local(now):%Y-%m-%d}.zip", "application/zip")


def _made_whole(fill: Callable[[BinaryIO], None], name: str, content_type: str) -> FileResponse:
    """Made before the answer begins, in a file without a name that ends with the answer."""
    file = TemporaryFile(dir=settings.DATA_DIR)  # noqa: SIM115 (the response closes it)
    try:
        fill(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
