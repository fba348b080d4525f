"""Cards of the register: filter, what is entered, what is returned."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import ConfigDict, Field

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
from cases.domain.card_columns import MOST_CHARACTERS, MOST_COLUMNS, OWN_KINDS
from cases.domain.masking import mask_text
from cases.models import CardColumn
from cases.models.choices import Purpose
from cases.operations import CardFacts
from cases.selectors import CountedCard


class CardFilter(PageParams):
    q: Annotated[
        str, bounded_text(60), Field(description="Last four digits, start of the number, carrier or holder.")
    ] = ""
    numbers: NumbersParam = "masked"


_OWN_COLUMNS = (
    "Values of the team's own columns by their keys, see /card-columns, as text: numbers like `12.5`, dates like "
    "`2026-09-30`."
)
_OwnValues = Annotated[
    dict[Annotated[str, bounded_text(8)], Annotated[str, bounded_text(MOST_CHARACTERS)]],
    Field(
        max_length=MOST_COLUMNS, description=f"{_OWN_COLUMNS} Keys that are left out keep their value, empty clears it."
    ),
]


class CardFactsIn(SchemaIn):
    """Details of a card; omitted fields are not changed."""

    holder: Annotated[str, bounded_text(80)] = ""
    user: Annotated[str, bounded_text(80), Field(description="Who uses the card.")] = ""
    department: Annotated[str, bounded_text(80)] = ""
    purpose: Purpose | None = None
    plan: Annotated[str, bounded_text(80)] = ""
    monthly_fee: Annotated[Amount, Field(lt=1_000_000)] | None = None
    iccid: Annotated[str, bounded_text(20)] = ""
    opened_on: Day | None = None
    contract_end: Day | None = None
    note: Annotated[str, bounded_text(2000)] = ""

    def facts(self) -> CardFacts:
        return CardFacts(
            holder=self.holder,
            user=self.user,
            department=self.department,
            purpose=self.purpose or "",
            plan=self.plan,
            monthly_fee=self.monthly_fee,
            iccid=self.iccid,
            opened_on=self.opened_on,
            contract_end=self.contract_end,
            note=self.note,
        )


class NewCardIn(CardFactsIn):
    number: PhoneNumber
    carrier: CarrierSlug
    custom: _OwnValues = {}


def _without_defaults(schema: dict[str, Any]) -> None:
    """Takes the defaults out of a schema in which an omitted field is not the same as its default: a generated client
    sends every default along, and would clear what it was to leave as it is."""
    for field in schema["properties"].values():
        field.pop("default", None)


class CardChangeIn(CardFactsIn):
    """Omitted fields are not changed; null or empty clears a field."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    carrier: CarrierSlug | None = None
    custom: _OwnValues = {}


class NumberCorrectionIn(SchemaIn):
    """The number that the card has, and why it was wrong."""

    number: PhoneNumber
    words: Annotated[str, bounded_text(2000, 1), Field(description="Why it is corrected; it is on each case.")]


class CardOut(SchemaOut):
    id: int
    number: str = Field(examples=["138****8000"])
    carrier: CarrierNameOut
    holder: str
    user: str
    department: str
    purpose: Annotated[str, enum_of(Purpose.values, or_empty=True)]
    plan: str
    monthly_fee: Yuan | None
    iccid: str
    opened_on: Day | None
    contract_end: Day | None
    note: str
    custom: dict[str, str] = Field(description=_OWN_COLUMNS, examples=[{"c1": "8021"}])
    handler_name: str = Field(description="The assignee that a table names, who is not a member of the team yet.")
    created_at: DateTime
    cases: int
    open_case: str | None


class CardColumnOut(SchemaOut):
    """A column that the team has added to its cards."""

    key: str = Field(examples=["c1"])
    title: str
    kind: Annotated[str, enum_of(OWN_KINDS)]
    choices: list[str]


def serialize_card_column(column: CardColumn) -> CardColumnOut:
    return CardColumnOut.model_construct(
        key=column.key, title=column.title, kind=column.kind, choices=list(column.choices)
    )


def serialize_card(card: CountedCard, *, full: bool = False) -> CardOut:
    show: Callable[[str], str] = str if full else mask_text
    return CardOut.model_construct(
        id=card.pk,
        number=format_number(card, full=full),
        carrier=serialize_carrier_name(card.carrier),
        holder=card.holder,
        user=card.user,
        department=card.department,
        purpose=card.purpose,
        plan=card.plan,
        monthly_fee=card.monthly_fee,
        iccid=card.iccid,
        opened_on=card.opened_on,
        contract_end=card.contract_end,
        note=show(card.note),
        custom={key: show(str(value)) for key, value in card.custom.items()},
        handler_name=card.handler_name,
        created_at=card.created_at,
        cases=card.case_count,
        open_case=card.open_reference,
    )
