"""The work list: what must I do now?"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases import selectors, wording
from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Basis
from cases.domain.full_numbers import NumberList
from cases.models import Batch
from cases.operations.work_filter import WORK_FILTERS, save_work_filter
from cases.selectors import Cases
from cases.selectors.filters import STANDING_OF_SECTION, STANDINGS
from cases.selectors.work_list import WorkListSection, load_sections
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.case_rows import CaseListRow, case_list_rows
from cases.web.forms.bulk_actions import BULK_BUTTONS
from cases.web.forms.filters import STANDING_LABELS, WorkFilterForm
from cases.web.full_numbers import list_context
from cases.web.work_filter import WorkFilter

#: Lists that open with the most pressing case first.
SECTION_ORDER = {
    key: {"sort": "reply_by"} for key in ("overdue", "waiting", "to_chase", "to_call", "escalated", "only_waiting")
}
#: The counts at the top: how a case stands, whether or not anything can be done about it.
TALLIES = ("overdue", "due_today", "promised_today", "to_verify", "returned", "refund_open", "waiting", "draft")
#: Those that are not shown while there are none.
RARE_TALLIES = ("promised_today", "refund_open")


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
    found, counts = load_sections(cases, now, calendar, [_tally_query(name, cases, now) for name in TALLIES])
    sections = [_section(section, work_filter, request, calendar) for section in found]
    upcoming = next(
        (row.cases[0].case for section in sections if section.key == "waiting" for row in section.rows), None
    )
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
        "nothing_to_do": not any(
            section.count for section in sections if not section.is_later and section.key != "draft"
        ),
        "is_first_use": is_empty and not selectors.cards_of(request.team).exists(),
        "has_no_cases": is_empty and not team_cases.exists(),
        "everything_url": f"{reverse('work_list')}?show=all" if work_filter.is_used else "",
        "upcoming": upcoming,
        "upcoming_words": wording.deadline_in_text(upcoming.reply_by) if upcoming and upcoming.reply_by else "",
        **list_context(request, NumberList.WORK_LIST, [row for section in sections for row in section.rows]),
    }
    return render(request, "cases/work_list.html", context)


def _keep_filter(request: TeamRequest) -> HttpResponse:
    """Keeps the filter that was changed, with what was not: a button changes one, the form the others."""
    changed = asdict(WorkFilter.of_request(request)) | {
        name: request.POST[name] for name in WORK_FILTERS if name in request.POST
    }
    if request.POST.get("drop") in WORK_FILTERS:
        changed[request.POST["drop"]] = ""
    save_work_filter(request.team, asdict(WorkFilter.from_params(changed)), by=request.user)
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
        if count or key not in RARE_TALLIES
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
    title = str(STANDING_LABELS[standing])
    return Section(found.key.value, title, rows, found.count, url(), found.is_later, found.count > found.shown)
