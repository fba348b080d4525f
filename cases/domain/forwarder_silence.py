"""Whether a phone that sends its messages on has been silent for longer than usual.

Carriers write by day and on working days: only the hours from 09:00 to 21:00 (Shanghai) of working days are counted,
so that nights, weekends and holidays make no phone silent. Silent is one from which nothing has come for more than
twice its longest pause among the last arrivals, and for a working day at least. With fewer than five pauses to judge
by, it is three working days.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from cases.domain.business_days import SHANGHAI, WorkingCalendar, YearNotCovered, days_between, local

#: Arrivals that are kept to judge by; those within an hour of one another count as one.
MAX_ARRIVALS = 30
MIN_GAP = timedelta(hours=1)

_DAY_START, _DAY_END = time(9), time(21)
_WORKING_DAY = timedelta(hours=12)
_PAUSES_TO_JUDGE_BY = 5
# A phone that has said nothing for a year is silent, however slow it was: no need to count further.
_LONGEST_PAUSE = timedelta(days=366)


def add_arrival(arrivals: Sequence[datetime], now: datetime) -> list[datetime]:
    """The arrivals to keep, newest first, after one at now (all aware)."""
    if arrivals and now - arrivals[0] < MIN_GAP:
        return list(arrivals[:MAX_ARRIVALS])
    return [now, *arrivals][:MAX_ARRIVALS]


def is_silent(arrivals: Sequence[datetime], last: datetime | None, now: datetime, calendar: WorkingCalendar) -> bool:
    """Whether nothing has come for longer than usual; `arrivals` newest first, `last` the very last, all aware.

    A phone that never sent anything is unknown, not silent.
    """
    if last is None:
        return False
    if now - last > _LONGEST_PAUSE:
        return True
    pauses = [_office_time_between(older, newer, calendar) for newer, older in pairwise(arrivals)]
    usual_pause = 2 * max(pauses) if len(pauses) >= _PAUSES_TO_JUDGE_BY else 3 * _WORKING_DAY
    return _office_time_between(last, now, calendar) > max(usual_pause, _WORKING_DAY)


def _office_time_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """The counted hours between two moments."""
    start, end = local(max(start, end - _LONGEST_PAUSE)), local(end)
    total = timedelta()
    for day in days_between(start.date(), end.date()):
        if _is_working_day(day, calendar):
            opens = datetime.combine(day, _DAY_START, SHANGHAI)
            closes = datetime.combine(day, _DAY_END, SHANGHAI)
            total += max(min(end, closes) - max(start, opens), timedelta())
    return total


def _is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    try:
        return calendar.is_working(day)
    except YearNotCovered:
        return day.weekday() < 5
