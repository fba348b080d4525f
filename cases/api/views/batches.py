"""Batches: many requests handed in by one act, how far each is, and the carrier's answer."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import selectors
from cases.api import lookups
from cases.api.conditional import set_etag_source
from cases.api.instance import api
from cases.api.pagination import add_link_header, paginate
from cases.api.problem_details import ApiError, error_details
from cases.api.request import ApiRequest
from cases.api.schemas.actions import HappenedAtIn, ShortText
from cases.api.schemas.cases import CarrierNameOut, ChannelValue, PersonOut, serialize_carrier_name, serialize_person
from cases.api.schemas.fields import DateTime, PhoneNumber, SchemaIn, SchemaOut, bounded_text
from cases.api.views.cases import CarrierSlug, PageParams
from cases.domain import masking
from cases.domain.errors import CaseError, gettext_noop
from cases.formats.number_list import MAX_NUMBERS
from cases.models import Batch
from cases.models.choices import EntryKind, Reason, RequestChannel
from cases.operations.batches import BatchReply, record_batch_reply, submit_batch
from cases.selectors.filters import with_status_counts

TAGS = ["batches"]
_COUNT_FIELDS = ("total", "confirmed", "said_done", "late", "returned", "withdrawn")


class NumbersInBothLists(ApiError):
    status = 422
    code = "in_both"
    message = gettext_noop("In both lists: %(numbers)s.")
    field = "others"


class NoNumbers(ApiError):
    status = 422
    code = "no_numbers"
    message = gettext_noop("There is no number in this list.")
    field = "done"


class BatchCountsOut(SchemaOut):
    """How many of its cases stand how."""

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


class BatchPage(SchemaOut):
    items: list[BatchOut]
    next: str | None


class RefusalProblemOut(SchemaOut):
    """Why something was not done, as in a problem."""

    type: str
    code: str
    detail: str
    errors: list[dict[str, str]] | None = None
    case: str | None = None


class NumberRefusalOut(SchemaOut):
    number: str = Field(description="Masked.")
    problem: RefusalProblemOut


class CaseRefusalOut(SchemaOut):
    reference: str
    problem: RefusalProblemOut


class NewBatchOut(BatchOut):
    cases: list[str] = Field(description="The references of its cases.")
    refused: list[NumberRefusalOut]


def serialize_problem(error: CaseError, names: Mapping[str, str] | None = None) -> RefusalProblemOut:
    return RefusalProblemOut(**error_details(error, names))


def _batch_fields(batch: Any) -> dict[str, Any]:
    """`batch` with its counts (`cases.selectors.filters.counted`)."""
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
        "counts": BatchCountsOut(**{name: getattr(batch, name) for name in _COUNT_FIELDS}),
    }


def _get_batch_with_counts(request: ApiRequest, pk: int) -> Any:
    return lookups.get_or_404(with_status_counts(selectors.batches_of(request.team), request.now), pk=pk)


@api.get("batches", response=BatchPage, tags=TAGS, summary="List batches")
def list_batches(request: ApiRequest, response: HttpResponse, params: Query[PageParams]) -> BatchPage:
    """Newest first. Its cases are listed by `/cases?batch=`."""
    rows = with_status_counts(selectors.batches_of(request.team), request.now).order_by("-pk")
    page_rows, next_cursor = paginate(rows, params.cursor, params.limit)
    add_link_header(request, response, next_cursor)
    items = [BatchOut.model_construct(**_batch_fields(batch)) for batch in page_rows]
    return BatchPage.model_construct(items=items, next=next_cursor)


@api.get("batches/{int:pk}", response=BatchOut, tags=TAGS, summary="Read a batch", openapi_extra={"x-etag": True})
def read_batch(request: ApiRequest, pk: int) -> BatchOut:
    batch = _get_batch_with_counts(request, pk)
    set_etag_source(request, batch)
    return BatchOut.model_construct(**_batch_fields(batch))


class NewBatchIn(HappenedAtIn):
    """These numbers were handed to one carrier by one act: a letter, a visit, a list given to an agent."""

    numbers: Annotated[list[PhoneNumber], Field(min_length=1, max_length=MAX_NUMBERS)]
    carrier: CarrierSlug
    channel: RequestChannel = RequestChannel.LETTER
    reason: Reason = Reason.COST
    reference: ShortText = ""
    words: Annotated[str, bounded_text(2000)] = ""


@api.post(
    "batches",
    response={201: NewBatchOut},
    tags=TAGS,
    summary="Record a batch",
    openapi_extra={"x-etag": True, "x-names-others": True},
)
def make_batch(request: ApiRequest, response: HttpResponse, data: NewBatchIn) -> NewBatchOut:
    """Cards that are not there are registered. Each number is in the batch, or named with why it is not. A receipt for
    all of them: `POST /bulk/receipts`."""
    carrier = lookups.get_carrier(data.carrier)
    submission = submit_batch(
        request.team,
        carrier,
        list(dict.fromkeys(data.numbers)),
        channel=data.channel.value,
        reason=data.reason.value,
        submitted_at=data.at(request),
        by=request.user,
        now=request.now,
        reference=data.reference,
        words=data.words,
        submit_token=request.submit_token,
    )
    batch = _get_batch_with_counts(request, submission.batch.pk)
    response["Location"] = f"/api/v1/batches/{batch.pk}"
    set_etag_source(request, batch)
    return NewBatchOut.model_construct(
        **_batch_fields(batch),
        cases=[case.reference for case in submission.cases],
        refused=[
            NumberRefusalOut(number=masking.mask_number(number), problem=serialize_problem(error))
            for number, error in submission.refused
        ],
    )


class OtherNumberIn(SchemaIn):
    number: PhoneNumber
    words: Annotated[str, bounded_text(300)] = ""


class BatchAnswerIn(HappenedAtIn):
    """Which numbers are done, and which are not, with the carrier's words beside each."""

    done: Annotated[list[PhoneNumber], Field(max_length=MAX_NUMBERS)] = []
    others: Annotated[list[OtherNumberIn], Field(max_length=MAX_NUMBERS)] = []
    others_kind: Annotated[
        EntryKind,
        Field(json_schema_extra={"enum": list(BatchReply.kinds)}, description="What it means for the others."),
    ] = EntryKind.UNDER_REVIEW
    words: Annotated[str, bounded_text(2000)] = ""


