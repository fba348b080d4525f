"""Batches: many requests handed in by one act, how far each is, and the carrier's answer."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import selectors
from cases.api import lookups
from cases.api.auth import ApiRequest
from cases.api.conditional import keep_state
from cases.api.idempotency import click
from cases.api.instance import api
from cases.api.pagination import link, page
from cases.api.problem_details import ApiError, renamed, told
from cases.api.schemas.actions import Happened, Short
from cases.api.schemas.cases import CarrierName, ChannelWord, Person, carrier_name, person
from cases.api.schemas.fields import Asked, Moment, Number, Told, text
from cases.api.views.cases import PageAsked, Slug
from cases.domain import phones
from cases.domain.errors import CaseError, gettext_noop
from cases.formats.number_list import MAX_NUMBERS
from cases.models import Batch
from cases.models.choices import EntryKind, Reason, RequestChannel
from cases.operations.batches import Answer, answer_batch, submit_batch
from cases.selectors.filters import counted

TAGS = ["batches"]
_COUNTS = ("total", "confirmed", "said_done", "late", "returned", "withdrawn")


class InBoth(ApiError):
    status = 422
    code = "in_both"
    message = gettext_noop("In both lists: %(numbers)s.")
    field = "others"


class NoNumbers(ApiError):
    status = 422
    code = "no_numbers"
    message = gettext_noop("There is no number in this list.")
    field = "done"


class Counts(Told):
    """How many of its cases stand how."""

    total: int
    confirmed: int
    said_done: int
    late: int
    returned: int
    withdrawn: int


class BatchTold(Told):
    id: int
    carrier: CarrierName
    channel: ChannelWord
    reference: str
    submitted_at: Moment
    words: str
    made_by: Person | None
    made_at: Moment
    reply_by: Moment | None
    counts: Counts


class BatchPage(Told):
    items: list[BatchTold]
    next: str | None


class WhyNot(Told):
    """Why something was not done, as in a problem."""

    type: str
    code: str
    detail: str
    errors: list[dict[str, str]] | None = None
    case: str | None = None


class NumberRefusal(Told):
    number: str = Field(description="Masked.")
    problem: WhyNot


class CaseRefusal(Told):
    reference: str
    problem: WhyNot


class BatchMade(BatchTold):
    cases: list[str] = Field(description="The references of its cases.")
    refused: list[NumberRefusal]


def why(error: CaseError) -> WhyNot:
    return WhyNot(**told(error))


def _fields(batch: Any) -> dict[str, Any]:
    """`batch` with its counts (`cases.selectors.filters.counted`)."""
    return {
        "id": batch.pk,
        "carrier": carrier_name(batch.carrier),
        "channel": batch.channel,
        "reference": batch.reference,
        "submitted_at": batch.submitted_at,
        "words": batch.words,
        "made_by": person(batch.made_by),
        "made_at": batch.made_at,
        "reply_by": batch.reply_by,
        "counts": Counts(**{name: getattr(batch, name) for name in _COUNTS}),
    }


def _counted(request: ApiRequest, pk: int) -> Any:
    return lookups.one(counted(selectors.batches_of(request.team), request.now), pk=pk)


@api.get("batches", response=BatchPage, tags=TAGS, summary="List batches")
def list_batches(request: ApiRequest, response: HttpResponse, asked: Query[PageAsked]) -> BatchPage:
    """Newest first. Its cases are listed by `/cases?batch=`."""
    rows = counted(selectors.batches_of(request.team), request.now).order_by("-pk")
    found, following = page(rows, asked.cursor, asked.limit)
    link(request, response, following)
    items = [BatchTold.model_construct(**_fields(batch)) for batch in found]
    return BatchPage.model_construct(items=items, next=following)


@api.get("batches/{int:pk}", response=BatchTold, tags=TAGS, summary="Read a batch", openapi_extra={"x-etag": True})
def read_batch(request: ApiRequest, pk: int) -> BatchTold:
    batch = _counted(request, pk)
    keep_state(request, batch)
    return BatchTold.model_construct(**_fields(batch))


class BatchAsked(Happened):
    """These numbers were handed to one carrier by one act: a letter, a visit, a list given to an agent."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=MAX_NUMBERS)]
    carrier: Slug
    channel: RequestChannel = RequestChannel.LETTER
    reason: Reason = Reason.COST
    reference: Short = ""
    words: Annotated[str, text(2000)] = ""


@api.post(
    "batches",
    response={201: BatchMade},
    tags=TAGS,
    summary="Record a batch",
    openapi_extra={"x-etag": True, "x-names-others": True},
)
def make_batch(request: ApiRequest, response: HttpResponse, data: BatchAsked) -> BatchMade:
    """Cards that are not there are registered. Each number is in the batch, or named with why it is not. A receipt for
    all of them: `POST /bulk/receipts`."""
    carrier = lookups.get_carrier(data.carrier)
    with renamed(submitted_at="happened_at"):
        done = submit_batch(
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
            click=click(request),
        )
    batch = _counted(request, done.batch.pk)
    response["Location"] = f"/api/v1/batches/{batch.pk}"
    keep_state(request, batch)
    return BatchMade.model_construct(
        **_fields(batch),
        cases=[case.reference for case in done.cases],
        refused=[NumberRefusal(number=phones.mask_number(number), problem=why(error)) for number, error in done.refused],
    )


class Other(Asked):
    number: Number
    words: Annotated[str, text(300)] = ""


class BatchAnswerAsked(Happened):
    """Which numbers are done, and which are not, with the carrier's words beside each."""

    done: Annotated[list[Number], Field(max_length=MAX_NUMBERS)] = []
    others: Annotated[list[Other], Field(max_length=MAX_NUMBERS)] = []
    others_kind: Annotated[
        EntryKind,
        Field(json_schema_extra={"enum": list(Answer.kinds)}, description="What it means for the others."),
    ] = EntryKind.UNDER_REVIEW
    words: Annotated[str, text(2000)] = ""


class Answered(Told):
    done: list[str] = Field(description="References of the cases that the carrier says are done.")
    others: list[str]
    refused: list[CaseRefusal]
    strangers: list[str] = Field(description="Numbers that the batch does not have, masked.")
    left: int = Field(description="Cases of which nothing was said.")


@api.post("batches/{int:pk}/answer", response=Answered, tags=TAGS, summary="Record the answer to a batch")
def answer_to_batch(request: ApiRequest, pk: int, data: BatchAnswerAsked) -> Answered:
    """Numbers of which nothing is said stay as they are."""
    batch: Batch = lookups.get_batch(request, pk)
    others = {other.number: other.words for other in data.others}
    both = [phones.mask_number(number) for number in data.done if number in others]
    if both:
        raise InBoth(numbers=", ".join(both[:10]))
    if not data.done and not others:
        raise NoNumbers()
    said = Answer(data.at(request), list(dict.fromkeys(data.done)), others, data.others_kind.value, data.words)
    answered = answer_batch(batch, said, by=request.user, now=request.now, click=click(request))
    return Answered(
        done=[case.reference for case in answered.done],
        others=[case.reference for case in answered.others],
        refused=[CaseRefusal(reference=case.reference, problem=why(error)) for case, error in answered.refused],
        strangers=[phones.mask_number(number) for number in answered.strangers],
        left=answered.left,
    )
