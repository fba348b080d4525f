"""An imported table taken back as a whole, while nothing else was done to what its rows have left.

A card that it registered is deleted, or, where a case hangs on it, stays; what it changed of a card is as it was; a
case that it opened is withdrawn as logged by mistake. What has moved on since stays, and is named with the reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.domain.business_days import local
from cases.domain.corrections import MovedOn
from cases.domain.errors import CaseError, gettext_noop
from cases.domain.roles import Right
from cases.models import (
    Card,
    CardImport,
    Carrier,
    CarrierMessage,
    Case,
    ImportedCard,
    ImportFailure,
    Team,
    TimelineEntry,
    User,
)
from cases.models.choices import AuditKind, EntryKind, ImportState
from cases.operations.audit_log import record_audit_entry
from cases.operations.card_changes import card_state, record_card_changes
from cases.operations.card_import_rows import as_json
from cases.operations.cards import CardFacts
from cases.operations.engine.act_tokens import import_token, tokens_of_act
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.effective_entries import effective_entries
from cases.operations.engine.group_by_case import group_by_case
from cases.operations.engine.perform import CHUNK, perform
from cases.operations.engine.rights import ActorRoles
from cases.operations.submission import Withdraw
from cases.wording.stored_sentences import stored_errors


class NotTakenBack(CaseError):
    """An import that cannot be taken back."""

    code = "import_not_taken_back"
    message = gettext_noop("This import cannot be taken back any more.")


class CardMovedOn(CaseError):
    """Of a card that an import registered or changed."""

    code = "card_moved_on"
    message = gettext_noop("Left as it is: the card’s details were changed after the import.")


class CardHasOtherCases(CaseError):
    """Of a card that an import registered. Params: reference."""

    code = "card_has_other_cases"
    message = gettext_noop("Left as it is: the card has a case since the import: %(reference)s.")


@dataclass
class TakenBack:
    """What became of the cards of an import: how many rows are as they were before, and those that are not, with why.

    `kept` are cards that the import registered and that stay, as the record of a withdrawn case hangs on them.
    """

    done: int = 0
    kept: int = 0
    left: list[tuple[ImportedCard, CaseError]] = field(default_factory=list)

    def add(self, other: "TakenBack") -> None:
        """Add what became of further cards."""
        self.done += other.done
        self.kept += other.kept
        self.left += other.left


def can_take_back(card_import: CardImport, by: User) -> bool:
    """Whether the import is over and what it did is still noted, and `by` imported it or manages the team."""
    right = Right.WORK if card_import.made_by_id == by.pk else Right.MANAGE
    try:
        ActorRoles.of(by).check(right, card_import.team_id)
    except CaseError:
        return False
    is_over = card_import.state in (ImportState.DONE, ImportState.CANCELLED)
    return is_over and ImportedCard.objects.filter(card_import=card_import).exists()


def start_taking_back(card_import: CardImport, *, by: User, now: datetime) -> bool:
    """Mark the import as taken back and note it in the audit log; False where `can_take_back` says no. What it did is
    then undone by `take_back_chunks`."""
    if not can_take_back(card_import, by):
        return False
    with transaction.atomic():
        finished = CardImport.objects.filter(pk=card_import.pk, state__in=[ImportState.DONE, ImportState.CANCELLED])
        if not finished.update(state=ImportState.UNDONE):
            return False
        record_audit_entry(AuditKind.IMPORT_UNDONE, by=by, now=now, team=card_import.team, about=card_import.name)
    return True


def take_back(card_import: CardImport, *, by: User, now: datetime) -> TakenBack:
    """All of it at once; raises NotTakenBack where `start_taking_back` would return False."""
    if not start_taking_back(card_import, by=by, now=now):
        raise NotTakenBack()
    outcome = TakenBack()
    for chunk in take_back_chunks(card_import.pk, by, now):
        outcome.add(chunk)
    return outcome


def take_back_chunks(pk: int, by: User, now: datetime) -> Iterator[TakenBack]:
    """Undo what an import that is marked as taken back has done, chunk by chunk, each committed when it is yielded.

    How many cards are as before, of those how many are kept, and how many are left is added to its counts ("undone",
    "kept", "left"). What has moved on is noted as the import's failures. The words in the record of its cases are
    in the language that is active. What is done is no longer noted, so that it may be called again when it was ended.
    """
    card_import = CardImport.objects.select_related("team").filter(pk=pk, state=ImportState.UNDONE).first()
    if card_import is None:
        return
    after = 0
    while True:
        with transaction.atomic():
            rows = list(
                ImportedCard.objects.filter(card_import=card_import, pk__gt=after)
                .select_related("case")
                .order_by("pk")[:CHUNK]
            )
            if not rows:
                break
            outcome = _Chunk(card_import, rows, by, now).undo()
            _note_failures(card_import, outcome)
            for name, count in (("undone", outcome.done), ("kept", outcome.kept), ("left", len(outcome.left))):
                card_import.counts[name] = card_import.counts.get(name, 0) + count
            card_import.save(update_fields=["counts"])
        after = rows[-1].pk
        yield outcome


def _note_failures(card_import: CardImport, outcome: TakenBack) -> None:
    errors: dict[int, list[CaseError]] = {}
    for imported, error in outcome.left:
        errors.setdefault(imported.row, []).append(error)
    ImportFailure.objects.filter(card_import=card_import, row__in=errors).delete()
    ImportFailure.objects.bulk_create(
        ImportFailure(card_import=card_import, row=row, why=stored_errors(of_row)) for row, of_row in errors.items()
    )


class _Chunk:
    """Some cards of an import, with their cards locked."""

    def __init__(self, card_import: CardImport, rows: Sequence[ImportedCard], by: User, now: datetime) -> None:
        self.team: Team = card_import.team
        self.tokens = tokens_of_act(import_token(card_import.pk))
        self.rows, self.by, self.now = rows, by, now
        self.words = _("The import that logged this case was taken back: %(name)s") % {"name": card_import.name}
        self.outcome = TakenBack()
        cards = Card.objects.filter(team=self.team, pk__in=[row.card_id for row in rows]).select_related("carrier")
        self.cards = {card.pk: card for card in cards.select_for_update(of=("self",)).order_by("pk")}
        self.carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}

    def undo(self) -> TakenBack:
        rows = self._without_moved_cases(self.rows)
        registered = [row for row in rows if row.before is None]
        self._restore([row for row in rows if row.before is not None])
        self._delete(registered)
        return self.outcome

    def _leave(self, row: ImportedCard, error: CaseError) -> None:
        self.outcome.left.append((row, error))

    # Cases

    def _without_moved_cases(self, rows: Sequence[ImportedCard]) -> list[ImportedCard]:
        """Withdraw the cases that have no entry but the import's; returns the rows without the others."""
        entries = group_by_case(
            TimelineEntry.objects.filter(case__in=[row.case_id for row in rows if row.case_id])
            .order_by("case_id", "sequence")
            .select_related("content")
        )
        remaining, withdrawn = [], []
        for row in rows:
            later = _later_entry(entries.get(row.case_id or 0, []), self.tokens)
            if later is None:
                remaining.append(row)
                if row.case is not None and not row.case.logged_by_mistake:
                    withdrawn.append(row.case)
            else:
                self._leave(row, _moved_on(later))
        outcome = perform(Withdraw(self.words, mistake=True), withdrawn, by=self.by, now=self.now)
        errors = {case.pk: error for case, error in outcome.refused}
        for row in [row for row in remaining if row.case_id in errors]:
            remaining.remove(row)
            self._leave(row, errors[row.case_id or 0])
        return remaining

    # Cards

    def _restore(self, rows: Sequence[ImportedCard]) -> None:
        """Give changed cards back what they had, field by field where it is still what the import gave."""
        before = {card.pk: card_state(card) for card in self.cards.values()}
        changed: list[Card] = []
        done: list[int] = []
        for row in rows:
            card = self.cards[row.card_id]
            is_whole = self._restore_card(card, row)
            changed.append(card)
            if is_whole:
                self.outcome.done += 1
            else:
                self._leave(row, CardMovedOn())
            done.append(row.pk)
        save_columns(changed, ["carrier", *CardFacts.__dataclass_fields__])
        record_card_changes([(card, before[card.pk]) for card in changed], by=self.by, now=self.now)
        ImportedCard.objects.filter(pk__in=done).delete()

    def _restore_card(self, card: Card, row: ImportedCard) -> bool:
        """Whether everything was as the import left it."""
        is_whole = True
        before: Mapping[str, Any] = row.before or {}
        for name, value in row.after.items():
            if name == "custom":
                is_whole &= _restore_custom(card, before.get(name, {}), value)
            elif as_json(getattr(card, name)) == value:
                setattr(card, name, self._value(name, before.get(name)))
            else:
                is_whole = False
        return is_whole

    def _value(self, name: str, value: Any) -> Any:
        """A value of a card from its JSON."""
        if name == "carrier":
            return self.carriers[value]
        column: Any = Card._meta.get_field(name)
        if value is None:
            return None if column.null else ""
        result: date | Decimal | str = column.to_python(value)
        return result

    def _delete(self, rows: Sequence[ImportedCard]) -> None:
        """Delete the cards that the import registered and that are as it left them."""
        cases: dict[int, list[Case]] = {}
        for case in Case.objects.filter(card__in=[row.card_id for row in rows]).order_by("pk"):
            cases.setdefault(case.card_id, []).append(case)
        deleted: list[int] = []
        done: list[int] = []
        for row in rows:
            card = self.cards[row.card_id]
            others = [case for case in cases.get(card.pk, []) if case.pk != row.case_id]
            if others:
                self._leave(row, CardHasOtherCases(reference=others[-1].reference))
            elif _facts_of(card) != {"custom": {}, **row.after}:
                self._leave(row, CardMovedOn())
            elif row.case is not None:
                self.outcome.kept += 1
                self.outcome.done += 1
                done.append(row.pk)
            else:
                deleted.append(card.pk)
        ImportedCard.objects.filter(pk__in=done).delete()
        CarrierMessage.objects.filter(card__in=deleted).update(card=None)
        Card.objects.filter(pk__in=deleted).delete()
        self.outcome.done += len(deleted)


