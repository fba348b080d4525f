"""Which days work, what they are called, and how they are counted."""

from datetime import UTC, date, datetime

import chinese_calendar
import pytest

from cases.domain.business_days import (
    FESTIVALS,
    FIRST_YEAR,
    LAST_LOADED_YEAR,
    Day,
    DayKind,
    Override,
    WorkingCalendar,
    YearNotCovered,
    add_months,
    days_between,
    end_of_day,
    local,
    start_of_day,
)
from tests.moments import CALENDAR, at, on


@pytest.mark.parametrize("year", range(2006, 2027))
def test_every_day_agrees_with_an_independent_package(year: int) -> None:
    days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
    differ = [day for day in days if CALENDAR.is_working(day) != chinese_calendar.is_workday(day)]
    assert len(days) in {365, 366}
    assert differ == []


@pytest.mark.parametrize(
    ("day", "kind", "names"),
    [
        ("2026-09-30", DayKind.WORKDAY, ()),
        ("2026-09-26", DayKind.WEEKEND, ()),
        ("2026-09-20", DayKind.MAKE_UP, ()),
        ("2026-10-10", DayKind.MAKE_UP, ()),
        ("2026-10-01", DayKind.HOLIDAY, ("National Day",)),
        # A Sunday within the seven days that the State Council's notice names.
        ("2026-10-04", DayKind.HOLIDAY, ("National Day",)),
        # Off in exchange for working Saturday 10-10: it belongs to the festival it lengthens.
        ("2026-10-07", DayKind.HOLIDAY, ("National Day",)),
        ("2026-02-23", DayKind.HOLIDAY, ("Spring Festival",)),
        ("2026-02-16", DayKind.HOLIDAY, ("Spring Festival",)),
        # The Sunday before the run's first public holiday is a Sunday.
        ("2026-02-15", DayKind.WEEKEND, ()),
        ("2026-01-02", DayKind.HOLIDAY, ("New Year’s Day",)),
        ("2026-04-05", DayKind.HOLIDAY, ("Qingming Festival",)),
        ("2026-04-06", DayKind.HOLIDAY, ("Qingming Festival",)),
        ("2026-05-05", DayKind.HOLIDAY, ("Labour Day",)),
        ("2026-06-19", DayKind.HOLIDAY, ("Dragon Boat Festival",)),
        ("2026-09-25", DayKind.HOLIDAY, ("Mid-Autumn Festival",)),
        ("2020-10-01", DayKind.HOLIDAY, ("Mid-Autumn Festival", "National Day")),
        ("2020-01-31", DayKind.HOLIDAY, ("Spring Festival",)),
        ("2015-09-03", DayKind.HOLIDAY, ("Victory Day",)),
        ("2015-09-04", DayKind.HOLIDAY, ("Victory Day",)),
        # Off in 2007 for a festival of 2008.
        ("2007-12-31", DayKind.HOLIDAY, ("New Year’s Day",)),
    ],
)
def test_a_day_says_what_it_is(day: str, kind: DayKind, names: tuple[str, ...]) -> None:
    assert CALENDAR.day(on(day)) == Day(on(day), kind, names)


def test_the_name_of_a_day_is_the_first_of_its_festivals() -> None:
    assert CALENDAR.day(on("2020-10-01")).name == "Mid-Autumn Festival"
    assert CALENDAR.day(on("2026-09-30")).name == ""


def test_every_festival_of_the_covered_years_is_one_that_can_be_translated() -> None:
    assert set(CALENDAR.festivals(on("2004-01-01"), on("2027-12-31"))) == FESTIVALS - {"Public holiday"}


def test_festivals_come_once_in_order_of_appearance() -> None:
    assert CALENDAR.festivals(on("2026-09-24"), on("2026-10-10")) == ("Mid-Autumn Festival", "National Day")
    assert CALENDAR.festivals(on("2020-10-01"), on("2020-10-01")) == ("Mid-Autumn Festival", "National Day")
    assert CALENDAR.festivals(on("2026-11-02"), on("2026-11-30")) == ()


