"""The charts of the statistics: each with a summary in words, its picture, and its numbers as a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases import wording
from cases.domain.business_days import DayKind
from cases.domain.case_standing import StandingKind
from cases.domain.kaplan_meier import SurvivalCurve, estimate_survival
from cases.models import Carrier
from cases.selectors.costs import CarrierCosts
from cases.selectors.statistics.overview import STANDINGS, Age, DueDay, Overview, Week
from cases.selectors.statistics.scoreboard import MIN_SAMPLE, Scores, Times
from cases.web import chart_geometry
from cases.web.forms.filters import STANDING_LABELS

#: Columns that are that few have room for a number on each.
_MAX_COLUMNS_WITH_TOTALS = 14
#: Labels that stand beside each other under columns.
_MAX_LABELS = 6
#: How far a curve is drawn, in working days, at most.
_MAX_DAYS = 60
_TONES = {
    StandingKind.OVERDUE: "late",
    StandingKind.TO_VERIFY: "due",
    StandingKind.RETURNED: "returned",
    StandingKind.WAITING: "waiting",
    StandingKind.DRAFT: "quiet",
}


@dataclass(frozen=True)
class LegendEntry:
    """A tone and its meaning."""

    tone: str
    label: str


@dataclass(frozen=True)
class Bar:
    """A carrier's line: what it says, and how far its bar and the fainter one behind it reach, of 100."""

    label: str
    text: str
    reach: str
    faint_reach: str = "0"


