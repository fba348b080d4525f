"""The token and the team, carriers and their branches, the deadlines calculator."""

from ninja import Query

from cases import selectors
from cases.api import lookups
from cases.api.instance import api
from cases.api.problem_details import NotFound
from cases.api.request import ApiRequest
from cases.api.schemas.meta import (
    BranchIn,
    BranchOut,
    CarrierOut,
    CarrierSummaryOut,
    DeadlinesOut,
    DeadlinesParams,
    MemberOut,
    MeOut,
    TokenOut,
    serialize_branch,
    serialize_calculated_deadlines,
    serialize_carrier,
    serialize_carrier_summary,
)
from cases.domain.business_days import local
from cases.domain.deadlines import Terms
from cases.domain.roles import Role, Scope
from cases.models import Carrier
from cases.operations.branches import save_branch


@api.get("me", response=MeOut, tags=["general"], summary="Get the current token and user")
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


@api.get("members", response=list[MemberOut], tags=["general"], summary="List members")
def list_members(request: ApiRequest) -> list[MemberOut]:
    """The team's members. Team managers (`manager`) and case workers (`agent`) can be assigned cases."""
    return [
        MemberOut(id=membership.user_id, name=str(membership.user), role=membership.role)
        for membership in selectors.active_memberships(request.team)
    ]


@api.get("carriers", response=list[CarrierSummaryOut], tags=["carriers"], summary="List carriers")
def list_carriers(request: ApiRequest) -> list[CarrierSummaryOut]:
    return [serialize_carrier_summary(carrier) for carrier in Carrier.objects.all()]


@api.get("carriers/{slug:carrier}", response=CarrierOut, tags=["carriers"], summary="Get a carrier")
def read_carrier(request: ApiRequest, carrier: str) -> CarrierOut:
    """Its phone numbers, its time limits, and facts about it with their sources."""
    return serialize_carrier(lookups.get_carrier(carrier))


@api.get(
    "carriers/{slug:carrier}/branches",
    response=list[BranchOut],
    tags=["carriers"],
    summary="List a carrier's branches",
)
def list_branches(request: ApiRequest, carrier: str) -> list[BranchOut]:
    return [serialize_branch(branch) for branch in selectors.branches(lookups.get_carrier(carrier), request.team)]


@api.post("carriers/{slug:carrier}/branches", response={201: BranchOut}, tags=["carriers"], summary="Add a branch")
def note_new_branch(request: ApiRequest, carrier: str, data: BranchIn) -> BranchOut:
    today = local(request.now).date()
    return serialize_branch(save_branch(request.team, lookups.get_carrier(carrier), data.facts(), today=today))


@api.put("carriers/{slug:carrier}/branches/{int:pk}", response=BranchOut, tags=["carriers"], summary="Update a branch")
def change_branch(request: ApiRequest, carrier: str, pk: int, data: BranchIn) -> BranchOut:
    """A shared branch is not changed: the team gets its own copy."""
    carrier_row = lookups.get_carrier(carrier)
    branch = lookups.get_branch(request, carrier_row, pk)
    today = local(request.now).date()
    return serialize_branch(save_branch(request.team, carrier_row, data.facts(), today=today, branch=branch))


@api.delete(
    "carriers/{slug:carrier}/branches/{int:pk}", response={204: None}, tags=["carriers"], summary="Delete a branch"
)
def forget_branch(request: ApiRequest, carrier: str, pk: int) -> None:
    """Only the team's own branches can be deleted; for a shared one the response is 404."""
    branch = lookups.get_branch(request, lookups.get_carrier(carrier), pk)
    if branch.team_id is None:
        raise NotFound()
    branch.delete()


@api.get(
    "deadlines",
    response=DeadlinesOut,
    tags=["general"],
    summary="Calculate deadlines",
    openapi_extra={"x-404": True},
)
def calculate_deadlines(request: ApiRequest, params: Query[DeadlinesParams]) -> DeadlinesOut:
    """The deadlines of a request submitted at a given time, and which days count and why. Nothing is stored."""
    carrier = lookups.get_carrier_or_none(params.carrier)
    terms = carrier.terms() if carrier else Terms()
    return serialize_calculated_deadlines(params.submitted_at or request.now, terms, selectors.working_calendar())
