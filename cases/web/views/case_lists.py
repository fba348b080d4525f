"""The work list, and the list of all cases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.domain import phones
from cases.domain.business_days import WorkingCalendar, end_of_day, local
from cases.domain.deadlines import Basis
from cases.domain.status import Status
from cases.models import Case
from cases.selectors import Cases
from cases.selectors.pagination import get_page
from cases.selectors.search import RowCount, fetch_together
from cases.web.access import TeamRequest, form_page, team_required
from cases.web.case_rows import Row, rows
from cases.web.forms.bulk_actions import ACTS
from cases.web.forms.filters import CaseFilterForm

#: Rows of one section of the work list, and of those that can wait; the rest is a link away.
SECTION, GLANCE = 15, 5
PAGE = 50
#: Where in a list a page begins; not what the list is narrowed by.
PLACES = ("before", "after", "page")
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
    now, calendar = request.now, selectors.working_calendar()
    cases = selectors.cases_of(request.team)
    today = selectors.due_today(cases, now)
    found = [
        _Part("overdue", _("Overdue"), selectors.overdue(cases, now), "reply_by"),
        _Part("due_today", _("Due today"), today.exclude(basis=Basis.PROMISE), "reply_by"),
        _Part("promised_today", _("Promised for today"), today.filter(basis=Basis.PROMISE), "reply_by"),
        _Part("to_verify", _("To verify"), selectors.to_verify(cases), "reported_done_at"),
        _Part("returned", _("Returned"), selectors.returned(cases), "returned_at"),
        # Those due today stand in a section of their own.
        _Part("waiting", _("Waiting"), selectors.waiting(cases, end_of_day(local(now).date())), "reply_by", GLANCE),
        _Part("draft", _("In preparation"), selectors.with_status(cases, Status.DRAFT), "", GLANCE),
    ]
    sections = _sections(found, cases, now, calendar)
    upcoming = next((row.case for s in sections if s.key == "waiting" for row in s.rows), None)
    context = {
        "sections": sections,
        "nothing_to_do": not any(s.count for s in sections if s.key not in ("waiting", "draft")),
        "empty": not any(s.count for s in sections),
        "upcoming": upcoming,
        "upcoming_words": wording.deadline(upcoming.reply_by) if upcoming and upcoming.reply_by else "",
    }
    return render(request, "cases/work_list.html", context)


@dataclass(frozen=True)
class _Part:
    """What a section is made of: its cases, and the moment by which they are ordered (without one the newest first)."""

    key: str
    title: str
    cases: Cases
    by: str
    limit: int = SECTION

    def firsts(self) -> Any:
        order = (self.by, "id") if self.by else ("-id",)
        return self.cases.order_by(*order).values("pk")[: self.limit]

    def place(self, case: Case) -> Any:
        return (getattr(case, self.by), case.pk) if self.by else -case.pk


def _sections(found: list[_Part], cases: Cases, now: datetime, calendar: WorkingCalendar) -> list[Section]:
    """The sections with their first rows and how many there are: one query for the keys and counts of all of them, one
    for the cases, one for what hangs on these."""
    asked = fetch_together(*(part.firsts() for part in found), *(RowCount(part.cases) for part in found))
    known = cases.in_bulk([pk for keys in asked[: len(found)] for pk in keys])
    prefetch_related_objects(list(known.values()), "escalations")
    sections = []
    for part, keys, count in zip(found, asked, asked[len(found) :], strict=False):
        firsts = sorted((known[pk] for pk in keys if pk in known), key=part.place)
        address = f"{reverse('case_list')}?{urlencode({'standing': part.key} | SORTED.get(part.key, {}))}"
        sections.append(Section(part.key, part.title, rows(firsts, now, calendar), count[0], address))
    return sections


def address_of(name: str, asked: QueryDict) -> str:
    """The address of a list that was asked for this, with a number in full masked in it."""
    kept = {key: phones.mask_if_number(str(value)) if key == "q" else value for key, value in asked.items() if value}
    kept.pop("csrfmiddlewaretoken", None)
    return f"{reverse(name)}?{urlencode(kept)}" if kept else reverse(name)


def names_number(request: TeamRequest) -> bool:
    """Whether a list is asked for in a way that may tell a number in full: sent, or by an address that holds one."""
    asked = request.GET.get("q", "")
    return request.method == "POST" or phones.mask_if_number(asked) != asked


@form_page
@team_required
def case_list(request: TeamRequest) -> HttpResponse:
    """All cases of the team, searched, narrowed, sorted; its whole state is in the address. What is searched for is
    sent, and the address that answers has numbers masked."""
    if names_number(request):
        return redirect(address_of("case_list", request.POST if request.method == "POST" else request.GET))
    form, mine = CaseFilterForm(request.GET), selectors.cases_of(request.team)
    cases = form.narrow(mine, request.now, request.team)
    page = get_page(cases, mine, form.order(request.team), request.GET, PAGE)
    kept = {name: value for name, value in request.GET.items() if name not in PLACES and value}
    context = {
        "form": form,
        "page_of": page,
        "rows": rows(page.rows, request.now, selectors.working_calendar()),
        "kept": urlencode(kept),
        "acts": ACTS,
        "narrowed": any(name != "sort" for name in kept),
        "by_age": not form.order().column,
    }
    return render(request, "cases/case_list.html", context)
