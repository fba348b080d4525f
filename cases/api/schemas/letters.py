"""Letters: drafts as they are sent and returned, and final letters."""

from collections.abc import Set
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from cases.api.schemas.fields import DateTime, Day, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.api.schemas.receipts import ReceiptOut, serialize_receipt
from cases.domain.letter_rules import APPEAL_FIELDS, LETTER_FIELDS, missing_letter_fields
from cases.models import Letter
from cases.models.choices import EscalationKind
from cases.selectors import MarkedLetter

Postcode = Annotated[str, Field(pattern=r"^([0-9]{6})?$", examples=["310000"])]


class DraftIn(SchemaIn):
    """A draft; any field may be empty."""

    name: Annotated[str, bounded_text(80)] = ""
    phone: Annotated[str, bounded_text(30)] = ""
    address: Annotated[str, bounded_text(200)] = ""
    postcode: Postcode = ""
    contact: Annotated[str, bounded_text(80), Field(description="Whom to ask for, of a company.")] = ""
    credit_code: Annotated[
        str, bounded_text(18), Field(description="Unified social credit identifier (统一社会信用代码) of a company.")
    ] = ""
    carrier_name: Annotated[str, bounded_text(120)] = ""
    carrier_address: Annotated[str, bounded_text(200)] = ""
    province: Annotated[
        str,
        bounded_text(20),
        Field(description="The carrier's province, usually where the card was opened; for appeals."),
    ] = ""
    recipient: Annotated[
        str,
        bounded_text(80),
        Field(description="The appeal body; empty: the one listed for the province. Ignored for complaints."),
    ] = ""
    signed_on: Day | None = None
    body: Annotated[str, bounded_text(20_000), Field(description="Always in Chinese.")] = ""

    def field_values(self, kind: EscalationKind) -> dict[str, str]:
        """The fields without the body, as they are stored; a complaint has no province, but may not name one either."""
        is_appeal = kind == EscalationKind.APPEAL
        names = [name for name in LETTER_FIELDS if is_appeal or name not in APPEAL_FIELDS]
        if self.province and not is_appeal:
            names.append("province")  # which is refused
        return {name: str(getattr(self, name) or "") for name in names}


class DraftOut(SchemaOut):
    """The stored draft or, if there is none, initial values from the record and the card."""

    kind: Annotated[str, enum_of(EscalationKind.values)]
    kept: bool = Field(description="Whether a draft is stored.")
    changed_at: DateTime | None
    name: str
    phone: str
    address: str
    postcode: str
    contact: str
    credit_code: str
    carrier_name: str
    carrier_address: str
    province: str
    recipient: str
    signed_on: Day | None
    body: str
    from_record: str = Field(description="The text as drafted from the record now.")
    missing: list[str] = Field(description="Fields that must be filled in before it can be finalised.")


class FinalLetterOut(SchemaOut):
    kind: Annotated[str, enum_of(EscalationKind.values)]
    final_at: DateTime
    voided: bool = Field(description="Its entry was voided: it is kept, and does not count.")
    receipt: ReceiptOut


def serialize_draft(
    kind: EscalationKind, draft: Letter | None, fields: dict[str, str], body: str, from_record: str
) -> DraftOut:
    """`fields` and `body`: the draft's, or initial ones; `from_record`: the text that the record gives now."""
    signed_on = fields.get("signed_on")
    plain_fields: dict[str, Any] = {name: fields.get(name, "") for name in LETTER_FIELDS if name != "signed_on"}
    return DraftOut.model_construct(
        signed_on=date.fromisoformat(signed_on) if signed_on else None,
        kind=kind.value,
        kept=draft is not None,
        changed_at=draft.changed_at if draft else None,
        body=body,
        from_record=from_record,
        missing=missing_letter_fields(kind, fields, body),
        **plain_fields,
    )


def serialize_final_letter(letter: MarkedLetter, standing_receipts: Set[str]) -> FinalLetterOut:
    """`standing_receipts`: the SHA-256 of the receipts of the case that count."""
    assert letter.receipt is not None  # by a constraint
    return FinalLetterOut.model_construct(
        kind=letter.kind,
        final_at=letter.final_at,
        voided=letter.is_voided,
        receipt=serialize_receipt(letter.receipt, voided=letter.receipt.sha256 not in standing_receipts),
    )
