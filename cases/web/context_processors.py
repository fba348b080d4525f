"""Context of the frame of every page."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from cases import selectors
from cases.domain.roles import Right
from cases.models import Team, User
from cases.queue import SWEEP_SILENT
from cases.web.access import TeamRequest, has_right, load_team
from cases.web.middleware.language import request_language
from cases.web.navigation import menu_items


def site(request: HttpRequest) -> dict[str, Any]:
    """Team, teams and rights of whoever is signed in, the language, and what the frame warns of."""
    team = _team(request)
    may_work = bool(team) and has_right(request, Right.WORK)
    page = (request.resolver_match and request.resolver_match.url_name) or ""
    return {
        "team": team,
        "teams": getattr(request, "teams", []),
        # In the team that the person is in; a page about something of another team says so anew.
        "may_work": may_work,
        "may_manage": bool(team) and has_right(request, Right.MANAGE),
        # Pages where they can be in full say so (`cases.web.full_numbers`).
        "full_numbers": False,
        "language": request_language(request),
        "sign_up_open": settings.SIGNUP == "open",
        # Asked of the database only by the pages about signing in, which say what to do then.
        "no_account_yet": lambda: not User.objects.exists(),
        "messages_waiting": _messages_waiting(request),
        "reminders_delayed": _reminders_delayed(request),
        "page": page,
        "menu": menu_items(page, may_work=may_work) if team else [],
    }


def _team(request: HttpRequest) -> Team | None:
    """The current team; loaded here on public pages (the guide, the account's), whose views do not load it."""
    user, match = getattr(request, "user", None), request.resolver_match
    in_admin = match is not None and match.app_name == "admin"
    if not hasattr(request, "team") and user is not None and user.is_authenticated and not in_admin:
        load_team(cast(TeamRequest, request))
    return getattr(request, "team", None)


def _messages_waiting(request: HttpRequest) -> int:
    """How many carriers' messages wait for somebody of the team, capped."""
    team = getattr(request, "team", None)
    return selectors.capped_count(selectors.waiting_messages(selectors.messages_of(team))) if team else 0


def _reminders_delayed(request: HttpRequest) -> bool:
    """Whether no sweep has finished for a while, so that nobody is reminded; shown to everybody who is signed in."""
    if not getattr(request, "team", None) or not request.user.is_authenticated:
        return False
    team_request = cast(TeamRequest, request)
    return team_request.now - (team_request.swept_at or team_request.user.date_joined) > SWEEP_SILENT
