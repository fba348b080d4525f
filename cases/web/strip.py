"""The day strip: each day from the submission to the window's end and past it, counted or not, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import pgettext

from cases import words
from cases.domain.business_days import DayKind, WorkingCalendar, days_between, local
from cases.domain.deadlines import ExplainedDay, explain, last_day

#: A strip longer than this leaves out days in the middle of a long lateness.
LONGEST = 30
_ENDS = 14
_ONE_DAY = timedelta(days=1)


@dataclass
class StripDay:
    """One day as a page shows it; `gap` stands for days left out before it."""

    date: date
    tone: str  # start, counted, weekend, holiday, make_up, late, off
    label: str
    reason: str
    today: bool = False
    last: bool = False
    gap: int = 0
    marks: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return "\n".join([words.day(self.date), self.reason, *self.marks])


def strip(
    started_at: datetime,
    reply_by: datetime,
    *,
    until: datetime,
    calendar: WorkingCalendar,
    ended: bool = False,
    marks: Iterable[tuple[date, str]] = (),
) -> list[StripDay]:
    """The days of a round from its start to its last day, or to `until` when that is later.

    `until` is now, or with `ended` when the round was over; `marks` are what happened on which day, in words.
    """
    start, end, today = local(started_at).date(), last_day(reply_by), local(until).date()
    today = min(today, calendar.last_date)
    days = [_window_day(day) for day in explain(started_at, max(end, start), calendar)]
    days += _late_days(end + _ONE_DAY, today, calendar)
    by_date = {day.date: day for day in days}
    by_date[end].last = True
    if not ended and today in by_date:
        by_date[today].today = True
    for on, text in marks:
        if on in by_date:
            by_date[on].marks.append(text)
    return _shortened(days)


def _window_day(explained: ExplainedDay) -> StripDay:
    day = explained.day
    tone = {
        DayKind.WORKDAY: "counted",
        DayKind.OPENED: "make_up",
        DayKind.MAKE_UP: "make_up",
        DayKind.WEEKEND: "weekend",
        DayKind.HOLIDAY: "holiday",
        DayKind.CLOSED: "holiday",
    }[day.kind]
    off = day.kind in (DayKind.HOLIDAY, DayKind.CLOSED) and not explained.is_start
    label = str(explained.number) if explained.counted else pgettext("on a day of the strip", "off") if off else ""
    return StripDay(day.date, "start" if explained.is_start else tone, label, words.day_reason(explained))


def _late_days(first: date, last: date, calendar: WorkingCalendar) -> list[StripDay]:
    days, late = [], 0
    for day in map(calendar.day, days_between(first, last)):
        late += day.working
        if day.working:
            reason = words.lateness(late)
        else:
            reason = words.day_reason(ExplainedDay(day, counted=False, number=None, is_start=False))
        days.append(StripDay(day.date, "late" if day.working else "off", str(late) if day.working else "", reason))
    return days


def _shortened(days: list[StripDay]) -> list[StripDay]:
    if len(days) <= LONGEST:
        return days
    tail = days[-_ENDS:]
    tail[0].gap = len(days) - LONGEST
    return days[: LONGEST - _ENDS] + tail
