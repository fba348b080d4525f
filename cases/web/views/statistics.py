"""How the team stands and its carriers do; what it all comes to, and what a month came to."""

from io import BytesIO

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.documents.monthly_statement import cells, notes, said, statement_pdf, titles
from cases.documents.tables import Format, write_table
from cases.domain.statement_months import EARLIEST_MONTH, Month
from cases.operations.audit_log import record_list_export
from cases.selectors import costs, monthly_statement
from cases.selectors.monthly_statement import CarrierMonth
from cases.selectors.statistics.overview import overview
from cases.selectors.statistics.scoreboard import scoreboard as scores_of
from cases.selectors.statistics.scoreboard import times_to_confirmed
from cases.web import scoreboard_table, statistics_charts
from cases.web.access import TeamRequest, form_page, team_required
from cases.web.forms.export import StatementForm
from cases.web.forms.statistics import StatisticsForm


@require_safe
@team_required
def statistics(request: TeamRequest) -> HttpResponse:
    """What is open, falls due and was confirmed; charges and the cost of delay, by carrier and for the whole team."""
    form, now = StatisticsForm(request.GET), request.now
    cases, calendar = form.narrow(selectors.cases_of(request.team)), selectors.working_calendar()
    lines = costs.by_carrier(cases, now, form.carriers.values())
    total = costs.total_of(lines)
    context = {
        "form": form,
        "lines": lines,
        "total": total,
        "without_fee": wording.without_fee(total.without_fee) if total.without_fee else "",
    }
    if lines:
        its = overview(cases, now, calendar, weeks=form.chosen_weeks)
        times = times_to_confirmed(cases, now, calendar, since=form.since(now))
        context["figures"] = [
            statistics_charts.open_by_age(its),
            statistics_charts.falls_due(its.due),
            statistics_charts.confirmed_by_week(its.weeks),
            statistics_charts.days_by_carrier([line.carrier for line in lines if line.carrier], times),
            statistics_charts.cost_of_delay(lines),
        ]
    return render(request, "cases/statistics.html", context)


@require_safe
@team_required
def scoreboard(request: TeamRequest) -> HttpResponse:
    """Which carrier answers, on which channel, and how long does it take?"""
    form, now = StatisticsForm(request.GET), request.now
    chosen, cases = form.chosen, selectors.cases_of(request.team)
    its = scores_of(cases, now, selectors.working_calendar(), since=form.since(now))
    context = {
        "form": form,
        "heads": scoreboard_table.heads(),
        "carriers": scoreboard_table.carriers(its, chosen),
        "boards": scoreboard_table.boards(its, chosen),
    }
    return render(request, "cases/scoreboard.html", context)


@form_page
@team_required
def statement(request: TeamRequest) -> HttpResponseBase:
    """A month that is over, by carrier: shown, or taken out as a file."""
    last = Month.of(request.now).previous
    asked = request.POST if request.method == "POST" else request.GET or {"month": str(last)}
    form = StatementForm(asked, now=request.now)
    context = {"form": form, "last": last}
    if form.is_valid():
        month: Month = form.cleaned_data["month"]
        lines = monthly_statement.by_carrier(selectors.cases_of(request.team), month)
        total = monthly_statement.total_of(lines)
        if request.method == "POST" and form.cleaned_data["format"]:
            return _file(request, month, form.cleaned_data["format"], lines, total)
        context |= {
            "month": month,
            "name": wording.month(month.first),
            "before": month.previous if month > EARLIEST_MONTH else None,
            "after": month.next if month < last else None,
            "titles": titles(),
            "rows": [
                [(title, said(cell)) for title, cell in zip(titles(), cells(line), strict=True)] for line in lines
            ],
            "total": [(title, said(cell)) for title, cell in zip(titles(), cells(total), strict=True)],
            "notes": notes(total),
        }
    return render(request, "cases/statement.html", context)


def _file(request: TeamRequest, month: Month, form: str, lines: list[CarrierMonth], total: CarrierMonth) -> FileResponse:
    if form == "pdf":
        made = BytesIO(statement_pdf(request.team, month, lines, total, request.now))
        kind = "application/pdf"
    else:
        made, kind = BytesIO(), Format.XLSX.content_type
        write_table(made, Format.XLSX, titles(), map(cells, (*lines, total)))
        made.seek(0)
    record_list_export(request.team, None, by=request.user, now=request.now, about=f"statement {month}, {form}")
    name = f"xiaoka-statement-{month}.{form}"
    response = FileResponse(made, as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    return response
