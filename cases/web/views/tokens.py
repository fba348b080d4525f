"""API tokens: one's own, and those of a team for its managers."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import selectors
from cases.domain.roles import Right
from cases.operations import tokens as ops
from cases.web.access import TeamRequest, allow_get_post, get_team, has_right, team_required
from cases.web.forms.tokens import TokenForm


@allow_get_post
@team_required
@reauthentication_required  # type: ignore[untyped-decorator]
def my_tokens(request: TeamRequest) -> HttpResponse:
    """One's own tokens; a new one, for the current team, is shown in this one response and nowhere else."""
    form = TokenForm(request.POST if request.method == "POST" else None, may_work=has_right(request, Right.WORK))
    context = {"form": form, "now": request.now}
    if form.is_valid():
        membership = selectors.memberships_of(request.user).get(team=request.team)
        token, secret = ops.create_token(membership, now=request.now, **form.make_token_args())
        context |= {"form": TokenForm(may_work=has_right(request, Right.WORK)), "new_token": token, "secret": secret}
    response = render(request, "cases/my_tokens.html", context | {"tokens": ops.tokens_of_user(request.user)})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@team_required
def token_revoke(request: TeamRequest, pk: int) -> HttpResponseRedirect:
    """Revoke one's own token."""
    ops.revoke_token(get_object_or_404(ops.tokens_of_user(request.user), pk=pk), by=request.user, now=request.now)
    messages.success(request, _("Token revoked."))
    return redirect("my_tokens")


@require_safe
@team_required
def team_tokens(request: TeamRequest, pk: int) -> HttpResponse:
    """The tokens of all members, for the team's managers."""
    team = get_team(request, pk, Right.MANAGE)
    context = {"page_team": team, "tokens": ops.tokens_of_team(team), "now": request.now}
    return render(request, "cases/team_tokens.html", context)


@require_POST
@team_required
def team_token_revoke(request: TeamRequest, pk: int, token: int) -> HttpResponseRedirect:
    """Revoke a member's token."""
    team = get_team(request, pk, Right.MANAGE)
    ops.revoke_token(get_object_or_404(ops.tokens_of_team(team), pk=token), by=request.user, now=request.now)
    messages.success(request, _("Token revoked."))
    return redirect("team_tokens", pk)
