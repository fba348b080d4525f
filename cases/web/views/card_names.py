"""The names that a filter offers while somebody types."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases.selectors.card_names import NameColumn, card_names
from cases.web.access import TeamRequest, team_required


@require_POST
@team_required
def name_options(request: TeamRequest, column: NameColumn) -> HttpResponse:
    """The first names of the team's cards that begin with what is typed, as options of a list."""
    names = [card_name.name for card_name in card_names(request.team, column, request.POST.get(column, "")[:80])]
    return render(request, "cases/parts/name_options.html", {"names": names})
