"""Statistics of the team and its carriers, and the monthly statement."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.documents.monthly_statement import (
    cell_text,
    column_titles,
    month_title,
    not_over_note,
    notes,
    row_cells,
    savings_rows,
    savings_titles,
    savings_total,
    statement_pdf,
    statement_tables,
)
from cases.documents.tables import Cell, Format, workbook
from cases.domain.business_days import local
from cases.domain.statement_months import EARLIEST_MONTH, Month
from cases.models import Carrier
from cases.operations.audit_log import record_list_export
from cases.selectors import costs
from cases.selectors.monthly_statement import MonthlyStatement, load_statement
from cases.selectors.statistics.overview import overview
from cases.selectors.statistics.savings import fees_and_trend
from cases.selectors.statistics.savings import savings as savings_of
from cases.selectors.statistics.scoreboard import scoreboard as scores_of
from cases.selectors.statistics.scoreboard import times_to_confirmed
from cases.web import scoreboard_table, statistics_charts
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.forms.export import StatementForm
from cases.web.forms.statistics import SavingsForm, StatisticsForm
from cases.web.savings_tables import savings_figure, savings_tables
from cases.wording.savings import cards_without_fee, savings_rules


@require_safe
@team_required
def statistics(request: TeamRequest) -> HttpResponse:
    """What is open, falls due and was confirmed; charges and the cost of delay, by carrier and for the team."""
    form, now = StatisticsForm(request.GET), request.now
    cases, calendar = form.filter_cases(selectors.cases_of(request.team)), selectors.working_calendar()
    lines = costs.by_carrier(cases, now, form.carriers.values())
    total = costs.total_of(lines)
    context = {
        "form": form,
        "lines": lines,
        "total": total,
        "without_fee": wording.cases_without_fee(total.without_fee) if total.without_fee else "",
    }
    if lines:
        open_overview = overview(cases, now, calendar, weeks=form.week_count)
        times = times_to_confirmed(cases, now, calendar, since=form.since(now))
        context["figures"] = [
            statistics_charts.open_by_age_figure(open_overview),
            statistics_charts.falls_due_figure(open_overview.due),
            statistics_charts.confirmed_by_week_figure(open_overview.weeks),
            savings_figure(*fees_and_trend(cases, now)),
            statistics_charts.days_by_carrier_figure([line.carrier for line in lines if line.carrier], times),
            statistics_charts.cost_of_delay_figure(lines),
        ]
    return render(request, "cases/statistics.html", context)


@require_safe
@team_required
def scoreboard(request: TeamRequest) -> HttpResponse:
    """Carriers and channels compared by how fast they answer."""
    form, now = StatisticsForm(request.GET), request.now
    carrier, cases = form.selected_carrier, selectors.cases_of(request.team)
    scores = scores_of(cases, now, selectors.working_calendar(), since=form.since(now))
    context = {
        "form": form,
        "headings": scoreboard_table.column_headings(),
        "carriers": scoreboard_table.carrier_rows(scores, carrier),
        "sections": scoreboard_table.carrier_sections(scores, carrier),
    }
    return render(request, "cases/scoreboard.html", context)


@require_safe
@team_required
def savings(request: TeamRequest) -> HttpResponse:
    """What cancellations saved, what came back and what is still open, by carrier, department and reason."""
    form = SavingsForm(request.GET, teams=request.teams)
    teams = request.teams if form.is_all_teams else [request.team]
    breakdown = savings_of(selectors.cases_of(*teams), form.selected_period, request.now)
    context = {
        "form": form,
        "figure": savings_figure(breakdown.fees, breakdown.trend),
        "tables": savings_tables(breakdown, Carrier.objects.in_bulk()),
        "total": breakdown.total,
        "total_name": _("All teams") if form.is_all_teams else _("Whole team"),
        "money_open_url": "" if form.is_all_teams else f"{reverse('case_list')}?standing=money_open",
        "rules": savings_rules(),
        "without_fee": cards_without_fee(breakdown.total.without_fee) if breakdown.total.without_fee else "",
    }
    return render(request, "cases/savings.html", context)


@allow_get_post
@team_required
def statement(request: TeamRequest) -> HttpResponseBase:
    """A month by carrier, as a page or a file: the last one that is over, or another; the running one to date."""
    this_month = Month.of(request.now)
    params = request.POST if request.method == "POST" else request.GET or {"month": str(this_month.previous)}
    form = StatementForm(params, now=request.now)
    context = {"form": form, "this_month": this_month}
    if form.is_valid():
        month: Month = form.cleaned_data["month"]
        statement = load_statement(selectors.cases_of(request.team), month, request.now)
        carriers = Carrier.objects.in_bulk()
        if request.method == "POST" and form.cleaned_data["format"]:
            return _statement_file(request, statement, carriers, form.cleaned_data["format"])
        titles, saved = column_titles(statement), savings_rows(statement, carriers)
        context |= {
            "month": month,
            "month_title": month_title(statement),
            "not_over": not_over_note(statement),
            "previous_month": month.previous if month > EARLIEST_MONTH else None,
            "next_month": month.next if month < this_month else None,
            "is_empty": statement.is_empty,
            "table": _page_table(titles, map(row_cells, statement.lines), row_cells(statement.total)),
            "savings_table": _page_table(savings_titles(), saved, savings_total(statement)) if saved else None,
            "notes": notes(statement),
        }
    return render(request, "cases/statement.html", context)


def _page_table(titles: list[str], rows: Iterable[list[Cell]], total: list[Cell]) -> dict[str, Any]:
    """A table in texts; each cell has the title of its column, for phones."""
    *titled, last = (
        [(title, cell_text(cell)) for title, cell in zip(titles, row, strict=True)] for row in (*rows, total)
    )
    return {"titles": titles, "rows": titled, "total": last}


def _statement_file(
    request: TeamRequest, statement: MonthlyStatement, carriers: Mapping[int, Carrier], file_format: str
) -> FileResponse:
    if file_format == "pdf":
        file = BytesIO(statement_pdf(request.team, statement, carriers, request.now))
        content_type = "application/pdf"
    else:
        file = workbook(*statement_tables(statement, carriers))
        content_type = Format.XLSX.content_type
    month = statement.month
    record_list_export(request.team, None, by=request.user, now=request.now, about=f"statement {month}, {file_format}")
    to_date = "" if statement.is_over else f"-to-{local(statement.until):%Y-%m-%d}"
    name = f"xiaoka-statement-{month}{to_date}.{file_format}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    return response
