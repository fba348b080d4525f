"""Who asks, who else is there; carriers and branches; the deadlines calculator."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import selectors, wording
from cases.api import lookups
from cases.api.instance import api
from cases.api.problem_details import NotFound
from cases.api.request import ApiRequest
from cases.api.schemas.cases import CarrierNameOut, DayOut, serialize_carrier_name, serialize_days
from cases.api.schemas.fields import DateTime, Day, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.api.views.cases import CarrierSlug
from cases.domain.business_days import local
from cases.domain.deadlines import Terms, deadlines_of, explain_days, last_day
from cases.domain.roles import Role, Scope
from cases.models import Branch, Carrier
from cases.models.choices import Topic, Tristate
from cases.operations.branches import BranchFacts, save_branch


class TokenOut(SchemaOut):
    name: str
    scopes: list[Scope]
    expires_at: DateTime
    last_used_at: DateTime | None


class MeOut(SchemaOut):
    """For whom, where and within which bounds this token acts."""

    person: str
    team: str
    role: Role
    token: TokenOut


@api.get("me", response=MeOut, tags=["about"], summary="Who am I?")
def who_am_i(request: ApiRequest) -> MeOut:
    token = request.token
    return MeOut(
        person=str(request.user),
        team=request.team.name,
        role=Role(request.role),
        token=TokenOut.model_construct(
            name=token.name,
            scopes=[scope for scope in Scope if scope in request.scopes],
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
        ),
    )


class MemberOut(SchemaOut):
    id: int
    name: str
    role: Annotated[str, enum_of(Role)]


@api.get("members", response=list[MemberOut], tags=["about"], summary="List members")
def list_members(request: ApiRequest) -> list[MemberOut]:
    """Who belongs to the team; managers and agents can look after cases."""
    members = request.team.memberships.select_related("user").filter(user__is_active=True).order_by("user__name", "id")
    return [MemberOut(id=member.user_id, name=str(member.user), role=member.role) for member in members]


class TermsOut(SchemaOut):
    """What a carrier owes: clock hours to acknowledge, and working days."""

    acknowledge_hours: int
    review_days: int
    window_days: int
    reply_days: int


class CarrierSummaryOut(CarrierNameOut):
    hotline: str
    complaint_line: str
    is_virtual: bool
    terms: TermsOut


class CarrierFactOut(SchemaOut):
    topic: Annotated[str, enum_of(Topic.values)]
    statement: str
    source: str
    confidence: str = Field(description="H, M or L.")


class CarrierOut(CarrierSummaryOut):
    facts: list[CarrierFactOut]


def _serialize_terms(carrier: Carrier) -> TermsOut:
    terms = carrier.terms()
    return TermsOut(**{name: getattr(terms, name) for name in TermsOut.model_fields})


def _carrier_summary_fields(carrier: Carrier) -> dict[str, Any]:
    return {
        **serialize_carrier_name(carrier).model_dump(),
        "hotline": carrier.hotline,
        "complaint_line": carrier.complaint_line,
        "is_virtual": carrier.is_virtual,
        "terms": _serialize_terms(carrier),
    }


@api.get("carriers", response=list[CarrierSummaryOut], tags=["carriers"], summary="List carriers")
def list_carriers(request: ApiRequest) -> list[CarrierSummaryOut]:
    return [CarrierSummaryOut.model_construct(**_carrier_summary_fields(carrier)) for carrier in Carrier.objects.all()]


@api.get("carriers/{slug:carrier}", response=CarrierOut, tags=["carriers"], summary="Read a carrier")
def read_carrier(request: ApiRequest, carrier: str) -> CarrierOut:
    """How it is reached, its terms, and what is known of it, with the source."""
    carrier_row = lookups.get_carrier(carrier)
    facts = [
        CarrierFactOut(topic=fact.topic, statement=str(fact), source=fact.source, confidence=fact.confidence)
        for fact in carrier_row.facts.all()
    ]
    return CarrierOut.model_construct(**_carrier_summary_fields(carrier_row), facts=facts)


class BranchIn(SchemaIn):
    """A branch as the team notes it; an answer needs the day on which it was asked for."""

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
    own: bool = Field(description="Noted by this team; the others are known to everybody.")


def _serialize_branch(branch: Branch) -> BranchOut:
    plain = {name: getattr(branch, name) for name in BranchFacts.__dataclass_fields__}
    return BranchOut.model_construct(id=branch.pk, own=branch.team_id is not None, **plain)


@api.get(
    "carriers/{slug:carrier}/branches",
    response=list[BranchOut],
    tags=["carriers"],
    summary="List a carrier's branches",
)
def list_branches(request: ApiRequest, carrier: str) -> list[BranchOut]:
    return [_serialize_branch(branch) for branch in selectors.branches(lookups.get_carrier(carrier), request.team)]


@api.post("carriers/{slug:carrier}/branches", response={201: BranchOut}, tags=["carriers"], summary="Note a branch")
def note_new_branch(request: ApiRequest, carrier: str, data: BranchIn) -> BranchOut:
    today = local(request.now).date()
    return _serialize_branch(save_branch(request.team, lookups.get_carrier(carrier), data.facts(), today=today))


def _get_branch(request: ApiRequest, carrier: Carrier, pk: int) -> Branch:
    visible_branch = next((branch for branch in selectors.branches(carrier, request.team) if branch.pk == pk), None)
    if visible_branch is None:
        raise NotFound()
    return visible_branch


@api.put("carriers/{slug:carrier}/branches/{int:pk}", response=BranchOut, tags=["carriers"], summary="Change a branch")
def change_branch(request: ApiRequest, carrier: str, pk: int, data: BranchIn) -> BranchOut:
    """One that everybody sees is left as it is: the team gets its own note of it."""
    carrier_row = lookups.get_carrier(carrier)
    branch = _get_branch(request, carrier_row, pk)
    return _serialize_branch(
        save_branch(request.team, carrier_row, data.facts(), today=local(request.now).date(), branch=branch)
    )


@api.delete(
    "carriers/{slug:carrier}/branches/{int:pk}", response={204: None}, tags=["carriers"], summary="Forget a branch"
)
def forget_branch(request: ApiRequest, response: HttpResponse, carrier: str, pk: int) -> None:
    """The team's own note; one that everybody sees is not found here."""
    branch = _get_branch(request, lookups.get_carrier(carrier), pk)
    if branch.team_id is None:
        raise NotFound()
    branch.delete()


