"""A table of cards brought in: looked through first, then row by row, in chunks that are whole or not there.

Nothing is changed by looking. What is done is what was said: a card that is not there is registered, one that is there
gets what the table says more; a row with a moment of submission logs a case, handed in at that moment. The same table
brought in again changes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from cases.domain import masking
from cases.domain.errors import CaseError
from cases.formats.card_table import NoNumberColumn, detect_columns
from cases.formats.spreadsheets import TableRow, read_table
from cases.models import Card, CardImport, Case, ImportFailure, Team, User
from cases.models.cases import new_reference
from cases.models.choices import AuditKind, ImportState
from cases.operations.audit_log import record_audit_entry
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG, ImportContext, RowPlan
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.per_case import PerCase
from cases.operations.engine.perform import CHUNK, perform
from cases.operations.open_case import CardFacts, Opened, open_case, register_card
from cases.operations.submission import Submit
from cases.operations.xlsx_process import read_xlsx
from cases.selectors import cards_of

#: Counted beside the fates of the rows: cases that were logged.
CASE_COUNT = "case"
#: Rows that a look-through shows of each kind.
SAMPLE_SIZE = 20


# Handed in, and looked through


def upload(team: Team, name: str, data: bytes, *, by: User, now: datetime) -> CardImport:
    """Keep a table to be looked through; raises TableRefused."""
    rows = read_table(data, read_xlsx)
    card_import = CardImport(team=team, made_by=by, made_at=now, name=name[:120], titles=rows[0])
    card_import.columns = {str(index): field for index, field in detect_columns(rows[0]).items()}
    card_import.store_rows(rows)
    card_import.save()
    return card_import


def dry_run(card_import: CardImport, columns: Mapping[int, str], *, by: User, now: datetime) -> None:
    """Count what would become of the rows, with the columns as they are given; raises NoNumberColumn."""
    if "number" not in columns.values():
        raise NoNumberColumn()
    context = ImportContext(card_import.team, by, now)
    counts: Counter[str] = Counter()
    samples: dict[str, list[Any]] = {status: [] for status in (NEW, CHANGED, SAME, WRONG)}
    for chunk in _chunks(card_import.load_rows(), 1):
        for plan in context.plan_rows(chunk, columns):
            counts[plan.status] += 1
            counts[CASE_COUNT] += plan.opens_case
            if len(samples[plan.status]) < SAMPLE_SIZE:
                samples[plan.status].append(_sample(plan))
    card_import.columns = {str(index): field for index, field in columns.items()}
    card_import.forecast = {"counts": dict(counts), "rows": samples}
    card_import.save(update_fields=["columns", "forecast"])


def _sample(plan: RowPlan) -> list[Any]:
    """Row, masked number, why (code and values of each sentence, to be said in the reader's language), changes, and
    whether a case is logged."""
    number = masking.mask_number(plan.card.number) if plan.card else ""
    errors = [{"message": error.message, "params": _json_params(error.params)} for error in plan.errors]
    return [plan.row, number, errors, sorted(plan.changes or {}), bool(plan.opens_case)]


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


# Done


def start(card_import: CardImport, *, by: User, now: datetime) -> bool:
    """Let it run, from the first row or from where it was stopped; whether it may."""
    startable_states = [ImportState.NEW, ImportState.CANCELLED]
    with transaction.atomic():
        startable = CardImport.objects.filter(pk=card_import.pk, state__in=startable_states).exclude(sealed=b"")
        if "number" not in card_import.columns.values() or not startable.update(state=ImportState.RUNNING):
            return False
        if card_import.state == ImportState.NEW:
            about = f"{card_import.name}, {card_import.last_row - 1} rows"
            record_audit_entry(AuditKind.IMPORTED, by=by, now=now, team=card_import.team, about=about)
    return True


def cancel(card_import: CardImport) -> None:
    """Stop it after the chunk that is being done; what is done stays."""
    CardImport.objects.filter(pk=card_import.pk, state=ImportState.RUNNING).update(state=ImportState.CANCELLED)


def run_chunks(pk: int, now: datetime, to_sentence: Any) -> Iterator[CardImport]:
    """Do the rows of an import that runs, a chunk with every step; ends when all are done or somebody stopped it.

    `say` turns an error into a sentence in the language of whoever handed the table in.
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
            current = CardImport.objects.select_for_update(of=("self",)).defer("sealed").get(pk=pk)
            if current.state != ImportState.RUNNING or current.cursor != card_import.cursor:
                return  # stopped, or another worker goes on with it
            counts = Counter(current.counts) + _import_chunk(current, context, chunk, columns, to_sentence)
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
    to_sentence: Any,
) -> Counter[str]:
    plans = list(context.plan_rows(chunk, columns))
    counts = Counter(plan.status for plan in plans)
    failures = [(plan.row, plan.errors) for plan in plans if plan.status == WRONG]
    valid_plans = [plan for plan in plans if plan.status != WRONG]
    try:
        with transaction.atomic():
            counts[CASE_COUNT] += _import_in_bulk(context, valid_plans)
    except (IntegrityError, _ChunkRefused):
        # Somebody else was quicker somewhere in the chunk: one by one, only that row is refused.
        for plan in valid_plans:
            error = _import_row(context, plan)
            counts[CASE_COUNT] += plan.opens_case and error is None
            if error is not None:
                counts[plan.status] -= 1
                counts[WRONG] += 1
                failures.append((plan.row, [error]))
    ImportFailure.objects.bulk_create(
        [
            ImportFailure(card_import=card_import, row=row, why=" ".join(map(to_sentence, errors)))
            for row, errors in failures
        ]
    )
    return +counts


