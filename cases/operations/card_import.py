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

from cases.domain import phones
from cases.domain.errors import CaseError
from cases.formats.card_table import NoNumberColumn, detect_columns
from cases.formats.spreadsheets import TableRow, read_table
from cases.models import Card, CardImport, Case, ImportFailure, Team, User
from cases.models.cases import new_reference
from cases.models.choices import AuditKind, ImportState
from cases.operations.audit_log import note
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG, Landscape, Plan
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.per_case import PerCase
from cases.operations.engine.perform import CHUNK, perform
from cases.operations.open_case import CardFacts, Logged, log, register_card
from cases.operations.submission import Submit
from cases.selectors import cards_of

#: Counted beside the fates of the rows: cases that were logged.
CASE = "case"
#: Rows that a look-through shows of each kind.
SHOWN = 20


# Handed in, and looked through


def hand_in(team: Team, name: str, data: bytes, *, by: User, now: datetime) -> CardImport:
    """Keep a table to be looked through; raises TableRefused."""
    rows = read_table(data)
    made = CardImport(team=team, made_by=by, made_at=now, name=name[:120], titles=rows[0])
    made.columns = {str(at): field for at, field in detect_columns(rows[0]).items()}
    made.store_rows(rows)
    made.save()
    return made


def look_through(card_import: CardImport, columns: Mapping[int, str], *, by: User, now: datetime) -> None:
    """Count what would become of the rows, with the columns as they are given; raises NoNumberColumn."""
    if "number" not in columns.values():
        raise NoNumberColumn()
    landscape = Landscape(card_import.team, by, now)
    counts: Counter[str] = Counter()
    shown: dict[str, list[Any]] = {fate: [] for fate in (NEW, CHANGED, SAME, WRONG)}
    for chunk in _chunks(card_import.load_rows(), 1):
        for plan in landscape.plans(chunk, columns):
            counts[plan.fate] += 1
            counts[CASE] += plan.logs_case
            if len(shown[plan.fate]) < SHOWN:
                shown[plan.fate].append(_told(plan))
    card_import.columns = {str(at): field for at, field in columns.items()}
    card_import.forecast = {"counts": dict(counts), "rows": shown}
    card_import.save(update_fields=["columns", "forecast"])


def _told(plan: Plan) -> list[Any]:
    """Row, masked number, why (code and values of each sentence, to be said in the reader's language), changes, and
    whether a case is logged."""
    number = phones.mask_number(plan.card.number) if plan.card else ""
    why = [{"message": error.message, "params": _plain(error.params)} for error in plan.why]
    return [plan.row, number, why, sorted(plan.changes or {}), bool(plan.logs_case)]


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in params.items()}


def _chunks(rows: Sequence[TableRow], after: int) -> Iterator[list[tuple[int, TableRow]]]:
    """The rows after one, numbered as in the table, without those that are empty."""
    filled = ((number, row) for number, row in enumerate(rows, 1) if number > max(after, 1) and row)
    chunk: list[tuple[int, TableRow]] = []
    for numbered in filled:
        chunk.append(numbered)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# Done


def accept(card_import: CardImport, *, by: User, now: datetime) -> bool:
    """Let it run, from the first row or from where it was stopped; whether it may."""
    may_begin = [ImportState.NEW, ImportState.CANCELLED]
    with transaction.atomic():
        found = CardImport.objects.filter(pk=card_import.pk, state__in=may_begin).exclude(sealed=b"")
        if "number" not in card_import.columns.values() or not found.update(state=ImportState.RUNNING):
            return False
        if card_import.state == ImportState.NEW:
            about = f"{card_import.name}, {card_import.last_row - 1} rows"
            note(AuditKind.IMPORTED, by=by, now=now, team=card_import.team, about=about)
    return True


def cancel(card_import: CardImport) -> None:
    """Stop it after the chunk that is being done; what is done stays."""
    CardImport.objects.filter(pk=card_import.pk, state=ImportState.RUNNING).update(state=ImportState.CANCELLED)


def run_chunks(pk: int, now: datetime, say: Any) -> Iterator[CardImport]:
    """Do the rows of an import that runs, a chunk with every step; ends when all are done or somebody stopped it.

    `say` turns an error into a sentence in the language of whoever handed the table in.
    """
    card_import = CardImport.objects.select_related("team", "made_by").filter(pk=pk).first()
    if card_import is None:
        return
    columns = {int(at): field for at, field in card_import.columns.items()}
    rows = card_import.load_rows()
    landscape = Landscape(card_import.team, card_import.made_by, now)
    if not rows:  # its key is missing
        return cancel(card_import)
    for number, row in enumerate(rows[1 : card_import.cursor], 2):
        landscape.see(number, row, columns)
    for chunk in _chunks(rows, card_import.cursor):
        with transaction.atomic():
            held = CardImport.objects.select_for_update(of=("self",)).defer("sealed").get(pk=pk)
            if held.state != ImportState.RUNNING or held.cursor != card_import.cursor:
                return  # stopped, or another worker goes on with it
            counts = Counter(held.counts) + _do(held, landscape, chunk, columns, say)
            card_import.cursor, card_import.counts = chunk[-1][0], dict(counts)
            CardImport.objects.filter(pk=pk).update(cursor=card_import.cursor, counts=card_import.counts)
        yield card_import
    CardImport.objects.filter(pk=pk, state=ImportState.RUNNING).update(
        state=ImportState.DONE, finished_at=now, cursor=card_import.last_row
    )


