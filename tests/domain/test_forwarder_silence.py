"""When a phone has been silent for longer than usual: nights, weekends and holidays make none silent."""

from datetime import datetime, timedelta

import pytest

from cases.domain.forwarder_silence import MAX_ARRIVALS, add_arrival, is_silent
from tests.moments import CALENDAR, at


def silent(arrivals: list[str], now: str) -> bool:
    moments = [at(moment) for moment in arrivals]
    return is_silent(moments, moments[0] if moments else None, at(now), CALENDAR)


# Two a day, from Monday 2026-11-09 on; the longest pause is from 10:00 to 16:00, or through the night: 6 hours each.
BUSY = [f"2026-11-{day:02}T{hour}" for day in (13, 12, 11, 10, 9) for hour in ("16:00", "10:00")]


def test_a_phone_that_was_never_heard_of_is_not_silent() -> None:
    assert not silent([], "2026-11-20T12:00")


@pytest.mark.parametrize(
    ("now", "is_so"),
    [
        ("2026-11-13T20:59", False),
        ("2026-11-15T23:00", False),  # Sunday: 5 hours of Friday
        ("2026-11-16T16:00", False),  # 5 hours of Friday and 7 of Monday: twice the usual 6
        ("2026-11-16T16:01", True),
    ],
)
def test_twice_the_longest_pause_in_counted_hours(now: str, is_so: bool) -> None:
    assert silent(BUSY, now) is is_so


def test_a_flood_of_messages_makes_no_phone_silent_within_a_day() -> None:
    flood = [f"2026-11-10T{hour:02}:00" for hour in range(20, 9, -1)]
    assert not silent(flood, "2026-11-11T20:00")
    assert silent(flood, "2026-11-11T20:01")


def test_with_few_arrivals_three_working_days() -> None:
    few = ["2026-09-30T09:00", "2026-09-29T09:00"]
    # National Day: 1 to 7 October are off, the 8th and 9th work, and Saturday the 10th does.
    assert not silent(few, "2026-10-09T21:00")
    assert silent(few, "2026-10-10T09:01")


def test_a_rare_phone_may_be_silent_for_weeks() -> None:
    rare = [f"2026-{day}T10:00" for day in ("11-02", "10-12", "09-21", "09-01", "08-10", "07-20")]
    assert not silent(rare, "2026-11-27T10:00")
    assert silent(rare, "2027-01-20T10:00")


def test_the_longest_of_several_pauses_counts() -> None:
    """A week in October, and hours besides."""
    uneven = ["2026-11-09T12:00", "2026-11-09T10:00", "2026-11-02T10:00", "2026-11-02T09:00", "2026-10-30T20:00"]
    assert not silent([*uneven, "2026-10-30T18:00"], "2026-11-19T12:00")
    # With fewer than five pauses: three working days.
    assert silent(uneven, "2026-11-13T12:00")


def test_what_has_said_nothing_for_a_year_is_silent_however_slow() -> None:
    slow = [f"{year}-03-02T10:00" for year in (2026, 2025, 2024, 2023, 2022, 2021)]
    assert not silent(slow, "2027-03-03T10:00")
    assert silent(slow, "2027-03-03T10:01")


def test_years_without_a_calendar_have_their_weekdays() -> None:
    assert silent(["2002-03-01T10:00"], "2002-03-08T10:00")
    assert not silent(["2002-03-01T10:00"], "2002-03-04T10:00")
    assert silent(["2004-03-01T10:00"], "2026-03-08T10:00")


def test_arrivals_within_an_hour_count_as_one_and_few_are_kept() -> None:
    first = at("2026-11-09T10:00")
    assert add_arrival([], first) == [first]
    assert add_arrival([first], first + timedelta(minutes=59)) == [first]
    assert add_arrival([first], first + timedelta(hours=1)) == [first + timedelta(hours=1), first]
    kept: list[datetime] = []
    for hour in range(100):
        kept = add_arrival(kept, first + timedelta(hours=hour))
    assert (len(kept), kept[0]) == (MAX_ARRIVALS, first + timedelta(hours=99))
