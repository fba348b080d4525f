"""The command palette's one endpoint."""

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from cases import wording
from cases.web import palette
from cases.web.access import TeamRequest, team_required
from cases.web.rate_limits import RateLimitExceeded, allow_request


@require_POST  # what is typed may be a number, which no URL is to hold
@team_required
def palette_results(request: TeamRequest) -> JsonResponse:
    """Where somebody can go by what they typed, as {"groups": [{"title", "rows": [{"label", "note", "url"}]}]}; 429
    with an "error" for who asks too often."""
    if not allow_request("palette", str(request.user.pk)):
        return JsonResponse({"error": wording.error_message(RateLimitExceeded())}, status=429)
    groups = palette.find(request, request.POST.get("q", ""))
    return JsonResponse(
        {"groups": [{"title": title, "rows": [row.__dict__ for row in rows]} for title, rows in groups]}
    )
