"""Where a case stands at a moment, and the one thing to do next: derived from the clock, never stored.

The kinds agree with the queries of `cases.selectors`, which a test holds together.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.domain.business_days import WorkingCalendar
from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis, is_due_today, is_overdue, working_days_late, working_days_left
from cases.domain.escalation import appeal_answer_by, appeal_decision_by, complaint_answer_by, is_time_to_complain
from cases.domain.refunds import is_refund_overdue
from cases.domain.reminder_kinds import ReminderKind
from cases.domain.status import Status


class StandingKind(StrEnum):
    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    WAITING = "waiting"
    TO_VERIFY = "to_verify"
    RETURNED = "returned"
    DRAFT = "draft"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    SUBMIT = "submit"
    WAIT = "wait"
    WAIT_EFFECT = "wait_effect"
    ASK_REGISTERED = "ask_registered"
    FIRST_CALL = "first_call"
    CHASE = "chase"
    HOLD_TO_PROMISE = "hold_to_promise"
    COMPLAIN = "complain"
    WAIT_COMPLAINT = "wait_complaint"
    APPEAL = "appeal"
    WAIT_APPEAL = "wait_appeal"
    ASK_APPEAL_BODY = "ask_appeal_body"
    VERIFY = "verify"
    RESUBMIT = "resubmit"
    CHECK_BILL = "check_bill"
    ASK_REFUND = "ask_refund"
    NOTHING = "nothing"
    READ_MESSAGE = "read_message"


#: The late day from which a cancellation that did not take effect is chased, no longer only verified.
_CHASE_LATE_DAY = 3

#: The step of a reminder that asks for its own, whatever else a case calls for: so its heading and its text agree.
_STEPS_BY_REMINDER = {
    ReminderKind.ACK_MISSING: Step.ASK_REGISTERED,
    ReminderKind.WINDOW_OPEN: Step.FIRST_CALL,
    ReminderKind.VERIFY: Step.VERIFY,
    ReminderKind.RETURNED: Step.RESUBMIT,
    ReminderKind.COMPLAIN: Step.COMPLAIN,
    ReminderKind.COMPLAINT_UNANSWERED: Step.APPEAL,
    ReminderKind.APPEAL_DECISION: Step.ASK_APPEAL_BODY,
    ReminderKind.APPEAL_ANSWER: Step.ASK_APPEAL_BODY,
    ReminderKind.FINAL_BILL: Step.CHECK_BILL,
    ReminderKind.REFUND_DUE: Step.ASK_REFUND,
    ReminderKind.MESSAGE: Step.READ_MESSAGE,
}


@dataclass(frozen=True)
class Standing:
    """`late_days` and `days_left` are working days; of the two, only the one that applies is not 0."""

    kind: StandingKind
    step: Step
    late_days: int = 0
    days_left: int = 0


def current_standing(status: Status, state: CaseState, now: datetime, calendar: WorkingCalendar) -> Standing:
    """Where a case of this status and state stands at `now` (aware). A message that waits comes before every step."""
    result = _standing_of_status(status, state, now, calendar)
    return replace(result, step=Step.READ_MESSAGE) if state.message_at else result


def step_of_reminder(kind: ReminderKind, standing: Standing) -> Step:
    """What a reminder of this kind asks for where the case stands so."""
    return _STEPS_BY_REMINDER.get(kind, standing.step)


def _standing_of_status(status: Status, state: CaseState, now: datetime, calendar: WorkingCalendar) -> Standing:
    if status is Status.DRAFT:
        return Standing(StandingKind.DRAFT, Step.SUBMIT)
    if status is Status.RETURNED:
        return Standing(StandingKind.RETURNED, Step.RESUBMIT)  # our turn, whatever else runs
    if status is Status.CONFIRMED:
        return Standing(StandingKind.CONFIRMED, _money_step(state, now, calendar))
    if status is Status.WITHDRAWN:
        return Standing(StandingKind.WITHDRAWN, Step.NOTHING)
    if state.reply_by is None:
        return Standing(StandingKind.TO_VERIFY, Step.VERIFY)
    if is_overdue(state.reply_by, now):
        days_late = working_days_late(state.reply_by, now, calendar)
        step = _escalation_step(state, now, calendar) or _overdue_step(state, state.reply_by, now, calendar)
        return Standing(StandingKind.OVERDUE, step, late_days=days_late)
    kind = StandingKind.DUE_TODAY if is_due_today(state.reply_by, now) else StandingKind.WAITING
    step = _escalation_step(state, now, calendar) or _waiting_step(state, now, calendar)
    return Standing(kind, step, days_left=working_days_left(state.reply_by, now, calendar))


def _money_step(state: CaseState, now: datetime, calendar: WorkingCalendar) -> Step:
    """What a confirmed case calls for: a complaint or an appeal of it is about money, and comes first."""
    if step := _escalation_step(state, now, calendar):
        return step
    if is_refund_overdue(state.refund_due_on, now):
        return Step.ASK_REFUND
    return Step.NOTHING if state.bill_checked else Step.CHECK_BILL


def _escalation_step(state: CaseState, now: datetime, calendar: WorkingCalendar) -> Step | None:
    """What a running complaint or appeal calls for; while the carrier owes an answer it comes before the ladder."""
    if state.appeal_at:
        decision_by = None if state.appeal_decided else appeal_decision_by(state.appeal_at, calendar)
        is_late = is_overdue(decision_by or appeal_answer_by(state.appeal_at, calendar), now)
        return Step.ASK_APPEAL_BODY if is_late else Step.WAIT_APPEAL
    if state.complaint_at:
        is_over = is_overdue(complaint_answer_by(state.complaint_at, calendar), now)
        return Step.APPEAL if is_over else Step.WAIT_COMPLAINT
    return None


def _overdue_step(state: CaseState, reply_by: datetime, now: datetime, calendar: WorkingCalendar) -> Step:
    takes_effect = state.basis is Basis.TAKES_EFFECT
    since = reply_by if takes_effect else state.first_reply_by or reply_by
    if not state.complaint_lodged and is_time_to_complain(since, now, calendar):
        return Step.COMPLAIN
    if takes_effect and working_days_late(reply_by, now, calendar) < _CHASE_LATE_DAY:
        return Step.VERIFY
    return Step.HOLD_TO_PROMISE if state.basis is Basis.PROMISE else Step.CHASE


def _waiting_step(state: CaseState, now: datetime, calendar: WorkingCalendar) -> Step:
    # A promise of a later day does not put the complaint off; the reminder says so too.
    first_reply_by = state.first_reply_by if state.basis is Basis.PROMISE and not state.complaint_lodged else None
    if first_reply_by and is_time_to_complain(first_reply_by, now, calendar):
        return Step.COMPLAIN
    if state.basis is Basis.TAKES_EFFECT:
        return Step.WAIT_EFFECT
    if not state.first_round:
        return Step.WAIT
    if state.window_opens and now >= state.window_opens:
        return Step.FIRST_CALL
    if not state.acknowledged and state.acknowledge_by and now >= state.acknowledge_by:
        return Step.ASK_REGISTERED
    return Step.WAIT
