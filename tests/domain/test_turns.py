"""Whose turn it is, in every state of a case; moments as the tables of domain.md have them."""

from dataclasses import replace

import pytest

from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis
from cases.domain.status import Status
from cases.domain.turns import whose_turn
from tests.domain.scenarios import NATIONAL_DAY
from tests.moments import CALENDAR, at

RETURNED = CaseState(returned_at=at("2026-10-12 11:00"))
DONE = CaseState(reported_done_at=at("2026-10-12 11:00"))
CONFIRMED = CaseState(confirmed_at=at("2026-10-12 11:00"))
COMPLAINED = replace(NATIONAL_DAY, complaint_at=at("2026-10-28 10:00"), complaint_lodged=True)
APPEALED = replace(NATIONAL_DAY, appeal_at=at("2026-11-16 10:00"))
EFFECT = replace(NATIONAL_DAY, basis=Basis.TAKES_EFFECT, first_round=False, reply_by=at("2026-10-21 00:00"))
PROMISE = replace(NATIONAL_DAY, basis=Basis.PROMISE, first_round=False, reply_by=at("2026-10-21 00:00"))


@pytest.mark.parametrize(
    ("status", "state", "now", "expected"),
    [
        (Status.DRAFT, CaseState(), "2026-10-01 09:00", ("ours", "draft", None, False)),
        (Status.SUBMITTED, NATIONAL_DAY, "2026-10-09 09:00", ("carrier", "request", "2026-10-14 00:00", False)),
        (Status.SUBMITTED, NATIONAL_DAY, "2026-10-14 00:00", ("carrier", "request", "2026-10-14 00:00", True)),
        (Status.UNDER_REVIEW, NATIONAL_DAY, "2026-10-13 23:59", ("carrier", "request", "2026-10-14 00:00", False)),
        (Status.SUBMITTED, PROMISE, "2026-10-20 09:00", ("carrier", "request", "2026-10-21 00:00", False)),
        (Status.SUBMITTED, EFFECT, "2026-10-20 09:00", ("carrier", "effect", "2026-10-21 00:00", False)),
        (Status.SUBMITTED, EFFECT, "2026-10-21 09:00", ("ours", "effect_passed", None, False)),
        (Status.SUBMITTED, COMPLAINED, "2026-10-30 09:00", ("carrier", "complaint", "2026-11-13 00:00", False)),
        (Status.SUBMITTED, COMPLAINED, "2026-11-13 00:00", ("ours", "complaint_unanswered", None, False)),
        (Status.SUBMITTED, APPEALED, "2026-11-17 09:00", ("appeal_body", "appeal", "2026-11-24 00:00", False)),
        (Status.SUBMITTED, APPEALED, "2026-11-24 00:00", ("appeal_body", "appeal", "2026-11-24 00:00", True)),
        (Status.RETURNED, RETURNED, "2026-10-20 09:00", ("ours", "returned", None, False)),
        (
            Status.RETURNED,
            replace(RETURNED, complaint_at=at("2026-10-10 10:00")),
            "2026-10-20 09:00",
            ("ours", "returned", None, False),
        ),
        (Status.SUBMITTED, DONE, "2026-10-20 09:00", ("ours", "reported_done", None, False)),
        (Status.CONFIRMED, CONFIRMED, "2026-10-20 09:00", ("nobody", "bill", None, False)),
        (Status.CONFIRMED, replace(CONFIRMED, bill_checked=True), "2026-12-20 09:00", ("nobody", "over", None, False)),
        (Status.WITHDRAWN, CaseState(), "2026-10-20 09:00", ("nobody", "over", None, False)),
    ],
)
def test_in_every_state_somebody_or_nobody_is_to_act(
    status: Status, state: CaseState, now: str, expected: tuple[str, str, str | None, bool]
) -> None:
    side, why, until, is_late = expected
    turn = whose_turn(status, state, at(now), CALENDAR)
    assert (turn.side.value, turn.why.value, turn.is_late) == (side, why, is_late)
    assert turn.until == (at(until) if until else None)


def test_a_message_that_waits_changes_no_turn() -> None:
    state = replace(RETURNED, message_at=at("2026-10-13 09:00"))
    turn = whose_turn(Status.RETURNED, state, at("2026-10-20 09:00"), CALENDAR)
    assert (turn.side.value, turn.since) == ("ours", at("2026-10-12 11:00"))
