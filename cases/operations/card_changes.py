"""What the record and the audit log say when the register says something else of a card.

Another holder, carrier or number is recorded on cases; the audit log names every fact that was changed. The cases
themselves stay as they are: what a case is about is in its entries, from the first one on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from cases.domain import masking
from cases.domain.roles import Right
from cases.domain.status import OPEN_STATUSES
from cases.models import AuditEntry, Card, CardColumn, Case, User
from cases.models.choices import AuditKind, EntryKind
from cases.operations.engine.per_case import PerCase
from cases.operations.engine.perform import perform
from cases.operations.engine.verb import Verb, Work

#: The facts of a card as text, by the names of their columns and the keys of own columns; the carrier is its slug.
CardState = Mapping[str, str]
#: What a dossier prints of a card, besides its number: what its cases' records must have.
_RECORDED = ("holder", "carrier")
_NAMES_OF_PEOPLE = ("holder", "user", "handler_name")
#: Of these the audit log tells only that they were changed.
_UNTOLD = ("iccid", "note")
#: The facts of every card, in the order in which changes are told.
_FACTS = ("holder", "carrier", "user", "department", "purpose", "plan", "monthly_fee", "iccid", "opened_on",
          "contract_end", "note", "handler_name")  # fmt: skip


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
    state = {name: _as_text(getattr(card, name)) for name in _FACTS if name != "carrier"}
    return state | {key: str(value) for key, value in card.custom.items()} | {"carrier": card.carrier.slug}


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(value)


def record_card_changes(changes: Sequence[tuple[Card, CardState]], *, by: User | None, now: datetime) -> None:
    """Record the changes of cards, each as it is now and with its state before: another holder or carrier on their open
    cases, and what was changed in the audit log. Cards whose state is the same are passed over; the number of
    statements does not grow with the cards."""
    states = [(card, before, after) for card, before in changes if (after := card_state(card)) != before]
    if not states:
        return
    verbs = {
        card.pk: ChangeCard(_recorded(before), _recorded(after))
        for card, before, after in states
        if _recorded(before) != _recorded(after)
    }
    if verbs:
        _record_on_cases(verbs, by=by, now=now)
    titles = _own_titles(states)
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(
                at=now,
                kind=AuditKind.CARD_CHANGED,
                by=by,
                team_id=card.team_id,
                card=card,
                about=_changes_about(before, after, titles.get(card.team_id, {})),
            )
            for card, before, after in states
        ),
        batch_size=1000,
    )


def _recorded(state: CardState) -> dict[str, str]:
    return {name: state[name] for name in _RECORDED}


def _record_on_cases(verbs: Mapping[int, Verb], *, by: User | None, now: datetime) -> None:
    cases = Case.objects.filter(card__in=verbs, status__in=OPEN_STATUSES).only("pk", "card_id")
    by_case: dict[int, Verb] = {case.pk: verbs[case.card_id] for case in cases}
    if by_case:
        perform(PerCase(by_case), cases, by=by, now=now)


def _own_titles(states: Sequence[tuple[Card, CardState, CardState]]) -> dict[int, dict[str, str]]:
    """The titles of own columns by team and key, of the teams that have values in some."""
    teams = {card.team_id for card, before, after in states if len({*before, *after}) > len(_FACTS)}
    if not teams:
        return {}
    titles: dict[int, dict[str, str]] = {}
    for team, key, title in CardColumn.objects.filter(team__in=teams).values_list("team_id", "key", "title"):
        titles.setdefault(team, {})[key] = title
    return titles


def _changes_about(before: CardState, after: CardState, titles: Mapping[str, str]) -> str:
    """'holder: 王** → 李**; carrier: china-mobile → china-unicom; note': what people are called is masked, and of what
    may hold anything (notes, own columns) only that it was changed is told."""
    parts = []
    for name in [*_FACTS, *sorted({*before, *after} - {*_FACTS})]:
        old, new = before.get(name, ""), after.get(name, "")
        if old == new:
            continue
        if name not in _FACTS or name in _UNTOLD:
            parts.append(titles.get(name, name))
            continue
        show: Callable[[str], str] = masking.mask_name if name in _NAMES_OF_PEOPLE else masking.mask_text
        parts.append(f"{name}: {show(old) or '-'} → {show(new) or '-'}")
    return "; ".join(parts)[: AuditEntry._meta.get_field("about").max_length]
