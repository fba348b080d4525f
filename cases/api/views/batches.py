"""Batches: many requests submitted at once, how far each is, and the carrier's answer."""

from django.http import HttpResponse
from ninja import Query

from cases import selectors
from cases.api import lookups
from cases.api.conditional import set_etag_source
from cases.api.instance import api
from cases.api.pagination import paginate, respond_page
from cases.api.problem_details import ApiError
from cases.api.request import ApiRequest
from cases.api.responses import set_location
from cases.api.schemas.batches import (
    BatchAnswerIn,
    BatchAnswerOut,
    BatchOut,
    NewBatchIn,
    NewBatchOut,
    serialize_batch,
    serialize_batch_answer,
    serialize_new_batch,
)
from cases.api.schemas.pages import Page, PageParams
from cases.domain import masking
from cases.domain.errors import gettext_noop
from cases.operations.batches import BatchReply, NewBatch, record_batch_reply, submit_batch
from cases.selectors.filters import CountedBatch, with_status_counts

TAGS = ["batches"]


class NumbersInBothLists(ApiError):
    status = 422
    code = "in_both"
    message = gettext_noop("These numbers are in both lists: %(numbers)s. Remove them from one.")
    field = "others"


class NoNumbers(ApiError):
    status = 422
    code = "no_numbers"
    message = gettext_noop("Enter at least one number.")
    field = "done"


def _get_batch_with_counts(request: ApiRequest, pk: int) -> CountedBatch:
    return lookups.get_or_404(with_status_counts(selectors.batches_of(request.team), request.now), pk=pk)


@api.get("batches", response=Page[BatchOut], tags=TAGS, summary="List batches")
def list_batches(request: ApiRequest, response: HttpResponse, params: Query[PageParams]) -> Page[BatchOut]:
    """Newest first. Use `/cases?batch=` to list the cases of one batch."""
    batches = with_status_counts(selectors.batches_of(request.team), request.now)
    return respond_page(request, response, paginate(batches, params), Page[BatchOut], serialize_batch)


@api.get("batches/{int:pk}", response=BatchOut, tags=TAGS, summary="Get a batch", openapi_extra={"x-etag": True})
def read_batch(request: ApiRequest, pk: int) -> BatchOut:
    batch = _get_batch_with_counts(request, pk)
    set_etag_source(request, batch)
    return serialize_batch(batch)


@api.post(
    "batches",
    response={201: NewBatchOut},
    tags=TAGS,
    summary="Log a batch",
    openapi_extra={"x-etag": True, "x-404": True},
)
def make_batch(request: ApiRequest, response: HttpResponse, data: NewBatchIn) -> NewBatchOut:
    """Adds cards that do not exist yet. Each number becomes part of the batch, or is listed with the reason. Use
    `POST /bulk/receipts` to upload a receipt for all of them."""
    carrier = lookups.get_carrier(data.carrier)
    new_batch = NewBatch(
        carrier,
        data.numbers,
        data.channel.value,
        data.reason.value,
        data.at(request),
        reference=data.reference,
        words=data.words,
    )
    submission = submit_batch(
        request.team, new_batch, by=request.user, now=request.now, submit_token=request.submit_token
    )
    batch = _get_batch_with_counts(request, submission.batch.pk)
    set_location(response, "read_batch", pk=batch.pk)
    set_etag_source(request, batch)
    return serialize_new_batch(batch, submission)


@api.post("batches/{int:pk}/answer", response=BatchAnswerOut, tags=TAGS, summary="Record the reply to a batch")
def answer_to_batch(request: ApiRequest, pk: int, data: BatchAnswerIn) -> BatchAnswerOut:
    """Cases whose numbers are not mentioned do not change."""
    batch = lookups.get_batch(request, pk)
    others = {other.number: other.words for other in data.others}
    numbers_in_both = [masking.mask_number(number) for number in data.done if number in others]
    if numbers_in_both:
        raise NumbersInBothLists(numbers=numbers_in_both[:10])
    if not data.done and not others:
        raise NoNumbers()
    batch_reply = BatchReply(
        data.at(request), list(dict.fromkeys(data.done)), others, data.others_kind.value, data.words
    )
    outcome = record_batch_reply(
        batch, batch_reply, by=request.user, now=request.now, submit_token=request.submit_token
    )
    return serialize_batch_answer(outcome)
