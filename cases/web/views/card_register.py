"""The table of cards: filtered, sorted and paged, its columns chosen, its cells changed in place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cases import selectors, wording
from cases.domain import masking
from cases.domain.errors import CaseError
from cases.domain.full_numbers import NumberList
from cases.domain.roles import Right
from cases.models import Card, CardColumn, CardView
from cases.operations.card_cells import CellChanged, cell_value, change_cell, rules_of
from cases.operations.card_columns import own_columns
from cases.selectors import CountedCard
from cases.selectors.card_register import (
    card_sort,
    card_views_of,
    matching_cards,
    open_cases_of,
    register_page,
    suggestions,
)
from cases.web.access import TeamRequest, allow_get_post, get_card, team_required
from cases.web.card_table import (
    NO_VIEW,
    SIZES,
    CardTable,
    TableSettings,
    card_table,
    moved_columns,
    wanted_view,
)
from cases.web.case_rows import CaseListRow, case_list_rows
from cases.web.forms.card_register import CardFilterForm
from cases.web.full_numbers import list_context
from cases.wording.card_columns import cell_text, column_titles


def filter_form(settings: TableSettings, columns: Sequence[CardColumn]) -> CardFilterForm:
    """The filters of the table with what its address says."""
    return CardFilterForm(dict(settings.filters), columns=columns)


@allow_get_post
@team_required
def card_list(request: TeamRequest) -> HttpResponse:
    """The team's cards as somebody wants to see them. It is all in the URL; searches are posted, and redirected to a
    URL in which numbers are masked."""
    params = request.POST if request.method == "POST" else request.GET
    settings = TableSettings.from_params(params.dict())
    if request.method == "POST" or _holds_number(request):
        return redirect(settings.url(view=NO_VIEW))
    views = card_views_of(request.user, request.team)
    if wanted := wanted_view(request, views):
        return redirect(TableSettings.from_json(wanted.settings).url(view=str(wanted.pk)))
    columns = own_columns(request.team.pk)
    form = filter_form(settings, columns)
    matches = matching_cards(request.team, form.card_filter(), columns, request.now)
    sort = card_sort(settings.sort, columns)
    page = register_page(matches, request.team, sort, request.GET.dict(), settings.rows)
    current = next((view for view in views if str(view.pk) == request.GET.get("view")), None)
    context = {
        "form": form,
        "keyset_page": page,
        "table": _table(request, settings, form, page.rows),
        "settings": settings,
        "query_string": settings.query(view=request.GET.get("view", "")),
        "filter_query": settings.query(),
        "clear_url": settings.with_filters({}).url(view=NO_VIEW),
        "other_size_url": replace(settings, rows=SIZES[settings.rows == SIZES[0]]).url(view=NO_VIEW),
        "sorts": _sorts(columns),
        "card_views": views,
        "current_view": current,
        "suggestions": suggestions(request.team),
        "by_age": not settings.sort,
        **list_context(request, NumberList.CARDS, page.rows),
    }
    return render(request, "cases/card_list.html", context)


def _holds_number(request: TeamRequest) -> bool:
    """Whether the URL holds a number in full."""
    texts = [text for name in request.GET for text in request.GET.getlist(name)]
    return any(
        masking.mask_text(text) != text or masking.mask_if_number(text) != text for text in texts if len(text) > 9
    )


def _table(
    request: TeamRequest, settings: TableSettings, form: CardFilterForm, cards: "list[CountedCard]"
) -> CardTable:
    columns = form.columns
    open_cases: Mapping[int, CaseListRow] = {}
    if "standing" in settings.shown(columns) or "cases" in settings.shown(columns):
        cases = open_cases_of(request.team, cards)
        rows = case_list_rows(cases, request.now, selectors.working_calendar())
        open_cases = {row.case.card_id: row for row in rows}
    return card_table(settings, columns, cards, open_cases, rules_of(columns, form.carriers.values()))


def _sorts(columns: Sequence[CardColumn]) -> list[tuple[str, str]]:
    return list(column_titles(columns).items())


@allow_get_post
@team_required
def card_columns_choose(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Choose the columns of the table and their order; the address has the rest of its settings."""
    columns = own_columns(request.team.pk)
    titles = column_titles(columns)
    settings = TableSettings.from_params(request.GET.dict())
    chosen = settings.shown(columns)
    if request.method == "POST":
        order = [name for name in request.POST.getlist("order") if name in titles]
        ticked = {"number", *request.POST.getlist("column")}
        order = moved_columns([*order, *(name for name in titles if name not in order)], request.POST)
        chosen = [name for name in order if name in ticked]
        if "save" in request.POST:
            return redirect(replace(settings, columns=tuple(chosen)).url(view=NO_VIEW))
    else:
        order = [*chosen, *(name for name in titles if name not in chosen)]
    context = {
        "rows": [(name, titles[name], name in chosen) for name in order if name != "number"],
        "back_url": settings.url(view=NO_VIEW),
        "query_string": settings.query(),
        "shows": CardView.CARDS,
    }
    return render(request, "cases/card_columns_choose.html", context)


@require_POST
@team_required
def card_cell(request: TeamRequest, pk: int) -> JsonResponse:
    """Change one cell of the table: 200 with what it holds and says by now; 409 where somebody else has changed it, 422
    where it cannot be that, with why."""
    card = get_card(request, pk, Right.WORK)
    name, typed = request.POST.get("column", ""), request.POST.get("value", "")[:5000]
    try:
        card = change_cell(
            card,
            name,
            typed,
            shown=request.POST.get("shown", "").replace("\r\n", "\n"),
            by=request.user,
            now=request.now,
        )
    except CellChanged as error:
        return JsonResponse({"error": wording.error_message(error), **_cell(get_card(request, pk), name)}, status=409)
    except CaseError as error:
        return JsonResponse({"error": wording.error_message(error)}, status=422)
    return JsonResponse(_cell(card, name))


def _cell(card: Card, name: str) -> dict[str, str]:
    return {"value": cell_value(card, name), "text": masking.mask_text(cell_text(card, name))}
