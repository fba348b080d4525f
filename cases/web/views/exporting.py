"""The lists of cases and cards as files."""

from collections.abc import Callable, Iterator, Sequence
from tempfile import TemporaryFile

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cases import queries
from cases.domain.business_days import local
from cases.domain.roles import Right
from cases.models import Card, Case
from cases.operations.noting import take_out_list
from cases.reports.tables import Cell, Format, write_table
from cases.web.access import TeamRequest, check, form_page, may, team_required
from cases.web.columns import card_rows, card_titles, case_rows, case_titles
from cases.web.forms.export import MOST_ROWS, ExportForm
from cases.web.forms.filters import CaseFilterForm
from cases.web.views.cards import listed_cards
from cases.web.views.lists import address_of
from cases.web.views.many import named

#: The rows, with numbers in full or masked.
Made = Callable[[bool], Iterator[list[Cell]]]


@form_page
@team_required
def case_export(request: TeamRequest) -> HttpResponseBase:
    """The cases that a list showed, all of its pages, or those that were ticked on it, as a file."""
    if request.POST.get("everything"):
        return redirect(address_of("case_export", QueryDict(request.POST.get("filter", ""))))
    ticked = "filter" in request.POST or "references" in request.POST
    if ticked:
        cases = named(request).order_by("-id")
    else:
        cases = CaseFilterForm(request.GET).narrow(queries.cases_of(request.team), request.now, request.team)

    def made(full: bool) -> Iterator[list[Cell]]:
        return case_rows(cases, request.now, queries.working_calendar(), full=full)

    references = " ".join(cases.values_list("reference", flat=True)) if ticked else ""
    return _export(request, cases, "cases", case_titles(), made, references)


@form_page
@team_required
def card_export(request: TeamRequest) -> HttpResponseBase:
    """The cards that a list showed, as a file."""
    cards = listed_cards(request.team, request.GET.get("q", ""))
    return _export(request, cards, "cards", card_titles(), lambda full: card_rows(cards, full=full))


def _export(
    request: TeamRequest,
    found: "QuerySet[Case] | QuerySet[Card]",
    what: str,
    titles: Sequence[str],
    made: Made,
    references: str = "",
) -> HttpResponseBase:
    """Asks how, then hands out a file that was made whole before the answer began; `references`: of ticked cases."""
    count = queries.capped_count(found, MOST_ROWS + 1)
    may_show = may(request, Right.WORK)
    form = ExportForm(request.POST if "format" in request.POST else None)
    if not may_show:
        del form.fields["full_numbers"]
    if form.is_valid() and 0 < count <= MOST_ROWS:
        full = bool(form.cleaned_data.get("full_numbers"))
        if full:
            check(request, Right.WORK, request.team.pk)
        return _file(request, found, what, Format(form.cleaned_data["format"]), titles, made, full=full)
    if form.is_bound and count > MOST_ROWS:
        form.add_error(None, _("More than %(most)s rows: narrow the list first.") % {"most": f"{MOST_ROWS:,}"})
    back = address_of(f"{what[:-1]}_list", request.GET)
    context = {"form": form, "count": count, "most": MOST_ROWS, "back": back, "what": what, "references": references}
    return render(request, "cases/export.html", context)


def _file(
    request: TeamRequest,
    found: "QuerySet[Case] | QuerySet[Card]",
    what: str,
    form: Format,
    titles: Sequence[str],
    made: Made,
    *,
    full: bool,
) -> HttpResponse | FileResponse:
    file = TemporaryFile(dir=settings.DATA_DIR)  # noqa: SIM115 (the response closes it)
    try:
        count = write_table(file, form, titles, made(full))
        cards = found.values_list("card" if what == "cases" else "pk", flat=True) if full else None
        take_out_list(request.team, cards, by=request.user, now=request.now, about=f"{count} {what}, {form.value}")
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"xiaoka-{what}-{local(request.now):%Y-%m-%d}.{form.value}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=form.content_type)
    return response
