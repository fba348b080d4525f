"""Import of cards: the same for a browser and for a program."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _

from cases import queue
from cases.documents.tables import Cell, Format, Table, write_table
from cases.domain.file_types import clean_file_name
from cases.formats.tables.refusals import MAX_TABLE_BYTES, NoNumberColumn, TableEmpty, TableTooLarge
from cases.models import CardImport, Team, User
from cases.models.choices import ImportState
from cases.operations import card_import
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG
from cases.operations.card_import_undo import start_taking_back
from cases.wording.stored_sentences import stored_text

#: Tables of more rows are counted again when somebody asks for it, not after each cell.
ROWS_COUNTED_AT_ONCE = 5000
_STALE = "stale"


def upload_table(
    team: Team, upload: "UploadedFile[bytes] | None", pasted: str, *, by: User, now: datetime
) -> CardImport:
    """Store a table, and run the dry run where a column of numbers is recognized; raises TableRefused, also where there
    is nothing but a row of titles."""
    if upload and (upload.size or 0) > MAX_TABLE_BYTES:  # before it is read into memory
        raise TableTooLarge()
    name = clean_file_name(upload.name or "") if upload else _("pasted rows")
    import_ = card_import.upload(team, name, upload.read() if upload else pasted.encode(), by=by, now=now)
    preview_again(import_, by=by, now=now)
    if sum(rows for _name, rows in import_.sheets) < 2 and not _cards_in(import_):
        import_.delete()
        raise TableEmpty()
    return import_


def _cards_in(import_: CardImport) -> int:
    counts: Mapping[str, int] = import_.forecast.get("counts", {})
    return sum(counts.get(outcome, 0) for outcome in (NEW, CHANGED, SAME, WRONG))


def preview_again(import_: CardImport, *, by: User, now: datetime) -> bool:
    """Run the dry run; False where no column of numbers is recognized, for then there is nothing to count."""
    try:
        card_import.dry_run(import_, by=by, now=now)
    except NoNumberColumn:
        return False
    return True


def mend_cells(import_: CardImport, cells: Mapping[tuple[int, int], str], *, by: User, now: datetime) -> int:
    """Take the texts that differ from what the table has, by row (from 1) and column (from 0); returns how many.

    Of a table of many rows the outcomes are not counted again at once: see `is_stale`. Raises what `set_fix` does.
    """
    rows = {row for row, _column in cells}
    texts = {plan.row: plan.cells for plan in card_import.plan_rows(import_, by=by, now=now, rows=rows)} if rows else {}
    changed, forecast = 0, import_.forecast
    with transaction.atomic():
        for (row, column), text in cells.items():
            present = texts.get(row, ())
            if text.strip() != (present[column] if column < len(present) else ""):
                card_import.set_fix(import_, row, column, text.strip())
                changed += 1
    if changed and import_.last_row <= ROWS_COUNTED_AT_ONCE:
        preview_again(import_, by=by, now=now)
    elif changed:
        import_.forecast = {**forecast, _STALE: True}
        import_.save(update_fields=["forecast"])
    return changed


def is_stale(import_: CardImport) -> bool:
    """Whether cells were mended since the outcomes of the rows were counted."""
    return bool(import_.forecast.get(_STALE))


def start_import(import_: CardImport, *, by: User, now: datetime) -> bool:
    """Queue the import, or its continuation; returns whether it may run."""
    with transaction.atomic():
        if accepted := card_import.start(import_, by=by, now=now):
            queue.enqueue("cases.tasks.import_cards", import_.pk)
    return accepted


def take_back_import(import_: CardImport, *, by: User, now: datetime) -> bool:
    """Queue the taking back of all that an import has done; returns whether it may be."""
    with transaction.atomic():
        if accepted := start_taking_back(import_, by=by, now=now):
            import_.failures.all().delete()  # from now on they are what could not be taken back
            queue.enqueue("cases.tasks.take_back_import", import_.pk, by.pk, now.isoformat())
    return accepted


def is_being_taken_back(import_: CardImport) -> bool:
    """Whether some of its rows are neither undone nor left with a reason."""
    left = import_.failures.values("row")
    return import_.state == ImportState.UNDONE and import_.cards.exclude(row__in=left).exists()


def read_columns(import_: CardImport) -> list[tuple[int, str, str]]:
    """Index from 0, title and field of each column as it is read; where none is that of the numbers, as far as somebody
    has chosen."""
    if "columns" in import_.forecast:
        return [(index, title, field) for index, title, field in import_.forecast["columns"]]
    return [(index, title, import_.columns.get(str(index), "custom")) for index, title in enumerate(import_.titles)]


def failed_rows_response(import_: CardImport, now: datetime) -> FileResponse | None:
    """The refused rows as they were, each with the reason: to be corrected and uploaded again; None without any."""
    file = BytesIO()
    if not write_failed_rows(file, import_, now):
        return None
    file.seek(0)
    name = f"xiaoka-failed-{import_.pk}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=Format.XLSX.content_type)


def write_failed_rows(file: IO[bytes], import_: CardImport, now: datetime) -> bool:
    """Write the refused rows into an open file, as XLSX; False where there are none, or the table is not stored."""
    reasons = {row: stored_text(why) for row, why in import_.failures.values_list("row", "why")}
    reading = card_import.read_table(import_, now) if reasons else None
    failed = [row for row in reading.rows if row.row in reasons] if reading else []
    if reading is None or not failed:
        return False
    title_of = {column.index: column.title for column in reading.columns}
    width = max(len(row.cells) for row in failed)
    width = max(width, *(index + 1 for index in title_of)) if title_of else width

    def table_rows() -> Iterator[list[Cell]]:
        for row in failed:
            yield [*row.cells, *[""] * (width - len(row.cells)), row.row, reasons[row.row]]

    titles = [*(title_of.get(index, "") for index in range(width)), _("Row"), _("Reason not imported")]
    write_table(file, Format.XLSX, Table(_("Not imported"), titles, table_rows()))
    return True
