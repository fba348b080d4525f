"""Overdue, due today, how late, and how long still."""

import pytest

from cases.domain.deadlines import (
    is_due_today,
    is_overdue,
    last_day,
    nth_late_day,
    working_days_late,
    working_days_left,
)
from tests.moments import CALENDAR, at, on

#: The end of Tuesday 2026-10-13.
REPLY_BY = at("2026-10-14 00:00")


@pytest.mark.parametrize(
    ("now", "overdue", "due_today"),
    [
        ("2026-10-12 23:59", False, False),
        ("2026-10-13 00:00", False, True),
        ("2026-10-13 23:59:59.999999", False, True),
        ("2026-10-14 00:00", True, False),
        ("2026-10-14 00:01", True, False),
    ],
)
def test_the_whole_last_day_is_in_time(now: str, overdue: bool, due_today: bool) -> None:
    assert is_overdue(REPLY_BY, at(now)) is overdue
    assert is_due_today(REPLY_BY, at(now)) is due_today


def test_the_last_day_of_a_deadline_at_midnight_is_the_day_before() -> None:
    assert last_day(REPLY_BY) == on("2026-10-13")
    assert last_day(at("2026-10-13 15:00")) == on("2026-10-13")


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-10-13 23:59", 0),
        ("2026-10-14 00:00", 1),
        ("2026-10-14 23:59", 1),
        ("2026-10-16 09:00", 3),
        ("2026-10-18 12:00", 3),
        ("2026-10-19 00:00", 4),
    ],
)
def test_late_days_are_working_days_and_include_today(now: str, days: int) -> None:
    assert working_days_late(REPLY_BY, at(now), CALENDAR) == days


def test_on_a_holiday_a_case_is_overdue_by_no_working_day() -> None:
    holiday = at("2026-10-01 00:00")  # the end of Wednesday 09-30
    assert is_overdue(holiday, at("2026-10-03 12:00"))
    assert working_days_late(holiday, at("2026-10-03 12:00"), CALENDAR) == 0
    assert working_days_late(holiday, at("2026-10-08 00:00"), CALENDAR) == 1


def test_late_day_one_is_the_first_working_day_at_or_after_the_deadline() -> None:
    assert nth_late_day(REPLY_BY, 1, CALENDAR) == on("2026-10-14")
    assert nth_late_day(REPLY_BY, 4, CALENDAR) == on("2026-10-19")
    assert nth_late_day(at("2026-10-01 00:00"), 1, CALENDAR) == on("2026-10-08")
    assert nth_late_day(at("2026-02-28 00:00"), 1, CALENDAR) == on("2026-02-28")  # a Saturday that works


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-09-30 15:00", 5),
        ("2026-10-07 12:00", 5),
        ("2026-10-09 23:59", 3),
        ("2026-10-11 12:00", 2),
        ("2026-10-12 00:00", 1),
        ("2026-10-13 08:00", 0),
        ("2026-10-20 08:00", 0),
    ],
)
def test_days_left_are_the_working_days_after_today(now: str, days: int) -> None:
    assert working_days_left(REPLY_BY, at(now), CALENDAR) == days


def test_lateness_is_counted_as_far_as_the_calendar_reaches() -> None:
    # A page that says 'late' does not fail on the first day that no schedule covers.
    at_the_end = working_days_late(REPLY_BY, at("2027-12-31 09:00"), CALENDAR)
    assert working_days_late(REPLY_BY, at("2028-01-03 09:00"), CALENDAR) == at_the_end > 300