class DeadlinesParams(SchemaIn):
    submitted_at: Annotated[DateTime, Field(description="Without it, now.")] | None = None
    carrier: CarrierSlug | None = None


class DeadlinesOut(SchemaOut):
    submitted_at: DateTime
    acknowledge_by: DateTime
    review_by: DateTime
    window_opens: DateTime
    reply_by: DateTime
    provisional: bool
    stretched_by: list[str] = Field(description="The public holidays in between.")
    calendar_days: int
    days: list[DayOut]


@api.get(
    "deadlines",
    response=DeadlinesOut,
    tags=["about"],
    summary="Calculate deadlines",
    openapi_extra={"x-names-others": True},
)
def calculate_deadlines(request: ApiRequest, params: Query[DeadlinesParams]) -> DeadlinesOut:
    """What a submission at a moment would give, and day by day why; nothing is stored."""
    terms = lookups.get_carrier(params.carrier).terms() if params.carrier else Terms()
    calendar = selectors.working_calendar()
    submitted_at = params.submitted_at or request.now
    deadlines = deadlines_of(submitted_at, terms, calendar)
    plain = {
        name: getattr(deadlines, name) for name in DeadlinesOut.model_fields if name not in ("days", "stretched_by")
    }
    return DeadlinesOut.model_construct(
        **plain,
        stretched_by=[wording.festival_name(name) for name in deadlines.stretched_by],
        days=serialize_days(explain_days(submitted_at, last_day(deadlines.reply_by), calendar)),
    )
