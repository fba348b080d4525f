"""Import of cards: the same for a browser and for a program."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TypedDict

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


class RowErrorText(TypedDict):
    """An error of a row as the forecast of an import stores it: a msgid and the values that fill it."""

    message: str
    params: dict[str, str | int]


def upload_table(
    team: Team, upload: "UploadedFile[bytes] | None", pasted: str, *, by: User, now: datetime
) -> CardImport:
    """Store a table, and run the dry run where a column of numbers is recognized; raises TableRefused."""
    if upload and (upload.size or 0) > MAX_TABLE_BYTES:  # before it is read into memory
        raise TableTooLarge()
    name = clean_file_name(upload.name or "") if upload else _("pasted rows")
    import_ = card_import.upload(team, name, upload.read() if upload else pasted.encode(), by=by, now=now)
    columns = fields_by_column(import_)
    if "number" in columns.values():
        card_import.dry_run(import_, columns, by=by, now=now)
    return import_


def fields_by_column(import_: CardImport) -> dict[int, str]:
    return {int(column): field for column, field in import_.columns.items()}


def start_import(import_: CardImport, *, by: User, now: datetime) -> bool:
    """Queue the import, or its continuation; returns whether it may run."""
    with transaction.atomic():
        if accepted := card_import.start(import_, by=by, now=now):
            queue.enqueue("cases.tasks.import_cards", import_.pk)
    return accepted


def failure_messages(errors: Sequence[RowErrorText]) -> list[str]:
    """Why a row of the dry run is refused, in the active language."""
    return [_(error["message"]) % error["params"] for error in errors]


def failed_rows_response(import_: CardImport) -> FileResponse | None:
    """The refused rows as they were, each with the reason: to be corrected and uploaded again; None without any."""
    reasons = dict(import_.failures.values_list("row", "why"))
    rows = import_.load_rows()
    if not rows or not reasons:
        return None
    width = max(len(rows[0]), *(len(rows[number - 1]) for number in reasons))

    def table_rows() -> Iterator[list[Cell]]:
        for number in sorted(reasons):
            row = rows[number - 1]
            yield [*row, *[""] * (width - len(row)), number, reasons[number]]

    file = BytesIO()
    titles = [*rows[0], *[""] * (width - len(rows[0])), _("Row"), _("Reason not imported")]
    write_table(file, Format.XLSX, titles, table_rows())
    file.seek(0)
    name = f"xiaoka-failed-{import_.pk}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=Format.XLSX.content_type)
