"""When a person gets reminders: domain.md, 'People get reminders in the hours they chose'."""

from datetime import UTC, datetime, time

import pytest

from cases.domain.business_days import YearNotCovered
from cases.domain.reminders import NotificationHours, next_moment
from tests.moments import CALENDAR, at


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-24 00:00", "2026-11-24 09:00"),
        ("2026-11-24 09:00", "2026-11-24 09:00"),
        ("2026-11-24 14:12", "2026-11-24 14:12"),
        ("2026-11-24 20:59:59", "2026-11-24 20:59:59"),
        ("2026-11-24 21:00", "2026-11-25 09:00"),
        ("2026-11-20 22:30", "2026-11-23 09:00"),  # Friday night
        ("2026-11-21 14:00", "2026-11-23 09:00"),  # Saturday
        ("2026-10-10 14:00", "2026-10-10 14:00"),  # a Saturday that works
        ("2026-09-30 21:30", "2026-10-08 09:00"),
        ("2026-10-07 23:00", "2026-10-08 09:00"),
    ],
)
def test_working_hours(moment: str, expected: str) -> None:
    assert next_moment(at(moment), NotificationHours(), CALENDAR) == at(expected)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-01 14:00", "2026-10-01 14:00"),
        ("2026-10-01 03:00", "2026-10-01 09:00"),
        ("2026-09-30 21:30", "2026-10-01 09:00"),
    ],
)
def test_days_off_for_who_wants_them(moment: str, expected: str) -> None:
    assert next_moment(at(moment), NotificationHours(days_off=True), CALENDAR) == at(expected)


def test_own_hours() -> None:
    hours = NotificationHours(start=time(10, 15), end=time(12))
    assert next_moment(at("2026-11-24 09:30"), hours, CALENDAR) == at("2026-11-24 10:15")
    assert next_moment(at("2026-11-24 12:00"), hours, CALENDAR) == at("2026-11-25 10:15")


def test_the_clock_is_that_of_shanghai() -> None:
    found = next_moment(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), NotificationHours(), CALENDAR)
    assert found.isoformat() == "2026-11-24T09:00:00+08:00"


@pytest.mark.parametrize(("start", "end"), [(time(9), time(9)), (time(21), time(9))])
def test_hours_that_end_before_they_start_are_refused(start: time, end: time) -> None:
    with pytest.raises(ValueError):
        NotificationHours(start=start, end=end)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError):
        next_moment(datetime(2026, 11, 24, 9, 0), NotificationHours(), CALENDAR)


def test_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(YearNotCovered):
        next_moment(at("2027-12-31 22:00"), NotificationHours(), CALENDAR)
