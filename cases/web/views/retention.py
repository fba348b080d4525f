"""Retention of closed cases, deletion of a team, closing of an account."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import clock, selectors, wording
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.operations import deletion, erasure
from cases.web.access import TeamRequest, allow_get_post, get_team, team_required
from cases.web.forms.retention import AccountCloseForm, RetentionForm, TeamDeleteForm


@require_POST
@team_required
def team_retention(request: TeamRequest, pk: int) -> HttpResponseRedirect:
    """Set for how long the team retains closed cases."""
    team = get_team(request, pk, Right.MANAGE)
    form = RetentionForm(request.POST)
    if form.is_valid():
        erasure.set_retention(team, form.months(), by=request.user, now=request.now)
        messages.success(request, _("Saved."))
    return redirect("team_detail", pk)


@allow_get_post
@team_required
def team_delete(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Schedule the deletion of the team in a week, or cancel it."""
    team = get_team(request, pk, Right.MANAGE)
    if request.method == "POST" and request.POST.get("press") == "back":
        deletion.cancel_deletion(team, by=request.user, now=request.now)
        messages.success(request, _("Deletion cancelled. The team is kept."))
        return redirect("team_detail", pk)
    form = TeamDeleteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deletion.schedule_deletion(team, form.cleaned_data["typed"], by=request.user, now=request.now)
        except CaseError as error:
            form.add_case_error(error)
        else:
            return redirect("team_detail", pk)
    context = {
        "page_team": team,
        "form": form,
        "case_count": selectors.cases_of(team).count(),
        "card_count": selectors.cards_of(team).count(),
    }
    return render(request, "cases/team_delete.html", context)


@allow_get_post
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def account_close(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Close the account. Shared teams have to be left first; teams without other members are deleted with it."""
    teams = list(selectors.teams_of(request.user))
    sole_teams = [team for team in teams if deletion.has_single_member(team)]
    form = AccountCloseForm(request.POST if request.method == "POST" else None, email=request.user.email)
    if form.is_valid():
        try:
            deletion.close_account(request.user, clock.now())
        except CaseError as error:
            form.add_error(None, wording.error_message(error))
        else:
            logout(request)
            messages.success(request, _("Your account has been deleted."))
            return redirect("sign_in")
    shared_teams = [team for team in teams if team not in sole_teams]
    return render(
        request, "cases/account_close.html", {"form": form, "sole_teams": sole_teams, "shared_teams": shared_teams}
    )
