"""A team's monthly statement as a table and as PDF, in the active language."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases import wording
from cases.documents.pdf import render_pdf
from cases.documents.tables import Cell, Table
from cases.models import Carrier, Team
from cases.selectors.monthly_statement import CarrierMonth, MonthlyStatement
from cases.selectors.statistics.savings import DIMENSIONS, SavingsLine
from cases.wording.savings import DIMENSION_LABELS, cards_without_fee, savings_line_name, savings_rules


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


def savings_titles() -> list[str]:
    """The columns of what a month saved."""
    return [
        pgettext("what a figure is told apart by", "By"),
        pgettext("of a carrier, a department or a reason", "Name"),
        _("Fees no longer paid (yuan)"),
        _("Cards"),
        _("Money back (yuan)"),
        _("Cost of delay (yuan)"),
    ]


def savings_rows(statement: MonthlyStatement, carriers: Mapping[int, Carrier]) -> list[list[Cell]]:
    """What stands in them, by carrier, department and reason; `carriers` by their keys."""
    return [
        [str(DIMENSION_LABELS[dimension]), savings_line_name(dimension, line.key, carriers), *_savings_cells(line)]
        for dimension in DIMENSIONS
        for line in statement.savings.by(dimension)
    ]


def savings_total(statement: MonthlyStatement) -> list[Cell]:
    """All of it together."""
    return ["", _("Whole team"), *_savings_cells(statement.savings.total)]


def _savings_cells(line: SavingsLine) -> list[Cell]:
    return [line.fees, line.cards, line.recovered, line.delay]


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
    if statement.savings.groups:
        yield from savings_rules()
    if cards := statement.savings.total.without_fee:
        yield cards_without_fee(cards)


def statement_tables(statement: MonthlyStatement, carriers: Mapping[int, Carrier]) -> Iterator[Table]:
    """The statement as a table, its sheet named after the month, and what it saved, where it saved anything."""
    yield _statement_table(statement)
    if rows := savings_rows(statement, carriers):
        yield Table(_("What it saved"), savings_titles(), rows, total=savings_total(statement))


def _statement_table(statement: MonthlyStatement) -> Table:
    with wording.years_always_shown():
        return Table(
            month_title(statement),
            column_titles(statement),
            list(map(row_cells, statement.lines)),
            total=row_cells(statement.total),
            notes=[*filter(None, [not_over_note(statement)]), *notes(statement)],
        )


def statement_pdf(team: Team, statement: MonthlyStatement, carriers: Mapping[int, Carrier], now: datetime) -> bytes:
    """The statement on one or more pages across; it names the team, and no number."""
    chinese = (get_language() or "").startswith("zh")
    with wording.years_always_shown():
        created_at, not_over = wording.moment_in_text(now), not_over_note(statement)
    saved = savings_rows(statement, carriers)
    if saved:
        saved.append(savings_total(statement))
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
            "savings": _("What it saved"),
            "savings_head": savings_titles(),
            "savings_rows": [[cell_text(cell) for cell in row] for row in saved],
            "notes": list(notes(statement)),
        },
    )


def cell_text(cell: Cell) -> str:
    """A cell for people to read."""
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
