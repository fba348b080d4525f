"""Exports of the lists of cases and cards."""

from dataclasses import dataclass

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from cases import selectors
from cases.documents import exports
from cases.documents.exports import ListExport, TableOptions
from cases.documents.tables import Format
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.operations.card_columns import own_columns
from cases.selectors import with_case_counts
from cases.selectors.card_register import card_sort, matching_cards
from cases.web.access import TeamRequest, allow_get_post, has_right, require_right, team_required
from cases.web.card_table import NO_VIEW, TableSettings
from cases.web.forms.export import ExportForm
from cases.web.forms.filters import CaseFilterForm
from cases.web.views.bulk_actions import referenced_cases
from cases.web.views.card_register import filter_form
from cases.web.views.card_selection import selected_cards
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
    return _export_page(request, exports.cases_export(cases, request.now), Selection("references", references))


@allow_get_post
@team_required
def card_export(request: TeamRequest) -> HttpResponseBase:
    """Export the cards of the table with the columns and in the order that it shows, all pages of it, or those that
    were ticked."""
    if request.POST.get("everything"):
        return redirect(TableSettings.from_params(QueryDict(request.POST.get("filter", "")).dict()).url("card_export"))
    columns = own_columns(request.team.pk)
    has_selection = "filter" in request.POST or "cards" in request.POST
    params = QueryDict(request.POST["filter"]) if "filter" in request.POST else request.GET
    settings = TableSettings.from_params(params.dict())
    if has_selection:
        cards = selected_cards(request)
    else:
        card_filter = filter_form(settings, columns).card_filter()
        cards = matching_cards(request.team, card_filter, columns, request.now)
    ordered = with_case_counts(cards).order_by(*card_sort(settings.sort, columns).order_by())
    listing = exports.cards_export(ordered, columns, settings.shown(columns) if settings.columns else ())
    keys = " ".join(str(pk) for pk in cards.values_list("pk", flat=True)) if has_selection else ""
    return _export_page(request, listing, Selection("cards", keys, settings))


@dataclass(frozen=True)
class Selection:
    """What was ticked: a field of the form and what is in it, nothing where nothing was; of cards with how the table
    showed them."""

    field: str
    keys: str
    settings: TableSettings | None = None


def _export_page(request: TeamRequest, listing: ListExport, selection: Selection) -> HttpResponseBase:
    """The export form, then the file."""
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
    table = selection.settings
    back_url = table.url(view=NO_VIEW) if table else list_url("case_list", request.GET)
    context = {
        "form": form,
        "count": count,
        "back_url": back_url,
        "noun": listing.noun,
        "selection": selection,
        "filter_query": table.query() if table else "",
    }
    return render(request, "cases/export.html", context)
