"""Moments by the clock of Beijing, written without any code that is tested."""

from datetime import date, datetime, timedelta, timezone

from cases.domain.business_days import WorkingCalendar

BEIJING = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    """'2026-09-30 15:00' (or a date alone, then 00:00) in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def on(text: str) -> date:
    return date.fromisoformat(text)


#: Friday, 16 days after the cases of most tests were submitted.
NOW = at("2026-10-16T10:00")
#: Friday, the second working day after National Day.
AFTER_HOLIDAY = at("2026-10-09T10:00")
#: As published, without any day entered by hand.
CALENDAR = WorkingCalendar()
