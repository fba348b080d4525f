"""When a carrier is to be called, and for what."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from cases.domain.calls import OUTCOMES, CallOutcome, CallPurpose, call_purpose
from cases.domain.case_standing import Standing, StandingKind, Step
from cases.domain.case_state import CaseState
from tests.helpers import at

NOW = at("2026-10-16T10:00")
LATE = Standing(StandingKind.OVERDUE, Step.CHASE, late_days=3)
FIRST = Standing(StandingKind.WAITING, Step.FIRST_CALL, days_left=2)
UNREGISTERED = Standing(StandingKind.WAITING, Step.ASK_REGISTERED, days_left=4)
CLOSED = Standing(StandingKind.CONFIRMED, Step.CHECK_BILL)
RETURNED = Standing(StandingKind.RETURNED, Step.RESUBMIT)
STATE = CaseState(
    waiting=True, window_opens=at("2026-10-14T00:00"), acknowledge_by=at("2026-10-13T15:00"), reply_by=NOW
)


@pytest.mark.parametrize(
    ("step", "purpose"),
    [
        (Step.CHASE, CallPurpose.ASK),
        (Step.HOLD_TO_PROMISE, CallPurpose.ASK),
        (Step.COMPLAIN, CallPurpose.COMPLAIN),
        (Step.VERIFY, CallPurpose.VERIFY),
        (Step.ASK_REFUND, CallPurpose.REFUND),
        (Step.WAIT_COMPLAINT, None),
        (Step.READ_MESSAGE, None),
        (Step.APPEAL, None),
        (Step.RESUBMIT, None),
    ],
)
def test_the_purpose_follows_from_the_next_step(step: Step, purpose: CallPurpose | None) -> None:
    assert call_purpose(replace(LATE, step=step), STATE, None, NOW) is purpose


@pytest.mark.parametrize(
    ("standing", "called_at", "is_due"),
    [
        (LATE, at("2026-10-15T23:59"), True),
        (LATE, at("2026-10-16T00:00"), False),
        (FIRST, at("2026-10-13T16:00"), True),  # before the three days were over
        (FIRST, at("2026-10-14T09:00"), False),  # since then, though not today
        # A complaint about a promise of a later day, and a check: once a day, though nothing is late.
        (replace(FIRST, step=Step.COMPLAIN), at("2026-10-15T23:59"), True),
        (replace(FIRST, step=Step.COMPLAIN), at("2026-10-16T00:00"), False),
        (replace(FIRST, step=Step.VERIFY), at("2026-10-15T23:59"), True),
        (replace(FIRST, step=Step.VERIFY), at("2026-10-16T00:00"), False),
        (FIRST, at("2026-10-13T23:59"), True),
        (FIRST, at("2026-10-14T00:00"), False),
        (replace(CLOSED, step=Step.ASK_REFUND), at("2026-10-15T23:59"), True),
        (replace(CLOSED, step=Step.ASK_REFUND), at("2026-10-16T00:00"), False),
        (UNREGISTERED, at("2026-10-13T14:00"), True),
        (UNREGISTERED, at("2026-10-13T16:00"), False),
    ],
)
def test_after_a_call_none_is_due_for_a_while(standing: Standing, called_at: datetime, is_due: bool) -> None:
    assert (call_purpose(standing, STATE, called_at, NOW) is not None) is is_due


def test_what_was_returned_for_an_unpaid_bill_is_asked_about_once() -> None:
    state = CaseState(returned_at=at("2026-10-14T10:00"))
    calls = (None, at("2026-10-14T09:59"), at("2026-10-14T10:00"), at("2026-10-15T09:00"))
    assert [call_purpose(RETURNED, state, call, NOW, is_for_arrears=True) for call in calls] == [
        CallPurpose.ARREARS, CallPurpose.ARREARS, None, None,
    ]  # fmt: skip
    assert call_purpose(RETURNED, state, None, NOW) is None
    # Of a return that was submitted again only the waiting is left.
    assert call_purpose(FIRST, STATE, None, NOW, is_for_arrears=True) is CallPurpose.ASK


def test_without_a_moment_to_count_from_it_is_once_a_day() -> None:
    unknown = replace(STATE, window_opens=None)
    calls = (at("2026-10-15T23:59"), at("2026-10-16T00:00"))
    assert [call_purpose(FIRST, unknown, call, NOW) for call in calls] == [CallPurpose.ASK, None]


def test_none_is_due_while_the_case_is_snoozed() -> None:
    snoozed = replace(STATE, snoozed_at=at("2026-10-15T09:00"), snoozed_until=date(2026, 10, 20))
    assert call_purpose(LATE, snoozed, None, NOW) is None
    assert call_purpose(LATE, snoozed, None, at("2026-10-20T00:00")) is CallPurpose.ASK


def test_the_first_outcome_is_what_a_call_is_made_for() -> None:
    assert [OUTCOMES[purpose][0] for purpose in CallPurpose] == [
        CallOutcome.COMPLAINED,
        CallOutcome.NO_REPLY,
        CallOutcome.CANCELLED,
        CallOutcome.NO_REPLY,
        CallOutcome.EXPLAINED,
    ]