def _restore_custom(card: Card, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    custom = dict(card.custom)
    is_whole = True
    for key, value in after.items():
        if custom.get(key) != value:
            is_whole = False
        elif before.get(key):
            custom[key] = before[key]
        else:
            del custom[key]
    card.custom = custom
    return is_whole


def _facts_of(card: Card) -> dict[str, Any]:
    """What a card has, as `ImportedCard.after` has it of a new one."""
    values = {name: getattr(card, name) for name in CardFacts.__dataclass_fields__}
    facts = {name: as_json(value) for name, value in values.items() if value not in ("", None)}
    return {**facts, "carrier": card.carrier.slug}


def _later_entry(entries: Sequence[TimelineEntry], tokens: Sequence[UUID]) -> TimelineEntry | None:
    """The first entry of a case by which it has moved on since the import; the case's own withdrawal is none."""
    others = [
        entry
        for entry in effective_entries(entries)
        if entry.click not in tokens and entry.kind != EntryKind.RECALCULATED and not _is_mistake(entry)
    ]
    return others[0] if others else None


def _is_mistake(entry: TimelineEntry) -> bool:
    content = getattr(entry, "content", None)
    return entry.kind == EntryKind.WITHDRAWN and bool(content and content.body.get("mistake"))


def _moved_on(entry: TimelineEntry) -> CaseError:
    return MovedOn(entry=entry.sequence, what=EntryKind(entry.kind), day=local(entry.recorded_at).date())