class _ChunkRefused(Exception):
    pass


def _import_in_bulk(context: ImportContext, plans: Sequence[RowPlan]) -> int:
    """Cards and cases of a chunk in a fixed number of statements; how many cases."""
    new_card = partial(Card, team=context.team, created_at=context.now)
    carriers = context.carriers
    Card.objects.bulk_create(
        new_card(number=card.number, carrier=carriers[card.carrier], **card.facts)
        for card in (plan.card for plan in plans if plan.status == NEW)
        if card
    )
    numbers = [plan.card.number for plan in plans if plan.card]
    cards = {card.number: card for card in cards_of(context.team).filter(number__in=numbers)}
    changed_cards = []
    for plan in plans:
        if plan.card and plan.changes:
            card = cards[plan.card.number]
            for name, value in plan.changes.items():
                setattr(card, name, value)
            changed_cards.append(card)
    save_columns(changed_cards, ["carrier", *CardFacts.__dataclass_fields__])
    case_plans = [plan for plan in plans if plan.opens_case and plan.card]
    if not case_plans:
        return 0
    cases = Case.objects.bulk_create(
        Case(
            reference=new_reference(),
            team=context.team,
            card=cards[plan.card.number],
            carrier=carriers[plan.card.carrier],
            handler=plan.handler,
            reason=plan.card.reason,
            channel=plan.card.channel,
            created_at=context.now,
        )
        for plan in case_plans
        if plan.card
    )
    log_verbs: dict[int, Any] = {}
    submit_verbs: dict[int, Any] = {}
    for case, plan in zip(cases, case_plans, strict=True):
        if plan.card and plan.card.submitted_at:
            log_verbs[case.pk] = Opened(plan.card.words)
            submit_verbs[case.pk] = Submit(plan.card.submitted_at, plan.card.reference)
    for verbs in (log_verbs, submit_verbs):
        if perform(PerCase(verbs), cases, by=context.by, now=context.now).refused:
            raise _ChunkRefused
    return len(cases)


def _import_row(context: ImportContext, plan: RowPlan) -> CaseError | None:
    """One row, wholly or not at all; why not."""
    card_row = plan.card
    if card_row is None:
        return None
    facts, carrier = CardFacts(**card_row.facts), context.carriers[card_row.carrier]  # type: ignore[arg-type]
    try:
        with transaction.atomic():
            if not plan.opens_case:
                register_card(context.team, card_row.number, carrier, facts)
                return None
            open_case(
                context.team,
                card_row.number,
                carrier,
                reason=card_row.reason,
                channel=card_row.channel,
                by=context.by,
                now=context.now,
                facts=facts,
                handler=plan.handler,
                words=card_row.words,
                submitted_at=card_row.submitted_at,
                reference=card_row.reference,
            )
    except CaseError as error:
        return error
    return None


def delete_old_tables(before: datetime) -> int:
    """Remove the tables, and the rows that failed, of what was handed in before a moment; how many. What is known of
    them stays: who handed in how many rows, and what became of them."""
    expired = CardImport.objects.filter(made_at__lt=before).exclude(sealed=b"")
    with transaction.atomic():
        keys = list(expired.values_list("pk", flat=True))
        ImportFailure.objects.filter(card_import__in=keys).delete()
        CardImport.objects.filter(pk__in=keys, state=ImportState.NEW).delete()
        CardImport.objects.filter(pk__in=keys, state=ImportState.RUNNING).update(state=ImportState.CANCELLED)
        CardImport.objects.filter(pk__in=keys).update(sealed=b"", forecast={}, titles=[])
    return len(keys)