@dataclass(frozen=True)
class Figure:
    """A chart, drawn from one of `columns`, `bars` and `steps`; where it has none, `summary` says why."""

    key: str
    title: str
    summary: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    columns: chart_geometry.ColumnChart | None = None
    bars: Sequence[Bar] = ()
    tone: str = "waiting"
    steps: chart_geometry.StepChart | None = None
    legend: Sequence[LegendEntry] = ()
    #: What stands under the picture, along it.
    axis_title: str = ""

    @property
    def labelled_rows(self) -> list[list[tuple[str, str]]]:
        """The rows of its table, each cell with the heading of its column."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


def open_by_age_figure(overview: Overview) -> Figure:
    count_text = ngettext("%(count)s open case", "%(count)s open cases", overview.open) % {
        "count": f"{overview.open:,}"
    }
    labels = _standing_labels()
    standing_counts = [f"{labels[kind]} {count:,}" for kind, count in overview.standings.items() if count]
    columns = [
        chart_geometry.Column(
            label=(_age(age),),
            parts=tuple(chart_geometry.ColumnPart(_TONES[kind], age.counts[kind]) for kind in STANDINGS),
            text=wording.join_names(f"{labels[kind]} {count:,}" for kind, count in age.counts.items() if count),
        )
        for age in overview.ages
    ]
    return Figure(
        key="open",
        title=_("Open cases by waiting time"),
        summary=wording.labelled(count_text, wording.join_names(standing_counts)) if standing_counts else count_text,
        headings=[_("Working days"), *(labels[kind] for kind in STANDINGS), _("All")],
        rows=[[_age(age), *(f"{age.counts[kind]:,}" for kind in STANDINGS), f"{age.total:,}"] for age in overview.ages],
        columns=chart_geometry.column_chart(columns) if overview.open else None,
        legend=[LegendEntry(_TONES[kind], labels[kind]) for kind, count in overview.standings.items() if count],
        axis_title=_("working days since submission (or since logging, if not submitted)"),
    )


def _standing_labels() -> dict[str, str]:
    """As lists call them; what is due today, which lists have on its own, is among those that wait here."""
    labels: dict[str, str] = {kind: str(STANDING_LABELS[kind]) for kind in STANDINGS}
    labels[StandingKind.WAITING] = _("Waiting, including due today")
    return labels


def _age(age: Age) -> str:
    return f"{age.first}–{age.last}" if age.last is not None else f"≥ {age.first}"


def falls_due_figure(due: Sequence[DueDay]) -> Figure:
    total, promised_count = (
        sum(due_day.by_terms + due_day.promised for due_day in due),
        sum(due_day.promised for due_day in due),
    )
    summary = ngettext("%(count)s reply due", "%(count)s replies due", total) % {"count": f"{total:,}"}
    if promised_count:
        summary = _("%(answers)s, of which %(count)s promised") % {"answers": summary, "count": f"{promised_count:,}"}
    has_marks = any(map(_mark, due))
    columns = [
        chart_geometry.Column(
            label=(str(due_day.day.date.day), _weekday(due_day.day.date), *([_mark(due_day)] if has_marks else [])),
            parts=(
                chart_geometry.ColumnPart("waiting", due_day.by_terms),
                chart_geometry.ColumnPart("due", due_day.promised),
            ),
            text=wording.labelled(wording.format_day(due_day.day.date), f"{due_day.by_terms + due_day.promised:,}"),
            quiet=not due_day.day.working,
        )
        for due_day in due
    ]
    return Figure(
        key="due",
        title=_("Replies due today and in the next ten working days"),
        summary=summary if total else _("No replies due."),
        headings=[_("Day"), _("By time limit"), _("Promised")],
        rows=[[_day_label(due_day), f"{due_day.by_terms:,}", f"{due_day.promised:,}"] for due_day in due],
        columns=chart_geometry.column_chart(columns) if total else None,
        legend=[
            LegendEntry("waiting", _("By time limit")),
            *([LegendEntry("due", _("Promised"))] if promised_count else []),
        ],
        axis_title=f"{wording.format_day(due[0].day.date)} – {wording.format_day(due[-1].day.date)}" if due else "",
    )


def _weekday(day: date) -> str:
    """The weekday, short enough for a column on a phone: 'Fr', '五'."""
    return date_format(day, "D").removeprefix("周")[:2]


def _mark(due_day: DueDay) -> str:
    """The mark of a day in Chinese calendars: a weekend day that is worked, or a day off."""
    if due_day.day.kind in (DayKind.MAKE_UP, DayKind.OPENED):
        return pgettext("mark of a make-up working day in a calendar", "work")
    return "" if due_day.day.working else pgettext("on a day of the strip", "off")


def _day_label(due_day: DueDay) -> str:
    mark, day = _mark(due_day), wording.format_day(due_day.day.date)
    return wording.with_note(day, mark) if mark else day


def confirmed_by_week_figure(weeks: Sequence[Week]) -> Figure:
    total = sum(week.confirmed for week in weeks)
    count_text = ngettext("%(count)s number cancelled", "%(count)s numbers cancelled", total)
    columns = [
        chart_geometry.Column(
            label=(f"{week.monday.month}/{week.monday.day}",),
            parts=(chart_geometry.ColumnPart("done", week.confirmed),),
            text=wording.labelled(_week_label(week), f"{week.confirmed:,}"),
        )
        for week in weeks
    ]
    label_every = -(-len(weeks) // _MAX_LABELS)
    return Figure(
        key="confirmed",
        title=_("Cancellations confirmed per week"),
        summary=_("%(numbers)s in %(weeks)s weeks; this week is not over.")
        % {"numbers": count_text % {"count": f"{total:,}"}, "weeks": len(weeks)},
        headings=[_("Week from"), _("Confirmed")],
        rows=[[wording.format_day(week.monday), f"{week.confirmed:,}"] for week in reversed(weeks)],
        columns=chart_geometry.column_chart(columns, every=label_every, totals=len(weeks) <= _MAX_COLUMNS_WITH_TOTALS)
        if total
        else None,
        axis_title=_("weeks starting on Monday"),
    )


def _week_label(week: Week) -> str:
    return _("Week from %(day)s") % {"day": wording.day_in_text(week.monday)}


def days_by_carrier_figure(carriers: Sequence[Carrier], times: Mapping[tuple[int, str], Times]) -> Figure:
    curves = []
    for carrier in carriers:
        if durations := sum(
            (carrier_times for (key, _channel), carrier_times in times.items() if key == carrier.pk), Counter()
        ):
            curves.append((carrier, estimate_survival(durations)))
    bar_ends = [curve.percentile(0.9) or curve.longest for _carrier, curve in curves if curve.sample_size >= MIN_SAMPLE]
    longest = max(1, *bar_ends, 1)
    return Figure(
        key="days",
        title=_("Working days to cancellation"),
        summary=_(
            "Dark: half of the cases confirmed. Light: nine in ten. Open cases count with the time they have "
            "waited so far."
        )
        if bar_ends
        else _("Not enough cases: at least five are needed for a figure."),
        headings=[_("Carrier"), _("Cases"), _("Half confirmed within"), _("Nine in ten confirmed within")],
        rows=[
            [str(c), f"{curve.sample_size:,}", percentile_text(curve, 0.5), percentile_text(curve, 0.9)]
            for c, curve in curves
        ],
        bars=[_days_bar(str(carrier), curve, longest) for carrier, curve in curves] if bar_ends else [],
    )


def _days_bar(name: str, curve: SurvivalCurve, longest: int) -> Bar:
    if curve.sample_size < MIN_SAMPLE:
        return Bar(name, _("not enough data"), "0")
    median, most = curve.median, curve.percentile(0.9)
    text = _("half: %(half)s · nine in ten: %(most)s") % {
        "half": percentile_text(curve, 0.5),
        "most": percentile_text(curve, 0.9),
    }
    reach = f"{100 * (median or 0) / longest:.1f}"
    return Bar(name, text, reach, f"{100 * (most if most is not None else longest) / longest:.1f}")


def percentile_text(curve: SurvivalCurve, share: float) -> str:
    """After how many working days this share is confirmed, in words."""
    if curve.sample_size < MIN_SAMPLE:
        return _("not enough data")
    day_count = curve.percentile(share)
    if day_count is None:
        return _("not reached")
    return ngettext("%(days)s working day", "%(days)s working days", day_count) % {"days": day_count}


def cost_of_delay_figure(lines: Sequence[CarrierCosts]) -> Figure:
    most = max((line.cost for line in lines), default=Decimal())
    total = sum((line.cost for line in lines), Decimal())
    return Figure(
        key="cost",
        title=_("Cost of delay"),
        summary=_("%(amount)s in total, by monthly fee") % {"amount": wording.format_yuan(total)},
        headings=[],
        rows=[],
        tone="late",
        bars=[Bar(str(line.carrier), wording.format_yuan(line.cost), f"{100 * line.cost / most:.1f}") for line in lines]
        if most
        else [],
    )


def curve_figure(key: str, name: str, scores: Scores, team: Scores) -> Figure:
    """The share confirmed by each working day, beside the team's."""
    confirmation_curve = scores.to_confirmed
    until = max(5, min(confirmation_curve.longest, _MAX_DAYS))
    return Figure(
        key=f"curve-{key}",
        title=_("Share confirmed by working day: %(carrier)s") % {"carrier": name},
        summary=_("half: %(half)s · nine in ten: %(most)s")
        % {"half": percentile_text(confirmation_curve, 0.5), "most": percentile_text(confirmation_curve, 0.9)}
        if scores.has_enough
        else _("Not enough cases: at least five are needed for a figure."),
        headings=[_("Working day"), _("Still open then"), _("Confirmed"), _("Confirmed by then")],
        rows=[
            [str(step.time), f"{step.at_risk:,}", f"{step.events:,}", percent(1 - step.survival)]
            for step in (confirmation_curve.steps if scores.has_enough else ())
        ],
        steps=chart_geometry.step_chart(confirmation_curve, team.to_confirmed, until) if scores.has_enough else None,
        axis_title=_("working days since first submission"),
    )


def percent(share: float) -> str:
    return f"{100 * share:.0f}%"
