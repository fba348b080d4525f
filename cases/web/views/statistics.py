"""What it all comes to."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import money, queries
from cases.web.access import TeamRequest, team_required


@require_safe
@team_required
def statistics(request: TeamRequest) -> HttpResponse:
    """Cases, charges and the cost of delay, by carrier and for the whole team."""
    lines = money.by_carrier(queries.cases_of(request.team), request.now)
    return render(request, "cases/statistics.html", {"lines": lines, "total": money.together(lines)})
