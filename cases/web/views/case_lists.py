"""The work list, and the list of all cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.domain import masking
from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Basis
from cases.domain.full_numbers import NumberList
from cases.domain.status import Status
from cases.models import Case
from cases.selectors import Cases
from cases.selectors.pagination import get_page
from cases.selectors.search import RowCount, fetch_together
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.case_rows import CaseListRow, case_list_rows
from cases.web.forms.bulk_actions import BULK_BUTTONS
from cases.web.forms.filters import STANDING_LABELS, CaseFilterForm
from cases.web.full_numbers import list_context

#: Rows of one section of the work list, and of those that can wait; the rest is a link away.
SECTION_SIZE, GLANCE_SIZE = 15, 5
PAGE_SIZE = 50
#: Where in a list a page begins; not what the list is narrowed by.
PAGE_PARAMS = ("before", "after", "page")
#: What people type into filters, and might be a number.
TYPED_PARAMS = ("q", "department", "user")
#: Lists that open with the most pressing case first.
SECTION_ORDER = {key: {"sort": "reply_by"} for key in ("overdue", "waiting")}


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    rows: list[CaseListRow]
    count: int
    address: str

    @property
    def more(self) -> bool:
        return self.count > len(self.rows)


@require_safe
@team_required
def work_list(request: TeamRequest) -> HttpResponse:
    """What there is to do now, by standing."""
    now, calendar = request.now, selectors.working_calendar()
    cases = selectors.cases_of(request.team)
    due_today = selectors.due_today(cases, now)
    section_queries = [
        _SectionQuery("overdue", selectors.overdue(cases, now), "reply_by"),
        _SectionQuery("due_today", due_today.exclude(basis=Basis.PROMISE), "reply_by"),
        _SectionQuery("promised_today", due_today.filter(basis=Basis.PROMISE), "reply_by"),
        _SectionQuery("to_verify", selectors.to_verify(cases), "reported_done_at"),
        _SectionQuery("returned", selectors.returned(cases), "returned_at"),
        # Those due today stand in a section of their own.
        _SectionQuery("waiting", selectors.waiting_beyond_today(cases, now), "reply_by", GLANCE_SIZE),
        _SectionQuery("draft", selectors.with_status(cases, Status.DRAFT), "", GLANCE_SIZE),
    ]
    sections = _load_sections(section_queries, cases, now, calendar)
    upcoming = next((row.case for section in sections if section.key == "waiting" for row in section.rows), None)
    context = {
        "sections": sections,
        "nothing_to_do": not any(section.count for section in sections if section.key not in ("waiting", "draft")),
        "has_no_cases": not any(section.count for section in sections),
        "upcoming": upcoming,
        "upcoming_words": wording.deadline_in_text(upcoming.reply_by) if upcoming and upcoming.reply_by else "",
        **list_context(request, NumberList.WORK_LIST, [row for section in sections for row in section.rows]),
    }
    return render(request, "cases/work_list.html", context)


@dataclass(frozen=True)
class _SectionQuery:
    """A section's cases, and the field by which they are ordered; without one the newest come first."""

    key: str
    cases: Cases
    by: str
    limit: int = SECTION_SIZE

    def first_keys(self) -> Any:
        order = (self.by, "id") if self.by else ("-id",)
        return self.cases.order_by(*order).values("pk")[: self.limit]

    def sort_key(self, case: Case) -> Any:
        return (getattr(case, self.by), case.pk) if self.by else -case.pk


def _load_sections(
    section_queries: list[_SectionQuery], cases: Cases, now: datetime, calendar: WorkingCalendar
) -> list[Section]:
    """The sections with their first rows and counts: one query for the keys and counts of all of them, one for the
    cases, one for their escalations."""
    results = fetch_together(
        *(section_query.first_keys() for section_query in section_queries),
        *(RowCount(section_query.cases) for section_query in section_queries),
    )
    cases_by_pk = cases.in_bulk([pk for keys in results[: len(section_queries)] for pk in keys])
    prefetch_related_objects(list(cases_by_pk.values()), "escalations")
    sections = []
    for section_query, keys, count in zip(section_queries, results, results[len(section_queries) :], strict=False):
        first_cases = sorted((cases_by_pk[pk] for pk in keys if pk in cases_by_pk), key=section_query.sort_key)
        list_filter = {"standing": section_query.key} | SECTION_ORDER.get(section_query.key, {})
        url = f"{reverse('case_list')}?{urlencode(list_filter)}"
        sections.append(
            Section(
                section_query.key,
                str(STANDING_LABELS[section_query.key]),
                case_list_rows(first_cases, now, calendar),
                count[0],
                url,
            )
        )
    return sections


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
