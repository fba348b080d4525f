"""Carriers' messages: pasted, listed, put on a case, recorded, set aside."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import operations as ops
from cases import queue, selectors
from cases.api import lookups
from cases.api.auth import ApiRequest
from cases.api.conditional import seen
from cases.api.idempotency import click
from cases.api.instance import api
from cases.api.pagination import link, page
from cases.api.problem_details import ApiError, renamed
from cases.api.schemas.actions import DayMissing, Short, WantedMissing
from cases.api.schemas.cases import CaseTold
from cases.api.schemas.fields import Asked, Day, Flag, Moment, Told, one_of, text
from cases.api.views.cases import Numbers, PageAsked, tell_case
from cases.domain.errors import InTheFuture, gettext_noop
from cases.domain.masking import mask_text
from cases.formats.forwarder_payloads import MAX_SENDER_LENGTH
from cases.formats.sms.types import Sms
from cases.inbox.ingest import Arrived, Outcome, receive
from cases.models import CarrierMessage
from cases.models.choices import MeaningChoices, MessageSource, MessageState, ReturnReason
from cases.operations.messages import proposed_reply, reply_in

TAGS = ["messages"]
Pasted = Annotated[str, text(20_000, 1)]


class NoCaseYet(ApiError):
    status = 409
    code = "no_case_yet"
    message = gettext_noop("This message cannot be recorded as it stands. Choose its case first.")


class Proposed(Told):
    """What a message says, as the reply to record; empty kind: somebody must look."""

    kind: str
    promised_on: Day | None
    reason: str
    reference: str


class MessageTold(Told):
    id: int
    sender: str
    text: str = Field(description="With numbers masked, unless `numbers=full` was asked for.")
    received_at: Moment
    state: Annotated[str, one_of(MessageState.values)]
    meaning: Annotated[str, one_of(MeaningChoices.values, or_empty=True)]
    case: str | None
    proposed: Proposed


class MessagePage(Told):
    items: list[MessageTold]
    next: str | None


class MessageFilter(PageAsked):
    state: Annotated[
        Literal["waiting", "new", "proposed", "unmatched", "recorded", "set_aside", "all"],
        Field(description="`waiting`: for a person, proposed or fitting no case."),
    ] = "waiting"


def _told(message: CarrierMessage, *, full: bool = False) -> MessageTold:
    proposed = proposed_reply(message)
    promised: date | None = proposed["promised_on"]
    return MessageTold.model_construct(
        id=message.pk,
        sender=message.sender,
        text=message.text if full else mask_text(message.text),
        received_at=message.received_at,
        state=message.state,
        meaning=message.meaning,
        case=message.case.reference if message.case else None,
        proposed=Proposed.model_construct(**proposed | {"promised_on": promised}),
    )


@api.get("messages", response=MessagePage, tags=TAGS, summary="List messages")
def list_messages(request: ApiRequest, response: HttpResponse, asked: Query[MessageFilter]) -> MessagePage:
    """What carriers wrote, newest first."""
    rows = selectors.messages_of(request.team)
    if asked.state == "waiting":
        rows = selectors.waiting_messages(rows)
    elif asked.state != "all":
        rows = rows.filter(state=asked.state)
    found, following = page(rows.order_by("-pk"), asked.cursor, asked.limit)
    link(request, response, following)
    return MessagePage.model_construct(items=[_told(message) for message in found], next=following)


@api.get("messages/{int:pk}", response=MessageTold, tags=TAGS, summary="Read a message")
def read_message(request: ApiRequest, pk: int, numbers: Numbers = "masked") -> MessageTold:
    full = lookups.in_full(request, numbers)
    message = lookups.get_message(request, pk)
    if full and message.case:
        lookups.note_cases(request, [message.case], full=True)
    elif full and message.card:
        lookups.note_cards(request, [message.card], full=True)
    return _told(message, full=full)


class MessageAsked(Asked):
    """As it stands on the phone, with its signature 【…】; `case` where it is known."""

    sender: Annotated[str, text(MAX_SENDER_LENGTH, 1), Field(examples=["10086"])]
    received_at: Moment
    case: Annotated[str, text(20)] | None = None
    text: Pasted


class Received(Told):
    outcome: Outcome = Field(description="Codes and what is no carrier's are never kept.")


@api.post(
    "messages",
    response={202: Received},
    tags=TAGS,
    summary="Hand in a message",
    openapi_extra={"x-names-others": True},
)
def hand_in_message(request: ApiRequest, data: MessageAsked) -> Received:
    """It is read by the worker, and then recorded, proposed for a case, or set aside."""
    if data.received_at > request.now:
        with renamed(happened_at="received_at"):
            raise InTheFuture()
    case = lookups.get_case(request, data.case) if data.case else None
    sms = Sms(data.sender, data.text, data.received_at)
    source = MessageSource.PASTED
    (outcome,) = receive(request.team, [Arrived(sms)], source, request.now, kept=queue.ask_to_read, case=case)
    return Received(outcome=outcome)


class PlaceAsked(Asked):
    case: Annotated[str, text(20), Field(examples=["XK-7QF2M4ZP"])]


@api.post("messages/{int:pk}/case", response=MessageTold, tags=TAGS, summary="Put a message on a case")
def place_message(request: ApiRequest, pk: int, data: PlaceAsked) -> MessageTold:
    """Where it waits for a yes."""
    message = lookups.get_message(request, pk)
    ops.propose(message, lookups.get_case(request, data.case), by=request.user, now=request.now)
    return _told(lookups.get_message(request, pk))


class RecordAsked(Asked):
    """As which answer it goes on the record; `message` keeps it as evidence alone."""

    kind: Literal["acknowledged", "under_review", "promised", "returned", "reported_done", "message"]
    promised_on: Day | None = None
    accept_far: Flag = False
    reason: ReturnReason | None = None
    reference: Short = ""


@api.post(
    "messages/{int:pk}/record",
    response=CaseTold,
    tags=TAGS,
    summary="Record a message",
    openapi_extra={"x-etag": True, "x-guard": True},
)
def record_message(request: ApiRequest, pk: int, data: RecordAsked) -> CaseTold:
    """A message that was proposed for a case: on its timeline, its text among the receipts. If-Match is the case's."""
    message = lookups.get_message(request, pk)
    case = message.case
    if case is None or message.state != MessageState.PROPOSED:
        raise NoCaseYet()
    if data.kind == "promised" and data.promised_on is None:
        raise DayMissing()
    if data.kind == "returned" and data.reason is None:
        raise WantedMissing()
    said = {"promised_on": data.promised_on, "accept_far": data.accept_far, "reference": data.reference}
    reason = data.reason.value if data.reason else ""
    reply = None if data.kind == "message" else reply_in(message, data.kind, **said, reason=reason)
    version = seen(request, case, guarded=True)
    verb = ops.RecordMessage(message, reply)
    ops.perform_one(verb, case, by=request.user, now=request.now, click=click(request), seen=version)
    return tell_case(request, lookups.get_case(request, case.reference))


@api.post("messages/{int:pk}/set-aside", response=MessageTold, tags=TAGS, summary="Set a message aside")
def set_message_aside(request: ApiRequest, pk: int) -> MessageTold:
    """It needs nobody; it can still be found."""
    message = lookups.get_message(request, pk)
    ops.set_aside(message, by=request.user, now=request.now)
    return _told(lookups.get_message(request, pk))
