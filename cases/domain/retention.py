"""How long the papers and words of a closed case are kept, and when they may go.

Days are days in Shanghai. Rules: domain.md, 'Retention'; 个人信息保护法, article 19: no longer than needed.
"""

from datetime import date, datetime, timedelta

from cases.domain.business_days import ONE_DAY, add_months, local
from cases.domain.errors import CaseError, gettext_noop

#: Days of notice before anything is erased.
NOTICE_PERIOD = timedelta(days=30)
#: What a team may choose, in months after closing.
RETENTION_MONTHS = (6, 12, 24, 36, 60)


class Erased(CaseError):
    """Params: day."""

    code = "erased"
    message = gettext_noop("The documents and notes of this case were erased on %(day)s. Nothing more can be recorded.")


class NotClosed(CaseError):
    code = "not_closed"
    message = gettext_noop("Retention can only be set for closed cases.")


class StillDisputed(CaseError):
    code = "still_disputed"
    message = gettext_noop("A complaint or appeal is open. The documents are needed until it is answered.")


def retain_until(closed_at: datetime, months: int) -> date:
    """The day, `months` after the closing (aware), until which a case is kept; at the end of a shorter month."""
    return add_months(local(closed_at).date(), months)


def erasure_day(closed_at: datetime, months: int | None, planned_on: date | None, today: date) -> date | None:
    """The first day (Shanghai) on which a case may be erased; None while it is too early to say, or when it is kept
    permanently.

    `months`: the team's retention, None for permanent. `planned_on`: the day of which notice was given; it stays,
    unless the team now keeps its cases for longer. A new day is so far ahead that its notice is due tomorrow at the
    earliest: whoever shortens the retention, or switches it on, still gets notice in time.
    """
    if months is None:
        return None
    due, soonest = retain_until(closed_at, months), today + NOTICE_PERIOD + ONE_DAY
    if planned_on is not None and planned_on >= due:
        return planned_on
    return max(due, soonest) if due <= soonest else None


def latest_closing_day(months: int, today: date) -> date:
    """The first day (Shanghai) for which no case closed on it or later has an `erasure_day` today."""
    soonest = today + NOTICE_PERIOD + ONE_DAY
    return add_months(soonest.replace(day=1), 1 - months)  # the month after


def erasure_notice_day(day: date) -> date:
    """The day on which it is told that a case is erased on `day`."""
    return day - NOTICE_PERIOD


def is_erasure_due(planned_on: date, notified_at: datetime | None, today: date) -> bool:
    """Whether a planned erasure may be executed: its day has come, and notice was given 30 days before."""
    return notified_at is not None and planned_on <= today and local(notified_at).date() + NOTICE_PERIOD <= today
