"""From a submission, a reply or a promise, and the carrier's terms, to the deadlines of a case.

Moments are aware and come back in Asia/Shanghai. 'End of day D' is the instant D+1 00:00, and a case is overdue
from that instant on. Rules: domain.md, 'Deadlines' and 'Waiting rounds, replies, promises'.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cases.domain.business_days import Day, WorkingCalendar

AFTER_REPLY_DAYS = 3
PROMISE_HORIZON_DAYS = 15


@dataclass(frozen=True, slots=True)
class Terms:
    """What a carrier owes: clock hours to acknowledge; working days to review, before a first call, to reply."""

    acknowledge_hours: int = 24
    review_days: int = 3
    window_days: int = 3
    reply_days: int = 5


@dataclass(frozen=True, slots=True)
class Deadlines:
    submitted_at: datetime
    acknowledge_by: datetime
    review_by: datetime
    window_opens: datetime
    reply_by: datetime
    provisional: bool
    stretched_by: tuple[str, ...]
    calendar_days: int


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    day: Day
    counted: bool
    number: int | None
    is_start: bool


class Basis(StrEnum):
    """What a waiting round rests on."""

    SUBMISSION = "submission"
    UNDER_REVIEW = "under_review"
    PROMISE = "promise"
    STILL_ALIVE = "still_alive"
    REOPENED = "reopened"


def deadlines_of(submitted_at: datetime, terms: Terms, calendar: WorkingCalendar) -> Deadlines:
    raise NotImplementedError


def explain(started_at: datetime, last: date, calendar: WorkingCalendar) -> tuple[ExplainedDay, ...]:
    raise NotImplementedError


def round_reply_by(
    basis: Basis,
    started_at: datetime,
    *,
    terms: Terms,
    calendar: WorkingCalendar,
    previous: datetime | None = None,
    promised_on: date | None = None,
) -> datetime:
    raise NotImplementedError


def promise_is_far(promised_on: date, from_day: date, calendar: WorkingCalendar) -> bool:
    raise NotImplementedError


def last_day(deadline: datetime) -> date:
    """The Shanghai date on which the deadline still can be kept: its last day, when it ends at 24:00."""
    raise NotImplementedError


def is_overdue(reply_by: datetime, now: datetime) -> bool:
    raise NotImplementedError


def is_due_today(reply_by: datetime, now: datetime) -> bool:
    raise NotImplementedError


def late_days(reply_by: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    raise NotImplementedError


def nth_late_day(reply_by: datetime, n: int, calendar: WorkingCalendar) -> date:
    raise NotImplementedError


def days_left(reply_by: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    raise NotImplementedError
