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
    NothingToAnswer,
    NotVerified,
    WrongState,
    WrongTransition,
)
from cases.domain.retention import NotClosed, StillDisputed
from cases.models import Case
from cases.operations import Action, Verb
from cases.operations.erasure import Erase, Retain
from tests.helpers import Desk, at, on
from tests.web.cases import NOW, STATES, Make

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
)
SAID = at(NOW)


def verbs(case: Case) -> dict[Action, list[Verb]]:
    """Each action with sensible arguments; a reply in each of its kinds."""
    return {
        Action.SUBMIT: [ops.Submit(SAID)],
        Action.REPLY: [
            ops.Acknowledged(SAID),
            ops.UnderReview(SAID),
            ops.Promised(SAID, promised_on=on("2026-10-20")),
            ops.Returned(SAID, reason="papers"),
            ops.ReportedDone(SAID),
        ],
        Action.FOLLOW_UP: [ops.FollowUp(SAID)],
        Action.VERIFY: [ops.Verify(SAID, "hotline", finding) for finding in ("cancelled", "alive", "inconclusive")],
        Action.CONFIRM: [ops.Confirm()],
        Action.COMPLAIN: [ops.Complain(SAID)],
        Action.COMPLAINT_ANSWER: [ops.ComplaintAnswered(SAID, satisfied=False)],
        Action.APPEAL: [ops.Appeal(SAID)],
        Action.APPEAL_DECISION: [ops.AppealDecided(SAID, accepted=accepted) for accepted in (True, False)],
        Action.APPEAL_ANSWER: [ops.AppealAnswered(SAID, satisfied=True)],
        Action.SNOOZE: [ops.Snooze(on("2026-10-27"))],
        Action.HAND_OVER: [ops.HandOver(None)],
        Action.CORRECT: [ops.CorrectSubmission(case.submitted_at or SAID, "typed wrongly")],
        Action.WITHDRAW: [ops.Withdraw()],
        Action.REOPEN: [ops.Reopen("it rings")],
        Action.CHARGE: [ops.RecordCharge(ops.NewCharge(Decimal("19"), on("2026-10-01")))],
        Action.BILL: [ops.CheckBill(SAID)],
        Action.KEEP: [Retain(True, "a lawsuit")],
        Action.ERASE: [Erase()],
        Action.CHECKLIST: [ops.MarkItem("identity")],
        Action.RECEIPTS: [ops.AttachReceipts((ops.NewReceipt("sms", "a.txt", "text/plain", 1, uuid4().hex * 2),))],
    }


def refusal(verb: Verb, desk: Desk) -> CaseError | None:
    """What the case says to the verb; whatever the verb did is undone."""
    before = desk.case
    try:
        with transaction.atomic():
            desk.do(verb, NOW)
            transaction.set_rollback(True)
    except CaseError as error:
        return error
    finally:
        desk.case = before
    return None


@pytest.mark.parametrize("state", STATES)
def test_offered_exactly_when_the_verb_is_taken(desk_of: Make, state: str) -> None:
    desk = STATES[state](desk_of)
    case = desk.fresh()
    offered = set(ops.possible_actions(case, case.escalations.all()))
    assert set(verbs(case)) == set(Action)
    for action, choices in verbs(case).items():
        for verb in choices:
            error = refusal(verb, desk)
            taken = not isinstance(error, IMPOSSIBLE)
            assert (action in offered) == taken, (action, verb, error)
            if isinstance(error, AppealTooEarly):
                assert (action, error.params) == (Action.APPEAL, {"possible_from": on("2026-10-17")})
            elif taken:
                assert error is None, (action, verb, error)
