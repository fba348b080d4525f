"""After a correction, what is told is what a case calls for on which only the remaining steps were done.

What was told is not told twice; what the corrected step settled, put off or hid comes, on the next morning, as after
any change by a person; what waits and is not called for any more is not sent.

The case was submitted on Wednesday 2026-09-30 at 15:00. Late days: 14 (the first), 15, 16, 19 and 20 October.
"""

import pytest

from cases import operations as ops
from cases.models import Case, User
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, on
from tests.reminders.test_recorded_late import live
from tests.reminders.test_seams import Network, network, tick, told

__all__ = ["network"]
corrections = pytest.importorskip("cases.operations.corrections", reason="entries cannot be corrected yet")
pytestmark = pytest.mark.django_db


@pytest.fixture
def driver(overdue: Case, manager: User) -> CaseDriver:
    return CaseDriver(overdue, manager)


def void(driver: CaseDriver, now: str, *, back: int = 0) -> None:
    """Void the last entry of a case, or one that is `back` before it."""
    driver.do(corrections.VoidEntry(driver.last_entry.sequence - back, "It was said of another number"), now)


def amend(driver: CaseDriver, now: str, **changes: str) -> None:
    driver.do(corrections.AmendEntry(driver.last_entry.sequence, changes, "Misheard"), now)


def test_an_answer_that_is_voided_before_its_deadline_makes_the_case_overdue(driver: CaseDriver) -> None:
    """'Under review' on the 12th put the deadline off from the 13th to the 15th."""
    live("2026-10-08T09:00", "2026-10-12T09:30")
    driver.do(ops.UnderReview(at("2026-10-12T10:00")), "2026-10-12T10:00")
    live("2026-10-12T12:00", "2026-10-14T09:30")
    void(driver, "2026-10-14T11:00")
    live("2026-10-14T12:00", "2026-10-16T20:30")
    assert told() == [
        "li.na ack_missing 1 10-08 09:00",
        "li.na window_open 1 10-12 09:00",
        "li.na overdue 1 10-15 09:00",
        "li.na still_overdue 3 10-16 09:00",
    ]


def test_what_was_told_before_the_voided_answer_is_not_told_again(driver: CaseDriver) -> None:
    live("2026-10-14T09:00", "2026-10-14T09:30")
    driver.do(ops.UnderReview(at("2026-10-14T10:00")), "2026-10-14T10:00")
    void(driver, "2026-10-14T11:00")
    live("2026-10-14T12:00", "2026-10-20T20:30")
    assert told() == [
        "li.na overdue 1 10-14 09:00",
        "li.na still_overdue 3 10-16 09:00",
        "li.na still_overdue 5 10-20 09:00",
    ]


def test_what_fell_due_behind_the_voided_answer_comes_once(driver: CaseDriver) -> None:
    """Late day 3 was the 16th; a promise for the 20th stood then."""
    live("2026-10-14T09:00", "2026-10-14T09:30")
    driver.do(ops.Promised(at("2026-10-15T10:00"), promised_on=on("2026-10-20")), "2026-10-15T10:00")
    live("2026-10-15T12:00", "2026-10-16T09:30")
    void(driver, "2026-10-16T11:00")
    live("2026-10-16T12:00", "2026-10-20T20:30")
    assert told() == [
        "li.na overdue 1 10-14 09:00",
        "li.na still_overdue 3 10-19 09:00",
        "li.na still_overdue 5 10-20 09:00",
    ]


def test_a_promise_that_is_voided_after_it_was_told_as_broken(driver: CaseDriver) -> None:
    """Told as broken on the 16th, which was late day 3 without it."""
    live("2026-10-14T09:00", "2026-10-14T09:30")
    driver.do(ops.Promised(at("2026-10-14T10:00"), promised_on=on("2026-10-15")), "2026-10-14T10:00")
    live("2026-10-14T12:00", "2026-10-16T09:30")
    void(driver, "2026-10-16T11:00")
    live("2026-10-16T12:00", "2026-10-20T20:30")
    assert told() == [
        "li.na overdue 1 10-14 09:00",
        "li.na promise_broken 1 10-16 09:00",
        "li.na still_overdue 3 10-19 09:00",
        "li.na still_overdue 5 10-20 09:00",
    ]


def test_what_a_voided_follow_up_settled_comes_the_next_morning(driver: CaseDriver) -> None:
    """Nothing was swept on the 14th before somebody called."""
    driver.do(ops.FollowUp(at("2026-10-14T10:00")), "2026-10-14T10:00")
    live("2026-10-14T12:00", "2026-10-14T15:30")
    assert told() == []
    void(driver, "2026-10-14T16:00")
    live("2026-10-14T20:30", "2026-10-16T20:30")
    assert told() == ["li.na overdue 1 10-15 09:00", "li.na still_overdue 3 10-16 09:00"]


