"""A team's monthly statement as a table and as PDF, in the active language."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases import wording
from cases.documents.pdf import render_pdf
from cases.documents.tables import Cell
from cases.domain.statement_months import Month
from cases.models import Team
from cases.selectors.monthly_statement import CarrierMonth


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


def notes(team_total: CarrierMonth) -> Iterator[str]:
    """What somebody who reads the figures has to know."""
    yield _(
        "Logged, reopened, confirmed and withdrawn: by the time they were recorded. Overdue: cases whose reply "
        "was overdue at any time in the month."
    )
    yield _(
        "Days and cost of delay: calendar days of the month on which a carrier held a request beyond its time "
        "limit, and the monthly fee for those days. Days when the case was waiting for you do not count."
    )
    if team_total.without_fee:
        yield wording.cases_without_fee(team_total.without_fee)


def statement_pdf(
    team: Team, month: Month, lines: Sequence[CarrierMonth], team_total: CarrierMonth, now: datetime
) -> bytes:
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
            "month": wording.format_month(month.first),
            "made": _("Created on %(moment)s") % {"moment": created_at},
            "head": column_titles(),
            "rows": [[cell_text(cell) for cell in row_cells(line)] for line in (*lines, team_total)],
            "notes": list(notes(team_total)),
        },
    )


def cell_text(cell: Cell) -> str:
    """A cell for people to read."""
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
