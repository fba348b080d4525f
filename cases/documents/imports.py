"""Tables of cards brought in: the same for a browser and for a program."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _

from cases import queue
from cases.documents.tables import Cell, Format, write_table
from cases.domain.file_types import clean_file_name
from cases.formats.spreadsheets import MAX_TABLE_BYTES, TableTooLarge
from cases.models import CardImport, Team, User
from cases.operations import card_import


def take(team: Team, upload: "UploadedFile[Any] | None", pasted: str, *, by: User, now: datetime) -> CardImport:
    """Keeps a table, and looks it through where its columns are understood; raises TableRefused."""
    if upload and (upload.size or 0) > MAX_TABLE_BYTES:  # before it is read into memory
        raise TableTooLarge()
    name = clean_file_name(upload.name or "") if upload else _("pasted rows")
    made = card_import.upload(team, name, upload.read() if upload else pasted.encode(), by=by, now=now)
    columns = columns_of(made)
    if "number" in columns.values():
        card_import.dry_run(made, columns, by=by, now=now)
    return made


def columns_of(its: CardImport) -> dict[int, str]:
    return {int(at): field for at, field in its.columns.items()}


def let_run(its: CardImport, *, by: User, now: datetime) -> bool:
    """Lets the worker begin, or go on; whether it may."""
    with transaction.atomic():
        if accepted := card_import.start(its, by=by, now=now):
            queue.enqueue("cases.tasks.bring_in", its.pk)
    return accepted


def sentences(why: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why a row that was looked through cannot be taken, in the reader's language."""
    return [_(error["message"]) % error["params"] for error in why]


def failed_rows(its: CardImport) -> FileResponse | None:
    """The rows that could not be taken, as they were, each with why: to be mended and handed in again."""
    why = dict(its.failures.values_list("row", "why"))
    rows = its.load_rows()
    if not rows or not why:
        return None
    width = max(len(rows[0]), *(len(rows[number - 1]) for number in why))

    def failed() -> Iterator[list[Cell]]:
        for number in sorted(why):
            row = rows[number - 1]
            yield [*row, *[""] * (width - len(row)), number, why[number]]

    file = BytesIO()
    titles = [*rows[0], *[""] * (width - len(rows[0])), _("Row"), _("Why it could not be taken")]
    write_table(file, Format.XLSX, titles, failed())
    file.seek(0)
    name = f"xiaoka-failed-{its.pk}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=Format.XLSX.content_type)
