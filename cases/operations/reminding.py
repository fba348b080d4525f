"""When a case next needs to remind somebody. Computed here, with every change; sent elsewhere."""

from collections.abc import Sequence

from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Basis
from cases.domain.reminders import CaseState, Hours, next_reminder
from cases.domain.status import Status
from cases.models import Case, Escalation
from cases.models.choices import EscalationKind


def reminder_state(case: Case, escalations: Sequence[Escalation]) -> CaseState:
    """What the reminders of this case depend on, as a value."""
    complaints = [e for e in escalations if e.kind == EscalationKind.COMPLAINT]
    # One that still runs counts for the submission that followed it, too: there cannot be a second beside it.
    complaint = next((e for e in complaints if e.answered_at is None), None)
    made = complaint is not None or any(e.submission == case.submission for e in complaints)
    appeal = next((e for e in escalations if e.kind == EscalationKind.APPEAL and e.answered_at is None), None)
    if not case.is_open:
        return CaseState(
            confirmed_at=case.confirmed_at if case.state is Status.CONFIRMED else None,
            snoozed_until=case.snoozed_until,
        )
    return CaseState(
        waiting=case.is_waiting,
        round_no=case.round,
        first_round=case.basis == Basis.SUBMISSION,
        basis=Basis(case.basis) if case.basis else None,
        acknowledged=case.acknowledged_at is not None,
        submitted_at=case.submitted_at,
        acknowledge_by=case.acknowledge_by,
        window_opens=case.window_opens,
        reply_by=case.reply_by,
        first_reply_by=case.first_reply_by,
        reported_done_at=case.reported_done_at,
        returned_at=case.returned_at if case.state is Status.RETURNED else None,
        complaint_at=complaint.lodged_at if complaint else None,
        complaint_made=made,
        appeal_at=appeal.lodged_at if appeal else None,
        appeal_decided=bool(appeal and appeal.decided_at),
        snoozed_until=case.snoozed_until,
    )


def schedule_next_reminder(case: Case, escalations: Sequence[Escalation], calendar: WorkingCalendar) -> None:
    """Set `next_reminder_at` to the first reminder after what was sent or seen; None when none will come.

    The hours are the handler's, or the usual ones while nobody handles the case.
    """
    hours = case.handler.hours() if case.handler else Hours()
    after = case.reminded_until or case.created_at
    reminder = next_reminder(reminder_state(case, escalations), after, calendar, hours)
    case.next_reminder_at = reminder.at if reminder else None