class BatchAnswerOut(SchemaOut):
    done: list[str] = Field(description="References of the cases that the carrier says are done.")
    others: list[str]
    refused: list[CaseRefusalOut]
    strangers: list[str] = Field(description="Numbers that the batch does not have, masked.")
    left: int = Field(description="Cases of which nothing was said.")


@api.post("batches/{int:pk}/answer", response=BatchAnswerOut, tags=TAGS, summary="Record the answer to a batch")
def answer_to_batch(request: ApiRequest, pk: int, data: BatchAnswerIn) -> BatchAnswerOut:
    """Numbers of which nothing is said stay as they are."""
    batch: Batch = lookups.get_batch(request, pk)
    others = {other.number: other.words for other in data.others}
    numbers_in_both = [masking.mask_number(number) for number in data.done if number in others]
    if numbers_in_both:
        raise NumbersInBothLists(numbers=", ".join(numbers_in_both[:10]))
    if not data.done and not others:
        raise NoNumbers()
    batch_reply = BatchReply(
        data.at(request), list(dict.fromkeys(data.done)), others, data.others_kind.value, data.words
    )
    outcome = record_batch_reply(
        batch, batch_reply, by=request.user, now=request.now, submit_token=request.submit_token
    )
    return BatchAnswerOut(
        done=[case.reference for case in outcome.done],
        others=[case.reference for case in outcome.others],
        refused=[
            CaseRefusalOut(reference=case.reference, problem=serialize_problem(error))
            for case, error in outcome.refused
        ],
        strangers=[masking.mask_number(number) for number in outcome.unknown_numbers],
        left=outcome.left,
    )
