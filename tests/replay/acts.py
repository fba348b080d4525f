"""What the steps of a history do: verbs, whatever else is recorded, and changes of what the case stands in."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from unittest.mock import patch
from uuid import UUID

from django.apps import apps

from cases.domain.errors import CaseError
from cases.models import CalendarOverride, Card, Carrier, CarrierMessage, Case, Charge, PublishedYear
from cases.models.choices import MessageSource
from cases.models.receipt_store import receipt_store
from cases.operations import (
    AttachReceipts,
    CheckBill,
    FinalizeLetter,
    HandOver,
    LetterEdit,
    NewCase,
    NewReceipt,
    RecordCharge,
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
from cases.operations.cards import CardFacts, correct_number, update_card
from cases.operations.open_cases import open_cases
from cases.operations.take_over import TakeOver
from tests.domain.test_letter_rules import WHOLE
from tests.replay.lives import Act, Life, Step
from tests.replay.world import COMPANION, NUMBER

record_states = importlib.import_module("cases.migrations.0028_state_as_of").record_states


def _perform_on(life: Life, verb: Verb, cases: Sequence[Case], step: Step, token: UUID | None = None) -> None:
    """The verb on these cases; what refuses it on the first refuses the step, on the companion it is left out."""
    outcome = perform(verb, cases, by=life.person(step.by), now=step.now, submit_token=token)
    for case, error in outcome.refused:
        if case.pk == life.the_case().pk:
            raise error
    life.take(outcome.done)


# What is recorded


@dataclass(frozen=True)
class Opens(Act):
    """The case is opened, with the companion where there is one."""

    carrier: str
    channel: str
    reason: str
    words: str = ""
    holder: str = ""
    ready: tuple[str, ...] = ()
    handler: str = ""
    submit: Submit | None = None
    take_over: TakeOver | None = None
    with_companion: bool = False

    def perform(self, life: Life, step: Step) -> None:
        numbers = [NUMBER, COMPANION] if self.with_companion else [NUMBER]
        new_cases = [
            NewCase(
                number, life.world.carriers[self.carrier], self.reason, self.channel,
                handler=life.person(self.handler), words=self.words, ready=self.ready, submit=self.submit,
                take_over=self.take_over,
                facts=CardFacts(holder=self.holder),
            )
            for number in numbers
        ]  # fmt: skip
        results = open_cases(life.world.team, new_cases, by=life.actor(step), now=step.now)
        for result in results:
            if isinstance(result, CaseError):
                raise result
        life.take([result for result in results if isinstance(result, Case)])


@dataclass(frozen=True)
class Does(Act):
    """A verb that is made of plain values; `together`: on the companion, too."""

    verb: Verb
    together: bool = False
    token: UUID | None = None

    def perform(self, life: Life, step: Step) -> None:
        cases = life.both() if self.together else [life.the_case()]
        _perform_on(life, self.verb, cases, step, self.token)


@dataclass(frozen=True)
class HandsOver(Act):
    """To one of the people, or to nobody in particular."""

    to: str
    words: str = ""

    def perform(self, life: Life, step: Step) -> None:
        _perform_on(life, HandOver(life.person(self.to), self.words), [life.the_case()], step)


@dataclass(frozen=True)
class Refunds(Act):
    """The charge that a step (its number) recorded was refunded, or is written off."""

    step: int
    on: date
    words: str = ""
    written_off: bool = False

    def perform(self, life: Life, step: Step) -> None:
        sequence, _ = life.entries.get(self.step, (0, 0))  # none where the step is not in the script
        key = Charge.objects.filter(case=life.the_case(), sequence=sequence).values_list("pk", flat=True).first()
        _perform_on(
            life, RecordRefund(key or 0, self.on, self.words, written_off=self.written_off), [life.the_case()], step
        )


@dataclass(frozen=True)
class Attaches(Act):
    """Texts as receipts (synthetic)."""

    texts: tuple[str, ...]
    words: str = ""
    together: bool = False

    def perform(self, life: Life, step: Step) -> None:
        receipts = tuple(_receipt(life, text, "sms") for text in self.texts)
        cases = life.both() if self.together else [life.the_case()]
        _perform_on(life, AttachReceipts(receipts, self.words), cases, step)


@dataclass(frozen=True)
class FinalizesLetter(Act):
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
class Receives(Act):
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
class SubmitsInBatch(Act):
    """Both numbers are submitted by one act; a companion without an open case is opened by it."""

    at: datetime
    reference: str = ""
    words: str = ""
    channel: str = "letter"

    def perform(self, life: Life, step: Step) -> None:
        case = life.the_case()
        new_batch = NewBatch(
            case.card.carrier, [case.card.number, COMPANION], self.channel, "cost", self.at, self.reference, self.words
        )
        result = submit_batch(life.world.team, new_batch, by=life.actor(step), now=step.now)
        for number, error in result.refused:
            if number == case.card.number:
                raise error
        companions = [case for case in result.cases if case.card.number == COMPANION]
        life.companion = companions[0] if companions else life.companion
        life.take(result.cases)


@dataclass(frozen=True)
class HearsOfBatch(Act):
    """The carrier's reply to a batch, number by number: done, or something else with its words."""

    at: datetime
    done: bool
    others_kind: str = "under_review"
    words: str = ""

    def perform(self, life: Life, step: Step) -> None:
        case = life.the_case()
        if case.batch is None:
            raise CaseError()
        number = case.card.number
        batch_reply = BatchReply(
            self.at,
            done=[number] if self.done else [COMPANION],
            others={COMPANION if self.done else number: "个别号码 " + self.words},
            others_kind=self.others_kind,
            words=self.words,
        )
        result = record_batch_reply(case.batch, batch_reply, by=life.actor(step), now=step.now)
        for refused, error in result.refused:
            if refused.pk == case.pk:
                raise error
        life.take([*result.done, *result.others])


