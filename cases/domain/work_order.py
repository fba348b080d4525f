"""The order of the work list: what can be done now comes first, what only waits stands below.

What can be done now is to call, complain, appeal, answer a message, verify, mend what was returned, ask for a refund,
or submit. What
waits is a complaint or an appeal that still has time, and a carrier that still has time.
"""

from enum import StrEnum

from cases.domain.case_standing import Standing, StandingKind, Step
from cases.domain.deadlines import Basis


class WorkSection(StrEnum):
    """The sections of the work list, in their order."""

    OVERDUE = "overdue"  # to call, to complain, to appeal: those that waited longest first
    DUE_TODAY = "due_today"
    PROMISED_TODAY = "promised_today"
    MESSAGE = "message"  # an SMS of the carrier waits for an answer
    TO_VERIFY = "to_verify"
    RETURNED = "returned"
    REFUND = "refund"  # confirmed: a refund is overdue, or the answer to a complaint or an appeal about money
    TO_CALL = "to_call"  # not due yet, but a call or a complaint is possible
    DRAFT = "draft"
    ESCALATED = "escalated"  # a complaint or an appeal runs
    WAITING = "waiting"


#: Those in which nothing can be done but wait.
LATER = (WorkSection.ESCALATED, WorkSection.WAITING)
NOW = tuple(section for section in WorkSection if section not in LATER)

_WAITS_FOR_ESCALATION = (Step.WAIT_COMPLAINT, Step.WAIT_APPEAL)
_AFTER_ESCALATION = (Step.APPEAL, Step.ASK_APPEAL_BODY)
_WAITS = (Step.WAIT, Step.WAIT_EFFECT)
_BY_KIND = {
    StandingKind.OVERDUE: WorkSection.OVERDUE,
    StandingKind.TO_VERIFY: WorkSection.TO_VERIFY,
    StandingKind.RETURNED: WorkSection.RETURNED,
    StandingKind.DRAFT: WorkSection.DRAFT,
}


def section_of(standing: Standing, basis: Basis | None) -> WorkSection | None:
    """The section of a case that stands so and whose round rests on `basis`; None for what is closed.

    The queries of `cases.selectors.work_list` say the same, which a test holds together.
    """
    if standing.step is Step.READ_MESSAGE:
        return WorkSection.MESSAGE
    if standing.step is Step.ASK_REFUND:
        return WorkSection.REFUND
    if standing.step in _WAITS_FOR_ESCALATION:
        return WorkSection.ESCALATED
    if standing.kind is StandingKind.CONFIRMED and standing.step in _AFTER_ESCALATION:
        return WorkSection.REFUND
    if standing.kind is StandingKind.DUE_TODAY:
        return WorkSection.PROMISED_TODAY if basis is Basis.PROMISE else WorkSection.DUE_TODAY
    if standing.kind is StandingKind.WAITING:
        return WorkSection.WAITING if standing.step in _WAITS else WorkSection.TO_CALL
    return _BY_KIND.get(standing.kind)
