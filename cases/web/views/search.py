"""The one search box: everything that a team has by a number, a reference or a name, by kind."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from cases import selectors
from cases.domain.full_numbers import NumberList
from cases.domain.search_words import parse
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.case_rows import case_list_rows
from cases.web.full_numbers import list_context
from cases.web.search_chips import is_filter
from cases.web.search_results import find_everywhere
from cases.web.views.case_lists import list_url, needs_masked_redirect


@allow_get_post
@team_required
def search(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Cases, cards, people, departments and SMS of the team. What is typed is posted, and redirected to a URL in which
    numbers are masked."""
    params = request.POST if request.method == "POST" else request.GET
    if is_filter(parse(params.get("q", ""))):
        return redirect(list_url("case_list", {"q": params.get("q", "")[:120]}))
    if needs_masked_redirect(request):
        return redirect(list_url("search", request.POST if request.method == "POST" else request.GET))
    q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    groups = find_everywhere(request.team, q) if q else []
    rows = [row for group in groups for row in group.rows]
    cases = next((group.rows for group in groups if group.kind == "cases"), [])
    context = {
        "q": q,
        "groups": groups,
        "case_rows": case_list_rows(cases, request.now, selectors.working_calendar()) if cases else [],
        **list_context(request, NumberList.SEARCH, rows),
    }
    return render(request, "cases/search.html", context)
