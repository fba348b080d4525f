"""Where a case stands, and the one thing to do next, moment by moment."""

from dataclasses import replace

import pytest

from cases.domain.case_standing import Standing, current_standing
from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis
from cases.domain.status import Status
from tests.domain.scenarios import NATIONAL_DAY
from tests.moments import CALENDAR, at, on


def standing(state: CaseState, now: str, status: Status = Status.SUBMITTED) -> tuple[str, str, int, int]:
    found = current_standing(status, state, at(now), CALENDAR)
    return found.kind.value, found.step.value, found.late_days, found.days_left


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-09-30 15:00", ("waiting", "wait", 0, 5)),
        ("2026-10-01 14:59", ("waiting", "wait", 0, 5)),
        ("2026-10-01 15:00", ("waiting", "ask_registered", 0, 5)),
        ("2026-10-08 09:00", ("waiting", "ask_registered", 0, 4)),
        ("2026-10-10 23:59", ("waiting", "ask_registered", 0, 2)),
        ("2026-10-11 00:00", ("waiting", "first_call", 0, 2)),
        ("2026-10-12 23:59", ("waiting", "first_call", 0, 1)),
        ("2026-10-13 00:00", ("due_today", "first_call", 0, 0)),
        ("2026-10-13 23:59", ("due_today", "first_call", 0, 0)),
        ("2026-10-14 00:00", ("overdue", "chase", 1, 0)),
        ("2026-10-16 12:00", ("overdue", "chase", 3, 0)),
        ("2026-10-18 12:00", ("overdue", "chase", 3, 0)),  # a Sunday
        ("2026-10-27 23:59", ("overdue", "chase", 10, 0)),
        ("2026-10-28 00:00", ("overdue", "complain", 11, 0)),
        ("2026-12-01 12:00", ("overdue", "complain", 35, 0)),
    ],
)
def test_a_submission_that_nobody_answers(now: str, expected: tuple[str, str, int, int]) -> None:
    assert standing(NATIONAL_DAY, now) == expected


def test_an_acknowledged_request_is_not_asked_after() -> None:
    assert standing(replace(NATIONAL_DAY, acknowledged=True), "2026-10-08 09:00") == ("waiting", "wait", 0, 4)


def test_overdue_on_days_off_before_the_first_late_day() -> None:
    state = replace(NATIONAL_DAY, reply_by=at("2026-10-17 00:00"), first_reply_by=at("2026-10-17 00:00"))
    assert standing(state, "2026-10-17 10:00") == ("overdue", "chase", 0, 0)
    assert standing(state, "2026-10-19 10:00") == ("overdue", "chase", 1, 0)


PROMISE = CaseState(
    waiting=True,
    round_no=2,
    basis=Basis.PROMISE,
    submitted_at=at("2026-09-30 15:00"),
    acknowledge_by=at("2026-10-01 15:00"),
    window_opens=at("2026-10-11 00:00"),
    reply_by=at("2026-10-17 00:00"),
    first_reply_by=at("2026-10-14 00:00"),
)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-10-14 10:00", ("waiting", "wait", 0, 2)),
        ("2026-10-16 10:00", ("due_today", "wait", 0, 0)),
        ("2026-10-19 10:00", ("overdue", "hold_to_promise", 1, 0)),
        ("2026-10-28 10:00", ("overdue", "complain", 8, 0)),  # counted from the submission's first deadline
    ],
)
def test_a_promise(now: str, expected: tuple[str, str, int, int]) -> None:
    assert standing(PROMISE, now) == expected


def test_without_a_first_deadline_the_running_round_is_the_first() -> None:
    assert standing(replace(NATIONAL_DAY, first_reply_by=None), "2026-10-28 10:00") == ("overdue", "complain", 11, 0)


def test_after_a_complaint_there_is_no_second_one_to_lodge() -> None:
    assert standing(replace(NATIONAL_DAY, complaint_lodged=True), "2026-10-28 10:00") == ("overdue", "chase", 11, 0)


def test_a_complaint_runs_then_an_appeal_is_possible_then_it_runs() -> None:
    state = replace(NATIONAL_DAY, complaint_at=at("2026-09-20 11:00"), complaint_lodged=True)
    assert standing(state, "2026-10-08 23:59") == ("waiting", "wait_complaint", 0, 4)
    assert standing(state, "2026-10-09 00:00") == ("waiting", "appeal", 0, 3)
    assert standing(state, "2026-10-14 00:00") == ("overdue", "appeal", 1, 0)
    appealed = replace(state, appeal_at=at("2026-10-09 10:00"))
    assert standing(appealed, "2026-10-14 00:00") == ("overdue", "wait_appeal", 1, 0)


