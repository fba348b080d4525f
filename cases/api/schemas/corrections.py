"""What the endpoints that correct a case's timeline are sent."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated

from pydantic import Field

from cases.api.schemas.actions import ShortText, Words
from cases.api.schemas.common import CaseRefusalOut
from cases.api.schemas.fields import DateTime, Day, SchemaIn, SchemaOut, bounded_text
from cases.domain.business_days import local_iso
from cases.models.choices import Reason, RequestChannel, ReturnReason
from cases.operations.corrections import AmendEntry, VoidEntry

_Why = Annotated[str, bounded_text(4000, 1), Field(description="Why it is corrected.")]
#: The parts of an entry that are called otherwise in its content.
_PARTS = {"happened_at": "at", "entry_words": "words"}


class VoidEntryIn(SchemaIn):
    """Voids an entry: the case becomes what it is without it. The entry stays on the timeline, marked."""

    words: _Why

    def verb(self, sequence: int) -> VoidEntry:
        return VoidEntry(sequence, self.words)


class AmendEntryIn(SchemaIn):
    """Corrects parts of an entry; which of them it has depends on its kind. What is left out, or null, stays."""

    happened_at: DateTime | None = None
    reason: Annotated[
        Reason | ReturnReason | None,
        Field(description="Of the entry `logged` why the card is cancelled, of `returned` what the carrier wants."),
    ] = None
    channel: RequestChannel | None = None
    reference: ShortText | None = None
    promised_on: Day | None = None
    effective_on: Day | None = None
    entry_words: Annotated[Words | None, Field(description="The words of the entry itself.")] = None
    words: _Why

    def verb(self, sequence: int) -> AmendEntry:
        changes = {
            _PARTS.get(name, name): _as_text(value) for name, value in self if name != "words" and value is not None
        }
        return AmendEntry(sequence, changes, self.words)


class MoveEntryIn(SchemaIn):
    """Moves a reply, follow-up, receipt or SMS to the case on which it belongs."""

    case: Annotated[str, bounded_text(20, 1), Field(description="The reference of a case of the team.")]
    words: Words = ""


class UndoActIn(SchemaIn):
    """Undoes a request over several cases: a bulk action, a batch, or the reply to one."""

    idempotency_key: Annotated[
        str, bounded_text(200, 1), Field(description="The Idempotency-Key with which this token sent that request.")
    ]


class UndoActOut(SchemaOut):
    undone: list[str] = Field(description="References of the cases on which it was undone.")
    withdrawn: list[str] = Field(description="Of the cases that it had opened: withdrawn as logged by mistake.")
    left: list[CaseRefusalOut] = Field(description="The cases left as they are, each with the reason.")


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return local_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value.value) if isinstance(value, Enum) else str(value)
