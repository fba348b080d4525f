"""Batches: how many of their cases are in which state, what is submitted, and the carrier's answer."""

from typing import Annotated, Any

from pydantic import Field

from cases.api.schemas.actions import HappenedAtIn, ShortText
from cases.api.schemas.cases import ChannelValue
from cases.api.schemas.common import (
    CarrierNameOut,
    CaseRefusalOut,
    PersonOut,
    RefusalProblemOut,
    serialize_carrier_name,
    serialize_person,
    serialize_problem,
    serialize_refusals,
)
from cases.api.schemas.fields import CarrierSlug, DateTime, PhoneNumber, SchemaIn, SchemaOut, bounded_text
from cases.domain import masking
from cases.formats.number_list import MAX_NUMBERS
from cases.models.choices import EntryKind, Reason, RequestChannel
from cases.operations.batches import BatchReply, BatchReplyResult, BatchResult
from cases.selectors.filters import CountedBatch


class BatchCountsOut(SchemaOut):
    """How many of its cases are in which state."""

    total: int
    confirmed: int
    said_done: int
    late: int
    returned: int
    withdrawn: int


class BatchOut(SchemaOut):
    id: int
    carrier: CarrierNameOut
    channel: ChannelValue
    reference: str
    submitted_at: DateTime
    words: str
    made_by: PersonOut | None
    made_at: DateTime
    reply_by: DateTime | None
    counts: BatchCountsOut


class NumberRefusalOut(SchemaOut):
    number: str = Field(description="Masked.")
    problem: RefusalProblemOut


class NewBatchOut(BatchOut):
    cases: list[str] = Field(description="The references of its cases.")
    refused: list[NumberRefusalOut]


class NewBatchIn(HappenedAtIn):
    """Numbers submitted to one carrier at once: by letter, at a branch, or as a list given to a reseller."""

    numbers: Annotated[list[PhoneNumber], Field(min_length=1, max_length=MAX_NUMBERS)]
    carrier: CarrierSlug
    channel: RequestChannel = RequestChannel.LETTER
    reason: Reason = Reason.COST
    reference: ShortText = ""
    words: Annotated[str, bounded_text(2000)] = ""


class OtherNumberIn(SchemaIn):
    number: PhoneNumber
    words: Annotated[str, bounded_text(300)] = ""


class BatchAnswerIn(HappenedAtIn):
    """Which numbers are done, and which are not, each with the carrier's words."""

    done: Annotated[list[PhoneNumber], Field(max_length=MAX_NUMBERS)] = []
    others: Annotated[list[OtherNumberIn], Field(max_length=MAX_NUMBERS)] = []
    others_kind: Annotated[
        EntryKind,
        Field(json_schema_extra={"enum": list(BatchReply.kinds)}, description="What the reply means for the others."),
    ] = EntryKind.UNDER_REVIEW
    words: Annotated[str, bounded_text(2000)] = ""


class BatchAnswerOut(SchemaOut):
    done: list[str] = Field(description="References of the cases that the carrier reported done.")
    others: list[str]
    refused: list[CaseRefusalOut]
    strangers: list[str] = Field(description="Numbers that are not in this batch, masked.")
    left: int = Field(description="How many cases the reply does not mention.")


def _batch_fields(batch: CountedBatch) -> dict[str, Any]:
    return {
        "id": batch.pk,
        "carrier": serialize_carrier_name(batch.carrier),
        "channel": batch.channel,
        "reference": batch.reference,
        "submitted_at": batch.submitted_at,
        "words": batch.words,
        "made_by": serialize_person(batch.made_by),
        "made_at": batch.made_at,
        "reply_by": batch.reply_by,
        "counts": BatchCountsOut(
            total=batch.total,
            confirmed=batch.confirmed,
            said_done=batch.said_done,
            late=batch.late,
            returned=batch.returned,
            withdrawn=batch.withdrawn,
        ),
    }


def serialize_batch(batch: CountedBatch) -> BatchOut:
    return BatchOut.model_construct(**_batch_fields(batch))


def serialize_new_batch(batch: CountedBatch, submission: BatchResult) -> NewBatchOut:
    return NewBatchOut.model_construct(
        **_batch_fields(batch),
        cases=[case.reference for case in submission.cases],
        refused=[
            NumberRefusalOut(number=masking.mask_number(number), problem=serialize_problem(error))
            for number, error in submission.refused
        ],
    )


def serialize_batch_answer(outcome: BatchReplyResult) -> BatchAnswerOut:
    return BatchAnswerOut(
        done=[case.reference for case in outcome.done],
        others=[case.reference for case in outcome.others],
        refused=serialize_refusals(outcome.refused),
        strangers=[masking.mask_number(number) for number in outcome.unknown_numbers],
        left=outcome.left,
    )
