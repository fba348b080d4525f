"""Carriers' SMS: added, listed, assigned to a case, recorded, dismissed."""

from django.http import HttpResponse
from ninja import Query

from cases import operations as ops
from cases import queue, selectors
from cases.api import lookups
from cases.api.instance import api
from cases.api.pagination import paginate, respond_page
from cases.api.problem_details import ApiError
from cases.api.request import ApiRequest
from cases.api.responses import perform_action
from cases.api.schemas.cases import CaseOut
from cases.api.schemas.fields import NumbersParam
from cases.api.schemas.messages import (
    MessageCaseIn,
    MessageFilter,
    MessageIn,
    MessageOut,
    ReceivedMessageOut,
    RecordMessageIn,
    serialize_message,
)
from cases.api.schemas.pages import Page
from cases.domain.clock_skew import settle_moment
from cases.domain.errors import InTheFuture, gettext_noop
from cases.formats.sms.types import Sms
from cases.inbox.ingest import Incoming, MessageOrigin, ingest
from cases.models.choices import MessageSource, MessageState
from cases.operations.messages import reply_from_message

TAGS = ["SMS"]


class MessageHasNoCase(ApiError):
    status = 409
    code = "no_case_yet"
    message = gettext_noop("Choose the case this SMS belongs to, then record it.")


@api.get("messages", response=Page[MessageOut], tags=TAGS, summary="List SMS")
def list_messages(request: ApiRequest, response: HttpResponse, params: Query[MessageFilter]) -> Page[MessageOut]:
    """The team's SMS from carriers, newest first."""
    messages = selectors.messages_of(request.team)
    if params.state == "waiting":
        messages = selectors.waiting_messages(messages)
    elif params.state != "all":
        messages = messages.filter(state=params.state)
    return respond_page(request, response, paginate(messages, params), Page[MessageOut], serialize_message)


@api.get("messages/{int:pk}", response=MessageOut, tags=TAGS, summary="Get an SMS")
def read_message(request: ApiRequest, pk: int, numbers: NumbersParam = "masked") -> MessageOut:
    full = lookups.wants_full_numbers(request, numbers)
    message = lookups.get_message(request, pk)
    if full and message.case:
        lookups.audit_case_numbers_shown(request, [message.case], full=True)
    elif full and message.card:
        lookups.audit_card_numbers_shown(request, [message.card], full=True)
    return serialize_message(message, full=full)


@api.post(
    "messages",
    response={202: ReceivedMessageOut},
    tags=TAGS,
    summary="Add an SMS",
    openapi_extra={"x-404": True},
)
def hand_in_message(request: ApiRequest, data: MessageIn) -> ReceivedMessageOut:
    """It is interpreted in the background, then recorded, proposed for a case, or dismissed."""
    request.error_fields = {"happened_at": "received_at"}
    received_at = settle_moment(data.received_at, request.now)
    if received_at > request.now:
        raise InTheFuture()
    case = lookups.get_case(request, data.case) if data.case else None
    sms = Sms(data.sender, data.text, received_at)
    origin = MessageOrigin(MessageSource.PASTED, case=case)
    (outcome,) = ingest(request.team, [Incoming(sms)], origin, request.now, on_stored=queue.enqueue_message_processing)
    return ReceivedMessageOut(outcome=outcome)


@api.post("messages/{int:pk}/case", response=MessageOut, tags=TAGS, summary="Assign an SMS to a case")
def place_message(request: ApiRequest, pk: int, data: MessageCaseIn) -> MessageOut:
    """Proposes it for this case, where it waits until someone records it."""
    message = lookups.get_message(request, pk)
    ops.propose_message(message, lookups.get_case(request, data.case), by=request.user, now=request.now)
    return serialize_message(lookups.get_message(request, pk))


@api.post(
    "messages/{int:pk}/record",
    response=CaseOut,
    tags=TAGS,
    summary="Record an SMS on its case",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def record_message(request: ApiRequest, pk: int, data: RecordMessageIn) -> CaseOut:
    """Adds an SMS proposed for a case to its timeline, and its text to the receipts. Send the ETag of the case in
    If-Match."""
    message = lookups.get_message(request, pk)
    case = message.case
    if case is None or message.state != MessageState.PROPOSED:
        raise MessageHasNoCase()
    reply_fields = dict(data) | {"reason": data.reason.value if data.reason else ""}
    kind = reply_fields.pop("kind")
    reply = None if kind == "message" else reply_from_message(message, kind, **reply_fields)
    return perform_action(request, case, ops.RecordMessage(message, reply), if_match_required=True)


@api.post("messages/{int:pk}/set-aside", response=MessageOut, tags=TAGS, summary="Dismiss an SMS")
def set_message_aside(request: ApiRequest, pk: int) -> MessageOut:
    """It needs no action; you can still find it in the list."""
    message = lookups.get_message(request, pk)
    ops.set_message_aside(message, by=request.user, now=request.now)
    return serialize_message(lookups.get_message(request, pk))
