"""The list of all cases."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases import selectors
from cases.documents.exports import MAX_CASES
from cases.domain import masking
from cases.domain.full_numbers import NumberList
from cases.models import CardView
from cases.selectors.card_register import card_views_of
from cases.selectors.pagination import get_page
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.card_table import NO_VIEW, TableSettings, moved_columns, wanted_view
from cases.web.case_rows import case_list_rows
from cases.web.case_table import heads, shown_columns
from cases.web.forms.bulk_actions import BULK_BUTTONS
from cases.web.forms.filters import CaseFilterForm
from cases.web.full_numbers import list_context
from cases.web.search_chips import Chip, chips
from cases.wording.case_columns import case_column_titles
from cases.wording.dossiers import dossier_of

PAGE_SIZE = 50
#: Where in a list a page begins; not what the list is narrowed by.
PAGE_PARAMS = ("before", "after", "page", "view")
#: Lists that ask about money: their rows say what is open.
_MONEY_STANDINGS = ("money_open", "settled")
#: What people type into filters, and might be a number.
TYPED_PARAMS = ("q", "department", "user")


def list_url(name: str, query: Mapping[str, Any]) -> str:
    """The URL of a list with these filters; a full number in it is masked."""
    params = {
        key: masking.mask_if_number(str(value)) if key in TYPED_PARAMS else value
        for key, value in query.items()
        if value
    }
    params.pop("csrfmiddlewaretoken", None)
    return f"{reverse(name)}?{urlencode(params)}" if params else reverse(name)


def needs_masked_redirect(request: TeamRequest) -> bool:
    """Whether the request may contain a full number: it was posted, or its URL holds one."""
    typed = [request.GET.get(name, "") for name in TYPED_PARAMS]
    return request.method == "POST" or any(masking.mask_if_number(text) != text for text in typed)


@allow_get_post
@team_required
def case_list(request: TeamRequest) -> HttpResponse:
    """All cases of the team, searched, filtered and sorted, or as a saved view has them. Its state is in the URL;
    searches are posted, and redirected to a URL in which numbers are masked."""
    views = card_views_of(request.user, request.team, CardView.CASES)
    # With a view that opens first, the address of the whole list says that it wants no view.
    clear_url = list_url("case_list", {"view": NO_VIEW if any(view.is_default for view in views) else ""})
    if needs_masked_redirect(request):
        url = list_url("case_list", request.POST if request.method == "POST" else request.GET)
        return redirect(url if "?" in url else clear_url)
    if wanted := wanted_view(request, views):
        return redirect(TableSettings.from_json(wanted.settings).url("case_list", view=str(wanted.pk)))
    form, team_cases = CaseFilterForm(request.GET), selectors.cases_of(request.team)
    settings = TableSettings.from_params(request.GET.dict())
    cases = form.filter_cases(team_cases, request.now, request.team)
    page = get_page(
        cases, team_cases.select_related("batch__carrier"), form.ordering(request.team), request.GET, PAGE_SIZE
    )
    params = {name: str(value) for name, value in request.GET.items() if name not in PAGE_PARAMS and value}
    filters = {name: value for name, value in params.items() if name not in ("sort", "columns")}
    context = {
        "form": form,
        "keyset_page": page,
        "rows": case_list_rows(
            page.rows, request.now, selectors.working_calendar(), with_money=params.get("standing") in _MONEY_STANDINGS
        ),
        "heads": heads(settings),
        "query_string": urlencode(params),
        "bulk_actions": BULK_BUTTONS,
        "is_filtered": bool(filters),
        "chips": [(chip.label, list_url("case_list", chip.params)) for chip in _chips(request, form, params)],
        "settings": settings,
        "clear_url": clear_url,
        "saved_views": views,
        "current_view": next((view for view in views if str(view.pk) == request.GET.get("view")), None),
        "dossier_title": dossier_of(page.count, MAX_CASES),
        "by_age": not form.ordering().column,
        **list_context(request, NumberList.CASES, page.rows),
    }
    return render(request, "cases/case_list.html", context)


def _chips(request: TeamRequest, form: CaseFilterForm, params: dict[str, str]) -> list[Chip]:
    names: dict[str, str] = {}
    if batch := form.cleaned_data.get("batch"):
        names["batch"] = str(selectors.batches_of(request.team).filter(pk=batch).first() or "–")
    if handler := form.cleaned_data.get("handler"):
        names["handler"] = str(selectors.assignable_users(request.team).filter(pk=handler).first() or "–")
    return chips(form, params, names)


@allow_get_post
@team_required
def case_columns_choose(request: TeamRequest) -> HttpResponse:
    """Choose the columns of the list of cases and their order; the address has the rest of its settings."""
    settings, titles = TableSettings.from_params(request.GET.dict()), case_column_titles()
    chosen = shown_columns(settings)
    order = [*chosen, *(name for name in titles if name not in chosen)]
    if request.method == "POST":
        posted = [name for name in request.POST.getlist("order") if name in titles]
        order = moved_columns([*posted, *(name for name in titles if name not in posted)], request.POST)
        ticked = {"number", *request.POST.getlist("column")}
        chosen = [name for name in order if name in ticked]
        if "save" in request.POST:
            return redirect(replace(settings, columns=tuple(chosen)).url("case_list", view=NO_VIEW))
    context = {
        "rows": [(name, titles[name], name in chosen) for name in order if name != "number"],
        "back_url": settings.url("case_list", view=NO_VIEW),
        "query_string": settings.query(),
        "shows": CardView.CASES,
    }
    return render(request, "cases/card_columns_choose.html", context)
