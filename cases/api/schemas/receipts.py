"""Receipts: the fields of their form, and what is returned."""

from typing import Annotated

from pydantic import Field

from cases.api.schemas.common import PersonOut, serialize_person
from cases.api.schemas.fields import DateTime, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.models import Receipt
from cases.models.choices import ReceiptKind


class ReceiptOut(SchemaOut):
    id: int
    kind: Annotated[str, enum_of(ReceiptKind.values)]
    name: str
    type: str = Field(examples=["image/jpeg"])
    size: int
    sha256: str
    added_at: DateTime
    added_by: PersonOut | None
    voided: bool = Field(description="Every entry that names it was voided: it is kept, and does not count.")


class ReceiptIn(SchemaIn):
    """The fields of the form, other than its files."""

    kind: ReceiptKind = ReceiptKind.SCREENSHOT
    words: Annotated[str, bounded_text(500)] = ""
    text: Annotated[str, bounded_text(20_000)] = ""


def serialize_receipt(receipt: Receipt, *, voided: bool) -> ReceiptOut:
    return ReceiptOut.model_construct(
        id=receipt.pk,
        kind=receipt.kind,
        name=receipt.name,
        type=receipt.detected_type,
        size=receipt.size,
        sha256=receipt.sha256,
        added_at=receipt.added_at,
        added_by=serialize_person(receipt.added_by),
        voided=voided,
    )
