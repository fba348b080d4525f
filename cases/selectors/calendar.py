"""The working calendar as this installation knows it, and the cases that a change of it touches."""

from datetime import date, timedelta

from django.db.models import CharField, Value
from django.db.models.functions import Cast

from cases.domain.business_days import Override, WorkingCalendar, start_of_day
from cases.models import (
    CalendarOverride,
    PublishedYear,
)
from cases.selectors.cases import Cases


def working_calendar() -> WorkingCalendar:
    """The working calendar with what administrators entered by hand; one query, which almost every page asks."""
    days = CalendarOverride.objects.order_by().values_list(Cast("date", CharField()), "working", "name")
    years = PublishedYear.objects.order_by().values_list(Cast("year", CharField()), Value(True), Value(""))
    rows = list(days.union(years, all=True))
    overrides = {date.fromisoformat(day): Override(working, name) for day, working, name in rows if "-" in day}
    return WorkingCalendar(overrides, [int(year) for year, _, _ in rows if "-" not in year])


def with_window_on_day(cases: Cases, day: date) -> Cases:
    """Open windows that contain this day: begun before it ended, with a last day not before it."""
    return cases.filter(submitted_at__lt=start_of_day(day), reply_by__gt=start_of_day(day))


def with_window_in_year(cases: Cases, year: int) -> Cases:
    """Open windows that reach into this year, or into the last week of the one before."""
    return cases.filter(
        submitted_at__lt=start_of_day(date(year + 1, 1, 1)), reply_by__gt=start_of_day(date(year - 1, 12, 24))
    )


def with_reminder_after(cases: Cases, day: date) -> Cases:
    """Cases whose next reminder a change of this day may move."""
    return cases.filter(next_reminder_at__gte=start_of_day(day - timedelta(days=1)))
