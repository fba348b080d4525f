"""Importing a table of cards: a dry run first, then the rows in chunks, each chunk one transaction.

A dry run changes nothing, and the import does what it forecast: a card that the team lacks is registered, one that it
has gets what the table adds; a row that names a request to cancel opens a case in that standing. The same table
imported again changes nothing.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from cases.domain.errors import CaseError
from cases.formats.tables.readings import Message, ReadColumn, ReadRow
from cases.formats.tables.refusals import NoNumberColumn
from cases.models import CardImport, ImportedCard, ImportFailure, User
from cases.models.choices import AuditKind, ImportState
from cases.operations.audit_log import record_audit_entry
from cases.operations.card_import_forecast import CASE_COUNT, WARNING_COUNT, Forecast, forecast_repeats, rows_with
from cases.operations.card_import_plan import CHANGED, NEW, SAME, SKIPPED, WRONG, ImportContext, RowPlan, RowRefused
from cases.operations.card_import_repeats import TableScan
from cases.operations.card_import_rows import take_rows
from cases.operations.card_import_table import (
    ImportNotNew,
    ImportOptions,
    NoSuchCell,
    NoSuchSheet,
    load_sheets,
    open_table,
    read_table,
    set_fix,
    set_options,
    upload,
)
from cases.operations.engine.perform import CHUNK
from cases.wording.stored_sentences import stored_errors

__all__ = [
    "CASE_COUNT",
    "CHANGED",
    "NEW",
    "SAME",
    "SKIPPED",
    "WARNING_COUNT",
    "WRONG",
    "ImportNotNew",
    "ImportOptions",
    "NoSuchCell",
    "NoSuchSheet",
    "cancel",
    "delete_old_tables",
    "dry_run",
    "load_sheets",
    "open_table",
    "plan_rows",
    "read_table",
    "rows_with",
    "run_chunks",
    "set_fix",
    "set_options",
    "start",
    "upload",
]


# Dry run


def dry_run(card_import: CardImport, *, by: User, now: datetime) -> None:
    """Count what would become of the rows, and store that as `forecast` (see `Forecast`); `now` is aware.

    Raises NoNumberColumn, with the titles and columns stored for somebody to choose one.
    """
    table = open_table(card_import, now)
    card_import.forecast = {}
    card_import.titles = _titles(table.columns) if table else []
    card_import.save(update_fields=["forecast", "titles"])
    if table is None or not any(column.field == "number" for column in table.columns):
        raise NoNumberColumn()
    forecast = Forecast(table.header_row, table.columns)
    context = ImportContext(card_import.team, by, now, table.rows)
    for chunk in _chunks(table.rows()):
        forecast.add(context.plan_rows(chunk))
    card_import.forecast = forecast.as_json(context)
    card_import.save(update_fields=["forecast"])


def _titles(columns: Sequence[ReadColumn]) -> list[str]:
    titles = [""] * (max((column.index for column in columns), default=-1) + 1)
    for column in columns:
        titles[column.index] = column.title
    return titles


def plan_rows(
    card_import: CardImport, *, by: User, now: datetime, rows: Container[int] | None = None
) -> Iterator[RowPlan]:
    """What would become of every row of the chosen sheet by what is stored now, or of those in `rows` (counted from
    1), in their order; a fixed number of queries for every CHUNK rows. None once the file is deleted."""
    table = open_table(card_import, now)
    if table is None:
        return
    repeats = forecast_repeats(card_import) if rows is not None else None
    scan = table.rows if repeats is None else TableScan(repeats, {})
    context = ImportContext(card_import.team, by, now, scan)
    for chunk in _chunks(table.rows(rows)):
        yield from context.plan_rows(chunk)


def _chunks(rows: Iterable[ReadRow]) -> Iterator[Sequence[ReadRow]]:
    """The rows in chunks; those of the same number, of tables beside each other, stay together."""
    chunk: list[ReadRow] = []
    for row in rows:
        if len(chunk) >= CHUNK and row.row != chunk[-1].row:
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk


# The import itself


def start(card_import: CardImport, *, by: User, now: datetime) -> bool:
    """Start the import, from the first row or from where it was cancelled; False where it cannot be started."""
    startable_states = [ImportState.NEW, ImportState.CANCELLED]
    with transaction.atomic():
        startable = CardImport.objects.filter(pk=card_import.pk, state__in=startable_states).exclude(encrypted=b"")
        if not card_import.forecast or not startable.update(state=ImportState.RUNNING):
            return False
        if card_import.state == ImportState.NEW:
            about = f"{card_import.name}, {card_import.last_row} rows"
            record_audit_entry(AuditKind.IMPORTED, by=by, now=now, team=card_import.team, about=about)
    return True


def cancel(card_import: CardImport) -> None:
    """Stop after the chunk that is being imported; what is imported stays."""
    CardImport.objects.filter(pk=card_import.pk, state=ImportState.RUNNING).update(state=ImportState.CANCELLED)


def run_chunks(pk: int, now: datetime) -> Iterator[CardImport]:
    """Import the rows of a running import, yielding after each chunk; ends when all are done or somebody stopped it."""
    card_import = CardImport.objects.select_related("team", "made_by", "carrier").filter(pk=pk).first()
    if card_import is None:
        return
    table = open_table(card_import, now)
    if table is None:  # its key is missing
        return cancel(card_import)
    card_import.encrypted = b""  # not needed here any more
    context = ImportContext(card_import.team, card_import.made_by, now, table.rows)
    context.columns.add(context.own_values)
    cursor = card_import.cursor
    for chunk in _chunks(row for row in table.rows() if row.row > cursor):
        with transaction.atomic():
            current = CardImport.objects.select_for_update(of=("self",)).defer("encrypted").get(pk=pk)
            if current.state != ImportState.RUNNING or current.cursor != card_import.cursor:
                return  # cancelled, or another worker goes on with it
            counts = Counter(current.counts) + _import_chunk(current, context, chunk)
            card_import.cursor, card_import.counts = chunk[-1].row, dict(counts)
            CardImport.objects.filter(pk=pk).update(cursor=card_import.cursor, counts=card_import.counts)
        yield card_import
    CardImport.objects.filter(pk=pk, state=ImportState.RUNNING).update(
        state=ImportState.DONE, finished_at=now, cursor=card_import.last_row
    )


def _import_chunk(
    card_import: CardImport,
    context: ImportContext,
    chunk: Sequence[ReadRow],
) -> Counter[str]:
    plans = list(context.plan_rows(chunk))
    refused = take_rows(card_import, context, plans)
    counts: Counter[str] = Counter()
    failures: dict[int, list[CaseError]] = {}
    for index, plan in enumerate(plans):
        error = refused.get(index) or (_refusal(plan) if plan.outcome == WRONG else None)
        counts[WRONG if error else plan.outcome] += 1
        if error:
            failures.setdefault(plan.row, []).append(error)
        else:
            counts[CASE_COUNT] += plan.opens_case
            counts[WARNING_COUNT] += bool(plan.warnings)
    ImportFailure.objects.bulk_create(
        ImportFailure(card_import=card_import, row=row, why=stored_errors(errors)) for row, errors in failures.items()
    )
    return +counts


def _refusal(plan: RowPlan) -> CaseError:
    return RowRefused(plan.reason or Message("This action is not possible here."))


def delete_old_tables(before: datetime) -> int:
    """Delete the tables, the failed rows and what is needed to take imports back, of those uploaded before a moment
    (aware); returns how many imports.

    Who uploaded how many rows, and what became of them, stays.
    """
    expired = CardImport.objects.filter(made_at__lt=before).exclude(encrypted=b"")
    with transaction.atomic():
        keys = list(expired.values_list("pk", flat=True))
        ImportFailure.objects.filter(card_import__in=keys).delete()
        ImportedCard.objects.filter(card_import__in=keys).delete()
        CardImport.objects.filter(pk__in=keys, state=ImportState.NEW).delete()
        CardImport.objects.filter(pk__in=keys, state=ImportState.RUNNING).update(state=ImportState.CANCELLED)
        CardImport.objects.filter(pk__in=keys).update(encrypted=b"", forecast={}, titles=[], fixes={}, sheets=[])
    return len(keys)
