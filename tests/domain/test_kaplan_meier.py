"""Kaplan–Meier against published numbers, and what holds of every such curve."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.kaplan_meier import SurvivalCurve, estimate_survival


def curve(told: str) -> SurvivalCurve:
    """From the notation of the books: '6 6 6+ 7', where + is censored."""
    return estimate_survival(Counter((int(one.rstrip("+")), not one.endswith("+")) for one in told.split()))


# Freireich et al., 'The effect of 6-mercaptopurine on the duration of steroid-induced remissions in acute leukemia',
# Blood 21 (1963), 699–716: weeks of remission. The estimates as in Kleinbaum and Klein, 'Survival Analysis', and in
# Cox and Oakes, 'Analysis of Survival Data'.
MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
# Miller, 'Survival Analysis' (1981), page 49: acute myelogenous leukaemia, weeks, with and without maintenance. The
# estimates as R's survival package prints them for its data set `aml`.
MAINTAINED = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+"
NOT_MAINTAINED = "5 5 8 8 12 16+ 23 27 30 33 43 45"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            MERCAPTOPURINE,
            [
                (6, 21, 3, 0.857),
                (7, 17, 1, 0.807),
                (10, 15, 1, 0.753),
                (13, 12, 1, 0.690),
                (16, 11, 1, 0.627),
                (22, 7, 1, 0.538),
                (23, 6, 1, 0.448),
            ],
        ),
        (
            PLACEBO,
            [
                (1, 21, 2, 0.905),
                (2, 19, 2, 0.810),
                (3, 17, 1, 0.762),
                (4, 16, 2, 0.667),
                (5, 14, 2, 0.571),
                (8, 12, 4, 0.381),
                (11, 8, 2, 0.286),
                (12, 6, 2, 0.190),
                (15, 4, 1, 0.143),
                (17, 3, 1, 0.095),
                (22, 2, 1, 0.048),
                (23, 1, 1, 0.000),
            ],
        ),
        (
            MAINTAINED,
            [
                (9, 11, 1, 0.909),
                (13, 10, 1, 0.818),
                (18, 8, 1, 0.716),
                (23, 7, 1, 0.614),
                (31, 5, 1, 0.491),
                (34, 4, 1, 0.368),
                (48, 2, 1, 0.184),
            ],
        ),
        (
            NOT_MAINTAINED,
            [
                (5, 12, 2, 0.833),
                (8, 10, 2, 0.667),
                (12, 8, 1, 0.583),
                (23, 6, 1, 0.486),
                (27, 5, 1, 0.389),
                (30, 4, 1, 0.292),
                (33, 3, 1, 0.194),
                (43, 2, 1, 0.097),
                (45, 1, 1, 0.000),
            ],
        ),
    ],
    ids=["6-MP", "placebo", "maintained", "not maintained"],
)
def test_published_curves(told: str, expected: list[tuple[int, int, int, float]]) -> None:
    assert [(s.time, s.at_risk, s.events, round(s.survival, 3)) for s in curve(told).steps] == expected


def test_published_medians() -> None:
    assert [curve(told).median for told in (MERCAPTOPURINE, PLACEBO, MAINTAINED, NOT_MAINTAINED)] == [23, 8, 31, 23]


def test_a_percentile_that_the_curve_does_not_reach_is_not_known() -> None:
    assert curve(MERCAPTOPURINE).percentile(0.9) is None
    assert curve(MERCAPTOPURINE).percentile(0.55) == 23
    assert curve(MERCAPTOPURINE).percentile(0.56) is None
    assert curve(PLACEBO).percentile(0.9) == 17
    assert curve("3+ 4+ 5+").median is None


def test_between_the_steps_it_is_flat() -> None:
    its = curve(MERCAPTOPURINE)
    assert [round(its.survival(t), 3) for t in (0, 5, 6, 9, 22, 23, 35, 999)] == [
        1.0,
        1.0,
        0.857,
        0.807,
        0.538,
        0.448,
        0.448,
        0.448,
    ]
    assert (its.sample_size, its.longest) == (21, 35)


def test_what_is_censored_at_the_time_of_an_event_was_at_risk() -> None:
    # Censored first it would be 1/2 at time 1.
    assert [(s.at_risk, s.survival) for s in curve("1 1+ 2").steps] == [(3, 2 / 3), (1, 0.0)]


def test_a_share_that_is_reached_exactly_counts_as_reached() -> None:
    assert curve("1 2 3 4").median == 2
    # 9/10 · 8/9 · … in floats is not exactly 0.1 everywhere.
    assert curve("1 2 3 4 5 6 7 8 9 10").percentile(0.9) == 9


def test_nothing_observed() -> None:
    its = estimate_survival({})
    assert (its.steps, its.sample_size, its.longest, its.median, its.survival(3)) == ((), 0, 0, None, 1.0)


def test_nothing_takes_less_than_no_time() -> None:
    with pytest.raises(ValueError):
        estimate_survival({(-1, True): 1})


observations = st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=60)


@given(observations)
def test_it_falls_only_at_events_and_stays_a_share(observed: list[tuple[int, bool]]) -> None:
    its = estimate_survival(Counter(observed))
    levels = [1.0, *(step.survival for step in its.steps)]
    assert all(0 <= lower < higher for higher, lower in pairwise(levels))
    assert [step.time for step in its.steps] == sorted({time for time, is_event in observed if is_event})


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_without_censoring_it_is_the_share_that_takes_longer(times: list[int]) -> None:
    its = estimate_survival(Counter((time, True) for time in times))
    for time in range(62):
        assert its.survival(time) == pytest.approx(sum(t > time for t in times) / len(times))
    assert its.median == sorted(times)[(len(times) + 1) // 2 - 1]


@given(observations, st.integers(0, 60))
def test_it_never_lies_below_what_leaving_the_open_ones_out_gives(observed: list[tuple[int, bool]], time: int) -> None:
    over = [t for t, is_event in observed if is_event]
    if over:
        naive = sum(t > time for t in over) / len(over)
        assert estimate_survival(Counter(observed)).survival(time) >= naive - 1e-9


@given(observations, st.sampled_from([0.1, 0.5, 0.9]))
def test_a_percentile_is_the_first_time_by_which_that_share_is_over(
    observed: list[tuple[int, bool]], share: float
) -> None:
    its = estimate_survival(Counter(observed))
    time = its.percentile(share)
    if time is None:
        assert its.survival(60) > 1 - share
    else:
        assert its.survival(time) <= 1 - share + 1e-9
        assert its.survival(time - 1) > 1 - share


@given(observations, st.integers(1, 5))
def test_many_alike_are_counted_and_not_told_one_by_one(observed: list[tuple[int, bool]], times: int) -> None:
    once, often = estimate_survival(Counter(observed)), estimate_survival(Counter(observed * times))
    assert [s.survival for s in often.steps] == pytest.approx([s.survival for s in once.steps])
    assert often.sample_size == times * once.sample_size