def test_a_voided_follow_up_repeats_nothing_that_was_told(driver: CaseDriver) -> None:
    live("2026-10-14T09:00", "2026-10-14T09:30")
    driver.do(ops.FollowUp(at("2026-10-14T10:00")), "2026-10-14T10:00")
    void(driver, "2026-10-14T11:00")
    live("2026-10-14T12:00", "2026-10-16T20:30")
    assert told() == ["li.na overdue 1 10-14 09:00", "li.na still_overdue 3 10-16 09:00"]


def test_of_two_follow_ups_the_one_that_is_left_settles_what_it_did(driver: CaseDriver) -> None:
    driver.do(ops.FollowUp(at("2026-10-14T10:00")), "2026-10-14T10:00")
    driver.do(ops.FollowUp(at("2026-10-14T11:00")), "2026-10-14T11:00")
    void(driver, "2026-10-14T12:00")
    live("2026-10-14T15:00", "2026-10-16T20:30")
    assert told() == ["li.na still_overdue 3 10-16 09:00"]


def test_what_fell_into_a_voided_snooze_comes_the_next_morning(driver: CaseDriver) -> None:
    live("2026-10-14T09:00", "2026-10-14T09:30")
    driver.do(Snooze(on("2026-10-22")), "2026-10-14T10:00")
    live("2026-10-14T12:00", "2026-10-16T09:30")
    void(driver, "2026-10-16T11:00")
    live("2026-10-16T12:00", "2026-10-20T20:30")
    assert told() == [
        "li.na overdue 1 10-14 09:00",
        "li.na still_overdue 3 10-19 09:00",
        "li.na still_overdue 5 10-20 09:00",
    ]


def test_what_fell_due_behind_a_voided_complaint_comes_the_next_morning(driver: CaseDriver) -> None:
    live("2026-10-14T09:00", "2026-10-14T09:30")
    driver.do(ops.Complain(at("2026-10-15T10:00")), "2026-10-15T10:00")
    live("2026-10-15T12:00", "2026-10-16T09:30")
    void(driver, "2026-10-16T11:00")
    live("2026-10-16T12:00", "2026-10-19T20:30")
    assert told() == ["li.na overdue 1 10-14 09:00", "li.na still_overdue 3 10-19 09:00"]


def test_a_promise_of_a_later_day_recalls_what_waits(driver: CaseDriver, network: Network) -> None:
    """Promised for the 14th, broken on the 15th at nine; the mail server is away. The day was the 20th."""
    driver.do(ops.Promised(at("2026-10-12T10:00"), promised_on=on("2026-10-14")), "2026-10-12T10:00")
    network.away = {"email"}
    tick("2026-10-15T09:00")
    amend(driver, "2026-10-15T09:05", promised_on="2026-10-20")
    network.away = set()
    live("2026-10-15T12:00", "2026-10-21T20:30")
    assert told() == ["li.na promise_broken 1 10-21 09:00"]


def test_a_done_that_is_voided_recalls_the_advice_to_verify(driver: CaseDriver, network: Network) -> None:
    live("2026-10-14T09:00", "2026-10-14T09:30")
    driver.do(ops.ReportedDone(at("2026-10-14T10:00")), "2026-10-14T10:00")
    network.away = {"email"}
    tick("2026-10-15T09:00")
    void(driver, "2026-10-15T09:05")
    network.away = set()
    live("2026-10-15T12:00", "2026-10-16T20:30")
    assert told() == ["li.na overdue 1 10-14 09:00", "li.na still_overdue 3 10-16 09:00"]


def test_a_voided_resubmission_leaves_the_case_returned(driver: CaseDriver) -> None:
    """Returned on the 12th: told on the third working day, the 15th, and next on the eighth, the 22nd."""
    driver.do(ops.Returned(at("2026-10-12T10:00"), reason="arrears"), "2026-10-12T10:00")
    live("2026-10-12T12:00", "2026-10-15T09:30")
    driver.do(ops.Submit(at("2026-10-15T10:00")), "2026-10-15T10:00")
    live("2026-10-15T12:00", "2026-10-16T09:30")
    void(driver, "2026-10-16T09:40")
    live("2026-10-16T12:00", "2026-10-22T20:30")
    assert told() == ["li.na returned 3 10-15 09:00", "li.na returned 8 10-22 09:00"]
