"""The carriers' scores in words: a table of channels, why requests came back, and the curve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.domain.kaplan_meier import SurvivalCurve
from cases.models import Carrier
from cases.models.choices import RequestChannel, ReturnReason
from cases.selectors.statistics.scoreboard import MIN_SAMPLE, CarrierScores, Scoreboard, Scores, Share
from cases.web import statistics_charts
from cases.web.statistics_charts import Bar, Figure

#: So many reasons are told of each carrier.
_REASONS = 3


@dataclass(frozen=True)
class Cell:
    """What stands under a head: a figure, and of how many it was made; or why there is none."""

    head: str
    value: str
    of: str = ""
    is_figure: bool = True


@dataclass(frozen=True)
class Row:
    """A line of the table: a carrier (its short name) or a channel, and its figures."""

    name: str
    cells: Sequence[Cell]
    slug: str = ""


@dataclass(frozen=True)
class Board:
    """One carrier's part of the page."""

    carrier: Carrier
    words: str
    rows: Sequence[Row]
    reasons: Sequence[Bar]
    no_reasons: str
    curve: Figure


def heads() -> list[str]:
    """The heads of a board's columns, as `Row.cells` has them."""
    return [
        _("Cases"),
        _("Registered or answered in 24 hours"),
        _("Answered in 3 working days"),
        _("Answered in 5 working days"),
        _("Half confirmed after"),
        _("Nine in ten after"),
        _("Promises kept"),
    ]


def carriers(its: Scoreboard, chosen: Carrier | None) -> list[Row]:
    """A line for each carrier, or the one that was chosen, and for the whole team; none where there is but one."""
    if len(its.carriers) < 2:
        return []
    rows = [_row(str(one.carrier), one.all, one.carrier.slug) for one in _shown(its, chosen)]
    return [*rows, _row(_("The whole team"), its.team)]


def boards(its: Scoreboard, chosen: Carrier | None) -> list[Board]:
    """A part for each carrier, or the one that was chosen."""
    return [_board(one, its.team) for one in _shown(its, chosen)]


def _shown(its: Scoreboard, chosen: Carrier | None) -> list[CarrierScores]:
    return [one for one in its.carriers if chosen in (None, one.carrier)]


def _board(one: CarrierScores, team: Scores) -> Board:
    return Board(
        carrier=one.carrier,
        words=by_channel({each.channel: each.to_confirmed for each in one.channels}) or _("too few"),
        rows=[_row(channel(scores.channel), scores) for scores in one.channels],
        reasons=_reasons(one.all),
        no_reasons=_("Too few were sent back.") if one.all.returned else _("None was sent back."),
        curve=statistics_charts.curve(one.carrier.slug, str(one.carrier), one.all, team),
    )


def _row(name: str, scores: Scores, slug: str = "") -> Row:
    cases, in_a_day, in_three, in_five, half, most, promises = heads()
    cells = [
        Cell(cases, f"{scores.cases:,}"),
        _share(in_a_day, scores.answered_24h),
        _share(in_three, scores.answered_3_days),
        _share(in_five, scores.answered_5_days),
        _days(half, scores, 0.5),
        _days(most, scores, 0.9),
        _share(promises, scores.promises_kept),
    ]
    return Row(name, cells, slug)


def _share(head: str, share: Share) -> Cell:
    if share.percent is None:
        return Cell(head, _("too few") if share.of else _("none"), is_figure=False)
    return Cell(head, f"{share.percent}%", _("of %(count)s") % {"count": f"{share.of:,}"})


def _days(head: str, scores: Scores, share: float) -> Cell:
    its = scores.to_confirmed
    reached = scores.has_enough and its.percentile(share) is not None
    return Cell(head, statistics_charts.days(its, share), is_figure=reached)


def _reasons(scores: Scores) -> list[Bar]:
    """The most frequent reasons of five returns or more."""
    if scores.returned < MIN_SAMPLE:
        return []
    return [
        Bar(_reason(why), f"{count:,}", f"{100 * count / scores.returned:.1f}")
        for why, count in scores.reasons[:_REASONS]
    ]


def channel(value: str) -> str:
    return str(RequestChannel(value).label)


def _reason(value: str) -> str:
    return str(ReturnReason(value).label) if value in ReturnReason.values else _("Erased: not known any more")


def by_channel(curves: Mapping[str, SurvivalCurve]) -> str:
    """'Branch: half confirmed after 4 days (12 cases) · Hotline: …', of the channels with enough; or empty."""
    told = []
    for name, curve in sorted(curves.items(), key=lambda one: -one[1].sample_size):
        if curve.sample_size >= MIN_SAMPLE:
            cases = ngettext("%(count)s case", "%(count)s cases", curve.sample_size) % {"count": f"{curve.sample_size:,}"}
            said = {"channel": channel(name), "cases": cases, "days": statistics_charts.days(curve, 0.5)}
            if curve.median is None:
                told.append(_("%(channel)s: fewer than half are confirmed (%(cases)s)") % said)
            else:
                told.append(_("%(channel)s: half confirmed after %(days)s (%(cases)s)") % said)
    return " · ".join(told)
