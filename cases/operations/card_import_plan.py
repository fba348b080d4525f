"""What would become of the rows of a table of cards, by what is stored now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.domain.business_days import local
from cases.domain.errors import CaseError, OpenCaseExists, gettext_noop
from cases.domain.status import OPEN_STATUSES
from cases.formats.card_table import CardRow, RowError, RowErrors, normalize_title, read_row
from cases.formats.spreadsheets import TableRow
from cases.models import Card, Carrier, Case, Team, User
from cases.operations.cards import CardFacts, NewCard
from cases.operations.open_cases import NewCase
from cases.operations.submission import Submit
from cases.selectors import assignable_users, cards_of

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass(frozen=True)
class RowPlan:
    """What would become of a row, which is counted from 1 with the titles.

    `number` where it can be read (national digits). A row that is not WRONG either registers a card or opens a case;
    `changes` are the columns of a card that is there already.
    """

    row: int
    status: str
    number: str = ""
    new_card: NewCard | None = None
    new_case: NewCase | None = None
    changes: Sequence[str] = ()
    errors: Sequence[CaseError] = ()


class ImportContext:
    """What the rows of a table are compared with: carriers and people, read once, and the numbers seen so far."""

    def __init__(self, team: Team, by: User, now: datetime) -> None:
        self.team, self.by, self.now = team, by, now
        self.carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
        self.carrier_slugs = dict(_carrier_names(self.carriers.values()))
        self.handlers = {
            normalize_title(key): user for user in assignable_users(team) for key in (user.name, user.email)
        }
        self.first_rows: dict[str, int] = {}

    def plan_rows(self, rows: Sequence[tuple[int, TableRow]], columns: Mapping[int, str]) -> Iterator[RowPlan]:
        """What would become of these rows, by what is stored now; in a fixed number of queries."""
        parsed_rows: list[tuple[int, CardRow | RowErrors]] = []
        for number, row in rows:
            try:
                parsed_rows.append((number, read_row(row, columns, self.carrier_slugs, self.now)))
            except RowErrors as flaws:
                parsed_rows.append((number, flaws))
        numbers = [card.number for _, card in parsed_rows if isinstance(card, CardRow)]
        cards = {card.number: card for card in cards_of(self.team).filter(number__in=numbers)}
        cases: dict[int, list[Case]] = {}
        for case in Case.objects.filter(card__in=[card.pk for card in cards.values()]).only(
            "card", "status", "submitted_at", "reference"
        ):
            cases.setdefault(case.card_id, []).append(case)
        for number, parsed in parsed_rows:
            if isinstance(parsed, RowErrors):
                yield RowPlan(number, WRONG, errors=parsed.errors)
            else:
                card = cards.get(parsed.number)
                yield self._plan_row(number, parsed, card, cases.get(card.pk, []) if card else [])

    def remember(self, number: int, row: TableRow, columns: Mapping[int, str]) -> None:
        """Note the number of a row that was imported earlier, so that it is refused when it comes again."""
        try:
            self.first_rows.setdefault(read_row(row, columns, self.carrier_slugs, self.now).number, number)
        except RowErrors:
            return

    def _plan_row(self, number: int, card_row: CardRow, card: Card | None, cases: Sequence[Case]) -> RowPlan:
        first_row = self.first_rows.setdefault(card_row.number, number)
        if first_row != number:
            message = gettext_noop("Duplicate of row %(row)s.")
            return _wrong(number, card_row, RowError(message, "number", row=first_row))
        handler = self.handlers.get(normalize_title(card_row.handler)) if card_row.handler else self.by
        if handler is None:
            message = gettext_noop("No manager or case worker in this team is called “%(name)s”.")
            return _wrong(number, card_row, RowError(message, "handler", name=card_row.handler[:40]))
        new_case = None if any(_is_case_of_row(case, card_row) for case in cases) else self._new_case(card_row, handler)
        open_case = next((case for case in cases if case.status in OPEN_STATUSES), None)
        if new_case and open_case:
            return _wrong(number, card_row, OpenCaseExists(reference=open_case.reference))
        carrier = self.carriers[card_row.carrier]
        new_card = None if new_case else NewCard(card_row.number, carrier, facts=_facts(card_row))
        changes = _changes(card_row, card) if card else []
        status = NEW if card is None else CHANGED if changes else SAME
        return RowPlan(number, status, card_row.number, new_card, new_case, changes)

    def _new_case(self, card_row: CardRow, handler: User) -> NewCase | None:
        if card_row.submitted_at is None:
            return None
        return NewCase(
            card_row.number,
            self.carriers[card_row.carrier],
            card_row.reason,
            card_row.channel,
            facts=_facts(card_row),
            handler=handler,
            words=card_row.words,
            submit=Submit(card_row.submitted_at, card_row.reference),
        )


def _wrong(number: int, card_row: CardRow, error: CaseError) -> RowPlan:
    return RowPlan(number, WRONG, card_row.number, errors=[error])


def _facts(card_row: CardRow) -> CardFacts:
    return CardFacts(**card_row.facts)


def _carrier_names(carriers: Iterable[Carrier]) -> Iterator[tuple[str, str]]:
    for carrier in carriers:
        for name in (carrier.slug, carrier.name, carrier.name_en, carrier.name.removeprefix("中国")):
            yield normalize_title(name), carrier.slug


def _is_case_of_row(case: Case, card_row: CardRow) -> bool:
    """Whether the row describes this case."""
    if case.submitted_at is None or card_row.submitted_at is None:
        return False
    if card_row.is_day_only:
        return local(case.submitted_at).date() == local(card_row.submitted_at).date()
    return case.submitted_at == card_row.submitted_at


def _changes(card_row: CardRow, card: Card) -> list[str]:
    changes = [name for name, value in card_row.facts.items() if getattr(card, name) != value]
    return sorted([*changes, "carrier"] if card_row.carrier != card.carrier.slug else changes)