@dataclass(frozen=True)
class SealsState(Act):
    """The release that began to record all that a replay needs is installed: the state is sealed into the record."""

    records_card: ClassVar[bool] = True

    def perform(self, life: Life, step: Step) -> None:
        if life.the_case().logged_by_mistake or life.the_case().refunds.exists():
            raise CaseError()  # an earlier release knew no such withdrawal, and no refunds
        with patch("cases.clock.now", return_value=step.now):
            record_states(apps, None)
        life.refresh()


def records_charge(act: Act) -> bool:
    """Whether a step that does this recorded a charge."""
    verb = getattr(act, "verb", None)
    return isinstance(verb, RecordCharge) or (isinstance(verb, CheckBill) and verb.charge is not None)


# What is not recorded on the case


class Surroundings(Act):
    """What the case stands in changes: nothing of it is an entry."""

    is_recorded: ClassVar[bool] = False


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
        change_account(life.people[self.person], by=life.actor(step), now=step.now, name=self.name)


@dataclass(frozen=True)
class ChangesCard(Surroundings):
    """The register names another holder of the card, or another carrier: on the record while the case is open."""

    holder: str
    carrier: str

    def perform(self, life: Life, step: Step) -> None:
        card = Card.objects.select_related("carrier").get(pk=life.the_case().card_id)
        is_recorded = life.the_case().is_open
        update_card(card, life.world.carriers[self.carrier], {"holder": self.holder}, by=life.actor(step), now=step.now)
        life.refresh()
        if is_recorded:
            life.card_facts[step.number] = {"holder": self.holder}


@dataclass(frozen=True)
class CorrectsNumber(Act):
    """The card has another number than was typed."""

    number: str

    def perform(self, life: Life, step: Step) -> None:
        correct_number(life.the_case().card, self.number, "打错了", by=life.actor(step), now=step.now)
        life.refresh()
        life.card_facts[step.number] = {"number": self.number}


@dataclass(frozen=True)
class Waits(Surroundings):
    """A message of the carrier is proposed for the case, which ends a snooze."""

    text: str

    def perform(self, life: Life, step: Step) -> None:
        message = _store_message(life, step.now, self.text, step)
        propose_message(message, life.the_case(), by=None, now=step.now)
        life.snooze_ended_by_message = True
        life.refresh()


def _store_message(life: Life, at: datetime, text: str, step: Step) -> CarrierMessage:
    return CarrierMessage.objects.create(
        team=life.world.team, source=MessageSource.PASTED, sender="10086", text=text, received_at=at,
        stored_at=step.now, digest=f"{step.number:064d}",
    )  # fmt: skip


def _receipt(life: Life, text: str, kind: str) -> NewReceipt:
    data = text.encode()
    return NewReceipt(kind, f"{text[:8]}.txt", "text/plain", len(data), receipt_store.write(life.world.team.pk, data))
