"""Batches: requests for many cards submitted to one carrier by one act, and the carrier's reply by number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Self, cast
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.domain.clock_skew import settle_moment
from cases.domain.errors import CaseError, InTheFuture, gettext_noop
from cases.domain.json_values import JsonObject
from cases.domain.status import Status
from cases.models import Batch, Carrier, Case, Team, User
from cases.models.choices import EntryKind
from cases.operations.engine.act_tokens import part_token
from cases.operations.engine.per_case import PerCase
from cases.operations.engine.perform import VerbOutcome, perform
from cases.operations.engine.verb import Verb, Work
from cases.operations.open_cases import NewCase, OpenResult, open_cases
from cases.operations.receipts import AttachReceipts, store_receipts
from cases.operations.replies import make_reply
from cases.operations.submission import Submit
from cases.selectors import cards_of


class OtherCarrier(CaseError):
    code = "other_carrier"
    message = gettext_noop("This card’s carrier is %(carrier)s. Correct the card first, or leave it out.")


class NothingToSubmit(CaseError):
    code = "nothing_to_submit"
    message = gettext_noop("None of these numbers can be submitted. Nothing was saved.")


@dataclass(frozen=True)
class SubmitInBatch(Submit):
    """Submitted together with others, whatever the checklist still lacks."""

    batch: Batch | None = None

    @classmethod
    def from_content(cls, content: JsonObject) -> Self:
        return replace(super().from_content(content), batch=Batch(pk=cast(int, content["batch"])))

    def apply(self, work: Work) -> None:
        super().apply(work)
        work.case.batch = self.batch
        # A draft keeps the channel that it was logged with.
        work.content |= {"batch": self.batch.pk, "batch_channel": self.batch.channel} if self.batch else {}


@dataclass(frozen=True)
class NewBatch:
    """Requests for these numbers (national digits) that were submitted to one carrier at `submitted_at` (aware).

    `files` are names and contents; they become receipts of every case, of the kind `receipt_kind`.
    """

    carrier: Carrier
    numbers: Sequence[str]
    channel: str
    reason: str
    submitted_at: datetime
    reference: str = ""
    words: str = ""
    files: Sequence[tuple[str, bytes]] = ()
    receipt_kind: str = "letter"


@dataclass
class BatchResult:
    """What became of a list of numbers: the batch with its cases, and why which numbers are not in it."""

    batch: Batch
    cases: list[Case] = field(default_factory=list)
    refused: list[tuple[str, CaseError]] = field(default_factory=list)


def submit_batch(
    team: Team, new_batch: NewBatch, *, by: User, now: datetime, submit_token: UUID | None = None
) -> BatchResult:
    """Record that many requests were submitted by one act.

    A card that the team lacks is registered; one with a draft has that submitted; one whose request is with the
    carrier already, or that the register has with another carrier, is refused by name, and the others go on. Files
    are stored once. All of it is one transaction. The same `submit_token` again is the same batch. Raises InTheFuture,
    NothingToSubmit, and what `store_receipts` raises.
    """
    new_batch = replace(new_batch, submitted_at=settle_moment(new_batch.submitted_at, now))
    if new_batch.submitted_at > now:
        raise InTheFuture()
    if previous := _batch_with_token(by, submit_token):
        return previous
    receipts = store_receipts(team.pk, new_batch.files, kind=new_batch.receipt_kind, now=now)
    try:
        with transaction.atomic():
            batch = Batch.objects.create(
                team=team, carrier=new_batch.carrier, channel=new_batch.channel, reference=new_batch.reference,
                submitted_at=new_batch.submitted_at, words=new_batch.words, made_by=by, made_at=now, click=submit_token,
            )  # fmt: skip
            result = BatchResult(batch)
            verb = SubmitInBatch(new_batch.submitted_at, new_batch.reference, new_batch.words, batch=batch)
            cases = _submittable_cases(result, new_batch, by=by, now=now)
            outcome = perform(verb, cases, by=by, now=now, submit_token=submit_token)
            result.refused += [(case.card.number, error) for case, error in outcome.refused]
            result.cases = outcome.done
            if not result.cases:
                raise NothingToSubmit()
            if receipts:
                perform(
                    AttachReceipts(receipts, new_batch.words),
                    result.cases,
                    by=by,
                    now=now,
                    submit_token=part_token(submit_token, "receipts"),
                )
    except IntegrityError:
        if previous := _batch_with_token(by, submit_token):
            return previous
        raise
    return result


def _batch_with_token(by: User, submit_token: UUID | None) -> BatchResult | None:
    batch = Batch.objects.filter(made_by=by, click=submit_token).first() if submit_token else None
    return BatchResult(batch, list(batch.cases.select_related("card"))) if batch else None


def _submittable_cases(result: BatchResult, new_batch: NewBatch, *, by: User, now: datetime) -> list[Case]:
    """A case that can be submitted for each number, opened where there is none; refused numbers go into `result`."""
    team, carrier = result.batch.team, new_batch.carrier
    numbers = list(dict.fromkeys(new_batch.numbers))
    cards_elsewhere = cards_of(team).filter(number__in=numbers).exclude(carrier=carrier)
    outcomes: dict[str, OpenResult] = {
        case.card.number: case
        for case in Case.objects.filter(
            team=team, card__number__in=numbers, status__in=(Status.DRAFT, Status.RETURNED)
        ).select_related("card")
    }
    outcomes |= {card.number: OtherCarrier(carrier=str(card.carrier)) for card in cards_elsewhere}
    new_cases = [
        NewCase(number, carrier, new_batch.reason, new_batch.channel, handler=by)
        for number in numbers
        if number not in outcomes
    ]
    opened = open_cases(team, new_cases, by=by, now=now, submit_token=part_token(result.batch.click, "open"))
    outcomes |= {new_case.number: outcome for new_case, outcome in zip(new_cases, opened, strict=True)}
    cases: list[Case] = []
    for number in numbers:
        outcome = outcomes[number]
        if isinstance(outcome, CaseError):
            result.refused.append((number, outcome))
        else:
            cases.append(outcome)
    return cases


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
    """What became of an answer; `unknown_numbers` are numbers that the batch does not have."""

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
