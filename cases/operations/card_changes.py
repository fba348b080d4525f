"""What the record and the audit log say when the register says something else of a card: its holder, carrier, number.

The cases themselves stay as they are: what a case is about is in its entries, from the first one on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cases.domain import masking
from cases.domain.roles import Right
from cases.domain.status import OPEN_STATUSES
from cases.models import AuditEntry, Card, Case, User
from cases.models.choices import AuditKind, EntryKind
from cases.operations.engine.per_case import PerCase
from cases.operations.engine.perform import perform
from cases.operations.engine.verb import Verb, Work

#: What a dossier prints of a card, besides its number: by their names in a change, where the carrier is its slug.
CardState = Mapping[str, str]


@dataclass(frozen=True)
class ChangeCard(Verb):
    """The register says something else of the card's `holder` or `carrier` (slug); both states have both."""

    before: CardState
    after: CardState
    kind: ClassVar[EntryKind] = EntryKind.CARD_CHANGED
    #: Whoever changes the register was asked for that right there; the record must not miss what was changed.
    right: ClassVar[Right | None] = None
    guarded: ClassVar[bool] = False

    def apply(self, work: Work) -> None:
        work.content |= {"before": dict(self.before), "after": dict(self.after)}


@dataclass(frozen=True)
class CorrectNumber(Verb):
    """The card never had the number `before` but `after`, both national digits; raises ReasonMissing."""

    before: str
    after: str
    words: str
    kind: ClassVar[EntryKind] = EntryKind.NUMBER_CORRECTED
    #: Asked for by `cards.correct_number`: an operator may, who manages no team.
    right: ClassVar[Right | None] = None
    guarded: ClassVar[bool] = False

    def apply(self, work: Work) -> None:
        work.require_reason(self.words)
        work.content |= {"before": self.before, "after": self.after, "words": self.words}


def card_state(card: Card) -> dict[str, str]:
    """What a change of this card, with its carrier selected, is compared by."""
    return {"holder": card.holder, "carrier": card.carrier.slug}


def record_card_changes(changes: Sequence[tuple[Card, CardState]], *, by: User | None, now: datetime) -> None:
    """Record the changes of cards, each as it is now and with its state before, on their open cases and in the audit
    log. Cards whose state is the same are passed over; the number of statements does not grow with the cards."""
    verbs = {card.pk: ChangeCard(before, after) for card, before in changes if (after := card_state(card)) != before}
    if not verbs:
        return
    cases = Case.objects.filter(card__in=verbs, status__in=OPEN_STATUSES).only("pk", "card_id")
    by_case: dict[int, Verb] = {case.pk: verbs[case.card_id] for case in cases}
    if by_case:
        perform(PerCase(by_case), cases, by=by, now=now)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            kind=AuditKind.CARD_CHANGED,
            by=by,
            team_id=card.team_id,
            card=card,
            about=_changes_about(verbs[card.pk]),
        )
        for card, _ in changes
        if card.pk in verbs
    )


def _changes_about(change: ChangeCard) -> str:
    """'holder: 王** → 李**; carrier: china-mobile → china-unicom'."""
    shown: dict[str, Callable[[str], str]] = {"holder": masking.mask_name, "carrier": str}
    return "; ".join(
        f"{name}: {show(change.before[name]) or '-'} → {show(change.after[name]) or '-'}"
        for name, show in shown.items()
        if change.before[name] != change.after[name]
    )
