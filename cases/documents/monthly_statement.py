"""A team's monthly statement as a table and as PDF, in the active language."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases import wording
from cases.documents.pdf import render_pdf
from cases.documents.tables import Cell, Sheet, write_workbook
from cases.models import Carrier, Team
from cases.selectors.monthly_statement import CarrierMonth, Statement
from cases.selectors.statistics.savings import DIMENSIONS, SavingsLine
from cases.wording.savings import DIMENSION_LABELS, cards_without_fee, savings_line_name, savings_rules


def column_titles() -> list[str]:
    """The columns of a statement."""
    return [
        _("Carrier"),
        pgettext("cases of a month", "Open before"),
        pgettext("cases of a month", "Logged"),
        pgettext("cases of a month", "Reopened"),
        pgettext("cases of a month", "Confirmed"),
        pgettext("cases of a month", "Withdrawn"),
        pgettext("cases of a month", "Still open"),
        pgettext("cases of a month", "Overdue"),
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


def savings_rows(statement: Statement, carriers: Mapping[int, Carrier]) -> list[list[Cell]]:
    """What stands in them: by carrier, department and reason, then all together; `carriers` by their keys."""
    rows: list[list[Cell]] = [
        [str(DIMENSION_LABELS[dimension]), savings_line_name(dimension, line.key, carriers), *_savings_cells(line)]
        for dimension in DIMENSIONS
        for line in statement.savings.by(dimension)
    ]
    return [*rows, ["", _("Whole team"), *_savings_cells(statement.savings.total)]] if rows else []


def _savings_cells(line: SavingsLine) -> list[Cell]:
    return [line.fees, line.cards, line.recovered, line.delay]


def notes(statement: Statement) -> Iterator[str]:
    """What somebody who reads the figures has to know."""
    yield _(
        "Logged, reopened, confirmed and withdrawn: by the time they were recorded. Overdue: cases whose reply "
        "was overdue at any time in the month."
    )
    yield _(
        "Days and cost of delay: calendar days of the month on which a carrier held a request beyond its time "
        "limit, and the monthly fee for those days. Days when the case was waiting for you do not count."
    )
    if statement.total.without_fee:
        yield wording.cases_without_fee(statement.total.without_fee)
    if statement.savings.groups:
        yield from savings_rules()
    if statement.savings.total.without_fee:
        yield cards_without_fee(statement.savings.total.without_fee)


def write_statement(file: IO[bytes], statement: Statement, carriers: Mapping[int, Carrier]) -> None:
    """The statement as a workbook: the month by carrier, and on a second sheet what it saved."""
    write_workbook(
        file,
        [
            Sheet(column_titles(), map(row_cells, (*statement.lines, statement.total)), _("Month")),
            Sheet(savings_titles(), savings_rows(statement, carriers), _("What it saved")),
        ],
    )


def statement_pdf(team: Team, statement: Statement, carriers: Mapping[int, Carrier], now: datetime) -> bytes:
    """The statement on one or more pages across; it names the team, and no number."""
    chinese = (get_language() or "").startswith("zh")
    with wording.years_always_shown():
        created_at = wording.moment_in_text(now)
    return render_pdf(
        "statement.typ",
        {
            "lang": "zh" if chinese else "en",
            "region": "cn" if chinese else "gb",
            "title": _("Monthly statement"),
            "team": team.name,
            "month": wording.format_month(statement.month.first),
            "made": _("Created on %(moment)s") % {"moment": created_at},
            "head": column_titles(),
            "rows": [[cell_text(cell) for cell in row_cells(line)] for line in (*statement.lines, statement.total)],
            "savings": _("What it saved"),
            "savings_head": savings_titles(),
            "savings_rows": [[cell_text(cell) for cell in row] for row in savings_rows(statement, carriers)],
            "notes": list(notes(statement)),
        },
    )


def cell_text(cell: Cell) -> str:
    """A cell for people to read."""
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
