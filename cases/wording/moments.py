"""Days, moments, deadlines and sums as people say them, in the active language and in Shanghai time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy, pgettext

from cases import clock
from cases.domain.business_days import FESTIVALS, ONE_DAY, DayKind, local, start_of_day
from cases.domain.deadlines import ExplainedDay, last_day

# Texts of Django's own that our catalogue, which goes before Django's, words anew: its Chinese for short weekdays
# is long, for "Log out" it is our word for cancelling a number, and for some it has none. Only `make messages` reads
# this.
_DJANGO_TEXTS = (
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
    gettext_noop("Log out"),
    gettext_noop("Select %s to change"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    gettext_noop("Error:"),
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
)

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
    """'Tue 13 Oct', with the year when it is not this one."""
    if value.year == local(clock.now()).year and not _years_always_shown.get():
        return date_format(value, pgettext("date format: day of this year", "D j M"))
    return date_format(value, pgettext("date format: day with year", "D j M Y"))


def format_month(first: date) -> str:
    """'October 2026', of its first day."""
    return date_format(first, "YEAR_MONTH_FORMAT")


def format_moment(value: datetime) -> str:
    """'Tue 13 Oct, 15:00'."""
    value = local(value)
    return _("%(day)s, %(time)s") % {"day": format_day(value.date()), "time": f"{value:%H:%M}"}


def format_deadline(value: datetime) -> str:
    """A deadline at midnight belongs to the day that it ends: 'Tue 13 Oct, 24:00'."""
    value = local(value)
    if value == start_of_day(value.date()):
        return _("%(day)s, %(time)s") % {"day": format_day(last_day(value)), "time": "24:00"}
    return format_moment(value)


def submitted_on(moment: datetime, today: date) -> str:
    """'Submitted today, Wed 30 Sep', 'Submitted tomorrow, …', 'Submitted after the holiday, …'."""
    submitted_day = local(moment).date()
    params = {"day": format_day(submitted_day)}
    if submitted_day == today:
        return _("If submitted today (%(day)s)") % params
    if submitted_day == today + ONE_DAY:
        return _("If submitted tomorrow (%(day)s)") % params
    return _("If submitted after the holiday (%(day)s)") % params


def festival_name(name: str) -> str:
    """A festival's name; one that was entered by hand stays as it is."""
    return _(name) if name in FESTIVALS else name


def join_names(names: Iterable[str]) -> str:
    """'Mid-Autumn Festival, National Day'."""
    return pgettext("between names in a list", ", ").join(names)


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
