"""Exports of the lists of cases and cards."""

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from cases import selectors
from cases.documents import exports
from cases.documents.exports import ListExport, TableOptions
from cases.documents.tables import Format
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.selectors.filters import search_team_cards
from cases.web.access import TeamRequest, allow_get_post, has_right, require_right, team_required
from cases.web.forms.export import ExportForm
from cases.web.forms.filters import CaseFilterForm
from cases.web.views.bulk_actions import referenced_cases
from cases.web.views.case_lists import list_url


@allow_get_post
@team_required
def case_export(request: TeamRequest) -> HttpResponseBase:
    """Export the cases of the filtered list, all pages of it, or those that were ticked."""
    if request.POST.get("everything"):
        return redirect(list_url("case_export", QueryDict(request.POST.get("filter", ""))))
    has_selection = "filter" in request.POST or "references" in request.POST
    if has_selection:
        cases = referenced_cases(request).order_by("-id")
    else:
        cases = CaseFilterForm(request.GET).filter_cases(selectors.cases_of(request.team), request.now, request.team)
    references = " ".join(cases.values_list("reference", flat=True)) if has_selection else ""
    return _export_page(request, exports.cases_export(cases, request.now), references)


@allow_get_post
@team_required
def card_export(request: TeamRequest) -> HttpResponseBase:
    """Export the cards of the filtered list."""
    return _export_page(request, exports.cards_export(search_team_cards(request.team, request.GET.get("q", "")[:60])))


def _export_page(request: TeamRequest, listing: ListExport, references: str = "") -> HttpResponseBase:
    """The export form, then the file; `references` are those of ticked cases."""
    count = listing.count()
    may_see_numbers = has_right(request, Right.EXPORT)
    form = ExportForm(request.POST if "format" in request.POST else None)
    if form.is_valid() and count:
        full_numbers = bool(form.cleaned_data.get("full_numbers"))
        if full_numbers:
            require_right(request, Right.EXPORT, request.team.pk)
        options = TableOptions(Format(form.cleaned_data["format"]), full_numbers)
        try:
            return exports.table_response(listing, options, team=request.team, by=request.user, now=request.now)
        except CaseError as error:
            form.add_case_error(error)
    if not may_see_numbers:
        del form.fields["full_numbers"]
    back_url = list_url(f"{listing.noun[:-1]}_list", request.GET)
    context = {
        "form": form,
        "count": count,
        "back_url": back_url,
        "noun": listing.noun,
        "references": references,
    }
    return render(request, "cases/export.html", context)
