"""Who asks, who else is there; carriers and branches; the deadlines calculator."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import selectors, wording
from cases.api import lookups
from cases.api.auth import ApiRequest
from cases.api.instance import api
from cases.api.problem_details import NothingHere
from cases.api.schemas.cases import CarrierName, DayTold, carrier_name, days_told
from cases.api.schemas.fields import Asked, Day, Moment, Told, one_of, text
from cases.api.views.cases import Slug
from cases.domain.business_days import local
from cases.domain.deadlines import Terms, deadlines_of, explain_days, last_day
from cases.domain.roles import Role, Scope
from cases.models import Branch, Carrier
from cases.models.choices import Topic, Tristate
from cases.operations.branches import BranchFacts, note_branch


class TokenTold(Told):
    name: str
    scopes: list[Scope]
    expires_at: Moment
    last_used_at: Moment | None


class Me(Told):
    """For whom, where and within which bounds this token acts."""

    person: str
    team: str
    role: Role
    token: TokenTold


@api.get("me", response=Me, tags=["about"], summary="Who am I?")
def who_am_i(request: ApiRequest) -> Me:
    token = request.token
    return Me(
        person=str(request.user),
        team=request.team.name,
        role=Role(request.role),
        token=TokenTold.model_construct(
            name=token.name,
            scopes=[scope for scope in Scope if scope in request.scopes],
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
        ),
    )


class Member(Told):
    id: int
    name: str
    role: Annotated[str, one_of(Role)]


@api.get("members", response=list[Member], tags=["about"], summary="List members")
def list_members(request: ApiRequest) -> list[Member]:
    """Who belongs to the team; managers and agents can look after cases."""
    members = request.team.memberships.select_related("user").filter(user__is_active=True).order_by("user__name", "id")
    return [Member(id=member.user_id, name=str(member.user), role=member.role) for member in members]


class TermsTold(Told):
    """What a carrier owes: clock hours to acknowledge, and working days."""

    acknowledge_hours: int
    review_days: int
    window_days: int
    reply_days: int


class CarrierRow(CarrierName):
    hotline: str
    complaint_line: str
    is_virtual: bool
    terms: TermsTold


class Fact(Told):
    topic: Annotated[str, one_of(Topic.values)]
    statement: str
    source: str
    confidence: str = Field(description="H, M or L.")


class CarrierTold(CarrierRow):
    facts: list[Fact]


def _terms(carrier: Carrier) -> TermsTold:
    terms = carrier.terms()
    return TermsTold(**{name: getattr(terms, name) for name in TermsTold.model_fields})


def _carrier(carrier: Carrier) -> dict[str, Any]:
    return {
        **carrier_name(carrier).model_dump(),
        "hotline": carrier.hotline,
        "complaint_line": carrier.complaint_line,
        "is_virtual": carrier.is_virtual,
        "terms": _terms(carrier),
    }


@api.get("carriers", response=list[CarrierRow], tags=["carriers"], summary="List carriers")
def list_carriers(request: ApiRequest) -> list[CarrierRow]:
    return [CarrierRow.model_construct(**_carrier(carrier)) for carrier in Carrier.objects.all()]


@api.get("carriers/{slug:carrier}", response=CarrierTold, tags=["carriers"], summary="Read a carrier")
def read_carrier(request: ApiRequest, carrier: str) -> CarrierTold:
    """How it is reached, its terms, and what is known of it, with the source."""
    its = lookups.get_carrier(carrier)
    facts = [
        Fact(topic=fact.topic, statement=str(fact), source=fact.source, confidence=fact.confidence)
        for fact in its.facts.all()
    ]
    return CarrierTold.model_construct(**_carrier(its), facts=facts)


class BranchAsked(Asked):
    """A branch as the team notes it; an answer needs the day on which it was asked for."""

    name: Annotated[str, text(80, 1)]
    address: Annotated[str, text(200)] = ""
    phone: Annotated[str, text(30)] = ""
    takes: Tristate = Tristate.UNKNOWN
    asked_on: Day | None = None
    note: Annotated[str, text(300)] = ""

    def facts(self) -> BranchFacts:
        return BranchFacts(self.name, self.address, self.phone, self.takes.value, self.asked_on, self.note)


class BranchTold(Told):
    id: int
    name: str
    address: str
    phone: str
    takes: Annotated[str, one_of(Tristate.values)]
    asked_on: Day | None
    note: str
    own: bool = Field(description="Noted by this team; the others are known to everybody.")


def _branch(branch: Branch) -> BranchTold:
    plain = {name: getattr(branch, name) for name in BranchFacts.__dataclass_fields__}
    return BranchTold.model_construct(id=branch.pk, own=branch.team_id is not None, **plain)


@api.get(
    "carriers/{slug:carrier}/branches",
    response=list[BranchTold],
    tags=["carriers"],
    summary="List a carrier's branches",
)
def list_branches(request: ApiRequest, carrier: str) -> list[BranchTold]:
    return [_branch(branch) for branch in selectors.branches(lookups.get_carrier(carrier), request.team)]


@api.post("carriers/{slug:carrier}/branches", response={201: BranchTold}, tags=["carriers"], summary="Note a branch")
def note_new_branch(request: ApiRequest, carrier: str, data: BranchAsked) -> BranchTold:
    today = local(request.now).date()
    return _branch(note_branch(request.team, lookups.get_carrier(carrier), data.facts(), today=today))


def _seen_branch(request: ApiRequest, carrier: Carrier, pk: int) -> Branch:
    found = next((branch for branch in selectors.branches(carrier, request.team) if branch.pk == pk), None)
    if found is None:
        raise NothingHere()
    return found


@api.put("carriers/{slug:carrier}/branches/{int:pk}", response=BranchTold, tags=["carriers"], summary="Change a branch")
def change_branch(request: ApiRequest, carrier: str, pk: int, data: BranchAsked) -> BranchTold:
    """One that everybody sees is left as it is: the team gets its own note of it."""
    its = lookups.get_carrier(carrier)
    branch = _seen_branch(request, its, pk)
    return _branch(note_branch(request.team, its, data.facts(), today=local(request.now).date(), branch=branch))


@api.delete(
    "carriers/{slug:carrier}/branches/{int:pk}", response={204: None}, tags=["carriers"], summary="Forget a branch"
)
def forget_branch(request: ApiRequest, response: HttpResponse, carrier: str, pk: int) -> None:
    """The team's own note; one that everybody sees is not found here."""
    branch = _seen_branch(request, lookups.get_carrier(carrier), pk)
    if branch.team_id is None:
        raise NothingHere()
    branch.delete()


