"""Carriers' messages: pasted, listed, put on a case, recorded, set aside."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import operations as ops
from cases import queue, selectors
from cases.api import lookups
from cases.api.conditional import expected_version
from cases.api.instance import api
from cases.api.pagination import add_link_header, paginate
from cases.api.problem_details import ApiError
from cases.api.request import ApiRequest
from cases.api.schemas.actions import ShortText
from cases.api.schemas.cases import CaseOut
from cases.api.schemas.fields import Bool, DateTime, Day, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.api.views.cases import NumbersParam, PageParams, serialize_case_with_etag
from cases.domain.errors import InTheFuture, gettext_noop
from cases.domain.masking import mask_text
from cases.domain.message_meaning import Meaning
from cases.formats.forwarder_payloads import MAX_SENDER_LENGTH
from cases.formats.sms.types import Sms
from cases.inbox.ingest import Incoming, IngestOutcome, ingest
from cases.models import CarrierMessage
from cases.models.choices import MessageSource, MessageState, ReturnReason
from cases.operations.messages import proposed_reply, reply_from_message

TAGS = ["messages"]
PastedMessage = Annotated[str, bounded_text(20_000, 1)]


class MessageHasNoCase(ApiError):
    status = 409
    code = "no_case_yet"
    message = gettext_noop("This message cannot be recorded as it stands. Choose its case first.")


class ProposedReplyOut(SchemaOut):
    """What a message says, as the reply to record; empty kind: somebody must look."""

    kind: str
    promised_on: Day | None
    reason: str
    reference: str


class MessageOut(SchemaOut):
    id: int
    sender: str
    text: str = Field(description="With numbers masked, unless `numbers=full` was asked for.")
    received_at: DateTime
    state: Annotated[str, enum_of(MessageState.values)]
    meaning: Annotated[str, enum_of([meaning.value for meaning in Meaning], or_empty=True)]
    case: str | None
    proposed: ProposedReplyOut


class MessagePage(SchemaOut):
    items: list[MessageOut]
    next: str | None


class MessageFilter(PageParams):
    state: Annotated[
        Literal["waiting", "new", "proposed", "unmatched", "recorded", "set_aside", "all"],
        Field(description="`waiting`: for a person, proposed or fitting no case."),
    ] = "waiting"


def _serialize_message(message: CarrierMessage, *, full: bool = False) -> MessageOut:
    reply_fields = proposed_reply(message)
    promised_on: date | None = reply_fields["promised_on"]
    return MessageOut.model_construct(
        id=message.pk,
        sender=message.sender,
        text=message.text if full else mask_text(message.text),
        received_at=message.received_at,
        state=message.state,
        meaning=message.meaning,
        case=message.case.reference if message.case else None,
        proposed=ProposedReplyOut.model_construct(**reply_fields | {"promised_on": promised_on}),
    )


@api.get("messages", response=MessagePage, tags=TAGS, summary="List messages")
def list_messages(request: ApiRequest, response: HttpResponse, params: Query[MessageFilter]) -> MessagePage:
    """What carriers wrote, newest first."""
    rows = selectors.messages_of(request.team)
    if params.state == "waiting":
        rows = selectors.waiting_messages(rows)
    elif params.state != "all":
        rows = rows.filter(state=params.state)
    page_rows, next_cursor = paginate(rows.order_by("-pk"), params.cursor, params.limit)
    add_link_header(request, response, next_cursor)
    return MessagePage.model_construct(items=[_serialize_message(message) for message in page_rows], next=next_cursor)


@api.get("messages/{int:pk}", response=MessageOut, tags=TAGS, summary="Read a message")
def read_message(request: ApiRequest, pk: int, numbers: NumbersParam = "masked") -> MessageOut:
    full = lookups.wants_full_numbers(request, numbers)
    message = lookups.get_message(request, pk)
    if full and message.case:
        lookups.audit_case_numbers_shown(request, [message.case], full=True)
    elif full and message.card:
        lookups.audit_card_numbers_shown(request, [message.card], full=True)
    return _serialize_message(message, full=full)


class MessageIn(SchemaIn):
    """As it stands on the phone, with its signature 【…】; `case` where it is known."""

    sender: Annotated[str, bounded_text(MAX_SENDER_LENGTH, 1), Field(examples=["10086"])]
    received_at: DateTime
    case: Annotated[str, bounded_text(20)] | None = None
    text: PastedMessage


class ReceivedMessageOut(SchemaOut):
    outcome: IngestOutcome = Field(description="Codes and what is no carrier's are never kept.")


@api.post(
    "messages",
    response={202: ReceivedMessageOut},
    tags=TAGS,
    summary="Hand in a message",
    openapi_extra={"x-names-others": True},
)
def hand_in_message(request: ApiRequest, data: MessageIn) -> ReceivedMessageOut:
    """It is read by the worker, and then recorded, proposed for a case, or set aside."""
    request.error_fields = {"happened_at": "received_at"}
    if data.received_at > request.now:
        raise InTheFuture()
    case = lookups.get_case(request, data.case) if data.case else None
    sms = Sms(data.sender, data.text, data.received_at)
    source = MessageSource.PASTED
    (outcome,) = ingest(
        request.team, [Incoming(sms)], source, request.now, on_stored=queue.enqueue_message_processing, case=case
    )
    return ReceivedMessageOut(outcome=outcome)


class MessageCaseIn(SchemaIn):
    case: Annotated[str, bounded_text(20), Field(examples=["XK-7QF2M4ZP"])]


@api.post("messages/{int:pk}/case", response=MessageOut, tags=TAGS, summary="Put a message on a case")
def place_message(request: ApiRequest, pk: int, data: MessageCaseIn) -> MessageOut:
    """Where it waits for a yes."""
    message = lookups.get_message(request, pk)
    ops.propose_message(message, lookups.get_case(request, data.case), by=request.user, now=request.now)
    return _serialize_message(lookups.get_message(request, pk))


class RecordMessageIn(SchemaIn):
    """As which answer it goes on the record; `message` keeps it as evidence alone."""

    kind: Literal["acknowledged", "under_review", "promised", "returned", "reported_done", "message"]
    promised_on: Day | None = None
    accept_far: Bool = False
    reason: ReturnReason | None = None
    reference: ShortText = ""


@api.post(
    "messages/{int:pk}/record",
    response=CaseOut,
    tags=TAGS,
    summary="Record a message",
    openapi_extra={"x-etag": True, "x-guard": True},
)
def record_message(request: ApiRequest, pk: int, data: RecordMessageIn) -> CaseOut:
    """A message that was proposed for a case: on its timeline, its text among the receipts. If-Match is the case's."""
    message = lookups.get_message(request, pk)
    case = message.case
    if case is None or message.state != MessageState.PROPOSED:
        raise MessageHasNoCase()
    reply_fields = {"promised_on": data.promised_on, "accept_far": data.accept_far, "reference": data.reference}
    reason = data.reason.value if data.reason else ""
    reply = None if data.kind == "message" else reply_from_message(message, data.kind, **reply_fields, reason=reason)
    version = expected_version(request, case, if_match_required=True)
    verb = ops.RecordMessage(message, reply)
    ops.perform_one(
        verb, case, by=request.user, now=request.now, submit_token=request.submit_token, expected_version=version
    )
    return serialize_case_with_etag(request, lookups.get_case(request, case.reference))


@api.post("messages/{int:pk}/set-aside", response=MessageOut, tags=TAGS, summary="Set a message aside")
def set_message_aside(request: ApiRequest, pk: int) -> MessageOut:
    """It needs nobody; it can still be found."""
    message = lookups.get_message(request, pk)
    ops.set_message_aside(message, by=request.user, now=request.now)
    return _serialize_message(lookups.get_message(request, pk))
