"""A complaint's fifteen days, and what an appeal body owes."""

from datetime import UTC, datetime

import pytest

from cases.domain.business_days import Override, WorkingCalendar, YearNotCovered
from cases.domain.escalation import (
    appeal_answer_by,
    appeal_decision_by,
    appeal_possible_from,
    complaint_ends,
)
from tests.domain.moments import at, on

CALENDAR = WorkingCalendar()


def test_fifteen_days_that_end_in_a_holiday_move_to_the_next_working_day() -> None:
    assert complaint_ends(at("2026-09-20 11:00"), CALENDAR) == on("2026-10-08")
    assert appeal_possible_from(at("2026-09-20 11:00"), CALENDAR) == on("2026-10-09")


def test_fifteen_days_are_calendar_days() -> None:
    assert complaint_ends(at("2026-11-02 11:00"), CALENDAR) == on("2026-11-17")
    assert appeal_possible_from(at("2026-11-02 11:00"), CALENDAR) == on("2026-11-18")


def test_an_appeal_is_possible_on_a_day_off_too() -> None:
    assert complaint_ends(at("2026-11-05 11:00"), CALENDAR) == on("2026-11-20")
    assert appeal_possible_from(at("2026-11-05 11:00"), CALENDAR) == on("2026-11-21")


def test_a_last_day_that_is_a_working_saturday_stays() -> None:
    assert complaint_ends(at("2026-09-25 11:00"), CALENDAR) == on("2026-10-10")


def test_the_day_of_lodging_is_that_of_beijing() -> None:
    assert complaint_ends(datetime(2026, 11, 1, 23, 30, tzinfo=UTC), CALENDAR) == on("2026-11-17")


def test_a_day_closed_by_hand_moves_the_end() -> None:
    closed = WorkingCalendar({on("2026-11-17"): Override(working=False)})
    assert complaint_ends(at("2026-11-02 11:00"), closed) == on("2026-11-18")


def test_the_appeal_body_decides_within_five_working_days() -> None:
    assert appeal_decision_by(at("2026-09-30 15:00"), CALENDAR) == at("2026-10-14 00:00")


def test_the_appeal_body_answers_within_thirty_days() -> None:
    assert appeal_answer_by(at("2026-09-30 15:00"), CALENDAR) == at("2026-10-31 00:00")
    # Day 30 is National Day: the next working day is 10-08.
    assert appeal_answer_by(at("2026-09-01 15:00"), CALENDAR) == at("2026-10-09 00:00")


def test_outside_the_calendar_is_refused() -> None:
    with pytest.raises(YearNotCovered):
        complaint_ends(at("2027-12-20 11:00"), CALENDAR)
