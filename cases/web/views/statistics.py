"""Statistics of the team and its carriers, and the monthly statement."""

from io import BytesIO

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.documents.monthly_statement import cell_text, column_titles, notes, row_cells, statement_pdf
from cases.documents.tables import Format, write_table
from cases.domain.statement_months import EARLIEST_MONTH, Month
from cases.operations.audit_log import record_list_export
from cases.selectors import costs, monthly_statement
from cases.selectors.monthly_statement import CarrierMonth
from cases.selectors.statistics.overview import overview
from cases.selectors.statistics.scoreboard import scoreboard as scores_of
from cases.selectors.statistics.scoreboard import times_to_confirmed
from cases.web import scoreboard_table, statistics_charts
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.forms.export import StatementForm
from cases.web.forms.statistics import StatisticsForm


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


@allow_get_post
@team_required
def statement(request: TeamRequest) -> HttpResponseBase:
    """A past month by carrier, as a page or a file."""
    last_month = Month.of(request.now).previous
    params = request.POST if request.method == "POST" else request.GET or {"month": str(last_month)}
    form = StatementForm(params, now=request.now)
    context = {"form": form, "last_month": last_month}
    if form.is_valid():
        month: Month = form.cleaned_data["month"]
        lines = monthly_statement.by_carrier(selectors.cases_of(request.team), month)
        total = monthly_statement.total_of(lines)
        if request.method == "POST" and form.cleaned_data["format"]:
            return _statement_file(request, month, form.cleaned_data["format"], lines, total)
        context |= {
            "month": month,
            "month_name": wording.format_month(month.first),
            "previous_month": month.previous if month > EARLIEST_MONTH else None,
            "next_month": month.next if month < last_month else None,
            "titles": column_titles(),
            "rows": [
                [(title, cell_text(cell)) for title, cell in zip(column_titles(), row_cells(line), strict=True)]
                for line in lines
            ],
            "total": [(title, cell_text(cell)) for title, cell in zip(column_titles(), row_cells(total), strict=True)],
            "notes": notes(total),
        }
    return render(request, "cases/statement.html", context)


def _statement_file(
    request: TeamRequest, month: Month, file_format: str, lines: list[CarrierMonth], total: CarrierMonth
) -> FileResponse:
    if file_format == "pdf":
        file = BytesIO(statement_pdf(request.team, month, lines, total, request.now))
        content_type = "application/pdf"
    else:
        file, content_type = BytesIO(), Format.XLSX.content_type
        write_table(file, Format.XLSX, column_titles(), map(row_cells, (*lines, total)))
        file.seek(0)
    record_list_export(request.team, None, by=request.user, now=request.now, about=f"statement {month}, {file_format}")
    name = f"xiaoka-statement-{month}.{file_format}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    return response
