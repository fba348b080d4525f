"""The directory of carriers: contacts, sourced facts, and branches."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import selectors
from cases.domain.business_days import local
from cases.domain.errors import CaseError
from cases.domain.kaplan_meier import estimate_survival
from cases.models import Branch, Carrier
from cases.operations.branches import BranchFacts, save_branch
from cases.selectors.statistics.scoreboard import times_to_confirmed
from cases.web import scoreboard_table
from cases.web.access import TeamRequest, agent_required, allow_get_post, team_required
from cases.web.forms.branches import BranchForm
from cases.wording.carriers import terms_sentence


@require_safe
@team_required
def carrier_list(request: TeamRequest) -> HttpResponse:
    """All carriers and their numbers."""
    return render(request, "cases/carrier_list.html", {"carriers": Carrier.objects.all()})


@require_safe
@team_required
def carrier_detail(request: TeamRequest, slug: str) -> HttpResponse:
    """One carrier: numbers, terms, facts, branches."""
    carrier = get_object_or_404(Carrier, slug=slug)
    context = {
        "carrier": carrier,
        "terms": terms_sentence(carrier),
        "scores": _confirmation_summary(request, carrier),
        "facts": carrier.facts.all(),
        "branches": selectors.branches(carrier, request.team),
    }
    return render(request, "cases/carrier_detail.html", context)


def _confirmation_summary(request: TeamRequest, carrier: Carrier) -> str:
    """How long the team's cases of a year took with this carrier, by channel; empty where they are too few."""
    cases, since = selectors.cases_of(request.team).filter(carrier=carrier), request.now - timedelta(weeks=52)
    times = times_to_confirmed(cases, request.now, selectors.working_calendar(), since=since)
    return scoreboard_table.channel_summary(
        {channel: estimate_survival(durations) for (_carrier, channel), durations in times.items()}
    )


@allow_get_post
@agent_required
def branch_new(request: TeamRequest, slug: str) -> HttpResponse | HttpResponseRedirect:
    """Add a branch that the team found."""
    return _branch_form_page(request, get_object_or_404(Carrier, slug=slug), None)


@allow_get_post
@agent_required
def branch_edit(request: TeamRequest, slug: str, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Change the team's note of a branch, or delete it."""
    carrier = get_object_or_404(Carrier, slug=slug)
    branch = next((branch for branch in selectors.branches(carrier, request.team) if branch.pk == pk), None)
    if branch is None:
        raise Http404
    if request.method == "POST" and request.POST.get("press") == "remove" and branch.team_id:
        branch.delete()
        messages.success(request, _("Deleted: %(what)s") % {"what": branch.name})
        return redirect("carrier_detail", slug)
    return _branch_form_page(request, carrier, branch)


def _branch_form_page(
    request: TeamRequest, carrier: Carrier, branch: Branch | None
) -> HttpResponse | HttpResponseRedirect:
    initial = {name: getattr(branch, name) for name in BranchFacts.__dataclass_fields__} if branch else None
    form = BranchForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_branch(request.team, carrier, form.facts(), today=local(request.now).date(), branch=branch)
        except CaseError as error:
            form.add_case_error(error)
        else:
            return redirect("carrier_detail", carrier.slug)
    return render(request, "cases/branch_form.html", {"form": form, "carrier": carrier, "branch": branch})
