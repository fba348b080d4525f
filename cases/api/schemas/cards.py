"""Cards of the register: filter, what is entered, what is returned."""

from typing import Annotated

from pydantic import Field

from cases.api.schemas.common import CarrierNameOut, format_number, serialize_carrier_name
from cases.api.schemas.fields import (
    Amount,
    CarrierSlug,
    DateTime,
    Day,
    NumbersParam,
    PhoneNumber,
    SchemaIn,
    SchemaOut,
    Yuan,
    bounded_text,
    enum_of,
)
from cases.api.schemas.pages import PageParams
from cases.models.choices import Purpose
from cases.operations import CardFacts
from cases.selectors import CountedCard


class CardFilter(PageParams):
    q: Annotated[
        str, bounded_text(60), Field(description="Last four digits, start of the number, carrier or holder.")
    ] = ""
    numbers: NumbersParam = "masked"


class CardFactsIn(SchemaIn):
    """Details of a card; omitted fields are not changed."""

    holder: Annotated[str, bounded_text(80)] = ""
    purpose: Purpose | None = None
    plan: Annotated[str, bounded_text(80)] = ""
    monthly_fee: Annotated[Amount, Field(lt=1_000_000)] | None = None
    contract_end: Day | None = None

    def facts(self) -> CardFacts:
        return CardFacts(
            holder=self.holder,
            purpose=self.purpose or "",
            plan=self.plan,
            monthly_fee=self.monthly_fee,
            contract_end=self.contract_end,
        )


class NewCardIn(CardFactsIn):
    number: PhoneNumber
    carrier: CarrierSlug


class CardChangeIn(CardFactsIn):
    """Omitted fields are not changed; null or empty clears a field."""

    carrier: CarrierSlug | None = None


class NumberCorrectionIn(SchemaIn):
    """The number that the card has, and why it was wrong."""

    number: PhoneNumber
    words: Annotated[str, bounded_text(2000, 1), Field(description="Why it is corrected; it is on each case.")]


class CardOut(SchemaOut):
    id: int
    number: str = Field(examples=["138****8000"])
    carrier: CarrierNameOut
    holder: str
    purpose: Annotated[str, enum_of(Purpose.values, or_empty=True)]
    plan: str
    monthly_fee: Yuan | None
    contract_end: Day | None
    created_at: DateTime
    cases: int
    open_case: str | None


def serialize_card(card: CountedCard, *, full: bool = False) -> CardOut:
    return CardOut.model_construct(
        id=card.pk,
        number=format_number(card, full=full),
        carrier=serialize_carrier_name(card.carrier),
        holder=card.holder,
        purpose=card.purpose,
        plan=card.plan,
        monthly_fee=card.monthly_fee,
        contract_end=card.contract_end,
        created_at=card.created_at,
        cases=card.case_count,
        open_case=card.open_reference,
    )
