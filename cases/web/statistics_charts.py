"""The figures of the statistics: what each says in a sentence, its picture, and its numbers as a table."""

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

#: Columns that are that few have room for a number on each.
_ROOM = 14
#: Labels that stand beside each other under columns.
_LABELS = 6
#: How far a curve is drawn, in working days, at most.
_FARTHEST = 60
_TONES = {
    StandingKind.OVERDUE: "late",
    StandingKind.TO_VERIFY: "due",
    StandingKind.RETURNED: "returned",
    StandingKind.WAITING: "waiting",
    StandingKind.DRAFT: "quiet",
}


@dataclass(frozen=True)
class Key:
    """A tone, and what it stands for."""

    tone: str
    label: str


@dataclass(frozen=True)
class Bar:
    """A carrier's line: what it says, and how far its bar reaches, of 100; the lighter one reaches farther."""

    label: str
    words: str
    reach: str
    lighter: str = "0"


@dataclass(frozen=True)
class Figure:
    """One of `columns`, `bars` and `steps` is its picture; where it has none, `words` says why."""

    key: str
    title: str
    words: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    columns: chart_geometry.Columns | None = None
    bars: Sequence[Bar] = ()
    tone: str = "waiting"
    steps: chart_geometry.Steps | None = None
    keys: Sequence[Key] = ()
    #: What stands under the picture, along it.
    along: str = ""


def standing(kind: StandingKind) -> str:
    """A standing's name, as the work list has it."""
    return {
        StandingKind.OVERDUE: _("Overdue"),
        StandingKind.TO_VERIFY: _("To verify"),
        StandingKind.RETURNED: _("Returned"),
        StandingKind.WAITING: _("Waiting"),
        StandingKind.DRAFT: _("In preparation"),
    }[kind]


def open_by_age(its: Overview) -> Figure:
    said = ngettext("%(count)s open case", "%(count)s open cases", its.open) % {"count": f"{its.open:,}"}
    told = [f"{standing(kind)} {count:,}" for kind, count in its.standings.items() if count]
    drawn = [
        chart_geometry.Column(
            label=(_age(age),),
            parts=tuple(chart_geometry.Part(_TONES[kind], age.counts[kind]) for kind in STANDINGS),
            words=wording.listed(f"{standing(kind)} {count:,}" for kind, count in age.counts.items() if count),
        )
        for age in its.ages
    ]
    return Figure(
        key="open",
        title=_("Open cases by age"),
        words=_("%(label)s: %(value)s") % {"label": said, "value": wording.listed(told)} if told else said,
        head=[_("Working days"), *map(standing, STANDINGS), _("All")],
        rows=[[_age(age), *(f"{age.counts[kind]:,}" for kind in STANDINGS), f"{age.total:,}"] for age in its.ages],
        columns=chart_geometry.columns(drawn) if its.open else None,
        keys=[Key(_TONES[kind], standing(kind)) for kind, count in its.standings.items() if count],
        along=_("working days since it was handed in, or noted"),
    )


def _age(age: Age) -> str:
    return f"{age.first}–{age.last}" if age.last is not None else f"≥ {age.first}"


def falls_due(due: Sequence[DueDay]) -> Figure:
    total, promised = sum(one.by_terms + one.promised for one in due), sum(one.promised for one in due)
    said = ngettext("%(count)s answer", "%(count)s answers", total) % {"count": f"{total:,}"}
    if promised:
        said = _("%(answers)s, of which %(count)s promised") % {"answers": said, "count": f"{promised:,}"}
    marked = any(map(_mark, due))
    drawn = [
        chart_geometry.Column(
            label=(str(one.day.date.day), _weekday(one.day.date), *([_mark(one)] if marked else [])),
            parts=(chart_geometry.Part("waiting", one.by_terms), chart_geometry.Part("due", one.promised)),
            words=f"{wording.day(one.day.date)}: {one.by_terms + one.promised:,}",
            quiet=not one.day.working,
        )
        for one in due
    ]
    return Figure(
        key="due",
        title=_("Answers due in the next ten working days"),
        words=said if total else _("Nothing falls due."),
        head=[_("Day"), _("By the carrier’s terms"), _("Promised")],
        rows=[[_named(one), f"{one.by_terms:,}", f"{one.promised:,}"] for one in due],
        columns=chart_geometry.columns(drawn) if total else None,
        keys=[Key("waiting", _("By the carrier’s terms")), *([Key("due", _("Promised"))] if promised else [])],
        along=f"{wording.day(due[0].day.date)} – {wording.day(due[-1].day.date)}" if due else "",
    )


def _weekday(day: date) -> str:
    """'Fr', '五': short enough for a column on a phone."""
    return date_format(day, "D").removeprefix("周")[:2]


def _mark(one: DueDay) -> str:
    """As calendars in China mark them: a weekend day that works, and a day that does not."""
    if one.day.kind in (DayKind.MAKE_UP, DayKind.OPENED):
        return pgettext("mark of a make-up working day in a calendar", "works")
    return "" if one.day.working else pgettext("on a day of the strip", "off")


