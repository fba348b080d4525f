"""The deadlines of a submission: domain.md's table, other terms, provisional years, stretched windows."""

from datetime import UTC, datetime

import pytest

from cases.domain.business_days import Override, WorkingCalendar, YearNotCovered
from cases.domain.deadlines import Deadlines, Terms, deadlines_of
from tests.moments import CALENDAR, at, on


def deadlines(submitted: str, *, terms: Terms | None = None, calendar: WorkingCalendar = CALENDAR) -> Deadlines:
    return deadlines_of(at(submitted), terms or Terms(), calendar)


@pytest.mark.parametrize(
    ("submitted", "acknowledge_by", "third_day_ends", "fifth_day_ends", "stretched_by", "calendar_days"),
    [
        (
            "2026-09-30 15:00", "2026-10-01 15:00", "2026-10-11 00:00", "2026-10-14 00:00",
            ("National Day",), 13,
        ),
        ("2026-09-19 10:00", "2026-09-20 10:00", "2026-09-23 00:00", "2026-09-25 00:00", (), 5),
        (
            "2026-02-13 17:30", "2026-02-14 17:30", "2026-02-26 00:00", "2026-02-28 00:00",
            ("Spring Festival",), 14,
        ),
        (
            "2026-04-30 23:59", "2026-05-01 23:59", "2026-05-09 00:00", "2026-05-12 00:00",
            ("Labour Day",), 11,
        ),
        ("2026-11-20 18:00", "2026-11-21 18:00", "2026-11-26 00:00", "2026-11-28 00:00", (), 7),
    ],
)  # fmt: skip
def test_the_table_of_the_design(
    submitted: str,
    acknowledge_by: str,
    third_day_ends: str,
    fifth_day_ends: str,
    stretched_by: tuple[str, ...],
    calendar_days: int,
) -> None:
    assert deadlines(submitted) == Deadlines(
        submitted_at=at(submitted),
        acknowledge_by=at(acknowledge_by),
        review_by=at(third_day_ends),
        window_opens=at(third_day_ends),
        reply_by=at(fifth_day_ends),
        provisional=False,
        stretched_by=stretched_by,
        calendar_days=calendar_days,
    )


def test_every_deadline_has_a_term_of_its_own() -> None:
    found = deadlines(
        "2026-11-20 18:00",
        terms=Terms(acknowledge_hours=48, review_days=2, window_days=4, reply_days=10),
    )
    assert found.acknowledge_by == at("2026-11-22 18:00")
    assert found.review_by == at("2026-11-25 00:00")
    assert found.window_opens == at("2026-11-27 00:00")
    assert found.reply_by == at("2026-12-05 00:00")
    assert found.calendar_days == 14


class TestTimeZones:
    def test_half_past_seven_in_beijing_is_that_day_though_utc_has_the_day_before(self) -> None:
        # Monday in Beijing, still Sunday in UTC: the count starts on Tuesday.
        found = deadlines_of(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), Terms(), CALENDAR)
        assert found.submitted_at == at("2026-11-23 07:30")
        assert found.reply_by == at("2026-12-01 00:00")

    def test_what_comes_out_is_on_the_clock_of_shanghai(self) -> None:
        found = deadlines_of(datetime(2026, 9, 30, 7, 0, tzinfo=UTC), Terms(), CALENDAR)
        assert found.submitted_at.isoformat() == "2026-09-30T15:00:00+08:00"
        assert found.acknowledge_by.isoformat() == "2026-10-01T15:00:00+08:00"
        assert found.reply_by.isoformat() == "2026-10-14T00:00:00+08:00"

    def test_the_last_minute_of_a_day_and_midnight_are_a_day_apart(self) -> None:
        assert deadlines("2026-11-23 23:59").reply_by == at("2026-12-01 00:00")
        assert deadlines("2026-11-24 00:00").reply_by == at("2026-12-02 00:00")

    def test_a_naive_moment_is_refused(self) -> None:
        with pytest.raises(ValueError):
            deadlines_of(datetime(2026, 9, 30, 15, 0), Terms(), CALENDAR)


