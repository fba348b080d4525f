"""Where a case stands at a moment, and the one thing to do next: derived from the clock, never stored.

The kinds agree with the queries of `cases.selectors`, which a test holds together.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.domain.business_days import WorkingCalendar, end_of_day
from cases.domain.deadlines import Basis, days_left, is_due_today, is_overdue, late_days
from cases.domain.escalation import complaint_ends
from cases.domain.reminders import COMPLAIN_LATE_DAY, CaseState
from cases.domain.status import Status


class Kind(StrEnum):
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
    ASK_REGISTERED = "ask_registered"
    FIRST_CALL = "first_call"
    CHASE = "chase"
    HOLD_TO_PROMISE = "hold_to_promise"
    COMPLAIN = "complain"
    WAIT_COMPLAINT = "wait_complaint"
    APPEAL = "appeal"
    WAIT_APPEAL = "wait_appeal"
    VERIFY = "verify"
    RESUBMIT = "resubmit"
    CHECK_BILL = "check_bill"
    NOTHING = "nothing"
    READ_MESSAGE = "read_message"


@dataclass(frozen=True)
class Standing:
    """`late_days` and `days_left` are working days; of the two, only the one that applies is not 0."""

    kind: Kind
    step: Step
    late_days: int = 0
    days_left: int = 0


def standing(status: Status, state: CaseState, now: datetime, calendar: WorkingCalendar) -> Standing:
    """Where a case of this status and state stands at `now` (aware). A message that waits comes before every step."""
    its = _standing(status, state, now, calendar)
    return replace(its, step=Step.READ_MESSAGE) if state.message_at else its


def _standing(status: Status, state: CaseState, now: datetime, calendar: WorkingCalendar) -> Standing:
    if status is Status.DRAFT:
        return Standing(Kind.DRAFT, Step.SUBMIT)
    if status is Status.RETURNED:
        return Standing(Kind.RETURNED, _ladder(state, now, calendar) or Step.RESUBMIT)
    if status is Status.CONFIRMED:
        return Standing(Kind.CONFIRMED, Step.NOTHING if state.bill_checked else Step.CHECK_BILL)
    if status is Status.WITHDRAWN:
        return Standing(Kind.WITHDRAWN, Step.NOTHING)
    if state.reply_by is None:
        return Standing(Kind.TO_VERIFY, Step.VERIFY)
    if is_overdue(state.reply_by, now):
        late = late_days(state.reply_by, now, calendar)
        step = _ladder(state, now, calendar) or _late_step(state, state.reply_by, now, calendar)
        return Standing(Kind.OVERDUE, step, late_days=late)
    kind = Kind.DUE_TODAY if is_due_today(state.reply_by, now) else Kind.WAITING
    step = _ladder(state, now, calendar) or _early_step(state, now, calendar)
    return Standing(kind, step, days_left=days_left(state.reply_by, now, calendar))


def _ladder(state: CaseState, now: datetime, calendar: WorkingCalendar) -> Step | None:
    """What a running complaint or appeal calls for; it comes before everything else."""
    if state.appeal_at:
        return Step.WAIT_APPEAL
    if state.complaint_at:
        over = now >= end_of_day(complaint_ends(state.complaint_at, calendar))
        return Step.APPEAL if over else Step.WAIT_COMPLAINT
    return None


def _is_time_to_complain(state: CaseState, first: datetime, now: datetime, calendar: WorkingCalendar) -> bool:
    return not state.complaint_made and late_days(first, now, calendar) >= COMPLAIN_LATE_DAY


def _late_step(state: CaseState, reply_by: datetime, now: datetime, calendar: WorkingCalendar) -> Step:
    if _is_time_to_complain(state, state.first_reply_by or reply_by, now, calendar):
        return Step.COMPLAIN
    return Step.HOLD_TO_PROMISE if state.basis is Basis.PROMISE else Step.CHASE


def _early_step(state: CaseState, now: datetime, calendar: WorkingCalendar) -> Step:
    # A promise of a later day does not put the complaint off; the reminder says so too.
    first = state.first_reply_by if state.basis is Basis.PROMISE else None
    if first and _is_time_to_complain(state, first, now, calendar):
        return Step.COMPLAIN
    if not state.first_round:
        return Step.WAIT
    if state.window_opens and now >= state.window_opens:
        return Step.FIRST_CALL
    if not state.acknowledged and state.acknowledge_by and now >= state.acknowledge_by:
        return Step.ASK_REGISTERED
    return Step.WAIT