class DeadlinesAsked(Asked):
    submitted_at: Annotated[Moment, Field(description="Without it, now.")] | None = None
    carrier: Slug | None = None


class DeadlinesTold(Told):
    submitted_at: Moment
    acknowledge_by: Moment
    review_by: Moment
    window_opens: Moment
    reply_by: Moment
    provisional: bool
    stretched_by: list[str] = Field(description="The public holidays in between.")
    calendar_days: int
    days: list[DayTold]


@api.get(
    "deadlines",
    response=DeadlinesTold,
    tags=["about"],
    summary="Calculate deadlines",
    openapi_extra={"x-names-others": True},
)
def calculate_deadlines(request: ApiRequest, asked: Query[DeadlinesAsked]) -> DeadlinesTold:
    """What a submission at a moment would give, and day by day why; nothing is stored."""
    terms = lookups.get_carrier(asked.carrier).terms() if asked.carrier else Terms()
    calendar = selectors.working_calendar()
    moment = asked.submitted_at or request.now
    deadlines = deadlines_of(moment, terms, calendar)
    plain = {
        name: getattr(deadlines, name) for name in DeadlinesTold.model_fields if name not in ("days", "stretched_by")
    }
    return DeadlinesTold.model_construct(
        **plain,
        stretched_by=[wording.festival(name) for name in deadlines.stretched_by],
        days=days_told(explain_days(moment, last_day(deadlines.reply_by), calendar)),
    )