class TestYearsNotCovered:
    @pytest.mark.parametrize(
        "submitted",
        ["2003-12-31 12:00", "2003-06-01 12:00", "2028-01-03 09:00", "0001-01-02 00:00", "9999-12-31 23:59"],
    )
    def test_a_submission_outside_the_calendar_is_refused(self, submitted: str) -> None:
        with pytest.raises(YearNotCovered):
            deadlines(submitted)

    def test_a_window_that_runs_out_of_the_calendar_is_refused(self) -> None:
        with pytest.raises(YearNotCovered) as refused:
            deadlines("2027-12-28 09:00")
        assert refused.value.params["year"] == 2028

    def test_the_first_covered_day_counts(self) -> None:
        assert deadlines("2004-01-01 12:00").reply_by == at("2004-01-09 00:00")


class TestProvisional:
    def test_a_window_that_touches_the_last_days_of_december_before_the_next_schedule(self) -> None:
        found = deadlines("2026-12-21 10:00")
        assert found.provisional
        assert found.reply_by == at("2026-12-29 00:00")

    def test_a_window_that_ends_the_day_before_them(self) -> None:
        found = deadlines("2026-12-16 10:00")
        assert found.reply_by == at("2026-12-24 00:00")
        assert not found.provisional

    def test_no_longer_when_the_next_year_is_complete(self) -> None:
        complete = WorkingCalendar(published_years={2027})
        assert not deadlines("2026-12-21 10:00", calendar=complete).provisional

    def test_a_window_in_an_unpublished_year(self) -> None:
        assert deadlines("2027-03-01 10:00").provisional
        assert deadlines("2026-12-31 10:00").provisional
        assert not deadlines("2027-03-01 10:00", calendar=WorkingCalendar(published_years={2027})).provisional

    def test_the_end_of_a_year_whose_successor_is_published(self) -> None:
        assert not deadlines("2025-12-24 10:00").provisional

    def test_the_longest_of_the_terms_decides(self) -> None:
        late_review = Terms(review_days=10, window_days=3, reply_days=5)
        assert deadlines("2026-12-14 10:00", terms=late_review).provisional
        assert not deadlines("2026-12-14 10:00").provisional


class TestStretched:
    def test_two_festivals_are_both_named_in_order(self) -> None:
        assert deadlines("2026-09-24 10:00").stretched_by == ("Mid-Autumn Festival", "National Day")

    def test_a_day_that_two_festivals_share_names_both(self) -> None:
        found = deadlines("2020-09-30 10:00")
        assert found.stretched_by == ("Mid-Autumn Festival", "National Day")
        assert found.calendar_days == 14

    def test_a_window_stretched_by_a_substituted_day_alone_names_its_festival(self) -> None:
        # Submitted on the last festival day proper: only days off in exchange for make-up days follow.
        assert deadlines("2026-10-05 10:00").stretched_by == ("National Day",)

    def test_the_day_of_submission_stretches_nothing(self) -> None:
        assert deadlines("2026-10-07 10:00").stretched_by == ()

    def test_a_day_closed_by_hand_is_no_festival(self) -> None:
        closed = WorkingCalendar({on("2026-11-24"): Override(working=False, name="Typhoon")})
        found = deadlines("2026-11-20 18:00", calendar=closed)
        assert found.stretched_by == ()
        assert found.calendar_days == 10


class TestOverrides:
    def test_a_closed_day_inside_the_window_moves_it(self) -> None:
        closed = WorkingCalendar({on("2026-11-27"): Override(working=False)})
        assert deadlines("2026-11-20 18:00", calendar=closed).reply_by == at("2026-12-01 00:00")

    def test_an_opened_day_inside_the_window_moves_it(self) -> None:
        opened = WorkingCalendar({on("2026-11-21"): Override(working=True)})
        assert deadlines("2026-11-20 18:00", calendar=opened).reply_by == at("2026-11-27 00:00")

    @pytest.mark.parametrize("day", ["2026-11-20", "2026-11-30"])
    def test_a_day_outside_the_window_moves_nothing(self, day: str) -> None:
        closed = WorkingCalendar({on(day): Override(working=False)})
        assert deadlines("2026-11-20 18:00", calendar=closed) == deadlines("2026-11-20 18:00")
