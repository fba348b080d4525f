"""What the reminders of a case, and where it stands, depend on: a value."""

from dataclasses import dataclass
from datetime import date, datetime

from cases.domain.deadlines import Basis


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything that the reminders of a case depend on; a case with nothing set has none.

    `waiting`: a round runs, number `round_no`, resting on `basis`; `first_round`: it is the submission's own,
    so nothing was answered. `first_reply_by`: the deadline of that first round (None: the round that runs is
    it). `reported_done_at`, `returned_at`, `confirmed_at`: set while the case stands there. `bill_checked`: the
    bill that followed the confirmation was looked at. `complaint_at`: a
    complaint of this submission runs unanswered; `complaint_lodged`: there was one, answered or not.
    `appeal_at`: an appeal runs, and its papers arrived then; `appeal_decided`: it was accepted. `complaint_no`,
    `appeal_no`: which complaint or appeal of the case runs, from 1.
    `snoozed_until`: quiet before that day (Shanghai); `snoozed_at`: somebody said so then. `message_at`: since then
    a message of the carrier waits for a person. `erase_on`: from that day on a closed case may be erased.
    `refund_due_on`: the last day on which an open refund is in time; `refund_no` tells it, and each promise of a day
    for it, from the others of the case.
    """

    waiting: bool = False
    round_no: int = 0
    first_round: bool = False
    basis: Basis | None = None
    acknowledged: bool = False
    submitted_at: datetime | None = None
    acknowledge_by: datetime | None = None
    window_opens: datetime | None = None
    reply_by: datetime | None = None
    first_reply_by: datetime | None = None
    reported_done_at: datetime | None = None
    returned_at: datetime | None = None
    confirmed_at: datetime | None = None
    bill_checked: bool = False
    complaint_at: datetime | None = None
    complaint_lodged: bool = False
    appeal_at: datetime | None = None
    appeal_decided: bool = False
    complaint_no: int = 1
    appeal_no: int = 1
    snoozed_at: datetime | None = None
    snoozed_until: date | None = None
    message_at: datetime | None = None
    erase_on: date | None = None
    refund_due_on: date | None = None
    refund_no: int = 0
