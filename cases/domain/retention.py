"""How long the papers and words of a closed case are kept, and when they may go.

Days are days in Shanghai. Rules: domain.md, 'Keeping and erasing'; 个人信息保护法, article 19: no longer than needed.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta

from cases.domain.business_days import local
from cases.domain.errors import CaseError, gettext_noop

#: A person is told so many days before anything is erased.
NOTICE = timedelta(days=30)
#: What a team may choose, in months after closing.
CHOICES = (6, 12, 24, 36, 60)
_TOMORROW = timedelta(days=1)


class Erased(CaseError):
    """Params: day."""

    code = "erased"
    message = gettext_noop("The papers and words of this case were erased on %(day)s; nothing more can be recorded.")


class NotClosed(CaseError):
    code = "not_closed"
    message = gettext_noop("Only a closed case can be kept or erased.")


class StillDisputed(CaseError):
    code = "still_disputed"
    message = gettext_noop("A complaint or an appeal is running: its papers are needed until it is answered.")


def kept_until(closed_at: datetime, months: int) -> date:
    """The day, `months` after the closing (aware), until which a case is kept; at the end of a shorter month."""
    closed = local(closed_at).date()
    year, month = divmod(closed.year * 12 + closed.month - 1 + months, 12)
    return date(year, month + 1, min(closed.day, monthrange(year, month + 1)[1]))


def erase_on(closed_at: datetime, months: int | None, planned: date | None, today: date) -> date | None:
    """The first day on which a case may be erased; None while it is too early to say, or when it is kept for good.

    `months`: what the team has chosen, None: keep. `planned`: the day that was told. It stays, unless the team
    keeps its cases for longer now. A new day lies so far ahead that the notice of it is due tomorrow at the earliest:
    whoever shortens the time, or switches it on, is told in time all the same.
    """
    if months is None:
        return None
    due, soonest = kept_until(closed_at, months), today + NOTICE + _TOMORROW
    if planned is not None and planned >= due:
        return planned
    return max(due, soonest) if due <= soonest else None


def closed_before(months: int, today: date) -> date:
    """A day of Shanghai: for no case that is closed on it or later is there an `erase_on` today."""
    soonest = today + NOTICE + _TOMORROW
    year, month = divmod(soonest.year * 12 + soonest.month - months, 12)  # the month after
    return date(year, month + 1, 1)


def told_on(day: date) -> date:
    """The day on which it is told that a case is erased on `day`."""
    return day - NOTICE


def may_erase(planned: date, told_at: datetime | None, today: date) -> bool:
    """Whether a planned erasure may be done: its day has come, and a person was told of it 30 days before."""
    return told_at is not None and planned <= today and local(told_at).date() + NOTICE <= today
