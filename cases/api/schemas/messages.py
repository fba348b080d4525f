"""Carriers' SMS: filter, what is sent, what is returned."""

from typing import Annotated, Literal

from pydantic import Field

from cases.api.schemas.actions import ShortText
from cases.api.schemas.fields import Bool, DateTime, Day, Reference, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.api.schemas.pages import PageParams
from cases.domain.masking import mask_text
from cases.domain.message_meaning import Meaning
from cases.formats.forwarders.payloads import MAX_SENDER_LENGTH
from cases.inbox.ingest import IngestOutcome
from cases.models import CarrierMessage
from cases.models.choices import MessageState, ReturnReason
from cases.operations.messages import proposed_reply


class ProposedReplyOut(SchemaOut):
    """The reply that an SMS contains, to be recorded; with an empty `kind`, a person must read it."""

    kind: str
    promised_on: Day | None
    effective_on: Day | None
    reason: str
    reference: str


class MessageOut(SchemaOut):
    id: int
    sender: str
    text: str = Field(description="Numbers are masked, unless `numbers=full`.")
    received_at: DateTime
    state: Annotated[str, enum_of(MessageState.values)]
    meaning: Annotated[str, enum_of([meaning.value for meaning in Meaning], or_empty=True)]
    case: str | None
    proposed: ProposedReplyOut


class MessageFilter(PageParams):
    state: Annotated[
        Literal["waiting", "new", "proposed", "unmatched", "recorded", "set_aside", "all"],
        Field(description="`waiting`: proposed for a case, or without a case; a person must decide."),
    ] = "waiting"


class MessageIn(SchemaIn):
    """An SMS as it is on the phone, with its signature 【…】; `case` if known."""

    sender: Annotated[str, bounded_text(MAX_SENDER_LENGTH, 1), Field(examples=["10086"])]
    received_at: DateTime
    case: Reference | None = None
    text: Annotated[str, bounded_text(20_000, 1)]


class ReceivedMessageOut(SchemaOut):
    outcome: IngestOutcome = Field(description="Verification codes and private SMS are discarded without being stored.")


class MessageCaseIn(SchemaIn):
    case: Annotated[Reference, Field(examples=["XK-7QF2M4ZP"])]


class RecordMessageIn(SchemaIn):
    """Which reply to record; `message` keeps the SMS as evidence only."""

    kind: Literal["acknowledged", "under_review", "promised", "takes_effect", "returned", "reported_done", "message"]
    promised_on: Day | None = None
    accept_far: Bool = False
    effective_on: Day | None = None
    roaming: Bool = False
    reason: ReturnReason | None = None
    reference: ShortText = ""


def serialize_message(message: CarrierMessage, *, full: bool = False) -> MessageOut:
    return MessageOut.model_construct(
        id=message.pk,
        sender=message.sender,
        text=message.text if full else mask_text(message.text),
        received_at=message.received_at,
        state=message.state,
        meaning=message.meaning,
        case=message.case.reference if message.case else None,
        # By Xiaoka's own reading: a language model's is for people to see, no program is to record it.
        proposed=ProposedReplyOut.model_construct(**proposed_reply(message, message.meaning)),
    )
