"""What a page offers and what the verbs take, held together: for a case in every state, for every action."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from cases import operations as ops
from cases.domain.errors import (
    AppealRunning,
    AppealTooEarly,
    CaseError,
    ComplaintRunning,
    NoComplaintYet,
    NothingOwed,
    NothingToAnswer,
    NotVerified,
    WrongState,
    WrongTransition,
)
from cases.domain.refunds import NoOpenRefund, NotCancelledYet, RefundStillOpen
from cases.domain.retention import NotClosed, StillDisputed
from cases.models import Case
from cases.operations import Action, Verb
from cases.operations.erasure import Erase, Retain
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, on
from tests.moments import NOW
from tests.web.scenarios import STATES, Make

#: Refusals that mean: not as the case stands. Any other is about what was typed.
IMPOSSIBLE = (
    WrongState,
    WrongTransition,
    NotVerified,
    NoComplaintYet,
    NothingToAnswer,
    ComplaintRunning,
    AppealRunning,
    NotClosed,
    StillDisputed,
    NotCancelledYet,
    NoOpenRefund,
    RefundStillOpen,
)


def verbs(case: Case) -> dict[Action, list[Verb]]:
    """Each action with sensible arguments; a reply in each of its kinds."""
    return {
        Action.SUBMIT: [ops.Submit(NOW)],
        Action.REPLY: [
            ops.Acknowledged(NOW),
            ops.UnderReview(NOW),
            ops.Promised(NOW, promised_on=on("2026-10-20")),
            ops.Returned(NOW, reason="papers"),
            ops.ReportedDone(NOW),
        ],
        Action.FOLLOW_UP: [ops.FollowUp(NOW)],
        Action.VERIFY: [ops.Verify(NOW, "hotline", finding) for finding in ("cancelled", "alive", "inconclusive")],
        Action.CONFIRM: [ops.Confirm()],
        Action.COMPLAIN: [ops.Complain(NOW)],
        Action.COMPLAINT_ANSWER: [ops.ComplaintAnswered(NOW, satisfied=False)],
        Action.APPEAL: [ops.Appeal(NOW, about="charges" if case.confirmed_at else "other")],
        Action.APPEAL_DECISION: [ops.AppealDecided(NOW, accepted=accepted) for accepted in (True, False)],
        Action.APPEAL_ANSWER: [ops.AppealAnswered(NOW, satisfied=True)],
        Action.SNOOZE: [Snooze(on("2026-10-27"))],
        Action.HAND_OVER: [ops.HandOver(None)],
        Action.CORRECT: [ops.CorrectSubmission(case.submitted_at or NOW, "typed wrongly")],
        Action.WITHDRAW: [ops.Withdraw()],
        Action.REOPEN: [ops.Reopen("it rings")],
        Action.CHARGE: [ops.RecordCharge(ops.NewCharge(Decimal("19"), on("2026-10-01")))],
        Action.BILL: [ops.CheckBill(NOW)],
        Action.EXPECT_REFUND: [ops.ExpectRefund(Decimal("36.5"))],
        Action.PROMISE_REFUND: [ops.PromiseRefund(NOW, on("2026-11-20"))],
        Action.RECEIVE_REFUND: [ops.ReceiveRefund(on("2026-10-16"), Decimal("6.5"))],
        Action.WRITE_OFF_REFUND: [ops.WriteOffRefund("too little")],
        Action.KEEP: [Retain(True, "a lawsuit")],
        Action.ERASE: [Erase()],
        Action.CHECKLIST: [ops.MarkItem("identity")],
        Action.RECEIPTS: [ops.AttachReceipts((ops.NewReceipt("sms", "a.txt", "text/plain", 1, uuid4().hex * 2),))],
    }


def refusal(verb: Verb, driver: CaseDriver) -> CaseError | None:
    """What the case says to the verb; whatever the verb did is undone."""
    before = driver.case
    try:
        with transaction.atomic():
            driver.do(verb, NOW)
            transaction.set_rollback(True)
    except CaseError as error:
        return error
    finally:
        driver.case = before
    return None


@pytest.mark.parametrize("state", STATES)
def test_offered_exactly_when_the_verb_is_taken(new_driver: Make, state: str) -> None:
    driver = STATES[state](new_driver)
    case = driver.fresh()
    offered = set(ops.possible_actions(case, case.escalations.all()))
    assert set(verbs(case)) == set(Action)
    for action, choices in verbs(case).items():
        for verb in choices:
            error = refusal(verb, driver)
            if state == "refund_open" and isinstance(error, NothingOwed):
                error = None  # it depends on the day that is typed
            taken = not isinstance(error, (*IMPOSSIBLE, NothingOwed))
            assert (action in offered) == taken, (action, verb, error)
            if isinstance(error, AppealTooEarly):
                day = "2026-11-03" if case.confirmed_at else "2026-10-17"
                assert (action, error.params) == (Action.APPEAL, {"possible_from": on(day)})
            elif taken:
                assert error is None, (action, verb, error)
