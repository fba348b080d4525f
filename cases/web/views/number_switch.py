"""The switch of full numbers, for the rest of a session."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

from cases import wording
from cases.domain.full_numbers import FullNumbersForbidden
from cases.domain.roles import Right
from cases.web.access import TeamRequest, get_team, team_required
from cases.web.full_numbers import display_for, switch_full_numbers
from cases.web.local_redirects import redirect_to_path


@require_POST
@team_required
def number_switch(request: TeamRequest, pk: int) -> HttpResponseRedirect:
    """Show this team's numbers in full, or masked, until the session ends; back to the page of the switch."""
    team = get_team(request, pk, Right.EXPORT)
    if display_for(request, team).has_switch:
        switch_full_numbers(request, team, is_on=request.POST.get("show") == "yes")
    else:
        messages.error(request, wording.error_message(FullNumbersForbidden()))
    return redirect_to_path(request, request.POST.get("next", ""))
