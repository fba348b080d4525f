"""The geometry of the charts, by numbers worked out by hand."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.kaplan_meier import estimate_survival
from cases.web.chart_geometry import BOTTOM, LEFT, TOP, Column, ColumnPart, column_chart, round_ticks, step_chart


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (5, (0, 2, 4, 6)),
        (14, (0, 5, 10, 15)),
        (24, (0, 10, 20, 30)),
        (69, (0, 20, 40, 60, 80)),
        (16_928, (0, 5_000, 10_000, 15_000, 20_000)),
    ],
)
def test_lines_stand_at_round_numbers(top: int, ticks: tuple[int, ...]) -> None:
    assert round_ticks(top) == ticks


@given(st.integers(0, 10**9))
def test_there_are_few_lines_and_the_highest_column_fits(top: int) -> None:
    ticks = round_ticks(top)
    assert 2 <= len(ticks) <= 5
    assert ticks[-1] >= top
    assert {b - a for a, b in pairwise(ticks)} == {ticks[1]}
    assert str(ticks[1]).rstrip("0") in ("1", "2", "5")


def column(label: str, *counts: int) -> Column:
    return Column((label,), tuple(ColumnPart(tone, n) for tone, n in zip(("late", "due"), counts, strict=False)), label)


def test_parts_stand_on_each_other_and_the_total_above() -> None:
    chart = column_chart([column("a", 30, 10), column("b")])
    assert [(line.y, line.text) for line in chart.lines] == [
        ("172.0", "0"),
        ("134.5", "10"),
        ("97.0", "20"),
        ("59.5", "30"),
        ("22.0", "40"),
    ]
    first, second = chart.columns
    assert [(part.tone, part.y, part.height) for part in first.rects] == [
        ("late", "59.5", "112.5"),
        ("due", "22.0", "37.5"),
    ]
    assert [(text.text, text.y) for text in first.texts] == [("a", "188"), ("40", "18.0")]
    # Two columns share what the numbers of the lines leave: 44.5% each, of which 76% are drawn.
    assert next((part.x, part.width) for part in first.rects) == ("16.34%", "33.82%")
    assert (second.rects, [text.text for text in second.texts]) == ((), ["b"])


def test_of_many_labels_every_so_manieth_is_shown_the_last_one_too() -> None:
    chart = column_chart([column(str(n), 1) for n in range(26)], every=5, totals=False)
    assert [text.text for drawn in chart.columns for text in drawn.texts] == ["0", "5", "10", "15", "20", "25"]


def test_no_columns_at_all() -> None:
    chart = column_chart([])
    assert ([line.text for line in chart.lines], chart.columns) == (["0", "1"], ())


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_everything_stands_within_the_picture(counts: list[int]) -> None:
    for drawn in column_chart([column("", n) for n in counts]).columns:
        for rect in drawn.rects:
            left, width = float(rect.x.rstrip("%")), float(rect.width.rstrip("%"))
            assert LEFT <= left < left + width <= 100
            assert TOP - 0.1 <= float(rect.y) <= float(rect.y) + float(rect.height) <= BOTTOM + 0.1


def test_a_curve_goes_along_and_up_as_far_as_anything_was_observed() -> None:
    curve = estimate_survival(Counter({(2, True): 1, (4, True): 1, (9, False): 2}))
    chart = step_chart(curve, estimate_survival({}), 20)
    assert (chart.path, chart.comparison_path) == ("M0 100H2V75.0H4V50.0H9", "M0 100H0")
    assert [(tick.text, tick.x) for tick in chart.ticks] == [
        ("0", "11.00%"),
        ("5", "33.25%"),
        ("10", "55.50%"),
        ("15", "77.75%"),
    ]
    assert step_chart(curve, curve, 3).path == "M0 100H2V75.0H3"  # cut where the picture ends


def test_the_numbers_of_the_lines_in_a_unit() -> None:
    chart = column_chart([Column(("1",), (ColumnPart("done", 25_000),), "")], totals=False, unit=10_000)
    assert [line.text for line in chart.lines] == ["0", "1", "2", "3"]
    chart = column_chart([Column(("1",), (ColumnPart("done", 12_000),), "")], totals=False, unit=10_000)
    assert [line.text for line in chart.lines] == ["0", "0.5", "1", "1.5"]
