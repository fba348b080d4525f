"""A history as a script: steps, each with its moment and who does it, that can be performed on a new case again.

A step names no key of the database. A step left out leaves the others as they are: so a case on which only some of the
steps were performed is built by performing those.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from cases.domain.errors import CaseError
from cases.models import CalendarOverride, Card, Carrier, CarrierMessage, Case, Charge, PublishedYear, User
from cases.models.choices import MessageSource
from cases.models.receipt_store import receipt_store
from cases.operations import (
    AttachReceipts,
    FinalizeLetter,
    HandOver,
    LetterEdit,
    NewCase,
    NewReceipt,
    RecordMessage,
    RecordRefund,
    Submit,
    Verb,
    make_reply,
    perform,
    propose_message,
    save_letter_draft,
)
from cases.operations.accounts import change_account
from cases.operations.batches import BatchReply, NewBatch, record_batch_reply, submit_batch
from cases.operations.cards import CardFacts, update_card
from cases.operations.open_cases import open_cases
from tests.domain.test_letter_rules import WHOLE
from tests.replay.world import COMPANION, NUMBER, World


class Act(Protocol):
    """What a step does. Raises CaseError where the product refuses it."""

    def perform(self, life: "Life", step: "Step") -> None: ...


@dataclass(frozen=True)
class Step:
    """One step: its number in its script, when it is recorded, by whom (a key of `World.people`, empty: the product)."""

    number: int
    now: datetime
    by: str
    act: Act

    @property
    def is_recorded(self) -> bool:
        """Whether it leaves an entry on the case; the others change what the case stands in."""
        return not isinstance(self.act, Surroundings)


@dataclass
class Life:
    """One case, and the one that goes along with it in batches, as steps are performed on them."""

    world: World
    people: dict[str, User]
    case: Case | None = None
    companion: Case | None = None
    #: Of each case by the number of its step, as the record takes them over at logging and at submission.
    card_facts: dict[str, str] = field(default_factory=dict)
    snooze_ended_by_message: bool = False
    #: The entries that each step left on the case: (first, last) sequence.
    entries: dict[int, tuple[int, int]] = field(default_factory=dict)

    def person(self, key: str) -> User | None:
        return self.people[key] if key else None

    def the_case(self) -> Case:
        assert self.case is not None
        return self.case

    def both(self) -> list[Case]:
        return [case for case in (self.case, self.companion) if case is not None]

    def refresh(self) -> None:
        """The cases as the database has them now."""
        rows = Case.objects.select_related("card", "carrier", "handler")
        stored = rows.in_bulk([case.pk for case in self.both()])
        self.case = stored[self.case.pk] if self.case else None
        self.companion = stored[self.companion.pk] if self.companion else None

    def perform(self, step: Step) -> bool:
        """Perform a step; whether it left anything. Raises CaseError where it is refused, with nothing changed."""
        before = self.case.entry_count if self.case else 0
        with transaction.atomic():
            step.act.perform(self, step)
        self.refresh()
        after = self.the_case().entry_count
        if after > before:
            self.entries[step.number] = (before + 1, after)
            if isinstance(step.act, Opens | SubmitsInBatch) or isinstance(getattr(step.act, "verb", None), Submit):
                card = self.the_case().card
                self.card_facts = {"number": card.number, "holder": card.holder, "carrier": card.carrier.slug}
        return after > before or not step.is_recorded


def new_life(world: World) -> Life:
    """A life that has not begun, with copies of the people: a rename is undone with the transaction, a copy with it."""
    return Life(world, {key: copy.copy(user) for key, user in world.people.items()})


def perform_steps(world: World, steps: Sequence[Step]) -> Life:
    """A new case on which these steps are performed; raises CaseError where one of them is refused."""
    life = new_life(world)
    for step in steps:
        life.perform(step)
    return life


def _perform_on(life: Life, verb: Verb, cases: Sequence[Case], step: Step, token: UUID | None = None) -> None:
    """The verb on these cases; what refuses it on the first refuses the step, on the companion it is left out."""
    outcome = perform(verb, cases, by=life.person(step.by), now=step.now, submit_token=token)
    for case, error in outcome.refused:
        if case.pk == life.the_case().pk:
            raise error


# What is recorded


@dataclass(frozen=True)
class Opens:
    """The case is opened, with the companion where there is one."""

    carrier: str
    channel: str
    reason: str
    words: str = ""
    holder: str = ""
    ready: tuple[str, ...] = ()
    handler: str = ""
    submit: Submit | None = None
    with_companion: bool = False

    def perform(self, life: Life, step: Step) -> None:
        numbers = [NUMBER, COMPANION] if self.with_companion else [NUMBER]
        by = life.person(step.by)
        assert by is not None
        new_cases = [
            NewCase(
                number, life.world.carriers[self.carrier], self.reason, self.channel,
                handler=life.person(self.handler), words=self.words, ready=self.ready, submit=self.submit,
                facts=CardFacts(holder=self.holder),
            )
            for number in numbers
        ]  # fmt: skip
        results = open_cases(life.world.team, new_cases, by=by, now=step.now)
        for result in results:
            if isinstance(result, CaseError):
                raise result
        opened = [result for result in results if isinstance(result, Case)]
        life.case, life.companion = opened[0], (opened[1] if len(opened) > 1 else None)


@dataclass(frozen=True)
class Does:
    """A verb that is made of plain values; `together`: on the companion, too."""

    verb: Verb
    together: bool = False
    token: UUID | None = None

    def perform(self, life: Life, step: Step) -> None:
        cases = life.both() if self.together else [life.the_case()]
        _perform_on(life, self.verb, cases, step, self.token)


@dataclass(frozen=True)
class HandsOver:
    """To one of the people, or to nobody in particular."""

    to: str
    words: str = ""

    def perform(self, life: Life, step: Step) -> None:
        _perform_on(life, HandOver(life.person(self.to), self.words), [life.the_case()], step)


@dataclass(frozen=True)
class Refunds:
    """The n-th charge of the case (by the order of recording) was refunded."""

    charge: int
    on: date
    words: str = ""

    def perform(self, life: Life, step: Step) -> None:
        keys = list(Charge.objects.filter(case=life.the_case()).order_by("pk").values_list("pk", flat=True))
        _perform_on(life, RecordRefund(keys[self.charge], self.on, self.words), [life.the_case()], step)


@dataclass(frozen=True)
class Attaches:
    """Texts as receipts (synthetic)."""

    texts: tuple[str, ...]
    words: str = ""
    together: bool = False

    def perform(self, life: Life, step: Step) -> None:
        receipts = tuple(_receipt(life, text, "sms") for text in self.texts)
        cases = life.both() if self.together else [life.the_case()]
        _perform_on(life, AttachReceipts(receipts, self.words), cases, step)


@dataclass(frozen=True)
class FinalizesLetter:
    """A letter is written and made final."""

    kind: str
    body: str

    def perform(self, life: Life, step: Step) -> None:
        fields = {name: value for name, value in WHOLE.items() if self.kind == "appeal" or name != "province"}
        draft = save_letter_draft(
            life.the_case(), LetterEdit(self.kind, fields, self.body, None), by=life.person(step.by), now=step.now
        )
        verb = FinalizeLetter(draft.pk, draft.changed_at, _receipt(life, self.body, "letter"))
        _perform_on(life, verb, [life.the_case()], step)


@dataclass(frozen=True)
class Receives:
    """A message of the carrier goes on the record: as the reply `kind` with these fields, or as evidence (empty).

    `proposed`: it waited on the case for a person first.
    """

    at: datetime
    text: str
    kind: str = ""
    fields: tuple[tuple[str, Any], ...] = ()
    proposed: bool = False

    def perform(self, life: Life, step: Step) -> None:
        message = _store_message(life, self.at, self.text, step)
        if self.proposed:
            message = propose_message(message, life.the_case(), by=None, now=step.now)
        reply = make_reply(self.kind, **dict(self.fields), at=self.at, words=self.text) if self.kind else None
        _perform_on(life, RecordMessage(message, reply), [life.the_case()], step)
        life.snooze_ended_by_message |= self.proposed


@dataclass(frozen=True)
class SubmitsInBatch:
    """Both numbers are submitted by one act; a companion without an open case is opened by it."""

    at: datetime
    reference: str = ""
    words: str = ""
    channel: str = "letter"

    def perform(self, life: Life, step: Step) -> None:
        case, by = life.the_case(), life.person(step.by)
        assert by is not None
        new_batch = NewBatch(
            case.card.carrier, [NUMBER, COMPANION], self.channel, "cost", self.at, self.reference, self.words
        )
        result = submit_batch(life.world.team, new_batch, by=by, now=step.now)
        for number, error in result.refused:
            if number == NUMBER:
                raise error
        companions = [case for case in result.cases if case.card.number == COMPANION]
        life.companion = companions[0] if companions else life.companion


@dataclass(frozen=True)
class HearsOfBatch:
    """The carrier's reply to a batch, number by number: done, or something else with its words."""

    at: datetime
    done: bool
    others_kind: str = "under_review"
    words: str = ""

    def perform(self, life: Life, step: Step) -> None:
        case, by = life.the_case(), life.person(step.by)
        assert by is not None
        if case.batch is None:
            raise CaseError()
        batch_reply = BatchReply(
            self.at,
            done=[NUMBER] if self.done else [COMPANION],
            others={COMPANION if self.done else NUMBER: "个别号码 " + self.words},
            others_kind=self.others_kind,
            words=self.words,
        )
        result = record_batch_reply(case.batch, batch_reply, by=by, now=step.now)
        for refused, error in result.refused:
            if refused.pk == case.pk:
                raise error


