"""The work list, and the list of all cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import selectors, wording
from cases.domain import masking
from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Basis
from cases.domain.full_numbers import NumberList
from cases.domain.work_order import WorkSection
from cases.models import Batch
from cases.operations.work_filter import WORK_FILTERS, save_work_filter
from cases.selectors import Cases
from cases.selectors.filters import STANDING_OF_SECTION, STANDINGS
from cases.selectors.pagination import get_page
from cases.selectors.work_list import WorkListSection, load_sections
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.case_rows import CaseListRow, case_list_rows
from cases.web.forms.bulk_actions import BULK_BUTTONS
from cases.web.forms.filters import STANDING_LABELS, CaseFilterForm, WorkFilterForm
from cases.web.full_numbers import list_context
from cases.web.work_filter import WorkFilter

PAGE_SIZE = 50
#: Where in a list a page begins; not what the list is narrowed by.
PAGE_PARAMS = ("before", "after", "page")
#: What people type into filters, and might be a number.
TYPED_PARAMS = ("q", "department", "user")
#: Lists that open with the most pressing case first.
SECTION_ORDER = {
    key: {"sort": "reply_by"} for key in ("overdue", "waiting", "to_chase", "to_call", "escalated", "only_waiting")
}
#: Titles of sections that are not those of their lists.
SECTION_TITLES = {WorkSection.OVERDUE: _("Overdue"), WorkSection.WAITING: _("Waiting")}


#: The counts at the top: how a case stands, whether or not anything can be done about it.
TALLIES = ("overdue", "due_today", "promised_today", "to_verify", "returned", "waiting", "draft")


@dataclass(frozen=True)
class Row:
    """A row of a section: a case, or a batch with the cases that it unfolds to."""

    cases: list[CaseListRow]
    batch: Batch | None
    count: int
    url: str


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    rows: list[Row]
    count: int
    address: str
    is_later: bool
    more: bool


@allow_get_post
@team_required
def work_list(request: TeamRequest) -> HttpResponse:
    """What there is to do now, and below it what waits (`cases.domain.work_order`)."""
    if request.method == "POST":
        return _keep_filter(request)
    now, calendar = request.now, selectors.working_calendar()
    team_cases, work_filter = selectors.cases_of(request.team), WorkFilter.of_request(request)
    form = WorkFilterForm({"department": work_filter.department, "carrier": work_filter.carrier})
    cases = work_filter.narrowed(team_cases, form.carriers, request)
    found, counts = load_sections(cases, now, [_tally_query(name, cases, now) for name in TALLIES])
    sections = [_section(section, work_filter, request, calendar) for section in found]
    upcoming = next((row.cases[0].case for section in sections if section.key == "waiting" for row in section.rows), None)
    nothing_open = not any(counts) and not any(section.count for section in sections)
    is_empty = nothing_open and not (work_filter.is_used and team_cases.exists())
    context = {
        "sections": [section for section in sections if not section.is_later and section.rows],
        "later": [section for section in sections if section.is_later and section.rows],
        "tallies": _tallies(work_filter, request, counts),
        "work_filter": work_filter,
        "filter_form": form,
        "chips": work_filter.chips(form.carriers),
        "bulk_actions": BULK_BUTTONS,
        "nothing_to_do": not any(section.count for section in sections if not section.is_later and section.key != "draft"),
        "is_first_use": is_empty and not selectors.cards_of(request.team).exists(),
        "has_no_cases": is_empty and not team_cases.exists(),
        "upcoming": upcoming,
        "upcoming_words": wording.deadline_in_text(upcoming.reply_by) if upcoming and upcoming.reply_by else "",
        **list_context(request, NumberList.WORK_LIST, [row for section in sections for row in section.rows]),
    }
    return render(request, "cases/work_list.html", context)


def _keep_filter(request: TeamRequest) -> HttpResponse:
    """Keeps the filter that was changed, with what was not: a button changes one, the form the others."""
    changed = WorkFilter.of_request(request).__dict__ | {
        name: request.POST[name] for name in WORK_FILTERS if name in request.POST
    }
    if request.POST.get("drop") in WORK_FILTERS:
        changed[request.POST["drop"]] = ""
    save_work_filter(request.team, WorkFilter.from_params(changed).__dict__, by=request.user)
    return redirect("work_list")


def _tally_query(standing: str, cases: Cases, now: datetime) -> Cases:
    """What is promised for today is counted by itself."""
    matches = STANDINGS[standing](cases, now)
    return matches.exclude(basis=Basis.PROMISE) if standing == "due_today" else matches


def _tallies(work_filter: WorkFilter, request: TeamRequest, counts: list[int]) -> list[tuple[str, Any, int, str]]:
    """Key, title, number and list of each."""
    return [
        (key, STANDING_LABELS[key], count, work_filter.list_url(request, key, **SECTION_ORDER.get(key, {})))
        for key, count in zip(TALLIES, counts, strict=True)
    ]


def _section(
    found: WorkListSection, work_filter: WorkFilter, request: TeamRequest, calendar: WorkingCalendar
) -> Section:
    standing = STANDING_OF_SECTION[found.key]

    def url(**more: str) -> str:
        return work_filter.list_url(request, standing, **SECTION_ORDER.get(standing, {}), **more)

    rows = [
        Row(
            case_list_rows(row.cases, request.now, calendar),
            row.cases[0].batch if row.batch else None,
            row.count,
            url(batch=str(row.batch)) if row.batch else "",
        )
        for row in found.rows
    ]
    title = str(SECTION_TITLES.get(found.key, STANDING_LABELS[standing]))
    return Section(found.key.value, title, rows, found.count, url(), found.is_later, found.count > found.shown)


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
    """All cases of the team, searched, filtered and sorted. Its state is in the URL; searches are posted, and
    redirected to a URL in which numbers are masked."""
    if needs_masked_redirect(request):
        return redirect(list_url("case_list", request.POST if request.method == "POST" else request.GET))
    form, team_cases = CaseFilterForm(request.GET), selectors.cases_of(request.team)
    cases = form.filter_cases(team_cases, request.now, request.team)
    page = get_page(cases, team_cases, form.ordering(request.team), request.GET, PAGE_SIZE)
    params = {name: value for name, value in request.GET.items() if name not in PAGE_PARAMS and value}
    context = {
        "form": form,
        "keyset_page": page,
        "rows": case_list_rows(page.rows, request.now, selectors.working_calendar()),
        "query_string": urlencode(params),
        "bulk_actions": BULK_BUTTONS,
        "is_filtered": any(name != "sort" for name in params),
        "by_age": not form.ordering().column,
        **list_context(request, NumberList.CASES, page.rows),
    }
    return render(request, "cases/case_list.html", context)
