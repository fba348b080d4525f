"""What is recorded after the moment at which it would have reminded: told the next morning, and nothing twice.

The case was submitted on Wednesday 2026-09-30 at 15:00. Late days: 14 (the first), 15, 16, 19, 20, 21, 22, 23, 26, 27
and 28 October (the eleventh).
"""

from datetime import timedelta

import pytest

from cases import operations as ops
from cases.models import Case, User
from tests.helpers import CaseDriver, at, on
from tests.reminders.test_seams import tick, told

pytestmark = pytest.mark.django_db


def live(first: str, last: str) -> None:
    """The sweeps of these days at 9:00, where something is expected, at noon and in the afternoon."""
    day = on(first[:10])
    while day <= on(last[:10]):
        for moment in (f"{day}T09:00", f"{day}T12:00", f"{day}T15:00", f"{day}T20:30"):
            if first <= moment <= last:
                tick(moment)
        day += timedelta(days=1)


@pytest.fixture
def late(overdue: Case, manager: User) -> CaseDriver:
    """On Friday the 16th at 11:30 it has been told as overdue, and that morning as late for three days."""
    live("2026-10-14T09:00", "2026-10-16T11:30")
    assert told() == ["li.na overdue 1 10-14 09:00", "li.na still_overdue 3 10-16 09:00"]
    return CaseDriver(overdue, manager)


def test_done_that_is_recorded_after_the_morning_on_which_to_verify(late: CaseDriver) -> None:
    late.do(ops.ReportedDone(at("2026-10-15T10:00")), "2026-10-16T12:00")
    live("2026-10-16T12:30", "2026-10-20T20:30")
    assert told(since=2) == ["li.na verify 1 10-19 09:00"]


def test_a_promise_that_is_recorded_when_it_is_broken(late: CaseDriver) -> None:
    late.do(ops.Promised(at("2026-10-14T10:00"), promised_on=on("2026-10-15")), "2026-10-16T12:00")
    live("2026-10-16T12:30", "2026-10-20T20:30")
    assert told(since=2) == ["li.na promise_broken 1 10-19 09:00", "li.na still_overdue 3 10-20 09:00"]


def test_a_return_that_is_recorded_when_it_should_have_reminded(late: CaseDriver) -> None:
    """The third working day after Monday the 12th is Thursday the 15th."""
    late.do(ops.Returned(at("2026-10-12T10:00"), reason="arrears"), "2026-10-16T12:00")
    live("2026-10-16T12:30", "2026-10-22T20:30")
    assert told(since=2) == ["li.na returned 3 10-19 09:00", "li.na returned 8 10-22 09:00"]


def test_a_correction_of_hours_puts_nothing_off(late: CaseDriver) -> None:
    late.do(ops.CorrectSubmission(at("2026-09-30T13:00"), "In the form it was 13:00"), "2026-10-20T08:45")
    live("2026-10-20T09:00", "2026-10-20T20:30")
    assert told(since=2) == ["li.na still_overdue 5 10-20 09:00"]


def test_a_correction_does_not_repeat_the_advice_to_complain(late: CaseDriver) -> None:
    live("2026-10-19T09:00", "2026-11-04T12:00")
    assert told()[-2:] == ["li.na complain 1 10-28 09:00", "li.na still_overdue 16 11-04 09:00"]
    count = len(told())
    late.do(ops.UnderReview(at("2026-11-05T12:00")), "2026-11-05T12:00")
    late.do(ops.CorrectSubmission(at("2026-09-30T13:00"), "In the form it was 13:00"), "2026-11-06T10:00")
    live("2026-11-06T10:30", "2026-11-11T20:30")
    assert told(since=count) == ["li.na overdue 1 11-11 09:00"]


def test_the_day_to_complain_while_the_carrier_says_done(late: CaseDriver) -> None:
    """It is late day 11 on which to verify is told; found alive, the carrier gets 29, 30 October and 2 November."""
    live("2026-10-19T09:00", "2026-10-27T09:30")
    count = len(told())
    late.do(ops.ReportedDone(at("2026-10-27T10:00")), "2026-10-27T10:00")
    live("2026-10-27T10:30", "2026-10-28T14:30")
    late.do(ops.Verify(at("2026-10-28T15:00"), "hotline", "alive"), "2026-10-28T15:00")
    live("2026-10-28T15:30", "2026-11-03T20:30")
    assert told(since=count) == [
        "li.na verify 1 10-28 09:00",
        "li.na complain 1 10-29 09:00",
        "li.na overdue 1 11-03 09:00",
    ]


def test_to_complain_is_advised_once_in_a_submission(late: CaseDriver) -> None:
    """Advised on the 28th; what the carrier says to be done then is alive: it gets 30 October, 2 and 3 November."""
    live("2026-10-19T09:00", "2026-10-28T14:30")
    count = len(told())
    assert told()[-1] == "li.na complain 1 10-28 09:00"
    late.do(ops.ReportedDone(at("2026-10-28T15:00")), "2026-10-28T15:00")
    live("2026-10-28T15:30", "2026-10-29T14:30")
    late.do(ops.Verify(at("2026-10-29T15:00"), "hotline", "alive"), "2026-10-29T15:00")
    live("2026-10-29T15:30", "2026-11-04T20:30")
    assert told(since=count) == ["li.na verify 1 10-29 09:00", "li.na overdue 1 11-04 09:00"]


def test_an_old_promise_after_done_is_told_beside_the_advice_of_before(late: CaseDriver) -> None:
    """Done on Friday the 30th, to verify on Monday; a promise of the 31st for 1 November is recorded after that."""
    live("2026-10-19T09:00", "2026-10-30T18:30")
    count = len(told())
    late.do(ops.ReportedDone(at("2026-10-30T19:00")), "2026-10-30T19:00")
    live("2026-10-30T19:30", "2026-11-02T11:00")
    late.do(ops.Promised(at("2026-10-31T19:00"), promised_on=on("2026-11-01")), "2026-11-02T11:10")
    live("2026-11-02T11:30", "2026-11-03T20:30")
    assert told(since=count) == ["li.na verify 1 11-02 09:00", "li.na promise_broken 1 11-03 09:00"]


def test_what_an_appeal_body_owes_is_told_once_whatever_happens_to_the_case(late: CaseDriver) -> None:
    """Lodged on the 20th: the five working days end with the 27th. Confirmed and opened again on the 28th."""
    late.do(ops.Complain(at("2026-10-19T10:00")), "2026-10-19T10:00")
    late.do(ops.Appeal(at("2026-10-20T10:00"), anyway=True), "2026-10-20T10:00")
    live("2026-10-20T12:00", "2026-10-28T09:30")
    late.do(ops.Verify(at("2026-10-28T10:00"), "hotline", "cancelled", confirm=True), "2026-10-28T10:00")
    late.do(ops.Reopen("The number rings"), "2026-10-28T11:00")
    live("2026-10-28T12:00", "2026-11-04T20:30")
    assert told(since=2) == ["li.na appeal_decision 1 10-28 09:00"]
