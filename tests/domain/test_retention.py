"""When a closed case may be erased (domain.md, 'Retention')."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.retention import erasure_day, erasure_notice_day, is_erasure_due, latest_closing_day, retain_until
from tests.moments import at, on


@pytest.mark.parametrize(
    ("closed", "months", "until"),
    [
        ("2026-10-15T09:00", 12, "2027-10-15"),
        ("2026-08-31T23:59", 6, "2027-02-28"),  # February has no 31st
        ("2023-08-31T12:00", 6, "2024-02-29"),
        ("2026-12-31T12:00", 24, "2028-12-31"),
        ("2026-06-30T12:00", 6, "2026-12-30"),
    ],
)
def test_months_after_the_closing(closed: str, months: int, until: str) -> None:
    assert retain_until(at(closed), months) == on(until)


@pytest.mark.parametrize(
    ("months", "planned", "today", "day"),
    [
        (None, None, "2030-01-01", None),
        (None, "2027-10-15", "2027-09-30", None),  # switched off: what was planned is taken back
        (12, None, "2027-09-13", None),  # too early to say
        (12, None, "2027-09-14", "2027-10-15"),  # told tomorrow, 30 days before
        (12, None, "2028-03-01", "2028-04-01"),  # switched on late: a day later than 30 days from now
        (6, "2027-10-15", "2027-09-20", "2027-10-15"),  # shortened: what was told stays
        (24, "2027-10-15", "2027-09-20", None),  # lengthened: it is kept for longer
    ],
)
def test_the_day_is_planned_moved_and_taken_back(
    months: int | None, planned: str | None, today: str, day: str | None
) -> None:
    found = erasure_day(at("2026-10-15T09:00"), months, on(planned) if planned else None, on(today))
    assert found == (on(day) if day else None)


@pytest.mark.parametrize(
    ("told", "today", "may"),
    [
        (None, "2027-12-31", False),  # nobody was told
        ("2027-09-15T09:00", "2027-10-14", False),  # its day has not come
        ("2027-09-15T09:00", "2027-10-15", True),
        ("2027-09-16T09:00", "2027-10-15", False),  # told a day late: 30 days are not over
        ("2027-09-16T09:00", "2027-10-16", True),
    ],
)
def test_never_without_thirty_days_notice(told: str | None, today: str, may: bool) -> None:
    assert is_erasure_due(on("2027-10-15"), at(told) if told else None, on(today)) is may


@given(
    closed=st.datetimes(min_value=at("2020-01-01T00:00").replace(tzinfo=None)).filter(lambda d: d.year < 2040),
    months=st.sampled_from([6, 12, 24, 36, 60]),
    later=st.integers(0, 4000),
)
def test_it_is_always_told_tomorrow_or_later(closed: "object", months: int, later: int) -> None:
    moment = at(f"{closed:%Y-%m-%dT%H:%M}")
    today: date = moment.date() + timedelta(days=later)
    day = erasure_day(moment, months, None, today)
    if day is not None:
        assert erasure_notice_day(day) > today
        assert (day.year, day.month) >= ((moment.year * 12 + moment.month - 1 + months) // 12, 1)
        assert erasure_day(moment, months, day, today + timedelta(days=1)) == day


@pytest.mark.parametrize(
    ("months", "today", "before"),
    [(12, "2027-09-13", "2026-11-01"), (12, "2026-11-30", "2026-01-01"), (6, "2027-07-31", "2027-03-01")],
)
def test_what_is_closed_later_need_not_be_looked_at(months: int, today: str, before: str) -> None:
    assert latest_closing_day(months, on(today)) == on(before)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 4000), st.integers(1, 120))
def test_nothing_that_is_planned_tonight_is_passed_over(closed: date, later: int, months: int) -> None:
    today = closed + timedelta(days=later)
    if erasure_day(at(f"{closed}T23:59"), months, None, today) is not None:
        assert closed < latest_closing_day(months, today)