@pytest.mark.parametrize(
    ("now", "is_decided", "expected"),
    [
        # An appeal of 2026-10-09: five working days to decide, from the acceptance on some sixty days to answer.
        ("2026-10-15 23:59", False, "wait_appeal"),
        ("2026-11-02 00:00", False, "ask_appeal_body"),
        ("2026-11-02 00:00", True, "wait_appeal"),
        ("2027-03-01 00:00", True, "ask_appeal_body"),
    ],
)
def test_an_appeal_body_owes_a_decision_and_then_an_answer(now: str, is_decided: bool, expected: str) -> None:
    appealed = replace(NATIONAL_DAY, complaint_lodged=True, appeal_at=at("2026-10-09 10:00"), appeal_decided=is_decided)
    assert standing(appealed, now)[1] == expected


def test_a_review_that_is_still_on_is_waited_for_however_late_the_request_was() -> None:
    """Only a promise of a later day may not put the complaint off, and none is lodged twice."""
    review = replace(PROMISE, basis=Basis.UNDER_REVIEW, reply_by=at("2026-11-12 00:00"))
    assert standing(review, "2026-10-30 10:00")[:2] == ("waiting", "wait")
    promise = replace(PROMISE, reply_by=at("2026-11-12 00:00"))
    assert standing(promise, "2026-10-30 10:00")[:2] == ("waiting", "complain")
    assert standing(replace(promise, complaint_lodged=True), "2026-10-30 10:00")[:2] == ("waiting", "wait")


@pytest.mark.parametrize(
    ("now", "is_complained", "expected"),
    [
        ("2026-10-16 10:00", False, ("due_today", "wait_effect", 0)),
        ("2026-10-19 10:00", False, ("overdue", "verify", 1)),
        ("2026-10-20 23:59", False, ("overdue", "verify", 2)),
        ("2026-10-21 00:00", False, ("overdue", "chase", 3)),
        ("2026-10-30 23:59", False, ("overdue", "chase", 10)),  # of the day on which it was to take effect
        ("2026-11-02 00:00", False, ("overdue", "complain", 11)),
        ("2026-11-02 00:00", True, ("overdue", "chase", 11)),
    ],
)
def test_a_day_on_which_it_takes_effect(now: str, is_complained: bool, expected: tuple[str, str, int]) -> None:
    state = replace(PROMISE, basis=Basis.TAKES_EFFECT, complaint_lodged=is_complained)
    assert standing(state, now)[:3] == expected


def test_done_as_the_carrier_says_is_never_overdue() -> None:
    done = CaseState(reported_done_at=at("2026-10-12 10:00"), first_reply_by=at("2026-10-14 00:00"))
    for status in (Status.SUBMITTED, Status.UNDER_REVIEW):
        assert standing(done, "2027-01-04 10:00", status) == ("to_verify", "verify", 0, 0)


def test_returned_is_our_turn() -> None:
    returned = CaseState(returned_at=at("2026-10-12 10:00"))
    assert standing(returned, "2027-01-04 10:00", Status.RETURNED) == ("returned", "resubmit", 0, 0)
    complained = replace(returned, complaint_at=at("2026-10-12 10:00"), complaint_lodged=True)
    assert standing(complained, "2026-10-13 10:00", Status.RETURNED) == ("returned", "resubmit", 0, 0)


def test_drafts_and_closed_cases() -> None:
    assert standing(CaseState(), "2026-10-13 10:00", Status.DRAFT) == ("draft", "submit", 0, 0)
    confirmed = CaseState(confirmed_at=at("2026-10-12 10:00"))
    assert standing(confirmed, "2026-10-13 10:00", Status.CONFIRMED) == ("confirmed", "check_bill", 0, 0)
    checked = replace(confirmed, bill_checked=True)
    assert standing(checked, "2026-11-13 10:00", Status.CONFIRMED) == ("confirmed", "nothing", 0, 0)
    assert standing(CaseState(), "2026-10-13 10:00", Status.WITHDRAWN) == ("withdrawn", "nothing", 0, 0)


def test_a_snoozed_case_stands_where_it_stands() -> None:
    snoozed = replace(NATIONAL_DAY, snoozed_until=on("2026-11-30"))
    assert standing(snoozed, "2026-10-14 00:00") == ("overdue", "chase", 1, 0)


def test_a_standing_is_a_value() -> None:
    one = current_standing(Status.SUBMITTED, NATIONAL_DAY, at("2026-10-14 00:00"), CALENDAR)
    assert one == current_standing(Status.SUBMITTED, NATIONAL_DAY, at("2026-10-14 00:00"), CALENDAR)
    assert isinstance(one, Standing)


def test_a_promise_far_ahead_does_not_put_the_complaint_off() -> None:
    far = replace(NATIONAL_DAY, basis=Basis.PROMISE, first_round=False, reply_by=at("2026-11-12"))
    assert standing(replace(far, first_reply_by=at("2026-10-14")), "2026-10-27 12:00") == ("waiting", "wait", 0, 11)
    assert standing(replace(far, first_reply_by=at("2026-10-14")), "2026-10-28 12:00") == ("waiting", "complain", 0, 10)


def test_a_message_that_waits_comes_before_every_step() -> None:
    state = replace(NATIONAL_DAY, message_at=at("2026-10-15 10:00"))
    assert standing(state, "2026-10-16 10:00") == ("overdue", "read_message", 3, 0)
