"""A complaint's fifteen days, and what an appeal body owes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cases.domain.business_days import Override, WorkingCalendar, YearNotCovered
from cases.domain.escalation import (
    AppealObstacle,
    AppealOutlook,
    AppealSubject,
    Complaint,
    appeal_answer_by,
    appeal_decision_by,
    appeal_expires_on,
    appeal_outlook,
    appeal_possible_from,
    complaint_answer_by,
    complaint_due_at,
    complaint_due_until,
    complaint_last_day,
    is_time_to_complain,
    runs_since,
)
from tests.moments import CALENDAR, at, on


def test_fifteen_days_that_end_in_a_holiday_move_to_the_next_working_day() -> None:
    assert complaint_last_day(at("2026-09-20 11:00"), CALENDAR) == on("2026-10-08")
    assert appeal_possible_from(at("2026-09-20 11:00"), CALENDAR) == on("2026-10-09")


def test_fifteen_days_are_calendar_days() -> None:
    assert complaint_last_day(at("2026-11-02 11:00"), CALENDAR) == on("2026-11-17")
    assert appeal_possible_from(at("2026-11-02 11:00"), CALENDAR) == on("2026-11-18")


def test_an_appeal_is_possible_on_a_day_off_too() -> None:
    assert complaint_last_day(at("2026-11-05 11:00"), CALENDAR) == on("2026-11-20")
    assert appeal_possible_from(at("2026-11-05 11:00"), CALENDAR) == on("2026-11-21")


def test_a_last_day_that_is_a_working_saturday_stays() -> None:
    assert complaint_last_day(at("2026-09-25 11:00"), CALENDAR) == on("2026-10-10")


def test_the_day_of_lodging_is_that_of_beijing() -> None:
    assert complaint_last_day(datetime(2026, 11, 1, 23, 30, tzinfo=UTC), CALENDAR) == on("2026-11-17")


def test_a_day_closed_by_hand_moves_the_end() -> None:
    closed = WorkingCalendar({on("2026-11-17"): Override(working=False)})
    assert complaint_last_day(at("2026-11-02 11:00"), closed) == on("2026-11-18")


def test_the_appeal_body_decides_within_five_working_days() -> None:
    assert appeal_decision_by(at("2026-09-30 15:00"), CALENDAR) == at("2026-10-14 00:00")


def test_the_appeal_body_answers_within_thirty_days() -> None:
    assert appeal_answer_by(at("2026-09-30 15:00"), CALENDAR) == at("2026-10-31 00:00")
    # Day 30 is National Day: the next working day is 10-08.
    assert appeal_answer_by(at("2026-09-01 15:00"), CALENDAR) == at("2026-10-09 00:00")


def test_outside_the_calendar_is_refused() -> None:
    with pytest.raises(YearNotCovered):
        complaint_last_day(at("2027-12-20 11:00"), CALENDAR)


@pytest.mark.parametrize(
    ("lodged", "ends", "possible"),
    [
        # Day 15, 02-18, lies in Spring Festival 2026 (02-15 to 02-23): the next working day is 02-24.
        ("2026-02-03 11:00", "2026-02-24", "2026-02-25"),
        ("2026-01-26 11:00", "2026-02-10", "2026-02-11"),
        # 02-14 is a working Saturday before it.
        ("2026-01-30 11:00", "2026-02-14", "2026-02-15"),
    ],
)
def test_fifteen_days_over_spring_festival_2026(lodged: str, ends: str, possible: str) -> None:
    assert complaint_last_day(at(lodged), CALENDAR) == on(ends)
    its = outlook([Complaint(at(lodged))], now="2026-02-10 10:00")
    assert (its.possible_from, its.provisional) == (on(possible), False)


def test_over_spring_festival_2027_it_is_provisional() -> None:
    # New Year’s Day of the lunar calendar is 2027-02-06; the State Council's schedule is not published.
    its = outlook([Complaint(at("2027-01-25 11:00"))], now="2027-01-26 10:00")
    assert its.provisional
    assert its.possible_from is not None
    assert on("2027-02-10") <= its.possible_from <= on("2027-02-18")
    assert its.obstacles == (AppealObstacle.FIFTEEN_DAYS,)


@pytest.mark.parametrize(
    ("since", "about", "last"),
    [
        ("2026-09-30", AppealSubject.CHARGES, "2027-02-28"),
        ("2027-09-30", AppealSubject.CHARGES, "2028-02-29"),
        ("2026-10-31", AppealSubject.CHARGES, "2027-03-31"),
        ("2026-01-31", AppealSubject.CHARGES, "2026-06-30"),
        ("2026-08-01", AppealSubject.CHARGES, "2027-01-01"),
        ("2026-07-31", AppealSubject.CHARGES, "2026-12-31"),
        ("2024-02-29", AppealSubject.OTHER, "2026-02-28"),
        ("2026-10-13", AppealSubject.OTHER, "2028-10-13"),
        ("2026-12-31", AppealSubject.OTHER, "2028-12-31"),
    ],
)
def test_five_months_for_charges_two_years_for_anything_else(since: str, about: AppealSubject, last: str) -> None:
    assert appeal_expires_on(on(since), about) == on(last)


def outlook(
    complaints: list[Complaint], *, now: str, since: str | None = "2026-01-20", **options: bool
) -> AppealOutlook:
    return appeal_outlook(complaints, AppealSubject.OTHER, on(since) if since else None, at(now), CALENDAR, **options)


LODGED = at("2026-09-20 11:00")


@pytest.mark.parametrize(
    ("complaints", "now", "possible", "missing"),
    [
        ([], "2026-10-09 10:00", None, [AppealObstacle.NO_COMPLAINT]),
        ([Complaint(LODGED)], "2026-10-08 23:59", "2026-10-09", [AppealObstacle.FIFTEEN_DAYS]),
        ([Complaint(LODGED)], "2026-10-09 00:00", "2026-10-09", []),
        # At once after an answer that does not settle it.
        ([Complaint(LODGED, at("2026-09-22 10:00"), False)], "2026-09-22 11:00", "2026-09-22", []),
        # An answer after the fifteen days does not put it off.
        ([Complaint(LODGED, at("2026-10-20 10:00"), False)], "2026-10-20 11:00", "2026-10-09", []),
        ([Complaint(LODGED, at("2026-09-22 10:00"), True)], "2026-10-12 10:00", None, [AppealObstacle.SETTLED]),
        # A second complaint after the first was settled, and the other way round.
        (
            [Complaint(LODGED, at("2026-09-22 10:00"), True), Complaint(at("2026-11-02 11:00"))],
            "2026-11-03 10:00",
            "2026-11-18",
            [AppealObstacle.FIFTEEN_DAYS],
        ),
        (
            [
                Complaint(LODGED, at("2026-09-22 10:00"), False),
                Complaint(at("2026-09-23 11:00"), at("2026-09-24"), True),
            ],
            "2026-11-03 10:00",
            None,
            [AppealObstacle.SETTLED],
        ),
    ],
)
def test_what_an_appeal_waits_for(
    complaints: list[Complaint], now: str, possible: str | None, missing: list[AppealObstacle]
) -> None:
    its = outlook(complaints, now=now)
    assert (its.possible_from, list(its.obstacles)) == (on(possible) if possible else None, missing)
    assert its.is_open == (not missing)


def test_the_last_day_is_open_and_the_next_is_not() -> None:
    complaints = [Complaint(LODGED)]
    assert outlook(complaints, since="2024-12-01", now="2026-12-01 23:59").obstacles == ()
    its = outlook(complaints, since="2024-12-01", now="2026-12-02 00:00")
    assert (its.expires_on, its.obstacles) == (on("2026-12-01"), (AppealObstacle.EXPIRED,))


def test_before_the_body_already_and_with_no_event_known() -> None:
    its = outlook([Complaint(LODGED)], since=None, now="2026-12-02 10:00", running=True)
    assert (its.expires_on, its.obstacles) == (None, (AppealObstacle.RUNNING,))


def test_it_is_time_to_complain_on_late_day_eleven() -> None:
    reply_by = at("2026-10-14 00:00")  # late days: 14 to 16, 19 to 23, 26 to 28 October
    assert complaint_due_at(reply_by, CALENDAR) == at("2026-10-28 00:00")
    assert not is_time_to_complain(reply_by, at("2026-10-27 23:59"), CALENDAR)
    assert is_time_to_complain(reply_by, at("2026-10-28 00:00"), CALENDAR)


def test_an_answer_to_a_complaint_is_owed_by_the_end_of_its_last_day() -> None:
    assert complaint_answer_by(at("2026-11-02 11:00"), CALENDAR) == at("2026-11-18 00:00")


@pytest.mark.parametrize(
    ("answer_by", "now", "since"),
    [
        # What was lodged on a day is owed with the end of another: here the first day whose answer is not late yet.
        (complaint_answer_by, "2026-11-17 23:59", "2026-11-02"),
        (complaint_answer_by, "2026-11-18 00:00", "2026-11-03"),
        (complaint_answer_by, "2026-10-08 23:59", "2026-09-16"),  # 1 to 7 October are off: six days end with the 8th
        (complaint_answer_by, "2026-10-09 00:00", "2026-09-24"),
        (appeal_decision_by, "2026-10-16 23:59", "2026-10-10"),
        (appeal_decision_by, "2026-10-17 00:00", "2026-10-12"),
        (appeal_answer_by, "2026-12-01 10:00", "2026-11-01"),
        (appeal_answer_by, "2026-12-02 00:00", "2026-11-02"),
        (complaint_answer_by, "2004-01-03 10:00", "2003-12-19"),  # before the first year that is known
    ],
)
def test_since_when_something_was_lodged_that_still_runs(
    answer_by: Callable[[datetime, WorkingCalendar], datetime], now: str, since: str
) -> None:
    found = runs_since(answer_by, at(now), CALENDAR)
    assert found == at(f"{since} 00:00")
    if found.year >= 2004:
        assert answer_by(found, CALENDAR) > at(now)
        assert answer_by(found - timedelta(microseconds=1), CALENDAR) <= at(now)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-10-27 23:59", "2026-10-13 00:00"),
        ("2026-10-28 00:00", "2026-10-14 00:00"),
        ("2026-11-01 12:00", "2026-10-17 00:00"),
    ],
)
def test_which_deadlines_are_old_enough_to_complain(now: str, until: str) -> None:
    assert complaint_due_until(at(now), CALENDAR) >= at(until)
    just_before = complaint_due_until(at(now), CALENDAR) - timedelta(microseconds=1)
    assert is_time_to_complain(just_before, at(now), CALENDAR)
    assert not is_time_to_complain(complaint_due_until(at(now), CALENDAR) + timedelta(days=1), at(now), CALENDAR)
