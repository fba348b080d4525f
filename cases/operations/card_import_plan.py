"""What would become of the rows of a table of cards, by what is stored now."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from cases.domain.errors import CaseError, gettext_noop
from cases.formats.tables.readings import CardFactsRead, Message, ReadCard, ReadCase, ReadRow
from cases.models import Card, Carrier, Case, Team, User
from cases.operations.card_import_cases import CaseDecision, decide_case
from cases.operations.card_import_repeats import Repeat, TableScan, places, scan_table
from cases.operations.cards import CardFacts
from cases.operations.carrier_names import is_known
from cases.operations.imported_columns import TeamColumns, kind_of
from cases.operations.named_handlers import members_by_name, normalized_name
from cases.selectors import cards_of

NEW, CHANGED, SAME, WRONG, SKIPPED = "new", "changed", "same", "wrong", "skipped"
Outcome = Literal["new", "changed", "same", "wrong", "skipped"]
#: The outcomes of rows that are taken.
TAKEN = (NEW, CHANGED, SAME)

#: The texts of a card, and what their columns take.
_MAX_LENGTHS: Mapping[str, int] = {
    name: getattr(Card._meta.get_field(name), "max_length")  # noqa: B009
    for name in ("holder", "user", "department", "plan", "iccid", "handler_name", "note")
}


class RowRefused(CaseError):
    """Why a row cannot be taken, or what was not taken of it: a message of its reading as a named error."""

    code = "row_flaw"

    def __init__(self, message: Message) -> None:
        self.message = message.msgid
        super().__init__(**message.params)


@dataclass(frozen=True)
class RowPlan:
    """What would become of a card of a row; a row with two numbers has two plans, one that is wrong or skipped has one.

    `row` is counted from 1 as in the file; `number` is national digits, empty where there is none. `carrier` is what
    the card has or gets, None where nobody knows it: then the card has the directory's 'other carrier' (`carrier_name`
    is as the table writes it). `facts` are those that the row says, as they will be stored, without `custom`, which is
    by title; `purpose_words` is the purpose as written. `case`: the request that the row names, which becomes a case
    (`opens_case`), looked after by `handler`; `handler_name` is as written, also of somebody who is no member yet.
    `changes`: of a card that is there, what it has and what it gets, by column of Card (`carrier` as Carrier); of own
    columns by title. `reason` says why a row is wrong, skipped, or the same as an earlier one.
    """

    row: int
    outcome: Outcome
    number: str = ""
    carrier: Carrier | None = None
    carrier_name: str = ""
    carrier_is_guess: bool = False
    facts: CardFacts = field(default_factory=CardFacts)
    purpose_words: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    case: ReadCase | None = None
    opens_case: bool = False
    handler: User | None = None
    handler_name: str = ""
    warnings: Sequence[Message] = ()
    reason: Message | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    cells: Sequence[str] = ()


class ImportContext:
    """What the rows of a table are compared with: carriers, people, own columns, read once, and the other rows.

    `rows`: what all rows of the table are known to have in common, or a function that gives them all, to find that out.
    """

    def __init__(self, team: Team, by: User, now: datetime, rows: TableScan | Callable[[], Iterable[ReadRow]]) -> None:
        self.team, self.by, self.now = team, by, now
        self.carriers = {carrier.slug: carrier for carrier in Carrier.objects.all() if is_known(carrier)}
        self.members = members_by_name(team)
        self.columns = TeamColumns(team)
        scan = rows if isinstance(rows, TableScan) else scan_table(rows, _has_same_kind)
        self.repeats, self.own_values = scan.repeats, scan.own_values

    def handler_of(self, name: str) -> User | None:
        """Who looks after cases of a row that names somebody: None for one who is no member yet."""
        return self.members.get(normalized_name(name)) if name else self.by

    def plan_rows(self, rows: Sequence[ReadRow]) -> Iterator[RowPlan]:
        """What would become of these rows, by what is stored now; in a fixed number of queries.

        Rows of one number come together: tables that stand beside each other have them.
        """
        numbers = [card.number for row in rows for card in row.cards]
        cards = {card.number: card for card in cards_of(self.team).filter(number__in=numbers)}
        cases: dict[int, list[Case]] = {}
        stored_cases = Case.objects.filter(card__in=[card.pk for card in cards.values()], logged_by_mistake=False)
        for case in stored_cases.only(
            "card", "status", "submitted_at", "reference", "reported_done_at", "confirmed_at"
        ).order_by("pk"):
            cases.setdefault(case.card_id, []).append(case)
        all_places = {id(card): place for place, card in places(rows)}
        for row in rows:
            if row.kind != "card":
                outcome: Outcome = "wrong" if row.kind == "wrong" else "skipped"
                yield RowPlan(row.row, outcome, reason=row.reason, cells=row.cells)
            for read in row.cards if row.kind == "card" else ():
                repeat = self.repeats.get(all_places[id(read)])
                card = cards.get(read.number)
                if repeat:
                    yield self._plan_repeat(row, read, repeat, card)
                else:
                    yield self._plan_card(row, read, card, cases.get(card.pk, []) if card else [])

    def _plan_repeat(self, row: ReadRow, read: ReadCard, repeat: Repeat, card: Card | None) -> RowPlan:
        """A row that says nothing else than the earlier one is the same; two that differ are for a person to decide."""
        if repeat.says_more:
            message = gettext_noop(
                "The number repeats row %(row)s, with other details. Keep one of the rows and delete the other."
            )
        else:
            message = gettext_noop("Repeats row %(row)s.")
        plan = self._plan_card(row, read, card, [])
        outcome: Outcome = "wrong" if repeat.says_more else "same"
        reason = Message(message, {"row": repeat.first_row})
        return replace(plan, outcome=outcome, reason=reason, opens_case=False, changes={})

    def _plan_card(self, row: ReadRow, read: ReadCard, card: Card | None, cases: Sequence[Case]) -> RowPlan:
        handler = self.handler_of(read.handler)
        decision = decide_case(read.case, cases, self.now) if read.case else CaseDecision(None, opens_case=False)
        facts, further_warnings = self._facts(
            read, card, is_handled=handler is not None and (decision.opens_case or bool(cases))
        )
        carrier = self._carrier(read, card)
        changes = self._changes(card, carrier, facts, read.custom) if card else {}
        outcome: Outcome = "new" if card is None else "changed" if changes or decision.opens_case else "same"
        return RowPlan(
            row.row,
            outcome,
            read.number,
            carrier=carrier,
            carrier_name=read.carrier_name,
            carrier_is_guess=read.carrier_is_guess or carrier is None,
            facts=facts,
            purpose_words=read.facts.get("purpose_words", ""),
            custom=read.custom,
            case=decision.case,
            opens_case=decision.opens_case,
            handler=handler if decision.opens_case else None,
            handler_name=read.handler,
            warnings=[*read.warnings, *further_warnings, *decision.warnings],
            changes=changes,
            cells=row.cells,
        )

    def _carrier(self, read: ReadCard, card: Card | None) -> Carrier | None:
        """The row's carrier, but for a guess where the register has one."""
        named = self.carriers.get(read.carrier or "")
        if card is not None and (named is None or read.carrier_is_guess):
            return card.carrier if is_known(card.carrier) else None
        return named

    def _facts(self, read: ReadCard, card: Card | None, *, is_handled: bool) -> tuple[CardFacts, list[Message]]:
        """The facts as they will be stored: in the length of their columns, and the note added to the one there.

        `is_handled`: the card has a case, and whom the row names is somebody who can handle it; else the name is kept.
        """
        texts: dict[str, Any] = {name: str(value) for name, value in read.facts.items() if name in _MAX_LENGTHS}
        if read.handler and (not is_handled or (card is not None and card.handler_name)):
            texts["handler_name"] = read.handler
        notes = [texts.pop("note", "")]
        if read.carrier_name and read.carrier is None and read.carrier_name not in notes[0]:
            notes.append(read.carrier_name)
        for name, text in texts.items():
            if len(text) > _MAX_LENGTHS[name]:
                texts[name] = text[: _MAX_LENGTHS[name]]
                notes.append(text)
        note, is_whole = _joined_notes(card.note if card else "", [part for part in notes if part])
        warnings = [] if is_whole else [Message(gettext_noop("The note is too long and was not added."))]
        return CardFacts(**texts, **_other_facts(read.facts), note=note), warnings

    def _changes(
        self, card: Card, carrier: Carrier | None, facts: CardFacts, custom: Mapping[str, str]
    ) -> dict[str, tuple[Any, Any]]:
        values = facts.known() | ({"carrier": carrier} if carrier else {})
        changes = {name: (before, value) for name, value in values.items() if (before := getattr(card, name)) != value}
        for title, value in custom.items():
            key = self.columns.key_of(title)
            before = card.custom.get(key, "") if key else ""
            if before != value:
                changes[title] = (before, value)
        return changes


def _has_same_kind(value: str, other: str) -> bool:
    return kind_of([value]) == kind_of([other])


def _other_facts(read: CardFactsRead) -> dict[str, Any]:
    """The facts that are no texts of a limited length."""
    return {
        "purpose": read.get("purpose", ""),
        "monthly_fee": read.get("monthly_fee"),
        "opened_on": read.get("opened_on"),
        "contract_end": read.get("contract_ends_on"),
    }


def _joined_notes(stored: str, parts: Sequence[str]) -> tuple[str, bool]:
    """The note with what a row adds, each line once; and whether there was room for all of it."""
    note = stored
    for part in parts:
        if part in note:
            continue
        joined = part if note in part else f"{note}\n{part}" if note else part
        if len(joined) > _MAX_LENGTHS["note"]:
            return note, False
        note = joined
    return note, True