def _named(one: DueDay) -> str:
    mark = _mark(one)
    return f"{wording.day(one.day.date)} ({mark})" if mark else wording.day(one.day.date)


def confirmed_by_week(weeks: Sequence[Week]) -> Figure:
    total = sum(week.confirmed for week in weeks)
    said = ngettext("%(count)s number found cancelled", "%(count)s numbers found cancelled", total)
    drawn = [
        chart_geometry.Column(
            label=(f"{week.monday.month}/{week.monday.day}",),
            parts=(chart_geometry.Part("done", week.confirmed),),
            words=f"{_week(week)}: {week.confirmed:,}",
        )
        for week in weeks
    ]
    every = -(-len(weeks) // _LABELS)
    return Figure(
        key="confirmed",
        title=_("Confirmed per week"),
        words=_("%(numbers)s in %(weeks)s weeks; the last one is not over.")
        % {"numbers": said % {"count": f"{total:,}"}, "weeks": len(weeks)},
        head=[_("Week from"), _("Confirmed")],
        rows=[[wording.day(week.monday), f"{week.confirmed:,}"] for week in reversed(weeks)],
        columns=chart_geometry.columns(drawn, every=every, totals=len(weeks) <= _ROOM) if total else None,
        along=_("weeks by their Mondays"),
    )


def _week(week: Week) -> str:
    return _("Week from %(day)s") % {"day": wording.day(week.monday)}


def days_by_carrier(carriers: Sequence[Carrier], times: Mapping[tuple[int, str], Times]) -> Figure:
    known = []
    for carrier in carriers:
        if observed := sum((each for (key, _channel), each in times.items() if key == carrier.pk), Counter()):
            known.append((carrier, estimate_survival(observed)))
    reached = [curve.percentile(0.9) or curve.longest for _carrier, curve in known if curve.sample_size >= MIN_SAMPLE]
    longest = max(1, *reached, 1)
    return Figure(
        key="days",
        title=_("Working days to the confirmation"),
        words=_("Full: half of the cases are confirmed; faint: nine in ten. Open cases count for as long as they wait.")
        if reached
        else _("Too few cases: no figure is made from fewer than five."),
        head=[_("Carrier"), _("Cases"), _("Half confirmed after"), _("Nine in ten after")],
        rows=[[str(c), f"{curve.sample_size:,}", days(curve, 0.5), days(curve, 0.9)] for c, curve in known],
        bars=[_days_bar(str(carrier), curve, longest) for carrier, curve in known] if reached else [],
    )


def _days_bar(name: str, curve: SurvivalCurve, longest: int) -> Bar:
    if curve.sample_size < MIN_SAMPLE:
        return Bar(name, _("too few"), "0")
    median, most = curve.median, curve.percentile(0.9)
    said = _("half: %(half)s · nine in ten: %(most)s") % {"half": days(curve, 0.5), "most": days(curve, 0.9)}
    reach = f"{100 * (median or 0) / longest:.1f}"
    return Bar(name, said, reach, f"{100 * (most if most is not None else longest) / longest:.1f}")


def days(curve: SurvivalCurve, share: float) -> str:
    """After how many working days this share is confirmed, in words."""
    if curve.sample_size < MIN_SAMPLE:
        return _("too few")
    found = curve.percentile(share)
    if found is None:
        return _("not reached")
    return ngettext("%(days)s day", "%(days)s days", found) % {"days": found}


def cost_of_delay(lines: Sequence[CarrierCosts]) -> Figure:
    most = max((line.cost for line in lines), default=Decimal())
    total = sum((line.cost for line in lines), Decimal())
    return Figure(
        key="cost",
        title=_("Cost of delay"),
        words=_("%(amount)s in all, by the monthly fee") % {"amount": wording.yuan(total)},
        head=[],
        rows=[],
        tone="late",
        bars=[Bar(str(line.carrier), wording.yuan(line.cost), f"{100 * line.cost / most:.1f}") for line in lines]
        if most
        else [],
    )


def curve(key: str, name: str, scores: Scores, team: Scores) -> Figure:
    """How many are confirmed by which working day, beside the team's."""
    its = scores.to_confirmed
    until = max(5, min(its.longest, _FARTHEST))
    return Figure(
        key=f"curve-{key}",
        title=_("Confirmed by working day: %(carrier)s") % {"carrier": name},
        words=_("half: %(half)s · nine in ten: %(most)s") % {"half": days(its, 0.5), "most": days(its, 0.9)}
        if scores.has_enough
        else _("Too few cases: no figure is made from fewer than five."),
        head=[_("Working day"), _("Still open then"), _("Confirmed"), _("Confirmed by then")],
        rows=[
            [str(step.time), f"{step.at_risk:,}", f"{step.events:,}", percent(1 - step.survival)]
            for step in (its.steps if scores.has_enough else ())
        ],
        steps=chart_geometry.steps(its, team.to_confirmed, until) if scores.has_enough else None,
        along=_("working days since it was first handed in"),
    )


def percent(share: float) -> str:
    return f"{100 * share:.0f}%"
