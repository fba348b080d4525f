"""The lists of cases and cards as files."""

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from cases import selectors
from cases.documents import exports
from cases.documents.exports import Listed
from cases.documents.tables import Format
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.selectors.filters import search_team_cards
from cases.web.access import TeamRequest, check, form_page, may, team_required
from cases.web.forms.export import ExportForm
from cases.web.forms.filters import CaseFilterForm
from cases.web.views.bulk_actions import named
from cases.web.views.case_lists import address_of


@form_page
@team_required
def case_export(request: TeamRequest) -> HttpResponseBase:
    """The cases that a list showed, all of its pages, or those that were ticked on it, as a file."""
    if request.POST.get("everything"):
        return redirect(address_of("case_export", QueryDict(request.POST.get("filter", ""))))
    ticked = "filter" in request.POST or "references" in request.POST
    if ticked:
        cases = named(request).order_by("-id")
    else:
        cases = CaseFilterForm(request.GET).narrow(selectors.cases_of(request.team), request.now, request.team)
    references = " ".join(cases.values_list("reference", flat=True)) if ticked else ""
    return _export(request, exports.listed_cases(cases, request.now), references)


@form_page
@team_required
def card_export(request: TeamRequest) -> HttpResponseBase:
    """The cards that a list showed, as a file."""
    return _export(request, exports.listed_cards(search_team_cards(request.team, request.GET.get("q", "")[:60])))


def _export(request: TeamRequest, its: Listed, references: str = "") -> HttpResponseBase:
    """Asks how, then hands out the file; `references`: of ticked cases."""
    count = its.count()
    may_show = may(request, Right.WORK)
    form = ExportForm(request.POST if "format" in request.POST else None)
    if not may_show:
        del form.fields["full_numbers"]
    if form.is_valid() and count:
        full = bool(form.cleaned_data.get("full_numbers"))
        if full:
            check(request, Right.WORK, request.team.pk)
        chosen = Format(form.cleaned_data["format"])
        try:
            return exports.table(its, chosen, team=request.team, by=request.user, now=request.now, full=full)
        except CaseError as error:
            form.refuse(error)
    back = address_of(f"{its.what[:-1]}_list", request.GET)
    most = exports.MOST_ROWS
    context = {"form": form, "count": count, "most": most, "back": back, "what": its.what, "references": references}
    return render(request, "cases/export.html", context)