# What is not recorded on the case


class Surroundings:
    """What the case stands in changes: nothing of it is an entry."""


@dataclass(frozen=True)
class EntersDay(Surroundings):
    """An administrator enters a day off or a working day, or takes it back (None)."""

    day: date
    working: bool | None

    def perform(self, life: Life, step: Step) -> None:
        if self.working is None:
            CalendarOverride.objects.filter(date=self.day).delete()
        else:
            CalendarOverride.objects.update_or_create(date=self.day, defaults={"working": self.working, "name": "台风"})


@dataclass(frozen=True)
class CompletesYear(Surroundings):
    """The schedule of a year is entered in full."""

    year: int

    def perform(self, life: Life, step: Step) -> None:
        PublishedYear.objects.get_or_create(year=self.year)


@dataclass(frozen=True)
class ChangesTerms(Surroundings):
    """A carrier's terms change: for what is submitted from now on."""

    carrier: str
    terms: tuple[tuple[str, int | None], ...]

    def perform(self, life: Life, step: Step) -> None:
        Carrier.objects.filter(pk=life.world.carriers[self.carrier].pk).update(**dict(self.terms))


@dataclass(frozen=True)
class Renames(Surroundings):
    """A person changes their name."""

    person: str
    name: str

    def perform(self, life: Life, step: Step) -> None:
        change_account(life.people[self.person], name=self.name)


@dataclass(frozen=True)
class ChangesHolder(Surroundings):
    """The register names another holder of the card."""

    holder: str

    def perform(self, life: Life, step: Step) -> None:
        card = Card.objects.select_related("carrier").get(pk=life.the_case().card_id)
        update_card(card, card.carrier, {"holder": self.holder})


@dataclass(frozen=True)
class Waits(Surroundings):
    """A message of the carrier is proposed for the case, which ends a snooze."""

    text: str

    def perform(self, life: Life, step: Step) -> None:
        message = _store_message(life, step.now, self.text, step)
        propose_message(message, life.the_case(), by=None, now=step.now)
        life.snooze_ended_by_message = True


def _store_message(life: Life, at: datetime, text: str, step: Step) -> CarrierMessage:
    return CarrierMessage.objects.create(
        team=life.world.team, source=MessageSource.PASTED, sender="10086", text=text, received_at=at,
        stored_at=step.now, digest=f"{step.number:064d}",
    )  # fmt: skip


def _receipt(life: Life, text: str, kind: str) -> NewReceipt:
    data = text.encode()
    return NewReceipt(kind, f"{text[:8]}.txt", "text/plain", len(data), receipt_store.write(life.world.team.pk, data))
