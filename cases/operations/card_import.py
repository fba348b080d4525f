"""Importing a table of cards: a dry run first, then the rows in chunks, each chunk one transaction.

A dry run changes nothing, and the import does what it forecast: a card that the team lacks is registered, one that it
has gets what the table adds; a row with a moment of submission opens a case that was submitted then. The same table
imported again changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.domain import masking
from cases.domain.errors import CaseError
from cases.formats.card_table import NoNumberColumn, detect_columns
from cases.formats.spreadsheets import TableRow, read_table
from cases.models import CardImport, ImportFailure, Team, User
from cases.models.choices import AuditKind, ImportState
from cases.operations.audit_log import record_audit_entry
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG, ImportContext, RowPlan
from cases.operations.cards import register_cards
from cases.operations.engine.act_tokens import import_token
from cases.operations.engine.perform import CHUNK
from cases.operations.open_cases import open_cases
from cases.operations.xlsx_process import read_xlsx

#: Counted beside the statuses of the rows: the cases that are opened.
CASE_COUNT = "case"
#: Rows of each status that a dry run shows.
SAMPLE_SIZE = 20


# Upload and dry run


def upload(team: Team, name: str, data: bytes, *, by: User, now: datetime) -> CardImport:
    """Store a table for a dry run; raises TableRefused."""
    rows = read_table(data, read_xlsx)
    card_import = CardImport(team=team, made_by=by, made_at=now, name=name[:120], titles=rows[0])
    card_import.columns = {str(index): field for index, field in detect_columns(rows[0]).items()}
    card_import.store_rows(rows)
    card_import.save()
    return card_import


def dry_run(card_import: CardImport, columns: Mapping[int, str], *, by: User, now: datetime) -> None:
    """Count what would become of the rows and store that with `columns`, the field of each column by its index.

    `now` is aware. Raises NoNumberColumn.
    """
    if "number" not in columns.values():
        raise NoNumberColumn()
    context = ImportContext(card_import.team, by, now)
    counts: Counter[str] = Counter()
    samples: dict[str, list[Any]] = {status: [] for status in (NEW, CHANGED, SAME, WRONG)}
    for chunk in _chunks(card_import.load_rows(), 1):
        for plan in context.plan_rows(chunk, columns):
            counts[plan.status] += 1
            counts[CASE_COUNT] += plan.new_case is not None
            if len(samples[plan.status]) < SAMPLE_SIZE:
                samples[plan.status].append(_sample(plan))
    card_import.columns = {str(index): field for index, field in columns.items()}
    card_import.forecast = {"counts": dict(counts), "rows": samples}
    card_import.save(update_fields=["columns", "forecast"])


def _sample(plan: RowPlan) -> list[Any]:
    """Row, masked number, why (code and values of each sentence, to be said in the reader's language), changes, and
    whether a case is logged."""
    number = masking.mask_number(plan.number) if plan.number else ""
    errors = [{"message": error.message, "params": _json_params(error.params)} for error in plan.errors]
    return [plan.row, number, errors, list(plan.changes), plan.new_case is not None]


def _json_params(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in params.items()}


def _chunks(rows: Sequence[TableRow], after: int) -> Iterator[list[tuple[int, TableRow]]]:
    """The rows after one, numbered as in the table, without those that are empty."""
    filled_rows = ((number, row) for number, row in enumerate(rows, 1) if number > max(after, 1) and row)
    chunk: list[tuple[int, TableRow]] = []
    for numbered_row in filled_rows:
        chunk.append(numbered_row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# The import itself


def start(card_import: CardImport, *, by: User, now: datetime) -> bool:
    """Start the import, from the first row or from where it was cancelled; False where it cannot be started."""
    startable_states = [ImportState.NEW, ImportState.CANCELLED]
    with transaction.atomic():
        startable = CardImport.objects.filter(pk=card_import.pk, state__in=startable_states).exclude(encrypted=b"")
        if "number" not in card_import.columns.values() or not startable.update(state=ImportState.RUNNING):
            return False
        if card_import.state == ImportState.NEW:
            about = f"{card_import.name}, {card_import.last_row - 1} rows"
            record_audit_entry(AuditKind.IMPORTED, by=by, now=now, team=card_import.team, about=about)
    return True


def cancel(card_import: CardImport) -> None:
    """Stop after the chunk that is being imported; what is imported stays."""
    CardImport.objects.filter(pk=card_import.pk, state=ImportState.RUNNING).update(state=ImportState.CANCELLED)


def run_chunks(pk: int, now: datetime, to_text: Callable[[Sequence[CaseError]], str]) -> Iterator[CardImport]:
    """Import the rows of a running import, yielding after each chunk; ends when all are done or somebody stopped it.

    `to_text` renders the errors of a row in the language of whoever uploaded the table.
    """
    card_import = CardImport.objects.select_related("team", "made_by").filter(pk=pk).first()
    if card_import is None:
        return
    columns = {int(index): field for index, field in card_import.columns.items()}
    rows = card_import.load_rows()
    context = ImportContext(card_import.team, card_import.made_by, now)
    if not rows:  # its key is missing
        return cancel(card_import)
    for number, row in enumerate(rows[1 : card_import.cursor], 2):
        context.remember(number, row, columns)
    for chunk in _chunks(rows, card_import.cursor):
        with transaction.atomic():
            current = CardImport.objects.select_for_update(of=("self",)).defer("encrypted").get(pk=pk)
            if current.state != ImportState.RUNNING or current.cursor != card_import.cursor:
                return  # cancelled, or another worker goes on with it
            counts = Counter(current.counts) + _import_chunk(current, context, chunk, columns, to_text)
            card_import.cursor, card_import.counts = chunk[-1][0], dict(counts)
            CardImport.objects.filter(pk=pk).update(cursor=card_import.cursor, counts=card_import.counts)
        yield card_import
    CardImport.objects.filter(pk=pk, state=ImportState.RUNNING).update(
        state=ImportState.DONE, finished_at=now, cursor=card_import.last_row
    )


def _import_chunk(
    card_import: CardImport,
    context: ImportContext,
    chunk: Sequence[tuple[int, TableRow]],
    columns: Mapping[int, str],
    to_text: Callable[[Sequence[CaseError]], str],
) -> Counter[str]:
    plans = list(context.plan_rows(chunk, columns))
    counts = Counter(plan.status for plan in plans)
    failures = [(plan.row, plan.errors) for plan in plans if plan.status == WRONG]
    new_cards = [plan.new_card for plan in plans if plan.new_card]
    register_cards(context.team, new_cards, by=context.by, now=context.now)
    case_plans = [(plan, plan.new_case) for plan in plans if plan.new_case]
    results = open_cases(
        context.team,
        [new_case for _, new_case in case_plans],
        by=context.by,
        now=context.now,
        submit_token=import_token(card_import.pk),
    )
    for (plan, _), result in zip(case_plans, results, strict=True):
        if isinstance(result, CaseError):
            counts[plan.status] -= 1
            counts[WRONG] += 1
            failures.append((plan.row, [result]))
        else:
            counts[CASE_COUNT] += 1
    ImportFailure.objects.bulk_create(
        ImportFailure(card_import=card_import, row=row, why=to_text(errors)) for row, errors in failures
    )
    return +counts


def delete_old_tables(before: datetime) -> int:
    """Delete the tables and the failed rows of imports uploaded before a moment (aware); returns how many imports.

    Who uploaded how many rows, and what became of them, stays.
    """
    expired = CardImport.objects.filter(made_at__lt=before).exclude(encrypted=b"")
    with transaction.atomic():
        keys = list(expired.values_list("pk", flat=True))
        ImportFailure.objects.filter(card_import__in=keys).delete()
        CardImport.objects.filter(pk__in=keys, state=ImportState.NEW).delete()
        CardImport.objects.filter(pk__in=keys, state=ImportState.RUNNING).update(state=ImportState.CANCELLED)
        CardImport.objects.filter(pk__in=keys).update(encrypted=b"", forecast={}, titles=[])
    return len(keys)
