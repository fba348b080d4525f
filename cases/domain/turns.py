"""Whose turn it is in a case, since when, and until when: what the deadline of a round alone does not say.

A deadline that has ended with the carrier's return still has its days; that they no longer count is said here.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import Standing, StandingKind, Step, current_standing
from cases.domain.case_state import CaseState
from cases.domain.escalation import appeal_answer_by, appeal_decision_by, complaint_answer_by
from cases.domain.status import Status


class Side(StrEnum):
    """Who has to do something next."""

    CARRIER = "carrier"
    OURS = "ours"
    APPEAL_BODY = "appeal_body"
    NOBODY = "nobody"


class Why(StrEnum):
    """What the turn rests on."""

    DRAFT = "draft"
    REQUEST = "request"
    EFFECT = "effect"
    EFFECT_PASSED = "effect_passed"
    COMPLAINT = "complaint"
    COMPLAINT_UNANSWERED = "complaint_unanswered"
    APPEAL = "appeal"
    RETURNED = "returned"
    REPORTED_DONE = "reported_done"
    BILL = "bill"
    OVER = "over"


@dataclass(frozen=True)
class Turn:
    """`since`: when it began. `until`: the instant at which the time for it ends, or with `is_late` has ended.

    Both are None where there is none.
    """

    side: Side
    why: Why
    since: datetime | None = None
    until: datetime | None = None
    is_late: bool = False


def whose_turn(status: Status, state: CaseState, now: datetime, calendar: WorkingCalendar) -> Turn:
    """Whose turn it is at `now` (aware) in a case of this status and state, whatever message waits."""
    standing = current_standing(status, replace(state, message_at=None), now, calendar)
    match standing.kind:
        case StandingKind.DRAFT:
            return Turn(Side.OURS, Why.DRAFT)
        case StandingKind.RETURNED:
            return Turn(Side.OURS, Why.RETURNED, since=state.returned_at)
        case StandingKind.TO_VERIFY:
            return Turn(Side.OURS, Why.REPORTED_DONE, since=state.reported_done_at)
        case StandingKind.CONFIRMED if state.complaint_at or state.appeal_at:
            return _turn_while_waiting(standing, state, calendar)
        case StandingKind.CONFIRMED if standing.step is Step.CHECK_BILL:
            return Turn(Side.NOBODY, Why.BILL, since=state.confirmed_at)
        case StandingKind.CONFIRMED | StandingKind.WITHDRAWN:
            return Turn(Side.NOBODY, Why.OVER, since=state.confirmed_at)
    return _turn_while_waiting(standing, state, calendar)


def _turn_while_waiting(standing: Standing, state: CaseState, calendar: WorkingCalendar) -> Turn:
    """The turn while a round or an escalation runs: this comes before the round's own deadline."""
    step = standing.step
    if state.appeal_at:
        answer_by = (appeal_answer_by if state.appeal_decided else appeal_decision_by)(state.appeal_at, calendar)
        is_late = step is Step.ASK_APPEAL_BODY
        return Turn(Side.APPEAL_BODY, Why.APPEAL, since=state.appeal_at, until=answer_by, is_late=is_late)
    if state.complaint_at:
        answer_by = complaint_answer_by(state.complaint_at, calendar)
        if step is Step.APPEAL:
            return Turn(Side.OURS, Why.COMPLAINT_UNANSWERED, since=answer_by)
        return Turn(Side.CARRIER, Why.COMPLAINT, since=state.complaint_at, until=answer_by)
    if step is Step.VERIFY:
        return Turn(Side.OURS, Why.EFFECT_PASSED, since=state.reply_by)
    why = Why.EFFECT if step is Step.WAIT_EFFECT else Why.REQUEST
    return Turn(Side.CARRIER, why, until=state.reply_by, is_late=standing.kind is StandingKind.OVERDUE)
