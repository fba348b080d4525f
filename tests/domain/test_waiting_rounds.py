"""What a reply or a promise makes of the deadline: domain.md, 'Waiting rounds, replies, promises'."""

from datetime import datetime

import pytest

from cases.domain.business_days import YearNotCovered
from cases.domain.deadlines import Basis, Terms, effective_day, is_promise_far, round_reply_by
from tests.moments import CALENDAR, at, on

TERMS = Terms(reply_days=7, review_days=1)


def reply_by(basis: Basis, started: str, *, previous: str | None = None) -> datetime:
    return round_reply_by(
        basis, at(started), terms=TERMS, calendar=CALENDAR, previous=at(previous) if previous else None
    )


def test_a_submission_gets_the_reply_days_of_the_terms() -> None:
    assert reply_by(Basis.SUBMISSION, "2026-11-20 18:00") == at("2026-12-02 00:00")


def test_under_review_buys_three_working_days_whatever_the_terms() -> None:
    assert reply_by(Basis.UNDER_REVIEW, "2026-11-26 10:00", previous="2026-11-28") == at("2026-12-02 00:00")


def test_under_review_never_shortens_the_deadline() -> None:
    assert reply_by(Basis.UNDER_REVIEW, "2026-11-23 10:00", previous="2026-12-01") == at("2026-12-01 00:00")


def test_under_review_with_nothing_before_it_counts_from_the_reply() -> None:
    assert reply_by(Basis.UNDER_REVIEW, "2026-11-26 10:00") == at("2026-12-02 00:00")


@pytest.mark.parametrize("basis", [Basis.STILL_ALIVE, Basis.REOPENED])
def test_a_number_found_alive_gets_three_working_days_from_then(basis: Basis) -> None:
    assert reply_by(basis, "2026-09-30 16:00", previous="2026-12-01") == at("2026-10-11 00:00")


class TestPromises:
    def promised(self, day: str, *, previous: str | None = None) -> datetime:
        return round_reply_by(
            Basis.PROMISE,
            at("2026-11-20 18:00"),
            terms=TERMS,
            calendar=CALENDAR,
            previous=at(previous) if previous else None,
            named_day=on(day),
        )

    def test_the_promised_day_ends_the_round(self) -> None:
        assert self.promised("2026-12-04") == at("2026-12-05 00:00")

    def test_even_when_that_is_earlier_than_before(self) -> None:
        assert self.promised("2026-11-24", previous="2026-11-28") == at("2026-11-25 00:00")

    def test_a_promise_for_a_day_off_is_taken_at_its_word(self) -> None:
        assert self.promised("2026-11-22") == at("2026-11-23 00:00")

    def test_a_promise_needs_its_day(self) -> None:
        with pytest.raises(ValueError):
            reply_by(Basis.PROMISE, "2026-11-20 18:00")

    def test_a_promise_for_a_year_that_nobody_knows_is_refused(self) -> None:
        with pytest.raises(YearNotCovered):
            self.promised("2062-12-04")

    @pytest.mark.parametrize(
        ("day", "far"),
        [("2026-12-11", False), ("2026-12-12", False), ("2026-12-13", False), ("2026-12-14", True)],
    )
    def test_fifteen_working_days_are_the_horizon(self, day: str, far: bool) -> None:
        assert is_promise_far(on(day), on("2026-11-20"), CALENDAR) is far

    def test_a_long_holiday_does_not_make_a_promise_far(self) -> None:
        assert not is_promise_far(on("2026-10-23"), on("2026-09-30"), CALENDAR)


@pytest.mark.parametrize(
    ("said_on", "day", "roaming", "expected"),
    [
        ("2026-10-01", 20, False, "2026-11-20"),
        ("2026-10-20", 20, False, "2026-11-20"),
        ("2026-10-31", 20, False, "2026-11-20"),
        ("2026-10-31", 20, True, "2026-12-20"),
        ("2026-12-31", 20, False, "2027-01-20"),
        ("2026-12-31", 20, True, "2027-02-20"),
        ("2027-01-31", 28, False, "2027-02-28"),
        ("2026-12-29", 28, True, "2027-02-28"),
        ("2026-10-31", 1, False, "2026-11-01"),
    ],
)
def test_without_a_day_a_cancellation_takes_effect_in_the_next_month_or_after_roaming_in_the_one_after(
    said_on: str, day: int, roaming: bool, expected: str
) -> None:
    assert effective_day(on(said_on), day, roaming=roaming) == on(expected)


class TestTakesEffect:
    def reply_by(self, day: str, *, previous: str | None = None) -> datetime:
        return round_reply_by(
            Basis.TAKES_EFFECT,
            at("2026-11-20 18:00"),
            terms=TERMS,
            calendar=CALENDAR,
            previous=at(previous) if previous else None,
            named_day=on(day),
        )

    def test_its_day_ends_the_round_however_far(self) -> None:
        assert self.reply_by("2026-12-04") == at("2026-12-05 00:00")
        assert self.reply_by("2027-06-30") == at("2027-07-01 00:00")

    def test_even_on_a_day_off_or_earlier_than_before(self) -> None:
        assert self.reply_by("2026-11-22", previous="2026-11-28") == at("2026-11-23 00:00")

    def test_without_a_day_there_is_no_deadline(self) -> None:
        with pytest.raises(ValueError, match="takes_effect"):
            round_reply_by(Basis.TAKES_EFFECT, at("2026-11-20 18:00"), terms=TERMS, calendar=CALENDAR)


def test_a_promise_further_away_buys_fifteen_working_days() -> None:
    def by(day: str) -> datetime:
        return round_reply_by(Basis.PROMISE, at("2026-11-20 18:00"), terms=TERMS, calendar=CALENDAR, named_day=on(day))

    assert by("2026-12-11") == at("2026-12-12 00:00")  # the 15th
    assert by("2026-12-13") == at("2026-12-14 00:00")  # the Sunday after it: no working day more
    assert by("2026-12-14") == at("2026-12-12 00:00")
    assert by("2027-01-29") == at("2026-12-12 00:00")
