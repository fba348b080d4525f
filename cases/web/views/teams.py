"""Teams: members and roles, inviting, joining and leaving."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from cases import clock, selectors, wording
from cases.domain.errors import CaseError
from cases.domain.roles import InvitationGone, Right
from cases.models import Carrier, Membership, Team
from cases.models.choices import ROLE_CHOICES, FullNumbers
from cases.operations import teams as ops
from cases.operations.accounts import create_team
from cases.operations.letter_senders import save_sender, sender_fields
from cases.web.access import TeamRequest, allow_get_post, get_team, has_right, team_required
from cases.web.account_mail import link_to, mail_invitation
from cases.web.auth_audit import start_session
from cases.web.forms.base import BaseForm
from cases.web.forms.letters_for_many import SenderForm
from cases.web.forms.people import FullNumbersForm, InviteForm, JoinForm, LeaveForm, RoleForm, TeamForm
from cases.web.forms.retention import RetentionForm
from cases.web.middleware.language import request_language
from cases.web.rate_limits import client_network, enforce_rate_limit

AUDIT_ENTRIES_PER_PAGE = 50


@allow_get_post
@login_required
def team_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Create a team."""
    form = TeamForm(request.POST or None)
    if form.is_valid():
        team = create_team(form.cleaned_data["name"], request.user)
        request.session["team"] = team.pk
        return redirect("work_list")
    return render(request, "cases/team_new.html", {"form": form})


@require_POST
@team_required
def team_switch(request: TeamRequest) -> HttpResponseRedirect:
    """Make another of one's teams the current one."""
    new_team = next((team for team in request.teams if str(team.pk) == request.POST.get("team")), None)
    if new_team:
        request.session["team"] = new_team.pk
    return redirect("work_list")


@require_safe
@team_required
def current_team(request: TeamRequest) -> HttpResponseRedirect:
    """Redirect to the current team."""
    return redirect("team_detail", request.team.pk)


@require_safe
@team_required
def team_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """Members and roles of the team; for managers, its settings."""
    return _team_page(request, get_team(request, pk, Right.READ))


