"""The work list, and the list of all cases."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import queries, words
from cases.domain import phones
from cases.domain.business_days import WorkingCalendar
from cases.domain.status import Status
from cases.queries import Cases
from cases.web.access import TeamRequest, form_page, team_required
from cases.web.forms.filters import CaseFilterForm
from cases.web.forms.many import ACTS
from cases.web.rows import Row, rows

#: Rows of one section of the work list, and of those that can wait; the rest is a link away.
SECTION, GLANCE = 15, 5
PAGE = 50
#: Lists that open with the most pressing case first.
SORTED = {key: {"sort": "reply_by"} for key in ("overdue", "waiting")}


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    rows: list[Row]
    count: int
    address: str

    @property
    def more(self) -> bool:
        return self.count > len(self.rows)


@require_safe
@team_required
def work_list(request: TeamRequest) -> HttpResponse:
    """What must I do now?"""
    now, calendar = request.now, queries.working_calendar()
    cases = queries.cases_of(request.team)
    promised = queries.promised_today(cases, now).values("pk")
    found: list[tuple[str, str, Cases]] = [
        ("overdue", _("Overdue"), queries.overdue(cases, now).order_by("reply_by", "id")),
        ("due_today", _("Due today"), queries.due_today(cases, now).exclude(pk__in=promised).order_by("id")),
        ("promised_today", _("Promised for today"), queries.promised_today(cases, now).order_by("id")),
        ("to_verify", _("To verify"), queries.to_verify(cases).order_by("reported_done_at", "id")),
        ("returned", _("Returned"), queries.with_status(cases, Status.RETURNED).order_by("returned_at", "id")),
        ("waiting", _("Waiting"), _later(queries.waiting(cases, now), now).order_by("reply_by", "id")),
        ("draft", _("In preparation"), queries.with_status(cases, Status.DRAFT).order_by("-id")),
    ]
    sections = _sections(found, now, calendar)
    upcoming = next((row.case for s in sections if s.key == "waiting" for row in s.rows), None)
    context = {
        "sections": sections,
        "nothing_to_do": not any(s.count for s in sections if s.key not in ("waiting", "draft")),
        "empty": not any(s.count for s in sections),
        "upcoming": upcoming,
        "upcoming_words": words.deadline(upcoming.reply_by) if upcoming and upcoming.reply_by else "",
    }
    return render(request, "cases/work_list.html", context)


def _sections(found: list[tuple[str, str, Cases]], now: datetime, calendar: WorkingCalendar) -> list[Section]:
    """The sections with their first rows; what is counted beyond them, only where there are more."""
    limits = {"waiting": GLANCE, "draft": GLANCE}
    fetched = {key: list(some[: limits.get(key, SECTION) + 1]) for key, _title, some in found}
    prefetch_related_objects([case for cases in fetched.values() for case in cases], "escalations")
    sections = []
    for key, title, some in found:
        cases, limit = fetched[key], limits.get(key, SECTION)
        count = len(cases) if len(cases) <= limit else queries.capped_count(some)
        address = f"{reverse('case_list')}?{urlencode({'standing': key} | SORTED.get(key, {}))}"
        sections.append(Section(key, title, rows(cases[:limit], now, calendar), count, address))
    return sections


def _later(cases: Cases, now: datetime) -> Cases:
    # Those due today stand in a section of their own.
    return cases.exclude(pk__in=queries.due_today(cases, now).values("pk"))


def address_of(name: str, asked: QueryDict) -> str:
    """The address of a list that was asked for this, with a number in full masked in it."""
    kept = {key: phones.without_full(str(value)) if key == "q" else value for key, value in asked.items() if value}
    kept.pop("csrfmiddlewaretoken", None)
    return f"{reverse(name)}?{urlencode(kept)}" if kept else reverse(name)


def names_number(request: TeamRequest) -> bool:
    """Whether a list is asked for in a way that may tell a number in full: sent, or by an address that holds one."""
    asked = request.GET.get("q", "")
    return request.method == "POST" or phones.without_full(asked) != asked


@form_page
@team_required
def case_list(request: TeamRequest) -> HttpResponse:
    """All cases of the team, searched, narrowed, sorted; its whole state is in the address. What is searched for is
    sent, and the address that answers has numbers masked."""
    if names_number(request):
        return redirect(address_of("case_list", request.POST if request.method == "POST" else request.GET))
    form = CaseFilterForm(request.GET)
    cases = form.narrow(queries.cases_of(request.team), request.now)
    page = Paginator(cases, PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    context = {
        "form": form,
        "page_obj": page,
        "rows": rows(page.object_list, request.now, queries.working_calendar()),
        "kept": urlencode(kept),
        "acts": ACTS,
        "narrowed": any(name != "sort" for name in kept),
    }
    return render(request, "cases/case_list.html", context)
