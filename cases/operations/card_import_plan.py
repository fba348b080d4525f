"""What would become of the rows of a table of cards, by what is stored now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.domain.business_days import local
from cases.domain.errors import CaseError, OpenCaseExists, gettext_noop
from cases.domain.status import OPEN_STATUSES
from cases.formats.card_table import CardRow, RowError, RowErrors, normalize_title, read_row
from cases.formats.spreadsheets import TableRow
from cases.models import Card, Carrier, Case, Team, User
from cases.selectors import cards_of, workers_of

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass(frozen=True)
class Plan:
    """What would become of a row; `why` says what is wrong, or what changes."""

    row: int
    fate: str
    card: CardRow | None = None
    handler: User | None = None
    logs_case: bool = False
    changes: Mapping[str, Any] | None = None
    why: Sequence[CaseError] = ()


class Landscape:
    """What the rows of a table are held against: carriers and people, read once, and the numbers seen so far."""

    def __init__(self, team: Team, by: User, now: datetime) -> None:
        self.team, self.by, self.now = team, by, now
        self.carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
        self.names = dict(_names(self.carriers.values()))
        self.people = {normalize_title(key): user for user in workers_of(team) for key in (user.name, user.email)}
        self.seen: dict[str, int] = {}

    def plans(self, rows: Sequence[tuple[int, TableRow]], columns: Mapping[int, str]) -> Iterator[Plan]:
        """What would become of these rows, by what is stored now; in a fixed number of queries."""
        read: list[tuple[int, CardRow | RowErrors]] = []
        for number, row in rows:
            try:
                read.append((number, read_row(row, columns, self.names, self.now)))
            except RowErrors as flaws:
                read.append((number, flaws))
        numbers = [card.number for _, card in read if isinstance(card, CardRow)]
        cards = {card.number: card for card in cards_of(self.team).filter(number__in=numbers)}
        cases: dict[int, list[Case]] = {}
        for case in Case.objects.filter(card__in=[card.pk for card in cards.values()]).only(
            "card", "status", "submitted_at", "reference"
        ):
            cases.setdefault(case.card_id, []).append(case)
        for number, its in read:
            if isinstance(its, RowErrors):
                yield Plan(number, WRONG, why=its.errors)
            else:
                card = cards.get(its.number)
                yield self._plan(number, its, card, cases.get(card.pk, []) if card else [])

    def see(self, number: int, row: TableRow, columns: Mapping[int, str]) -> None:
        """A row that was dealt with earlier: its number is known from now on."""
        try:
            self.seen.setdefault(read_row(row, columns, self.names, self.now).number, number)
        except RowErrors:
            return

    def _plan(self, number: int, its: CardRow, card: Card | None, cases: Sequence[Case]) -> Plan:
        first = self.seen.setdefault(its.number, number)
        if first != number:
            message = gettext_noop("Row %(row)s has this number already.")
            return Plan(number, WRONG, its, why=[RowError(message, "number", row=first)])
        handler = self.people.get(normalize_title(its.handler)) if its.handler else self.by
        if handler is None:
            message = gettext_noop("Nobody in the team who looks after cases is called “%(name)s”.")
            return Plan(number, WRONG, its, why=[RowError(message, "handler", name=its.handler[:40])])
        logs_case = its.submitted_at is not None and not any(_is(case, its) for case in cases)
        open_case = next((case for case in cases if case.status in OPEN_STATUSES), None)
        if logs_case and open_case:
            return Plan(number, WRONG, its, why=[OpenCaseExists(reference=open_case.reference)])
        changes = _changes(its, card, self.carriers) if card else {}
        fate = NEW if card is None else CHANGED if changes else SAME
        return Plan(number, fate, its, handler, logs_case, changes)


def _names(carriers: Any) -> Iterator[tuple[str, str]]:
    for carrier in carriers:
        for name in (carrier.slug, carrier.name, carrier.name_en, carrier.name.removeprefix("中国")):
            yield normalize_title(name), carrier.slug


def _is(case: Case, its: CardRow) -> bool:
    """Whether a case is the one that a row tells of."""
    if case.submitted_at is None or its.submitted_at is None:
        return False
    if its.is_day_only:
        return local(case.submitted_at).date() == local(its.submitted_at).date()
    return case.submitted_at == its.submitted_at


def _changes(its: CardRow, card: Card, carriers: Mapping[str, Carrier]) -> dict[str, Any]:
    found = {name: value for name, value in its.facts.items() if getattr(card, name) != value}
    if its.carrier != card.carrier.slug:
        found["carrier"] = carriers[its.carrier]
    return found
