"""A team's monthly statement as a table and as PDF, in the active language."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases import wording
from cases.documents.pdf import render_pdf
from cases.documents.tables import Cell, Table
from cases.models import Team
from cases.selectors.monthly_statement import CarrierMonth, MonthlyStatement


def column_titles(statement: MonthlyStatement) -> list[str]:
    """The columns of a statement."""
    after = pgettext("cases of a month", "Still open")
    if not statement.is_over:
        after = pgettext("cases of a month", "Open now")
    return [
        _("Carrier"),
        pgettext("cases of a month", "Open before"),
        pgettext("cases of a month", "Logged"),
        pgettext("cases of a month", "Reopened"),
        pgettext("cases of a month", "Confirmed"),
        pgettext("cases of a month", "Withdrawn"),
        after,
        pgettext("cases of a month", "Were overdue"),
        pgettext("cases of a month", "Days of delay"),
        _("Cost of delay (yuan)"),
    ]


def row_cells(line: CarrierMonth) -> list[Cell]:
    """What stands in them."""
    name = str(line.carrier) if line.carrier else _("Whole team")
    movements: list[Cell] = [line.before, line.opened, line.reopened, line.confirmed, line.withdrawn, line.after]
    return [name, *movements, line.late, line.days, line.cost]


def month_title(statement: MonthlyStatement) -> str:
    """'October 2026', or 'November 2026 to date'."""
    month = wording.format_month(statement.month.first)
    return month if statement.is_over else _("%(month)s to date") % {"month": month}


def not_over_note(statement: MonthlyStatement) -> str:
    """That the month still runs, and up to when its figures go; empty of one that is over."""
    if statement.is_over:
        return ""
    return _("This month is not over: the figures go up to %(moment)s and will change.") % {
        "moment": wording.moment_in_text(statement.until)
    }


def notes(statement: MonthlyStatement) -> Iterator[str]:
    """What somebody who reads the figures has to know."""
    yield _(
        "Logged, reopened, confirmed and withdrawn: by the time they were recorded. Were overdue: cases whose reply "
        "was overdue at any time in the month, also where it has come since."
    )
    yield _(
        "Days and cost of delay: calendar days of the month on which a carrier held a request beyond its time "
        "limit, and the monthly fee for those days. Days when the case was waiting for you do not count."
    )
    if without_fee := statement.total.without_fee:
        yield wording.cases_without_fee(without_fee)


def statement_table(statement: MonthlyStatement) -> Table:
    """The statement as a table, its sheet named after the month."""
    with wording.years_always_shown():
        return Table(
            month_title(statement),
            column_titles(statement),
            list(map(row_cells, statement.lines)),
            total=row_cells(statement.total),
            notes=[*filter(None, [not_over_note(statement)]), *notes(statement)],
        )


def statement_pdf(team: Team, statement: MonthlyStatement, now: datetime) -> bytes:
    """The statement on one or more pages across; it names the team, and no number."""
    chinese = (get_language() or "").startswith("zh")
    with wording.years_always_shown():
        created_at, not_over = wording.moment_in_text(now), not_over_note(statement)
    return render_pdf(
        "statement.typ",
        {
            "lang": "zh" if chinese else "en",
            "region": "cn" if chinese else "gb",
            "title": _("Monthly statement"),
            "team": team.name,
            "month": month_title(statement),
            "not_over": not_over,
            "made": _("Created on %(moment)s") % {"moment": created_at},
            "head": column_titles(statement),
            "rows": [[cell_text(cell) for cell in row_cells(line)] for line in (*statement.lines, statement.total)],
            "notes": list(notes(statement)),
        },
    )


def cell_text(cell: Cell) -> str:
    """A cell for people to read."""
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
