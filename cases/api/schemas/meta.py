"""The token and the team, carriers and their branches, the deadlines calculator."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from cases import wording
from cases.api.schemas.common import CarrierNameOut, DayOut, serialize_carrier_name, serialize_days
from cases.api.schemas.fields import CarrierSlug, DateTime, Day, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Terms, deadlines_of, explain_days, last_day
from cases.domain.roles import Role, Scope
from cases.models import Branch, Carrier
from cases.models.choices import Topic, Tristate
from cases.operations.branches import BranchFacts


class TokenOut(SchemaOut):
    name: str
    scopes: list[Scope]
    expires_at: DateTime
    last_used_at: DateTime | None


class MeOut(SchemaOut):
    """The token's owner, its team, and what it may do."""

    person: str
    team: str
    role: Role
    token: TokenOut


class MemberOut(SchemaOut):
    id: int
    name: str
    role: Annotated[str, enum_of(Role)]


_TERM_NAMES = [field.name for field in fields(Terms)]


class TermsOut(SchemaOut):
    """Time limits for requests to a carrier: hours to acknowledge, then working days."""

    acknowledge_hours: int
    review_days: int
    window_days: int
    reply_days: int
    defaults: list[Annotated[str, enum_of(_TERM_NAMES)]] = Field(
        description="Which of these are defaults of Xiaoka: the carrier has published none of its own."
    )


class CarrierSummaryOut(CarrierNameOut):
    hotline: str
    complaint_line: str
    is_virtual: bool
    terms: TermsOut


class CarrierFactOut(SchemaOut):
    topic: Annotated[str, enum_of(Topic.values)]
    statement: str
    source: str = Field(description="Where it was found, in the language of the response.")
    confidence: str = Field(description="High, medium or low: H, M or L.")


class CarrierOut(CarrierSummaryOut):
    facts: list[CarrierFactOut]


class BranchIn(SchemaIn):
    """A branch; if `takes` is not unknown, `asked_on` is required: the day on which the branch was asked."""

    name: Annotated[str, bounded_text(80, 1)]
    address: Annotated[str, bounded_text(200)] = ""
    phone: Annotated[str, bounded_text(30)] = ""
    takes: Tristate = Tristate.UNKNOWN
    asked_on: Day | None = None
    note: Annotated[str, bounded_text(300)] = ""

    def facts(self) -> BranchFacts:
        return BranchFacts(self.name, self.address, self.phone, self.takes.value, self.asked_on, self.note)


class BranchOut(SchemaOut):
    id: int
    name: str
    address: str
    phone: str
    takes: Annotated[str, enum_of(Tristate.values)]
    asked_on: Day | None
    note: str
    own: bool = Field(description="Added by this team; other branches are shared by all teams.")


class DeadlinesParams(SchemaIn):
    submitted_at: Annotated[DateTime, Field(description="Default: now.")] | None = None
    carrier: CarrierSlug | None = None


class DeadlinesOut(SchemaOut):
    submitted_at: DateTime
    acknowledge_by: DateTime
    review_by: DateTime
    window_opens: DateTime
    reply_by: DateTime
    provisional: bool
    stretched_by: list[str] = Field(description="Public holidays within the time limit.")
    calendar_days: int
    days: list[DayOut]


def _carrier_summary_fields(carrier: Carrier) -> dict[str, Any]:
    terms = carrier.terms()
    return {
        **serialize_carrier_name(carrier).model_dump(),
        "hotline": carrier.hotline,
        "complaint_line": carrier.complaint_line,
        "is_virtual": carrier.is_virtual,
        "terms": TermsOut(**{name: getattr(terms, name) for name in _TERM_NAMES}, defaults=carrier.default_terms()),
    }


def serialize_carrier_summary(carrier: Carrier) -> CarrierSummaryOut:
    return CarrierSummaryOut.model_construct(**_carrier_summary_fields(carrier))


def serialize_carrier(carrier: Carrier) -> CarrierOut:
    facts = [
        CarrierFactOut(topic=fact.topic, statement=str(fact), source=fact.localized_source, confidence=fact.confidence)
        for fact in carrier.facts.all()
    ]
    return CarrierOut.model_construct(**_carrier_summary_fields(carrier), facts=facts)


def serialize_branch(branch: Branch) -> BranchOut:
    facts = {name: getattr(branch, name) for name in BranchFacts.__dataclass_fields__}
    return BranchOut.model_construct(id=branch.pk, own=branch.team_id is not None, **facts)


def serialize_calculated_deadlines(submitted_at: datetime, terms: Terms, calendar: WorkingCalendar) -> DeadlinesOut:
    """The deadlines of a request that is submitted at `submitted_at` (aware), and its count day by day."""
    deadlines = deadlines_of(submitted_at, terms, calendar)
    fields = {
        name: getattr(deadlines, name) for name in DeadlinesOut.model_fields if name not in ("days", "stretched_by")
    }
    return DeadlinesOut.model_construct(
        **fields,
        stretched_by=[wording.festival_name(name) for name in deadlines.stretched_by],
        days=serialize_days(explain_days(submitted_at, last_day(deadlines.reply_by), calendar)),
    )
