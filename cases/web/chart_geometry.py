"""Geometry of the charts that the templates under cases/charts draw as SVG.

Horizontal values are per cent of the width, vertical ones pixels: a chart fills its container on a phone as well, and
its text keeps its size. Colours are classes, which follow the dark scheme; there is no script and no style.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from cases.domain.kaplan_meier import SurvivalCurve

#: Where the plot begins and ends, down; beneath it is room for labels.
TOP, BOTTOM = 22, 172
#: Where it begins across: left of it stand the numbers of the lines.
LEFT = 11.0
_MAX_TICKS = 4


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """A part of a column: its tone (late, due, …) and its count."""

    tone: str
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column, its parts from the bottom up; `text` is its tooltip."""

    label: tuple[str, ...]
    parts: tuple[ColumnPart, ...]
    text: str
    quiet: bool = False

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)


@dataclass(frozen=True, slots=True)
class Rect:
    x: str
    y: str
    width: str
    height: str
    tone: str


@dataclass(frozen=True, slots=True)
class Text:
    x: str
    y: str
    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class GridLine:
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """The shapes of a column: its hover area, tooltip, parts and labels."""

    hit: Rect
    text: str
    rects: tuple[Rect, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ColumnChart:
    height: int
    lines: tuple[GridLine, ...]
    columns: tuple[DrawnColumn, ...]


def round_ticks(top: int, max_steps: int = _MAX_TICKS) -> tuple[int, ...]:
    """Multiples of a round step (1, 2 or 5 times a power of ten) from 0 up to at least `top`, in at most `max_steps`
    steps."""
    step = next(n * 10**power for power in count() for n in (1, 2, 5) if n * 10**power * max_steps >= top)
    steps = max(1, -(-top // step))
    return tuple(range(0, step * steps + 1, step))


def column_chart(columns: Sequence[Column], *, every: int = 1, totals: bool = True, unit: int = 1) -> ColumnChart:
    """A column chart; every `every`-th column is labelled, counted from the last, and totals are on top. The numbers of
    the lines are in `unit`."""
    ticks = round_ticks(max((column.total for column in columns), default=0))
    rows = max((len(column.label) for column in columns), default=1)
    scale = (BOTTOM - TOP) / ticks[-1]
    width = (100 - LEFT) / max(1, len(columns))
    drawn_columns = []
    for index, column in enumerate(columns):
        x, y = LEFT + index * width, float(BOTTOM)
        rects = []
        for part in column.parts:
            if part.count:
                y -= part.count * scale
                rects.append(
                    Rect(
                        _percent(x + 0.12 * width),
                        f"{y:.1f}",
                        _percent(0.76 * width),
                        f"{part.count * scale:.1f}",
                        part.tone,
                    )
                )
        middle = _percent(x + width / 2)
        texts = []
        if (len(columns) - 1 - index) % every == 0:
            texts += [
                Text(middle, str(BOTTOM + 16 + 14 * row), text, column.quiet) for row, text in enumerate(column.label)
            ]
        if totals and column.total:
            texts.append(Text(middle, f"{y - 4:.1f}", f"{column.total:,}"))
        hit = Rect(_percent(x), str(TOP), _percent(width), str(BOTTOM - TOP), "hit")
        drawn_columns.append(DrawnColumn(hit, column.text, tuple(rects), tuple(texts)))
    lines = tuple(GridLine(f"{BOTTOM - tick * scale:.1f}", _in_unit(tick, unit)) for tick in ticks)
    return ColumnChart(BOTTOM + 8 + 15 * rows, lines, tuple(drawn_columns))


def _in_unit(value: int, unit: int) -> str:
    return f"{value:,}" if unit == 1 else f"{value / unit:g}"


@dataclass(frozen=True, slots=True)
class StepChart:
    """Step curves in a viewBox of `width` by 100, stretched to the plot from `top` on; grid lines and labels are not
    stretched."""

    width: int
    top: int
    height: int
    path: str
    comparison_path: str
    lines: tuple[GridLine, ...]
    ticks: tuple[Text, ...]


def step_chart(curve: SurvivalCurve, comparison: SurvivalCurve, until: int) -> StepChart:
    """The share that is confirmed by each day up to `until`, with another curve to compare."""
    height = BOTTOM - TOP
    return StepChart(
        width=until,
        top=TOP,
        height=height,
        path=_svg_path(curve, until),
        comparison_path=_svg_path(comparison, until),
        lines=tuple(GridLine(f"{BOTTOM - height * share / 100:.1f}", f"{share}%") for share in (0, 50, 100)),
        ticks=tuple(
            Text(_percent(LEFT + (100 - LEFT) * tick / until), str(BOTTOM + 16), str(tick))
            for tick in round_ticks(until)
            if tick < until * 0.98
        ),
    )


def _svg_path(curve: SurvivalCurve, until: int) -> str:
    """The path of a curve; it ends at the longest observation, beyond which nothing is known."""
    commands = ["M0 100"]
    for step in curve.steps:
        if step.time > until:
            break
        commands.append(f"H{step.time}V{100 * step.survival:.1f}")
    commands.append(f"H{min(curve.longest, until)}")
    return "".join(commands)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
