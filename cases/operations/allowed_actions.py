"""Which verbs make sense for a case now: what a page offers, and nothing else.

The verbs themselves refuse the rest; a test holds both together.
"""

from collections.abc import Iterable
from enum import StrEnum

from cases.domain.escalation import unsettled_complaints
from cases.domain.status import OPEN_STATUSES, STATUSES_WITH_CARRIER, Status
from cases.models import Case, Escalation
from cases.models.choices import EscalationKind
from cases.operations.escalation import complaints_of


class Action(StrEnum):
    SUBMIT = "submit"
    REPLY = "reply"
    FOLLOW_UP = "follow-up"
    VERIFY = "verify"
    CONFIRM = "confirm"
    COMPLAIN = "complain"
    COMPLAINT_ANSWER = "complaint-answer"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal-decision"
    APPEAL_ANSWER = "appeal-answer"
    SNOOZE = "snooze"
    HAND_OVER = "hand-over"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    CHECKLIST = "checklist"
    RECEIPTS = "receipts"
    CHARGE = "charge"
    BILL = "bill"
    KEEP = "keep"
    ERASE = "erase"


#: What only managers of the team may do.
MANAGER_ACTIONS = frozenset({Action.KEEP, Action.ERASE})


def allowed_actions(case: Case, escalations: Iterable[Escalation]) -> list[Action]:
    """The actions that a case allows, in the order in which they are offered."""
    if case.erased_at:
        return []
    state = case.state
    with_carrier = state in STATUSES_WITH_CARRIER
    is_submitted = with_carrier or state is Status.RETURNED
    escalations = list(escalations)
    open_kinds = {e.kind for e in escalations if e.answered_at is None}
    is_appeal_undecided = any(
        e.kind == EscalationKind.APPEAL and e.answered_at is None and not e.decided_at for e in escalations
    )
    has_unsettled_complaint = bool(unsettled_complaints(complaints_of(escalations)))
    rules = {
        Action.SUBMIT: state in (Status.DRAFT, Status.RETURNED),
        Action.REPLY: with_carrier,
        Action.FOLLOW_UP: is_submitted or state is Status.CONFIRMED,
        Action.VERIFY: with_carrier,
        Action.CONFIRM: with_carrier and case.verification_id is not None,
        Action.COMPLAIN: is_submitted and EscalationKind.COMPLAINT not in open_kinds,
        Action.COMPLAINT_ANSWER: EscalationKind.COMPLAINT in open_kinds,
        Action.APPEAL: is_submitted and has_unsettled_complaint and EscalationKind.APPEAL not in open_kinds,
        Action.APPEAL_DECISION: is_appeal_undecided,
        Action.APPEAL_ANSWER: EscalationKind.APPEAL in open_kinds,
        Action.SNOOZE: is_submitted,
        Action.HAND_OVER: state in OPEN_STATUSES,
        Action.CORRECT: with_carrier,
        Action.WITHDRAW: state in OPEN_STATUSES,
        Action.REOPEN: state is Status.CONFIRMED,
        Action.CHECKLIST: state in OPEN_STATUSES,
        Action.RECEIPTS: True,
        Action.CHARGE: state is not Status.WITHDRAWN,
        Action.BILL: state is Status.CONFIRMED,
        Action.KEEP: state not in OPEN_STATUSES,
        Action.ERASE: state not in OPEN_STATUSES and not open_kinds,
    }
    return [action for action, is_allowed in rules.items() if is_allowed]
