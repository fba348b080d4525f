"""Where the parts of a chart stand: the geometry that the templates under cases/charts draw as SVG.

Across, everything is in per cent of the picture's width, down in pixels: so a chart is as wide as its place, on a phone
as well, and its text keeps its size. No script, no style in it: colours are classes, which know the dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from cases.domain.kaplan_meier import SurvivalCurve

#: Where the plot begins and ends, down; beneath it is room for labels.
TOP, BOTTOM = 22, 172
#: Where it begins across: left of it stand the numbers of the lines.
LEFT = 11.0
_LINES = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a column: its tone (late, due, …) and how many it stands for."""

    tone: str
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column, from the bottom up; `words` is what it says when pointed at."""

    label: tuple[str, ...]
    parts: tuple[Part, ...]
    words: str
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
class Line:
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column as it is drawn: where to point, what it says, its parts, and the text at it."""

    hit: Rect
    words: str
    rects: tuple[Rect, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    height: int
    lines: tuple[Line, ...]
    drawn: tuple[Drawn, ...]


def round_ticks(top: int, most: int = _LINES) -> tuple[int, ...]:
    """From 0 by a round step (1, 2 or 5 and noughts) until nothing is higher, in at most so many steps."""
    step = next(n * 10**power for power in count() for n in (1, 2, 5) if n * 10**power * most >= top)
    steps = max(1, -(-top // step))
    return tuple(range(0, step * steps + 1, step))


def columns(given: Sequence[Column], *, every: int = 1, totals: bool = True) -> Columns:
    """Columns beside each other; a label at every so-manieth, counted from the last, and the totals on top."""
    ticks = round_ticks(max((column.total for column in given), default=0))
    rows = max((len(column.label) for column in given), default=1)
    scale = (BOTTOM - TOP) / ticks[-1]
    width = (100 - LEFT) / max(1, len(given))
    drawn = []
    for n, column in enumerate(given):
        x, y = LEFT + n * width, float(BOTTOM)
        rects = []
        for part in column.parts:
            if part.count:
                y -= part.count * scale
                rects.append(
                    Rect(_per(x + 0.12 * width), f"{y:.1f}", _per(0.76 * width), f"{part.count * scale:.1f}", part.tone)
                )
        middle = _per(x + width / 2)
        texts = []
        if (len(given) - 1 - n) % every == 0:
            texts += [
                Text(middle, str(BOTTOM + 16 + 14 * row), text, column.quiet) for row, text in enumerate(column.label)
            ]
        if totals and column.total:
            texts.append(Text(middle, f"{y - 4:.1f}", f"{column.total:,}"))
        hit = Rect(_per(x), str(TOP), _per(width), str(BOTTOM - TOP), "hit")
        drawn.append(Drawn(hit, column.words, tuple(rects), tuple(texts)))
    lines = tuple(Line(f"{BOTTOM - tick * scale:.1f}", f"{tick:,}") for tick in ticks)
    return Columns(BOTTOM + 8 + 15 * rows, lines, tuple(drawn))


@dataclass(frozen=True, slots=True)
class Steps:
    """Step curves in a field of `width` by 100, which is stretched from `top` on; lines and labels are not."""

    width: int
    top: int
    height: int
    path: str
    beside: str
    lines: tuple[Line, ...]
    ticks: tuple[Text, ...]


def steps(curve: SurvivalCurve, beside: SurvivalCurve, until: int) -> Steps:
    """How much is over by each day up to `until`, with another curve beside it to compare."""
    height = BOTTOM - TOP
    return Steps(
        width=until,
        top=TOP,
        height=height,
        path=_path(curve, until),
        beside=_path(beside, until),
        lines=tuple(Line(f"{BOTTOM - height * share / 100:.1f}", f"{share}%") for share in (0, 50, 100)),
        ticks=tuple(
            Text(_per(LEFT + (100 - LEFT) * tick / until), str(BOTTOM + 16), str(tick))
            for tick in round_ticks(until)
            if tick < until * 0.98
        ),
    )


def _path(curve: SurvivalCurve, until: int) -> str:
    """Along and up; it ends with the longest observation, after which nothing is known."""
    said = ["M0 100"]
    for step in curve.steps:
        if step.time > until:
            break
        said.append(f"H{step.time}V{100 * step.survival:.1f}")
    said.append(f"H{min(curve.longest, until)}")
    return "".join(said)


def _per(value: float) -> str:
    return f"{value:.2f}%"
