"""Access of signed-in people to teams and to what belongs to them.

What belongs to another team is 404, whether it exists or not. What is in one's own team but beyond one's role there
(`cases.domain.roles`) is 403, with a sentence.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from cases import clock, selectors, wording
from cases.domain.roles import Right, missing_right
from cases.domain.roles import has_right as role_may
from cases.models import Batch, Bill, Card, CardImport, CarrierMessage, Case, Team, User
from cases.queue import last_sweep_at
from cases.selectors.bills import bills_of
from cases.web.asked_number import forget_elsewhere

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class TeamRequest(HttpRequest):
    """A request of a signed-in member of a team.

    `now` is read once per request; `roles` are keyed by team; `swept_at` is when a sweep of the reminders last
    finished, which the frame of every page shows.
    """

    user: User
    team: Team
    teams: list[Team]
    roles: dict[int, str]
    now: datetime
    swept_at: datetime | None


TeamView = Callable[Concatenate[TeamRequest, P], HttpResponseBase]

#: For pages that are a form: shown, and sent.
allow_get_post = require_http_methods(["GET", "HEAD", "POST"])


def team_required(view: TeamView[P]) -> View[P]:
    """Redirects to sign in, or to create a team where the person has none; sets team, teams, roles and now on the
    request."""

    @login_required
    @wraps(view)
    def wrapped(request: TeamRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not load_team(request):
            return redirect("team_new")
        return view(request, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def load_team(request: TeamRequest) -> bool:
    """Sets the person's team, teams, roles and now on the request; returns False where they have no team."""
    memberships = list(selectors.memberships_of(request.user).annotate(swept_at=last_sweep_at()))
    request.now = clock.now()
    request.teams = [membership.team for membership in memberships]
    forget_elsewhere(request)
    request.roles = {membership.team_id: membership.role for membership in memberships}
    if not request.teams:
        return False
    request.swept_at = memberships[0].swept_at
    team_id = request.session.get("team")
    request.team = next((team for team in request.teams if team.pk == team_id), request.teams[0])
    return True


def agent_required(view: TeamView[P]) -> View[P]:
    """Like `team_required`, for a role in the current team that may record things; 403 otherwise."""
    return _right_required(Right.WORK, view)


def manager_required(view: TeamView[P]) -> View[P]:
    """Like `team_required`, for managers of the current team; 403 otherwise."""
    return _right_required(Right.MANAGE, view)


def _right_required(right: Right, view: TeamView[P]) -> View[P]:
    @wraps(view)
    def wrapped(request: TeamRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        require_right(request, right, request.team.pk)
        return view(request, *args, **kwargs)

    return team_required(cast(TeamView[P], wrapped))


def has_right(request: HttpRequest, right: Right, team_id: int | None = None) -> bool:
    """Whether the person has a right in a team; in the current one unless another is given."""
    roles = getattr(request, "roles", {})
    return role_may(roles.get(request.team.pk if team_id is None else team_id), right)  # type: ignore[attr-defined]


def require_right(request: TeamRequest, right: Right, team_id: int) -> None:
    """Refuses (403) with a sentence where the person's role in this team does not reach."""
    error = missing_right(request.roles.get(team_id), right)
    if error:
        raise PermissionDenied(wording.error_message(error))


def default_right(request: TeamRequest) -> Right:
    """READ for GET and HEAD, WORK for everything that is sent: the safe choice for views that name none."""
    return Right.READ if request.method in ("GET", "HEAD") else Right.WORK


def get_case(request: TeamRequest, reference: str, right: Right | None = None) -> Case:
    """A case of any of the person's teams. Raises Http404 for every other, whether it exists or not, and
    PermissionDenied where their role in the case's team lacks `right` (`default_right` where none is given)."""
    case = get_object_or_404(selectors.cases_of(*request.teams), reference=reference)
    require_right(request, right or default_right(request), case.team_id)
    return case


def get_card(request: TeamRequest, pk: int, right: Right | None = None) -> Card:
    """A card of any of the person's teams, or 404; `right` as with `get_case`."""
    card = get_object_or_404(selectors.cards_of(*request.teams), pk=pk)
    require_right(request, right or default_right(request), card.team_id)
    return card


def get_message(request: TeamRequest, pk: int, right: Right | None = None) -> CarrierMessage:
    """A carrier's message to any of the person's teams, or 404; `right` as with `get_case`."""
    message = get_object_or_404(selectors.messages_of(*request.teams), pk=pk)
    require_right(request, right or default_right(request), message.team_id)
    return message


def get_batch(request: TeamRequest, pk: int, right: Right | None = None) -> Batch:
    """A batch of any of the person's teams, or 404; `right` as with `get_case`."""
    batch = get_object_or_404(selectors.batches_of(*request.teams).select_related("team"), pk=pk)
    require_right(request, right or default_right(request), batch.team_id)
    return batch


def get_bill(request: TeamRequest, pk: int, right: Right | None = None) -> Bill:
    """A bill of any of the person's teams, or 404; `right` as with `get_case`."""
    bill = get_object_or_404(bills_of(*request.teams), pk=pk)
    require_right(request, right or default_right(request), bill.team_id)
    return bill


def get_import(request: TeamRequest, pk: int) -> CardImport:
    """An imported table of one of the person's teams, or 404; 403 for those who may only read there."""
    import_ = get_object_or_404(selectors.imports_of(*request.teams), pk=pk)
    require_right(request, Right.WORK, import_.team_id)
    return import_


def get_team(request: TeamRequest, pk: int, right: Right) -> Team:
    """One of the person's teams, or 404; 403 where their role in it lacks `right`."""
    team = next((team for team in request.teams if team.pk == pk), None)
    if team is None:
        raise Http404
    require_right(request, right, pk)
    return team
