"""Days, moments, deadlines and sums as people say them, in the active language and in Shanghai time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import clock
from cases.domain.business_days import FESTIVALS, ONE_DAY, DayKind, local, start_of_day
from cases.domain.deadlines import ExplainedDay, last_day

_years_always_shown = ContextVar("always_with_year", default=False)


@contextmanager
def years_always_shown() -> Iterator[None]:
    """Within this context every day has its year: for documents, which are read in other years."""
    token = _years_always_shown.set(True)
    try:
        yield
    finally:
        _years_always_shown.reset(token)


def format_day(value: date) -> str:
    """'Tue 13 Oct', with the year when it is not this one: for tables, facts and headings."""
    if _shows_year(value):
        return date_format(value, pgettext("date format: day with year", "D j M Y"))
    return date_format(value, pgettext("date format: day of this year", "D j M"))


def day_in_text(value: date) -> str:
    """'13 Oct', with the year when it is not this one: for sentences, scripts and reminders."""
    if _shows_year(value):
        return date_format(value, pgettext("date format: day with year in a sentence", "j M Y"))
    return date_format(value, pgettext("date format: day of this year in a sentence", "j M"))


def _shows_year(value: date) -> bool:
    return value.year != local(clock.now()).year or _years_always_shown.get()


def format_month(first: date) -> str:
    """'October 2026', of its first day."""
    return date_format(first, "YEAR_MONTH_FORMAT")


def format_moment(value: datetime) -> str:
    """'Tue 13 Oct, 15:00'."""
    value = local(value)
    return _("%(day)s, %(time)s") % {"day": format_day(value.date()), "time": f"{value:%H:%M}"}


def moment_in_text(value: datetime) -> str:
    """'13 Oct, 15:00', in a sentence."""
    value = local(value)
    return _("%(day)s, %(time)s") % {"day": day_in_text(value.date()), "time": f"{value:%H:%M}"}


def format_deadline(value: datetime) -> str:
    """A deadline at midnight belongs to the day that it ends: 'Tue 13 Oct, 24:00'; for tables and facts."""
    value = local(value)
    if value == start_of_day(value.date()):
        return _("%(day)s, %(time)s") % {"day": format_day(last_day(value)), "time": "24:00"}
    return format_moment(value)


def deadline_in_text(value: datetime) -> str:
    """A deadline after 'by' or 'after' in a sentence: 'the end of Tue 13 Oct', '10月13日 24:00'."""
    value = local(value)
    if value != start_of_day(value.date()):
        return moment_in_text(value)
    day = last_day(value)
    if _shows_year(day):
        shown_day = date_format(day, pgettext("date format: last day with year in a sentence", "D j M Y"))
    else:
        shown_day = date_format(day, pgettext("date format: last day of this year in a sentence", "D j M"))
    return pgettext("a deadline in a sentence", "the end of %(day)s") % {"day": shown_day}


def submitted_on(moment: datetime, today: date) -> str:
    """'If submitted today (30 Sep)', 'If submitted tomorrow (…)', 'If submitted after the holiday (…)'."""
    submitted_day = local(moment).date()
    params = {"day": day_in_text(submitted_day)}
    if submitted_day == today:
        return _("If submitted today (%(day)s)") % params
    if submitted_day == today + ONE_DAY:
        return _("If submitted tomorrow (%(day)s)") % params
    return _("If submitted after the holiday (%(day)s)") % params


def festival_name(name: str) -> str:
    """A festival's name; one that was entered by hand stays as it is."""
    return _(name) if name in FESTIVALS else name


def day_reason(explained: ExplainedDay) -> str:
    """Why a day counted or did not."""
    kind, name = explained.day.kind, " · ".join(map(festival_name, explained.day.names))
    if explained.is_start:
        return _("start day, not counted")
    if kind is DayKind.HOLIDAY:
        return _("public holiday: %(name)s") % {"name": name}
    if kind is DayKind.CLOSED:
        return _("day off added manually: %(name)s") % {"name": name}
    if kind is DayKind.OPENED:
        return _("working day added manually: %(name)s") % {"name": name}
    if kind is DayKind.WEEKEND:
        return _("weekend")
    return _("make-up working day") if kind is DayKind.MAKE_UP else _("working day")


def format_yuan(amount: Decimal) -> str:
    """'19.80 yuan'."""
    return _("%(amount)s yuan") % {"amount": f"{amount:,.2f}"}