@require_safe
@team_required
def team_audit(request: TeamRequest, pk: int) -> HttpResponse:
    """The audit log of the team, for its managers."""
    team = get_team(request, pk, Right.MANAGE)
    page = Paginator(selectors.audit_entries_of(team), AUDIT_ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    names = {carrier.slug: str(carrier) for carrier in Carrier.objects.all()}
    return render(request, "cases/team_audit.html", {"page_team": team, "page_obj": page, "carrier_names": names})


def _team_page(request: TeamRequest, team: Team, **refused_forms: BaseForm) -> HttpResponse:
    """Render the team's page; refused forms, by their names on it, keep what was typed."""
    return render(request, "cases/team_detail.html", _team_context(request, team) | refused_forms)


def _team_context(request: TeamRequest, team: Team) -> dict[str, Any]:
    return {
        "page_team": team,
        "may_manage": has_right(request, Right.MANAGE, team.pk),
        "members": team.memberships.select_related("user").order_by("user__name", "id"),
        "name_form": TeamForm(initial={"name": team.name}),
        "invite_form": InviteForm(),
        "invitations": selectors.invitations_of(team, request.now),
        "roles": ROLE_CHOICES,
        "full_numbers_form": FullNumbersForm(initial={"full_numbers": team.full_numbers}),
        "sender_form": SenderForm(initial=sender_fields(team), auto_id="id_sender_%s"),
        "retention_form": RetentionForm(initial={"keep_months": team.keep_months or ""}),
        "is_mailed": bool(settings.EMAIL_HOST),
    }


@allow_get_post
@team_required
def team_name(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Rename the team."""
    team = get_team(request, pk, Right.MANAGE)
    if request.method != "POST":
        return redirect("team_detail", pk)
    form = TeamForm(request.POST)
    if not form.is_valid():
        return _team_page(request, team, name_form=form)
    ops.rename_team(team, form.cleaned_data["name"], by=request.user, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("team_detail", pk)


@require_POST
@team_required
def team_full_numbers(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Set whether those who work in the team see numbers in full."""
    team = get_team(request, pk, Right.MANAGE)
    form = FullNumbersForm(request.POST)
    if not form.is_valid():
        return _team_page(request, team, full_numbers_form=form)
    setting = FullNumbers(form.cleaned_data["full_numbers"])
    ops.set_full_numbers(team, setting, by=request.user, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("team_detail", pk)


@require_POST
@team_required
def team_sender(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Keep who writes the team's letters."""
    team = get_team(request, pk, Right.MANAGE)
    form = SenderForm(request.POST, auto_id="id_sender_%s")
    if not form.is_valid():
        return _team_page(request, team, sender_form=form)
    save_sender(team, form.sender(), by=request.user, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("team_detail", pk)


@allow_get_post
@team_required
def team_invite(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Create an invitation. Its link is in this one response and nowhere else."""
    team = get_team(request, pk, Right.MANAGE)
    if request.method != "POST":
        return redirect("team_detail", pk)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            enforce_rate_limit("invite", str(request.user.pk))
            invitation, secret = ops.invite(team, by=request.user, now=request.now, **form.cleaned_data)
        except CaseError as error:
            form.add_case_error(error)
        else:
            link = link_to(reverse("invitation", args=[secret]))
            if invitation.email and settings.EMAIL_HOST:
                mail_invitation(invitation, link, request_language(request))
                messages.success(request, _("An email to %(email)s is on its way.") % {"email": invitation.email})
            context = _team_context(request, team) | {"link": link, "invitation": invitation}
            return render(request, "cases/team_detail.html", context)
    return _team_page(request, team, invite_form=form)


@require_POST
@team_required
def invitation_revoke(request: TeamRequest, pk: int, invitation: int) -> HttpResponseRedirect:
    """Revoke an invitation."""
    team = get_team(request, pk, Right.MANAGE)
    get_object_or_404(team.invitations, pk=invitation).delete()
    messages.success(request, _("Invitation revoked."))
    return redirect("team_detail", pk)


@require_POST
@team_required
def member_role(request: TeamRequest, pk: int, member: int) -> HttpResponseRedirect:
    """Change a member's role."""
    team = get_team(request, pk, Right.MANAGE)
    membership = get_object_or_404(team.memberships, pk=member)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            ops.change_role(membership, form.cleaned_data["role"], by=request.user, now=request.now)
        except CaseError as error:
            messages.error(request, wording.error_message(error))
        else:
            messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Unknown role."))
    return redirect("team_detail", pk)


@allow_get_post
@team_required
def member_remove(request: TeamRequest, pk: int, member: int) -> HttpResponse | HttpResponseRedirect:
    """Remove a member, and choose who takes over their open cases."""
    team = get_team(request, pk, Right.MANAGE)
    return _leave_page(request, team, get_object_or_404(team.memberships.select_related("user"), pk=member))


@allow_get_post
@team_required
def team_leave(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Leave a team, and choose who takes over one's open cases."""
    team = get_team(request, pk, Right.READ)
    return _leave_page(request, team, team.memberships.select_related("user").get(user=request.user))


def _leave_page(request: TeamRequest, team: Team, membership: Membership) -> HttpResponse | HttpResponseRedirect:
    member, others = (
        membership.user,
        [user for user in selectors.assignable_users(team) if user.pk != membership.user_id],
    )
    form = LeaveForm(request.POST if request.method == "POST" else None, members=others)
    if form.is_valid():
        try:
            count = ops.remove_member(membership, new_handler=form.new_handler(), by=request.user, now=request.now)
        except CaseError as error:
            form.add_error(None, wording.error_message(error))
        else:
            handed_over_text = ngettext("%(count)s open case reassigned.", "%(count)s open cases reassigned.", count)
            left_text = _("You have left %(team)s.") if member == request.user else _("%(name)s has left %(team)s.")
            values = {"name": member, "team": team}
            messages.success(
                request,
                wording.join_sentences([left_text % values, handed_over_text % {"count": count} if count else ""]),
            )
            return redirect("work_list") if member == request.user else redirect("team_detail", team.pk)
    context = {
        "page_team": team,
        "member": member,
        "form": form,
        "open_cases": selectors.handled_by(member, team).count(),
    }
    return render(request, "cases/team_leave.html", context)


@allow_get_post
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, secret: str) -> HttpResponse | HttpResponseRedirect:
    """Accept an invitation with one's account or with a new one. 404 when the link is unknown, used, revoked or
    expired."""
    now = clock.now()
    pending_invitation = ops.find_invitation(secret, now)
    if pending_invitation is None:
        return render(request, "cases/invitation_gone.html", status=404)
    form = JoinForm(
        request.POST if request.method == "POST" else None, invitation=pending_invitation, user=request.user
    )
    if form.is_valid():
        try:
            enforce_rate_limit("join", client_network(request))
            if request.user.is_authenticated:
                ops.join(secret, request.user, now)
            else:
                start_session(
                    request,
                    ops.sign_up_and_join(secret, now, **form.account_args(), language=request_language(request)),
                )
        except InvitationGone:
            return render(request, "cases/invitation_gone.html", status=404)
        except CaseError as error:
            form.add_case_error(error)
        else:
            request.session["team"] = pending_invitation.team_id
            messages.success(request, _("Welcome to %(team)s.") % {"team": pending_invitation.team})
            return redirect("work_list")
    response = render(request, "cases/invitation.html", {"form": form, "invitation": pending_invitation})
    return response
