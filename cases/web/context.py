"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest

from cases.web.language import chosen


def site(request: HttpRequest) -> dict[str, Any]:
    """The team and the choice of teams, where the view went through `team_required`, and the language."""
    return {
        "team": getattr(request, "team", None),
        "teams": getattr(request, "teams", []),
        "language": chosen(request),
        "page": request.resolver_match.url_name if request.resolver_match else "",
    }