class TestCounting:
    def test_the_day_itself_does_not_count(self) -> None:
        assert CALENDAR.nth_working_day(on("2026-11-20"), 1) == on("2026-11-23")

    def test_across_spring_festival_with_a_working_saturday(self) -> None:
        assert CALENDAR.nth_working_day(on("2026-02-13"), 1) == on("2026-02-14")
        assert CALENDAR.nth_working_day(on("2026-02-13"), 2) == on("2026-02-24")

    @pytest.mark.parametrize("n", [0, -1])
    def test_there_is_no_day_number_zero(self, n: int) -> None:
        with pytest.raises(ValueError):
            CALENDAR.nth_working_day(on("2026-11-20"), n)

    def test_the_next_working_day_is_the_day_itself_when_it_works(self) -> None:
        assert CALENDAR.next_working_day(on("2026-10-10")) == on("2026-10-10")
        assert CALENDAR.next_working_day(on("2026-10-01")) == on("2026-10-08")

    def test_both_ends_are_included(self) -> None:
        assert CALENDAR.count_working_days(on("2026-10-08"), on("2026-10-10")) == 3
        assert CALENDAR.count_working_days(on("2026-10-10"), on("2026-10-10")) == 1
        assert CALENDAR.count_working_days(on("2026-10-01"), on("2026-10-07")) == 0

    def test_a_span_that_ends_before_it_begins_is_empty(self) -> None:
        assert CALENDAR.count_working_days(on("2026-10-10"), on("2026-10-09")) == 0


class TestYears:
    def test_the_package_published_2004_to_2026(self) -> None:
        assert [year for year in range(2000, 2041) if CALENDAR.is_published(year)] == list(range(2004, 2027))
        assert (CALENDAR.first_year, CALENDAR.last_year) == (2004, 2027)

    @pytest.mark.parametrize("day", ["2003-12-31", "2028-01-01", "1999-06-01", "9999-12-31"])
    def test_a_day_outside_is_refused_in_words(self, day: str) -> None:
        with pytest.raises(YearNotCovered, match="covers 2004 to 2027") as refused:
            CALENDAR.day(on(day))
        assert refused.value.params == {"first": 2004, "last": 2027, "year": on(day).year}
        assert refused.value.code == "year_not_covered"

    def test_the_first_and_the_last_covered_day(self) -> None:
        assert CALENDAR.day(on("2004-01-01")).name == "New Year’s Day"
        assert CALENDAR.day(on("2027-12-31")).kind is DayKind.WORKDAY

    def test_a_count_that_leaves_the_covered_years_is_refused(self) -> None:
        with pytest.raises(YearNotCovered):
            CALENDAR.nth_working_day(on("2027-12-31"), 1)
        with pytest.raises(YearNotCovered):
            CALENDAR.count_working_days(on("2003-12-31"), on("2004-01-05"))

    def test_an_override_does_not_open_a_year(self) -> None:
        with pytest.raises(YearNotCovered):
            WorkingCalendar({on("2028-01-03"): Override(working=True)}).day(on("2028-01-03"))

    def test_a_year_marked_complete_covers_the_one_after_it(self) -> None:
        calendar = WorkingCalendar(published_years={2027})
        assert calendar.is_published(2027)
        assert calendar.last_year == 2028
        assert calendar.day(on("2028-10-01")).name == "National Day"

    def test_years_marked_complete_need_not_follow_each_other(self) -> None:
        calendar = WorkingCalendar(published_years=[2029])
        assert calendar.last_year == 2030
        assert not calendar.is_published(2028)
        assert calendar.day(on("2028-05-01")).name == "Labour Day"

    def test_a_year_of_which_no_festival_is_known_cannot_be_completed(self) -> None:
        calendar = WorkingCalendar(published_years=[1990, 3000])
        assert (calendar.first_year, calendar.last_year) == (2004, 2027)
        assert not calendar.is_published(3000)


