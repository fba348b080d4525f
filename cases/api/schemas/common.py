"""Parts that several resources' schemas share: names of carriers and people, days of a count, refusals."""

from collections.abc import Iterable, Mapping

from pydantic import Field

from cases import wording
from cases.api.problem_details import error_details
from cases.api.schemas.fields import Day, SchemaOut
from cases.domain import masking
from cases.domain.deadlines import ExplainedDay
from cases.domain.errors import CaseError
from cases.models import Card, Carrier, Case, User


class CarrierNameOut(SchemaOut):
    slug: str = Field(examples=["china-mobile"])
    name: str = Field(description="In the language of the response.", examples=["中国移动"])


class PersonOut(SchemaOut):
    id: int
    name: str


class DayOut(SchemaOut):
    """One day of a count."""

    date: Day
    counted: bool
    number: int | None = Field(description="The number of the working day in the count.")
    reason: str = Field(examples=["法定节假日：国庆节"])


class RefusalProblemOut(SchemaOut):
    """Why it was refused, like an error response."""

    type: str
    code: str
    detail: str
    errors: list[dict[str, str]] | None = None
    case: str | None = None


class CaseRefusalOut(SchemaOut):
    reference: str
    problem: RefusalProblemOut


def serialize_carrier_name(carrier: Carrier) -> CarrierNameOut:
    return CarrierNameOut(slug=carrier.slug, name=str(carrier))


def serialize_person(user: User | None) -> PersonOut | None:
    return PersonOut(id=user.pk, name=str(user)) if user else None


def format_number(card: Card, *, full: bool) -> str:
    """A card's number: in full if `full` and not erased, otherwise masked."""
    return card.number if full and not card.is_erased else masking.mask_number(card.number)


def serialize_days(days: Iterable[ExplainedDay]) -> list[DayOut]:
    return [
        DayOut.model_construct(
            date=explained_day.day.date,
            counted=explained_day.is_counted,
            number=explained_day.number,
            reason=wording.day_reason(explained_day),
        )
        for explained_day in days
    ]


def serialize_problem(error: CaseError, names: Mapping[str, str] | None = None) -> RefusalProblemOut:
    """`names`: what the endpoint calls a field of `cases.api.error_fields` instead."""
    return RefusalProblemOut.model_validate(error_details(error, names))


def serialize_refusals(refusals: Iterable[tuple[Case, CaseError]]) -> list[CaseRefusalOut]:
    return [CaseRefusalOut(reference=case.reference, problem=serialize_problem(error)) for case, error in refusals]
