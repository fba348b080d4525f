"""When a person takes messages. Moments that come in are aware; those that go out are in Asia/Shanghai."""

from dataclasses import dataclass
from datetime import datetime, time

from cases.domain.business_days import ONE_DAY, SHANGHAI, WorkingCalendar, local


@dataclass(frozen=True, slots=True)
class NotificationHours:
    """When a person takes messages, by the clock of Shanghai: from `start` until before `end`.

    `days_off`: also on days that do not work. ValueError unless start < end.
    """

    start: time = time(9)
    end: time = time(21)
    days_off: bool = False

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"messages cannot be taken from {self.start} until {self.end}")


DEFAULT_HOURS = NotificationHours()


def next_moment(moment: datetime, hours: NotificationHours, calendar: WorkingCalendar) -> datetime:
    """The first moment, at or after this one, at which the person takes messages.

    YearNotCovered when the search for a working day leaves the calendar's years.
    """
    moment = local(moment)
    day = moment.date() if moment.time() < hours.end else moment.date() + ONE_DAY
    if not hours.days_off:
        day = calendar.next_working_day(day)
    return max(moment, datetime.combine(day, hours.start, SHANGHAI))