class TestProvisional:
    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            ("2026-12-01", "2026-12-23", False),
            ("2026-12-01", "2026-12-24", True),
            ("2026-12-31", "2026-12-31", True),
            ("2026-12-28", "2027-01-04", True),
            ("2027-03-01", "2027-03-02", True),
            ("2025-12-24", "2026-01-05", False),
            ("2026-12-24", "2026-12-23", False),
        ],
    )
    def test_what_an_unpublished_schedule_may_still_move(self, first: str, last: str, expected: bool) -> None:
        assert CALENDAR.is_provisional(on(first), on(last)) is expected

    def test_a_completed_year_settles_its_own_days_and_the_year_end_before_it(self) -> None:
        calendar = WorkingCalendar(published_years={2027})
        assert not calendar.is_provisional(on("2026-12-21"), on("2027-12-23"))
        assert calendar.is_provisional(on("2027-12-24"), on("2027-12-24"))


class TestOverrides:
    closed = WorkingCalendar({on("2026-11-24"): Override(working=False, name="Typhoon")})

    def test_a_closed_day_does_not_work_and_bears_its_name(self) -> None:
        assert self.closed.day(on("2026-11-24")) == Day(on("2026-11-24"), DayKind.CLOSED, ("Typhoon",))
        assert not self.closed.is_working(on("2026-11-24"))
        assert self.closed.nth_working_day(on("2026-11-23"), 1) == on("2026-11-25")

    def test_an_opened_day_works_even_on_a_festival(self) -> None:
        calendar = WorkingCalendar({on("2026-10-01"): Override(working=True)})
        assert calendar.day(on("2026-10-01")) == Day(on("2026-10-01"), DayKind.OPENED, ())
        assert calendar.is_working(on("2026-10-01"))

    def test_a_closed_day_is_no_festival_but_its_neighbours_keep_theirs(self) -> None:
        calendar = WorkingCalendar({on("2026-10-08"): Override(working=False, name="Typhoon")})
        assert calendar.festivals(on("2026-10-08"), on("2026-10-09")) == ()
        assert calendar.day(on("2026-10-07")).names == ("National Day",)

    def test_an_opened_holiday_leaves_the_names_of_the_days_around_it(self) -> None:
        calendar = WorkingCalendar({on("2026-10-05"): Override(working=True)})
        assert calendar.day(on("2026-10-04")).names == ("National Day",)
        assert calendar.day(on("2026-10-07")).names == ("National Day",)

    def test_a_calendar_does_not_follow_later_changes_of_what_it_was_made_from(self) -> None:
        overrides = {on("2026-11-24"): Override(working=False)}
        calendar = WorkingCalendar(overrides)
        overrides.clear()
        assert not calendar.is_working(on("2026-11-24"))


class TestMoments:
    def test_the_day_is_that_of_beijing_though_it_is_the_day_before_in_utc(self) -> None:
        assert local(datetime(2026, 9, 29, 23, 30, tzinfo=UTC)).isoformat() == "2026-09-30T07:30:00+08:00"

    def test_a_naive_moment_is_refused(self) -> None:
        with pytest.raises(ValueError, match="without a time zone"):
            local(datetime(2026, 9, 30, 15, 0))

    def test_a_day_begins_at_midnight_and_ends_with_the_next(self) -> None:
        assert start_of_day(on("2026-09-30")) == at("2026-09-30 00:00")
        assert end_of_day(on("2026-12-31")) == at("2027-01-01 00:00")

    def test_days_between_includes_both_ends(self) -> None:
        assert list(days_between(on("2026-02-28"), on("2026-03-01"))) == [on("2026-02-28"), on("2026-03-01")]
        assert list(days_between(on("2026-03-01"), on("2026-02-28"))) == []


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-10-15", 3, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-01", -1, "2025-12-01"),
        ("2026-12-31", 0, "2026-12-31"),
    ],
)
def test_months_later_ends_with_the_month(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_LOADED_YEAR + 1, 9999])
def test_a_year_that_is_not_loaded_is_not_published_by_hand(year: int) -> None:
    assert WorkingCalendar(published_years=[year]).last_year == WorkingCalendar().last_year
    assert WorkingCalendar(published_years=[LAST_LOADED_YEAR]).last_year == LAST_LOADED_YEAR
    assert WorkingCalendar(published_years=[LAST_LOADED_YEAR - 2]).last_year == LAST_LOADED_YEAR - 1
