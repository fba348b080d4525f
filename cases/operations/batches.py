"""A batch: many cards' requests handed to one carrier by one act; the carrier's answer to it as a list of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.domain.errors import CaseError, InTheFuture, OpenCaseExists, gettext_noop
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Batch, Card, Carrier, Case, Team, User
from cases.models.cases import new_reference
from cases.models.choices import EntryKind
from cases.operations.engine.per_case import PerCase
from cases.operations.engine.perform import Outcome, perform
from cases.operations.engine.verb import Verb, Work
from cases.operations.open_case import Logged
from cases.operations.replies import reply
from cases.operations.submission import Submit
from cases.operations.verification import AttachReceipts, store_all
from cases.selectors import cards_of


class OtherCarrier(CaseError):
    code = "other_carrier"
    message = gettext_noop("The register has this card with %(carrier)s. Correct the card first, or leave it out.")


class NothingToSubmit(CaseError):
    code = "nothing_to_submit"
    message = gettext_noop("None of these numbers can be handed in. Nothing was recorded.")
    field = "numbers"


@dataclass(frozen=True)
class SubmitInBatch(Submit):
    """Handed in together with others; one request that is out already, whatever its checklist still lacks."""

    batch: Batch | None = None

    def apply(self, work: Work) -> None:
        super().apply(work)
        work.case.batch = self.batch
        work.content["batch"] = self.batch.pk if self.batch else None


@dataclass
class Submitted:
    """What became of a list of numbers: the batch with its cases, and why which numbers are not in it."""

    batch: Batch
    cases: list[Case] = field(default_factory=list)
    refused: list[tuple[str, CaseError]] = field(default_factory=list)


def submit_batch(
    team: Team,
    carrier: Carrier,
    numbers: Sequence[str],
    *,
    channel: str,
    reason: str,
    submitted_at: datetime,
    by: User,
    now: datetime,
    reference: str = "",
    words: str = "",
    files: Sequence[tuple[str, bytes]] = (),
    receipt_kind: str = "letter",
    click: UUID | None = None,
) -> Submitted:
    """Record that these numbers (national digits) were handed in at `submitted_at` (aware) by one act.

    A card that is not there is registered; one with a draft has that handed in; one whose request is with the carrier
    already, or that the register has with another carrier, is refused by name, and the others go on. Files become
    receipts of every case, stored once. All of it is one transaction. The same click twice is the same batch. Raises
    InTheFuture, NothingToSubmit, and what `store_all` raises.
    """
    if submitted_at > now:
        raise InTheFuture()
    if known := _by_click(by, click):
        return known
    receipts = store_all(team.pk, files, kind=receipt_kind, now=now)
    try:
        with transaction.atomic():
            batch = Batch.objects.create(
                team=team, carrier=carrier, channel=channel, reference=reference, submitted_at=submitted_at,
                words=words, made_by=by, made_at=now, click=click,
            )  # fmt: skip
            done = Submitted(batch)
            cases = _cases(done, numbers, channel=channel, reason=reason)
            verb = SubmitInBatch(submitted_at, reference, words, batch=batch)
            outcome = perform(verb, cases, by=by, now=now)
            done.refused += [(case.card.number, error) for case, error in outcome.refused]
            done.cases = outcome.done
            if not done.cases:
                raise NothingToSubmit()
            if receipts:
                perform(AttachReceipts(receipts, words), done.cases, by=by, now=now)
    except IntegrityError:
        if known := _by_click(by, click):
            return known
        raise
    return done


def _by_click(by: User, click: UUID | None) -> Submitted | None:
    batch = Batch.objects.filter(made_by=by, click=click).first() if click else None
    return Submitted(batch, list(batch.cases.select_related("card"))) if batch else None


def _cases(done: Submitted, numbers: Sequence[str], *, channel: str, reason: str) -> list[Case]:
    """A case that can be handed in for each number, made where there is none; what cannot is noted in `done`."""
    batch = done.batch
    known = {card.number: card for card in cards_of(batch.team).filter(number__in=numbers)}
    open_cases = {
        case.card_id: case for case in Case.objects.filter(card__in=known.values(), status__in=OPEN_STATUSES).order_by("pk")
    }
    fresh, drafts = [], []
    for number in dict.fromkeys(numbers):
        card, running = known.get(number), None
        if card:
            running = open_cases.get(card.pk)
        if card and card.carrier_id != batch.carrier_id:
            done.refused.append((number, OtherCarrier(carrier=str(card.carrier))))
        elif running is None:
            fresh.append(number)
        elif running.state in (Status.DRAFT, Status.RETURNED):
            drafts.append(running)
        else:
            done.refused.append((number, OpenCaseExists(reference=running.reference)))
    Card.objects.bulk_create(
        Card(team=batch.team, number=number, carrier=batch.carrier, created_at=batch.made_at)
        for number in fresh
        if number not in known
    )
    cards = {card.number: card for card in cards_of(batch.team).filter(number__in=fresh)}
    made = Case.objects.bulk_create(
        Case(
            reference=new_reference(), team=batch.team, card=cards[number], carrier=batch.carrier,
            handler=batch.made_by, reason=reason, channel=channel, created_at=batch.made_at,
        )
        for number in fresh
    )  # fmt: skip
    perform(Logged(), made, by=batch.made_by, now=batch.made_at)
    return [*made, *drafts]


@dataclass(frozen=True)
class Answer:
    """What the carrier said of a batch: which numbers are done, and of which others what, with their words."""

    at: datetime
    done: Sequence[str] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    others_kind: str = EntryKind.UNDER_REVIEW.value
    words: str = ""
    kinds: ClassVar[tuple[str, ...]] = (EntryKind.UNDER_REVIEW.value, EntryKind.RETURNED.value)


@dataclass
class Answered:
    """What became of an answer; `strangers` are numbers that the batch does not have."""

    done: list[Case]
    others: list[Case]
    refused: list[tuple[Case, CaseError]]
    strangers: list[str]
    left: int


def answer_batch(batch: Batch, said: Answer, *, by: User, now: datetime, click: UUID | None = None) -> Answered:
    """Record the carrier's answer: 'says done' for some numbers, under review or handed back (with the words beside
    each) for others. Numbers of which nothing was said stay as they are."""
    named = [*said.done, *said.others]
    cases = {case.card.number: case for case in batch.cases.select_related("card").filter(card__number__in=named)}
    report = reply(EntryKind.REPORTED_DONE.value, at=said.at, words=said.words)
    finished = perform(report, [cases[n] for n in said.done if n in cases], by=by, now=now, click=click)
    verbs: dict[int, Verb] = {
        cases[number].pk: _of_another(said, words) for number, words in said.others.items() if number in cases
    }
    rest = Outcome()
    if verbs:
        others = [cases[number] for number in said.others if number in cases]
        rest = perform(PerCase(verbs), others, by=by, now=now, click=click)
    return Answered(
        done=finished.done,
        others=rest.done,
        refused=[*finished.refused, *rest.refused],
        strangers=[number for number in dict.fromkeys(named) if number not in cases],
        left=batch.cases.count() - len(cases),
    )


def _of_another(said: Answer, words: str) -> Verb:
    given: dict[str, Any] = {"at": said.at, "words": " ".join(filter(None, (words, said.words)))}
    if said.others_kind == EntryKind.RETURNED:
        given["reason"] = "other"
    return reply(said.others_kind, **given)
