"""The scores of carriers as tables: by carrier, by channel, reasons of returns, and the curve."""

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
_MAX_REASONS = 3


@dataclass(frozen=True)
class Cell:
    """A value under a heading and the sample size it was computed from; or why there is none."""

    heading: str
    value: str
    of: str = ""
    is_figure: bool = True


@dataclass(frozen=True)
class ScoreRow:
    """A row of the table: a carrier (with its slug) or a channel, and its values."""

    name: str
    cells: Sequence[Cell]
    slug: str = ""


@dataclass(frozen=True)
class CarrierSection:
    """The section of one carrier."""

    carrier: Carrier
    summary: str
    rows: Sequence[ScoreRow]
    reasons: Sequence[Bar]
    no_reasons: str
    curve: Figure


def column_headings() -> list[str]:
    """The headings of a table, in the order of `ScoreRow.cells`."""
    return [
        _("Cases"),
        _("Acknowledged or replied within 24 hours"),
        _("Replied within 3 working days"),
        _("Replied within 5 working days"),
        _("Half confirmed within"),
        _("Nine in ten confirmed within"),
        _("Promises kept"),
    ]


def carrier_rows(scoreboard: Scoreboard, carrier: Carrier | None) -> list[ScoreRow]:
    """A row for each carrier, or the selected one, and one for the whole team; none where there is only one carrier."""
    if len(scoreboard.carriers) < 2:
        return []
    rows = [
        _score_row(str(scores.carrier), scores.all, scores.carrier.slug)
        for scores in _selected_scores(scoreboard, carrier)
    ]
    return [*rows, _score_row(_("Whole team"), scoreboard.team)]


def carrier_sections(scoreboard: Scoreboard, carrier: Carrier | None) -> list[CarrierSection]:
    """A section for each carrier, or for the selected one."""
    return [_carrier_section(scores, scoreboard.team) for scores in _selected_scores(scoreboard, carrier)]


def _selected_scores(scoreboard: Scoreboard, carrier: Carrier | None) -> list[CarrierScores]:
    return [scores for scores in scoreboard.carriers if carrier in (None, scores.carrier)]


def _carrier_section(carrier_scores: CarrierScores, team: Scores) -> CarrierSection:
    return CarrierSection(
        carrier=carrier_scores.carrier,
        summary=channel_summary(
            {channel_scores.channel: channel_scores.to_confirmed for channel_scores in carrier_scores.channels}
        )
        or _("not enough data"),
        rows=[_score_row(channel_label(scores.channel), scores) for scores in carrier_scores.channels],
        reasons=_reason_bars(carrier_scores.all),
        no_reasons=_("Too few returned to count.") if carrier_scores.all.returned else _("None returned."),
        curve=statistics_charts.curve_figure(
            carrier_scores.carrier.slug, str(carrier_scores.carrier), carrier_scores.all, team
        ),
    )


def _score_row(name: str, scores: Scores, slug: str = "") -> ScoreRow:
    cases, in_a_day, in_three, in_five, half, most, promises = column_headings()
    cells = [
        Cell(cases, f"{scores.cases:,}"),
        _share_cell(in_a_day, scores.answered_24h),
        _share_cell(in_three, scores.answered_3_days),
        _share_cell(in_five, scores.answered_5_days),
        _percentile_cell(half, scores, 0.5),
        _percentile_cell(most, scores, 0.9),
        _share_cell(promises, scores.promises_kept),
    ]
    return ScoreRow(name, cells, slug)


def _share_cell(heading: str, share: Share) -> Cell:
    if share.percent is None:
        return Cell(heading, _("not enough data") if share.of else _("none"), is_figure=False)
    return Cell(heading, f"{share.percent}%", _("of %(count)s") % {"count": f"{share.of:,}"})


def _percentile_cell(heading: str, scores: Scores, share: float) -> Cell:
    curve = scores.to_confirmed
    is_reached = scores.has_enough and curve.percentile(share) is not None
    return Cell(heading, statistics_charts.percentile_text(curve, share), is_figure=is_reached)


def _reason_bars(scores: Scores) -> list[Bar]:
    """The most frequent reasons, of MIN_SAMPLE returns or more."""
    if scores.returned < MIN_SAMPLE:
        return []
    return [
        Bar(_reason_label(reason), f"{count:,}", f"{100 * count / scores.returned:.1f}")
        for reason, count in scores.reasons[:_MAX_REASONS]
    ]


def channel_label(value: str) -> str:
    return str(RequestChannel(value).label)


def _reason_label(value: str) -> str:
    return str(ReturnReason(value).label) if value in ReturnReason.values else _("Erased: reason no longer known")


def channel_summary(curves: Mapping[str, SurvivalCurve]) -> str:
    """'Branch: half confirmed after 4 days (12 cases) · Hotline: …', of channels with enough cases; or empty."""
    sentences = []
    for name, curve in sorted(curves.items(), key=lambda item: -item[1].sample_size):
        if curve.sample_size >= MIN_SAMPLE:
            cases = ngettext("%(count)s case", "%(count)s cases", curve.sample_size) % {
                "count": f"{curve.sample_size:,}"
            }
            values = {
                "channel": channel_label(name),
                "cases": cases,
                "days": statistics_charts.percentile_text(curve, 0.5),
            }
            if curve.median is None:
                sentences.append(_("%(channel)s: fewer than half confirmed (%(cases)s)") % values)
            else:
                sentences.append(_("%(channel)s: half confirmed within %(days)s (%(cases)s)") % values)
    return " · ".join(sentences)
