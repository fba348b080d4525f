"""Moments of the past, counted in working days back from a moment, so that a story fits any day of the year."""

from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from cases.domain.business_days import ONE_DAY, SHANGHAI, WorkingCalendar, local
from cases.domain.escalation import appeal_possible_from

_OFFICE_OPENS, _OFFICE_CLOSES = time(9), time(18)
#: Somebody who has been at work for an hour may have done something today.
_WORK_UNDER_WAY = time(10)


class DemoClock:
    """What lies behind `as_of` (aware): its working days, and moments within their office hours.

    Working day n is the one that `n` working days follow, today included: what was submitted on working day n was
    due at the end of working day n - 5, or of today when n is 5 and today works. On a day off, working day 0 is the
    last one that was worked. YearNotCovered where the calendar's years end.
    """

    def __init__(self, as_of: datetime, calendar: WorkingCalendar, rng: Random) -> None:
        self.as_of = local(as_of).replace(second=0, microsecond=0)
        self.today = self.as_of.date()
        self.calendar = calendar
        self._rng = rng
        self._days = [self._working_day_before(self.today + ONE_DAY)]
        today_is_young = self._days[0] == self.today and self.as_of.time() < _WORK_UNDER_WAY
        #: The last working day on which anybody can have done anything.
        self.latest = 1 if today_is_young else 0

    def day(self, n: int) -> date:
        """Working day n."""
        while len(self._days) <= n:
            self._days.append(self._working_day_before(self._days[-1]))
        return self._days[n]

    def ahead(self, n: int) -> date:
        """The n-th working day after today."""
        return self.calendar.nth_working_day(self.today, n)

    def moment(self, n: int, *, after: datetime | None = None) -> datetime:
        """A moment in the office hours of working day n; later than `after`, and never later than `as_of`."""
        day = self.day(max(n, self.latest))
        first = datetime.combine(day, _OFFICE_OPENS, SHANGHAI)
        if after is not None:
            first = max(first, after + timedelta(minutes=3))
        last = min(datetime.combine(day, _OFFICE_CLOSES, SHANGHAI), self.as_of)
        minutes = max(0, int((last - first).total_seconds()) // 60)
        return min(first + timedelta(minutes=self._rng.randint(0, minutes)), self.as_of)

    def recorded_at(self, at: datetime) -> datetime:
        """When what happened at a moment was written down: some minutes later."""
        return min(at + timedelta(minutes=self._rng.randint(2, 12)), self.as_of)

    def unanswered_since(self, n: int) -> int:
        """The latest working day on which a complaint was lodged that could be followed by an appeal on day n."""
        by = self.today if n == 0 else self.day(n)
        return next(c for c in count(n) if appeal_possible_from(self._noon(c), self.calendar) <= by)

    def _noon(self, n: int) -> datetime:
        return datetime.combine(self.day(n), time(12), SHANGHAI)

    def _working_day_before(self, day: date) -> date:
        day -= ONE_DAY
        while not self.calendar.is_working(day):
            day -= ONE_DAY
        return day
