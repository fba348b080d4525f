"""Who is asking, for which team, and whether a case is theirs to see."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import queries
from cases.models import Card, Case, Message, Team, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class TeamRequest(HttpRequest):
    """A request of a signed-in person who works in a team; `now` is read once."""

    user: User
    team: Team
    teams: list[Team]
    now: datetime


TeamView = Callable[Concatenate[TeamRequest, P], HttpResponseBase]

#: For pages that are a form: shown, and sent.
form_page = require_http_methods(["GET", "HEAD", "POST"])


def team_required(view: TeamView[P]) -> View[P]:
    """Sign in first; without a team, make one first. The view finds team, teams and now on its request."""

    @login_required
    @wraps(view)
    def wrapped(request: TeamRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.teams = list(queries.teams_of(request.user))
        if not request.teams:
            return redirect("team_new")
        wanted = request.session.get("team")
        request.team = next((team for team in request.teams if team.pk == wanted), request.teams[0])
        request.now = timezone.now()
        return view(request, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def get_case(request: TeamRequest, reference: str) -> Case:
    """A case of any of the person's teams; 404 for every other, whether it exists or not."""
    return get_object_or_404(queries.cases_of(*request.teams), reference=reference)


def get_message(request: TeamRequest, pk: int) -> Message:
    """A carrier's message to any of the person's teams, or 404."""
    return get_object_or_404(queries.messages_of(*request.teams), pk=pk)


def get_card(request: TeamRequest, pk: int) -> Card:
    """A card of any of the person's teams, or 404."""
    return get_object_or_404(queries.cards_of(*request.teams), pk=pk)
