"""What would become of the rows of a table of cards, by what is stored now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from cases.formats.tables.readings import Message, ReadCase, ReadRow
from cases.models import Carrier, Team, User
from cases.operations.cards import CardFacts

NEW, CHANGED, SAME, WRONG, SKIPPED = "new", "changed", "same", "wrong", "skipped"
Outcome = Literal["new", "changed", "same", "wrong", "skipped"]
#: The outcomes of rows that are taken.
TAKEN = (NEW, CHANGED, SAME)


@dataclass(frozen=True)
class RowPlan:
    """What would become of a card of a row; a row with two numbers has two plans, one that is wrong or skipped has one.

    `row` is counted from 1 as in the file; `number` is national digits, empty where there is none. `carrier` is what the
    card has or gets, None where nobody knows it: then the card has the directory's 'other carrier' (`carrier_name` is
    as the table writes it). `facts` are those that the row says, without `custom`, which is by title. `case`: the
    request that the row names and that becomes a case (`opens_case`), looked after by `handler`; `handler_name` is as
    written, also of somebody who is no member yet. `changes`: of a card that is there, what it has and what it gets, by
    column of Card; of own columns by title. `reason` says why a row is wrong, skipped, or the same as an earlier one.
    """

    row: int
    outcome: Outcome
    number: str = ""
    carrier: Carrier | None = None
    carrier_name: str = ""
    carrier_is_guess: bool = False
    facts: CardFacts = field(default_factory=CardFacts)
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
    """What the rows of a table are compared with: carriers and people, read once, and the numbers seen so far."""

    def __init__(self, team: Team, by: User, now: datetime) -> None:
        self.team, self.by, self.now = team, by, now

    def plan_rows(self, rows: Sequence[ReadRow]) -> Iterator[RowPlan]:
        """What would become of these rows, by what is stored now; in a fixed number of queries."""
        raise NotImplementedError

    def remember(self, rows: Sequence[ReadRow]) -> None:
        """Note the numbers of rows that are passed over, so that later ones are known to repeat them."""
        raise NotImplementedError
