"""Which cases are due for a call now, what the call is for, and what may come of it.

Many numbers of one carrier are asked about in one call: the cases of a call sheet have the carrier, the line to call
and the purpose in common. The purpose follows from the next step of a case (`case_standing`); of what was returned,
only an unpaid bill is asked about by telephone.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from cases.domain.business_days import local, start_of_day
from cases.domain.case_standing import Standing, StandingKind, Step
from cases.domain.case_state import CaseState
from cases.domain.reminders import snooze_end


class CallPurpose(StrEnum):
    """What a carrier is called for; the order is that of the lists."""

    COMPLAIN = "complain"
    ASK = "ask"
    VERIFY = "verify"
    REFUND = "refund"
    ARREARS = "arrears"


class CallOutcome(StrEnum):
    """What came of a call for one number. Those that are replies bear the name of the reply's kind."""

    NO_REPLY = "no_reply"  # somebody spoke, and promised nothing
    NO_ANSWER = "no_answer"  # nobody answered the call
    ACKNOWLEDGED = "acknowledged"
    UNDER_REVIEW = "under_review"
    PROMISED = "promised"
    RETURNED = "returned"
    REPORTED_DONE = "reported_done"
    COMPLAINED = "complaint"
    CANCELLED = "cancelled"
    ALIVE = "alive"
    REFUND_PROMISED = "refund_promised"
    REFUND_RECEIVED = "refund_received"
    EXPLAINED = "explained"  # what is unpaid, and how to pay it
    NOT_ASKED = "not_asked"  # left out of the call: nothing is recorded


_PURPOSES: Mapping[Step, CallPurpose] = {
    Step.ASK_REGISTERED: CallPurpose.ASK,
    Step.FIRST_CALL: CallPurpose.ASK,
    Step.CHASE: CallPurpose.ASK,
    Step.HOLD_TO_PROMISE: CallPurpose.ASK,
    Step.COMPLAIN: CallPurpose.COMPLAIN,
    Step.VERIFY: CallPurpose.VERIFY,
    Step.ASK_REFUND: CallPurpose.REFUND,
}
_REPLIES = (
    CallOutcome.ACKNOWLEDGED,
    CallOutcome.UNDER_REVIEW,
    CallOutcome.PROMISED,
    CallOutcome.RETURNED,
    CallOutcome.REPORTED_DONE,
)
#: What may come of a call, by its purpose; the first is what is chosen before anybody has called.
OUTCOMES: Mapping[CallPurpose, tuple[CallOutcome, ...]] = {
    CallPurpose.ASK: (CallOutcome.NO_REPLY, *_REPLIES, CallOutcome.NO_ANSWER),
    CallPurpose.COMPLAIN: (CallOutcome.COMPLAINED, *_REPLIES, CallOutcome.NO_REPLY, CallOutcome.NO_ANSWER),
    CallPurpose.VERIFY: (CallOutcome.CANCELLED, CallOutcome.ALIVE, CallOutcome.NO_REPLY, CallOutcome.NO_ANSWER),
    CallPurpose.REFUND: (
        CallOutcome.NO_REPLY,
        CallOutcome.REFUND_PROMISED,
        CallOutcome.REFUND_RECEIVED,
        CallOutcome.NO_ANSWER,
    ),
    CallPurpose.ARREARS: (CallOutcome.EXPLAINED, CallOutcome.NO_REPLY, CallOutcome.NO_ANSWER),
}


def call_purpose(
    standing: Standing,
    state: CaseState,
    last_follow_up_at: datetime | None,
    now: datetime,
    *,
    is_for_arrears: bool = False,
) -> CallPurpose | None:
    """What the carrier is to be called for at `now` (aware); None where no call is due.

    None is due while the case is snoozed, and after one was made: once a day (Shanghai) while the carrier is late, with
    its reply or a refund, or says that it is done; once in all for the calls of a request that still has time, or that
    came back for an unpaid bill (`is_for_arrears`).
    """
    snoozed_to = snooze_end(state)
    if snoozed_to is not None and now < snoozed_to:
        return None
    is_unpaid = is_for_arrears and standing.step is Step.RESUBMIT
    purpose = CallPurpose.ARREARS if is_unpaid else _PURPOSES.get(standing.step)
    if purpose is None or (last_follow_up_at is not None and last_follow_up_at >= _due_since(standing, state, now)):
        return None
    return purpose


def _due_since(standing: Standing, state: CaseState, now: datetime) -> datetime:
    """The moment after which one call is enough."""
    today = start_of_day(local(now).date())
    if standing.kind is StandingKind.OVERDUE or standing.step in (Step.COMPLAIN, Step.VERIFY, Step.ASK_REFUND):
        return today
    if standing.step is Step.RESUBMIT:
        return state.returned_at or today
    since = state.window_opens if standing.step is Step.FIRST_CALL else state.acknowledge_by
    return since or today
