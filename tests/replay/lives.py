"""A history as a script: steps, each with its moment and who does it, that can be performed on a new case again.

A step names no key of the database. A step left out leaves the others as they are: so a case on which only some of the
steps were performed is built by performing those.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.db import transaction

from cases.models import Case, User
from tests.replay.world import World


class Act:
    """What a step does."""

    #: Whether it leaves an entry on the case; what does not changes what the case stands in.
    is_recorded: ClassVar[bool] = True
    #: Whether the entry says what the register says of the card, in whatever status the case is.
    records_card: ClassVar[bool] = False

    def perform(self, life: "Life", step: "Step") -> None:
        """Raises CaseError where the product refuses it."""
        raise NotImplementedError(type(self).__name__)


@dataclass(frozen=True)
class Step:
    """One step: its number in its script, when it is recorded, and by whom (of `World.people`; empty: the product)."""

    number: int
    now: datetime
    by: str
    act: Act


@dataclass
class Life:
    """One case, and the one that goes along with it in batches, as steps are performed on them."""

    world: World
    people: dict[str, User]
    case: Case | None = None
    companion: Case | None = None
    #: What the record was told of the card, by step: at the logging and each submission, and what changed later.
    card_facts: dict[int, dict[str, str]] = field(default_factory=dict)
    snooze_ended_by_message: bool = False
    #: The entries that each step left on the case: (first, last) sequence.
    entries: dict[int, tuple[int, int]] = field(default_factory=dict)
    #: The entries that were voided: step, and which of its entries.
    voided: set[tuple[int, int]] = field(default_factory=set)

    def person(self, key: str) -> User | None:
        return self.people[key] if key else None

    def actor(self, step: Step) -> User:
        """Who does a step that the product never does by itself."""
        return self.people[step.by]

    def the_case(self) -> Case:
        assert self.case is not None
        return self.case

    def both(self) -> list[Case]:
        return [case for case in (self.case, self.companion) if case is not None]

    def take(self, cases: Iterable[Case]) -> None:
        """The cases as an operation returned them."""
        for case in cases:
            if self.case is None or case.pk == self.case.pk:
                self.case = case
            elif self.companion is None or case.pk == self.companion.pk:
                self.companion = case

    def refresh(self) -> None:
        """The cases as the database has them now."""
        self.take(
            Case.objects.select_related("card", "carrier", "handler").filter(pk__in=[case.pk for case in self.both()])
        )

    def perform(self, step: Step) -> bool:
        """Perform a step; whether it left anything. Raises CaseError where it is refused, with nothing changed."""
        before, submission = (self.case.entry_count, self.case.submission) if self.case else (0, -1)
        was_closed = self.case is not None and not self.case.is_open
        with transaction.atomic():
            step.act.perform(self, step)
        case = self.the_case()
        is_reopened = was_closed and case.is_open
        if case.submission > submission or is_reopened or (step.act.records_card and not case.erased_at):
            card = case.card
            self.card_facts[step.number] = {
                "number": card.number,
                "holder": card.holder,
                "carrier": case.carrier.slug,
            }
        if case.entry_count > before:
            self.entries[step.number] = (before + 1, case.entry_count)
        return case.entry_count > before or not step.act.is_recorded


def new_life(world: World) -> Life:
    """A life that has not begun, with copies of the people: a rename is undone with the transaction, a copy with it."""
    return Life(world, {key: copy.copy(user) for key, user in world.people.items()})


def perform_steps(world: World, steps: Sequence[Step]) -> Life:
    """A new case on which these steps are performed; raises CaseError where one of them is refused."""
    life = new_life(world)
    for step in steps:
        life.perform(step)
    return life
