"""What cancellations saved, as pages show it: the figure with its trend, and the tables of its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from cases import wording
from cases.domain.savings import Period
from cases.models import Carrier
from cases.selectors.statistics.savings import DIMENSIONS, Breakdown, MonthSaved, SavingsLine
from cases.web import chart_geometry
from cases.web.statistics_charts import Figure, LegendEntry
from cases.wording.savings import DIMENSION_LABELS, savings_line_name

#: From here on the numbers of the chart's lines are in this unit: more digits have no room beside it.
_UNIT = 10_000
#: The highest sum that stands on a column.
_MAX_TOTAL = 1_000


@dataclass(frozen=True)
class SavingsTable:
    """What was saved by carrier, by department or by reason; each line with its name."""

    dimension: str
    title: str
    lines: list[tuple[str, SavingsLine]]


def savings_tables(breakdown: Breakdown, carriers: Mapping[int, Carrier]) -> list[SavingsTable]:
    """A table for each way to tell savings apart; `carriers` by their keys."""
    return [
        SavingsTable(
            dimension,
            str(DIMENSION_LABELS[dimension]),
            [(savings_line_name(dimension, line.key, carriers), line) for line in breakdown.by(dimension)],
        )
        for dimension in DIMENSIONS
    ]


def savings_figure(fees: Mapping[Period, Decimal], trend: Sequence[MonthSaved]) -> Figure:
    """The fees that are no longer paid, and what came back, in each of the last months."""
    columns = [
        chart_geometry.Column(
            label=(str(row.month.number),),
            parts=(
                chart_geometry.ColumnPart("done", _rounded(row.fees)),
                chart_geometry.ColumnPart("waiting", _rounded(row.recovered)),
            ),
            text=wording.labelled(wording.format_month(row.month.first), _sums(row)),
        )
        for row in trend
    ]
    most = max((column.total for column in columns), default=0)
    unit = _UNIT if most >= _UNIT else 1
    has_recovered = any(row.recovered for row in trend)
    return Figure(
        key="savings",
        title=_("Monthly fees no longer paid"),
        summary=_("%(month)s this month, %(year)s this year, %(all)s since the start")
        % {str(period): wording.format_yuan(amount) for period, amount in fees.items()}
        if any(fees.values())
        else _("Nothing saved yet: it starts with the month after a case is confirmed."),
        headings=[_("Month"), _("Fees no longer paid"), _("Money back")],
        rows=[
            [wording.format_month(row.month.first), wording.format_yuan(row.fees), wording.format_yuan(row.recovered)]
            for row in reversed(trend)
        ],
        columns=chart_geometry.column_chart(columns, totals=most < _MAX_TOTAL, unit=unit) if most else None,
        legend=[
            LegendEntry("done", _("Fees no longer paid")),
            *([LegendEntry("waiting", _("Money back"))] if has_recovered else []),
        ],
        axis_title=_("months, in yuan") if unit == 1 else _("months, in units of 10,000 yuan"),
    )


def _sums(row: MonthSaved) -> str:
    if not row.recovered:
        return wording.format_yuan(row.fees)
    return wording.join_names(
        [
            wording.labelled(_("Fees no longer paid"), wording.format_yuan(row.fees)),
            wording.labelled(_("Money back"), wording.format_yuan(row.recovered)),
        ]
    )


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
