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
from cases.operations.engine.perform import VerbOutcome, perform
from cases.operations.engine.verb import Verb, Work
from cases.operations.open_case import Opened
from cases.operations.replies import make_reply
from cases.operations.submission import Submit
from cases.operations.verification import AttachReceipts, store_receipts
from cases.selectors import cards_of


class OtherCarrier(CaseError):
    code = "other_carrier"
    message = gettext_noop("The register has this card with %(carrier)s. Correct the card first, or leave it out.")


class NothingToSubmit(CaseError):
    code = "nothing_to_submit"
    message = gettext_noop("None of these numbers can be handed in. Nothing was recorded.")


@dataclass(frozen=True)
class SubmitInBatch(Submit):
    """Handed in together with others; one request that is out already, whatever its checklist still lacks."""

    batch: Batch | None = None

    def apply(self, work: Work) -> None:
        super().apply(work)
        work.case.batch = self.batch
        work.content["batch"] = self.batch.pk if self.batch else None


@dataclass
class BatchResult:
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
    submit_token: UUID | None = None,
) -> BatchResult:
    """Record that these numbers (national digits) were handed in at `submitted_at` (aware) by one act.

    A card that is not there is registered; one with a draft has that handed in; one whose request is with the carrier
    already, or that the register has with another carrier, is refused by name, and the others go on. Files become
    receipts of every case, stored once. All of it is one transaction. The same click twice is the same batch. Raises
    InTheFuture, NothingToSubmit, and what `store_all` raises.
    """
    if submitted_at > now:
        raise InTheFuture()
    if previous := _batch_with_token(by, submit_token):
        return previous
    receipts = store_receipts(team.pk, files, kind=receipt_kind, now=now)
    try:
        with transaction.atomic():
            batch = Batch.objects.create(
                team=team, carrier=carrier, channel=channel, reference=reference, submitted_at=submitted_at,
                words=words, made_by=by, made_at=now, click=submit_token,
            )  # fmt: skip
            result = BatchResult(batch)
            cases = _submittable_cases(result, numbers, channel=channel, reason=reason)
            verb = SubmitInBatch(submitted_at, reference, words, batch=batch)
            outcome = perform(verb, cases, by=by, now=now)
            result.refused += [(case.card.number, error) for case, error in outcome.refused]
            result.cases = outcome.done
            if not result.cases:
                raise NothingToSubmit()
            if receipts:
                perform(AttachReceipts(receipts, words), result.cases, by=by, now=now)
    except IntegrityError:
        if previous := _batch_with_token(by, submit_token):
            return previous
        raise
    return result


def _batch_with_token(by: User, submit_token: UUID | None) -> BatchResult | None:
    batch = Batch.objects.filter(made_by=by, click=submit_token).first() if submit_token else None
    return BatchResult(batch, list(batch.cases.select_related("card"))) if batch else None


def _submittable_cases(result: BatchResult, numbers: Sequence[str], *, channel: str, reason: str) -> list[Case]:
    """A case that can be handed in for each number, made where there is none; what cannot is noted in `done`."""
    batch = result.batch
    existing_cards = {card.number: card for card in cards_of(batch.team).filter(number__in=numbers)}
    open_cases = {
        case.card_id: case
        for case in Case.objects.filter(card__in=existing_cards.values(), status__in=OPEN_STATUSES).order_by("pk")
    }
    new_numbers, drafts = [], []
    for number in dict.fromkeys(numbers):
        card, open_case = existing_cards.get(number), None
        if card:
            open_case = open_cases.get(card.pk)
        if card and card.carrier_id != batch.carrier_id:
            result.refused.append((number, OtherCarrier(carrier=str(card.carrier))))
        elif open_case is None:
            new_numbers.append(number)
        elif open_case.state in (Status.DRAFT, Status.RETURNED):
            drafts.append(open_case)
        else:
            result.refused.append((number, OpenCaseExists(reference=open_case.reference)))
    Card.objects.bulk_create(
        Card(team=batch.team, number=number, carrier=batch.carrier, created_at=batch.made_at)
        for number in new_numbers
        if number not in existing_cards
    )
    cards = {card.number: card for card in cards_of(batch.team).filter(number__in=new_numbers)}
    new_cases = Case.objects.bulk_create(
        Case(
            reference=new_reference(), team=batch.team, card=cards[number], carrier=batch.carrier,
            handler=batch.made_by, reason=reason, channel=channel, created_at=batch.made_at,
        )
        for number in new_numbers
    )  # fmt: skip
    perform(Opened(), new_cases, by=batch.made_by, now=batch.made_at)
    return [*new_cases, *drafts]


@dataclass(frozen=True)
class BatchReply:
    """What the carrier said of a batch: which numbers are done, and of which others what, with their words."""

    at: datetime
    done: Sequence[str] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    others_kind: str = EntryKind.UNDER_REVIEW.value
    words: str = ""
    kinds: ClassVar[tuple[str, ...]] = (EntryKind.UNDER_REVIEW.value, EntryKind.RETURNED.value)


@dataclass
class BatchReplyResult:
    """What became of an answer; `strangers` are numbers that the batch does not have."""

    done: list[Case]
    others: list[Case]
    refused: list[tuple[Case, CaseError]]
    unknown_numbers: list[str]
    left: int


def record_batch_reply(
    batch: Batch, batch_reply: BatchReply, *, by: User, now: datetime, submit_token: UUID | None = None
) -> BatchReplyResult:
    """Record the carrier's answer: 'says done' for some numbers, under review or handed back (with the words beside
    each) for others. Numbers of which nothing was said stay as they are."""
    numbers = [*batch_reply.done, *batch_reply.others]
    cases = {case.card.number: case for case in batch.cases.select_related("card").filter(card__number__in=numbers)}
    done_verb = make_reply(EntryKind.REPORTED_DONE.value, at=batch_reply.at, words=batch_reply.words)
    done_outcome = perform(
        done_verb, [cases[n] for n in batch_reply.done if n in cases], by=by, now=now, submit_token=submit_token
    )
    verbs: dict[int, Verb] = {
        cases[number].pk: _reply_for_other(batch_reply, words)
        for number, words in batch_reply.others.items()
        if number in cases
    }
    others_outcome = VerbOutcome()
    if verbs:
        others = [cases[number] for number in batch_reply.others if number in cases]
        others_outcome = perform(PerCase(verbs), others, by=by, now=now, submit_token=submit_token)
    return BatchReplyResult(
        done=done_outcome.done,
        others=others_outcome.done,
        refused=[*done_outcome.refused, *others_outcome.refused],
        unknown_numbers=[number for number in dict.fromkeys(numbers) if number not in cases],
        left=batch.cases.count() - len(cases),
    )


def _reply_for_other(batch_reply: BatchReply, words: str) -> Verb:
    fields: dict[str, Any] = {"at": batch_reply.at, "words": " ".join(filter(None, (words, batch_reply.words)))}
    if batch_reply.others_kind == EntryKind.RETURNED:
        fields["reason"] = "other"
    return make_reply(batch_reply.others_kind, **fields)
