"""Which reminders a case calls for, and when. Computed here, sent elsewhere.

Rules: domain.md, 'Reminders'. Moments are aware; those that come out are in Asia/Shanghai.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Basis


class Kind(StrEnum):
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


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person takes messages, Shanghai clock; `days_off`: also on days that do not count."""

    start: time = time(9)
    end: time = time(21)
    days_off: bool = False


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything that the reminders of a case depend on."""

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
    complaint_at: datetime | None = None
    complaint_made: bool = False
    appeal_at: datetime | None = None
    appeal_decided: bool = False
    snoozed_until: date | None = None


@dataclass(frozen=True, order=True, slots=True)
class Reminder:
    at: datetime
    kind: Kind
    ordinal: int
    raised_at: datetime


def shift(moment: datetime, hours: Hours, calendar: WorkingCalendar) -> datetime:
    raise NotImplementedError


def most_serious(reminders: Iterable[Reminder]) -> Reminder:
    raise NotImplementedError


def schedule(state: CaseState, calendar: WorkingCalendar, hours: Hours = Hours()) -> Iterator[Reminder]:
    raise NotImplementedError


def next_reminder(
    state: CaseState, after: datetime, calendar: WorkingCalendar, hours: Hours = Hours()
) -> Reminder | None:
    raise NotImplementedError


def due_reminder(
    state: CaseState,
    since: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    hours: Hours = Hours(),
) -> Reminder | None:
    raise NotImplementedError
