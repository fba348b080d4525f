"""When an action makes sense, beyond the statuses of its case: of its check, its complaints, its appeals
and its refund."""

from collections.abc import Iterable, Sequence

from cases.domain.escalation import unsettled_complaints
from cases.domain.status import Status
from cases.models import Case, Escalation
from cases.models.choices import EscalationKind
from cases.operations.erasure import owes_refund
from cases.operations.escalation import complaints_of
from cases.operations.money_in_dispute import days_in_dispute
from cases.operations.refunds import cancelled_at, is_amount_unknown


def _is_open(kind: EscalationKind, escalations: Iterable[Escalation]) -> bool:
    return any(e.kind == kind and e.answered_at is None for e in escalations)


def _is_disputed(case: Case) -> bool:
    """Whether a complaint has something to be about: of a confirmed case money that is owed, now or later."""
    return case.state is not Status.CONFIRMED or bool(days_in_dispute(case, None))


def can_complain(case: Case, escalations: Sequence[Escalation]) -> bool:
    return not _is_open(EscalationKind.COMPLAINT, escalations) and _is_disputed(case)


def awaits_complaint_answer(case: Case, escalations: Sequence[Escalation]) -> bool:
    return _is_open(EscalationKind.COMPLAINT, escalations)


def can_appeal(case: Case, escalations: Sequence[Escalation]) -> bool:
    has_complaint = bool(unsettled_complaints(complaints_of(case, escalations)))
    return has_complaint and not _is_open(EscalationKind.APPEAL, escalations) and _is_disputed(case)


def awaits_appeal_answer(case: Case, escalations: Sequence[Escalation]) -> bool:
    return _is_open(EscalationKind.APPEAL, escalations)


def awaits_appeal_decision(case: Case, escalations: Sequence[Escalation]) -> bool:
    return any(e.kind == EscalationKind.APPEAL and not e.answered_at and not e.decided_at for e in escalations)


def is_verified(case: Case, escalations: Sequence[Escalation]) -> bool:
    return case.verification_id is not None


def is_undisputed(case: Case, escalations: Sequence[Escalation]) -> bool:
    return all(e.answered_at for e in escalations) and not owes_refund(case)


def can_expect_refund(case: Case, escalations: Sequence[Escalation]) -> bool:
    """Where none is open, or nobody knew the amount of the open one: then it is named."""
    return cancelled_at(case) is not None and (not has_open_refund(case, escalations) or is_amount_unknown(case))


def has_open_refund(case: Case, escalations: Sequence[Escalation]) -> bool:
    return case.refund_due_on is not None