def _do(
    card_import: CardImport,
    landscape: Landscape,
    chunk: Sequence[tuple[int, TableRow]],
    columns: Mapping[int, str],
    say: Any,
) -> Counter[str]:
    plans = list(landscape.plans(chunk, columns))
    counts = Counter(plan.fate for plan in plans)
    wrong = [(plan.row, plan.why) for plan in plans if plan.fate == WRONG]
    right = [plan for plan in plans if plan.fate != WRONG]
    try:
        with transaction.atomic():
            counts[CASE] += _all_at_once(landscape, right)
    except (IntegrityError, _Refused):
        # Somebody else was quicker somewhere in the chunk: one by one, only that row is refused.
        for plan in right:
            refused = _alone(landscape, plan)
            counts[CASE] += plan.logs_case and refused is None
            if refused is not None:
                counts[plan.fate] -= 1
                counts[WRONG] += 1
                wrong.append((plan.row, [refused]))
    ImportFailure.objects.bulk_create(
        [ImportFailure(card_import=card_import, row=row, why=" ".join(map(say, why))) for row, why in wrong]
    )
    return +counts


class _Refused(Exception):
    pass


def _all_at_once(landscape: Landscape, plans: Sequence[Plan]) -> int:
    """Cards and cases of a chunk in a fixed number of statements; how many cases."""
    make = partial(Card, team=landscape.team, created_at=landscape.now)
    carriers = landscape.carriers
    Card.objects.bulk_create(
        make(number=card.number, carrier=carriers[card.carrier], **card.facts)
        for card in (plan.card for plan in plans if plan.fate == NEW)
        if card
    )
    numbers = [plan.card.number for plan in plans if plan.card]
    cards = {card.number: card for card in cards_of(landscape.team).filter(number__in=numbers)}
    changed = []
    for plan in plans:
        if plan.card and plan.changes:
            card = cards[plan.card.number]
            for name, value in plan.changes.items():
                setattr(card, name, value)
            changed.append(card)
    save_columns(changed, ["carrier", *CardFacts.__dataclass_fields__])
    logged = [plan for plan in plans if plan.logs_case and plan.card]
    if not logged:
        return 0
    cases = Case.objects.bulk_create(
        Case(
            reference=new_reference(),
            team=landscape.team,
            card=cards[plan.card.number],
            carrier=carriers[plan.card.carrier],
            handler=plan.handler,
            reason=plan.card.reason,
            channel=plan.card.channel,
            created_at=landscape.now,
        )
        for plan in logged
        if plan.card
    )
    first: dict[int, Any] = {}
    second: dict[int, Any] = {}
    for case, plan in zip(cases, logged, strict=True):
        if plan.card and plan.card.submitted_at:
            first[case.pk] = Logged(plan.card.words)
            second[case.pk] = Submit(plan.card.submitted_at, plan.card.reference)
    for verbs in (first, second):
        if perform(PerCase(verbs), cases, by=landscape.by, now=landscape.now).refused:
            raise _Refused
    return len(cases)


def _alone(landscape: Landscape, plan: Plan) -> CaseError | None:
    """One row, wholly or not at all; why not."""
    its = plan.card
    if its is None:
        return None
    facts, carrier = CardFacts(**its.facts), landscape.carriers[its.carrier]  # type: ignore[arg-type]
    try:
        with transaction.atomic():
            if not plan.logs_case:
                register_card(landscape.team, its.number, carrier, facts)
                return None
            log(
                landscape.team,
                its.number,
                carrier,
                reason=its.reason,
                channel=its.channel,
                by=landscape.by,
                now=landscape.now,
                facts=facts,
                handler=plan.handler,
                words=its.words,
                submitted_at=its.submitted_at,
                reference=its.reference,
            )
    except CaseError as error:
        return error
    return None


def forget_tables(before: datetime) -> int:
    """Remove the tables, and the rows that failed, of what was handed in before a moment; how many. What is known of
    them stays: who handed in how many rows, and what became of them."""
    old = CardImport.objects.filter(made_at__lt=before).exclude(sealed=b"")
    with transaction.atomic():
        keys = list(old.values_list("pk", flat=True))
        ImportFailure.objects.filter(card_import__in=keys).delete()
        CardImport.objects.filter(pk__in=keys, state=ImportState.NEW).delete()
        CardImport.objects.filter(pk__in=keys, state=ImportState.RUNNING).update(state=ImportState.CANCELLED)
        CardImport.objects.filter(pk__in=keys).update(sealed=b"", forecast={}, titles=[])
    return len(keys)
