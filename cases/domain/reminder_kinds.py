"""What reminders say, and which of several is the most serious (domain.md, 'Reminders')."""

from enum import StrEnum

from cases.domain.errors import gettext_noop


class ReminderKind(StrEnum):
    """What a reminder says; domain.md has a row for each (its `appeal_answer` is two here)."""

    ACK_MISSING = "ack_missing"
    WINDOW_OPEN = "window_open"
    OVERDUE = "overdue"
    PROMISE_BROKEN = "promise_broken"
    STILL_OVERDUE = "still_overdue"
    COMPLAIN = "complain"
    VERIFY = "verify"
    RETURNED = "returned"
    COMPLAINT_UNANSWERED = "complaint_unanswered"
    APPEAL_DECISION = "appeal_decision"
    APPEAL_ANSWER = "appeal_answer"
    FINAL_BILL = "final_bill"
    REFUND_DUE = "refund_due"
    MESSAGE = "message"
    ERASURE = "erasure"


REMINDER_LABELS: dict[str, str] = {
    ReminderKind.ACK_MISSING: gettext_noop("Not acknowledged yet"),
    ReminderKind.WINDOW_OPEN: gettext_noop("Time for a first call"),
    ReminderKind.OVERDUE: gettext_noop("Overdue"),
    ReminderKind.PROMISE_BROKEN: gettext_noop("Promise not kept"),
    ReminderKind.STILL_OVERDUE: gettext_noop("Still overdue"),
    ReminderKind.COMPLAIN: gettext_noop("Time to complain"),
    ReminderKind.VERIFY: gettext_noop("To verify"),
    ReminderKind.RETURNED: gettext_noop("Returned: action needed"),
    ReminderKind.COMPLAINT_UNANSWERED: gettext_noop("Complaint unanswered"),
    ReminderKind.APPEAL_DECISION: gettext_noop("Appeal decision overdue"),
    ReminderKind.APPEAL_ANSWER: gettext_noop("Appeal answer overdue"),
    ReminderKind.FINAL_BILL: gettext_noop("Check the final bill"),
    ReminderKind.REFUND_DUE: gettext_noop("Refund overdue"),
    ReminderKind.MESSAGE: gettext_noop("SMS to handle"),
    ReminderKind.ERASURE: gettext_noop("Will be erased soon"),
}

#: From the least serious to the most: the higher up the ladder a case stands, the more its next step matters. Of two
#: that meet only one is told: a refund comes again, the final bill does not.
KINDS_BY_SERIOUSNESS = (
    ReminderKind.REFUND_DUE,
    ReminderKind.FINAL_BILL,
    ReminderKind.ERASURE,
    ReminderKind.ACK_MISSING,
    ReminderKind.WINDOW_OPEN,
    ReminderKind.VERIFY,
    ReminderKind.RETURNED,
    ReminderKind.MESSAGE,
    ReminderKind.OVERDUE,
    ReminderKind.PROMISE_BROKEN,
    ReminderKind.STILL_OVERDUE,
    ReminderKind.COMPLAIN,
    ReminderKind.COMPLAINT_UNANSWERED,
    ReminderKind.APPEAL_DECISION,
    ReminderKind.APPEAL_ANSWER,
)
