"""Moments as a person says them: 'today 15:00', 'last Fri 09:30'; pages give the exact one beside it."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.domain.business_days import ONE_DAY, local, start_of_day

#: Days up to which a weekday alone names a day.
_MAX_NATURAL_DAYS = 6


def natural_moment(value: datetime, now: datetime, *, deadline: bool = False) -> str:
    """'yesterday 15:00', 'next Mon 24:00'; beyond six days the day itself. A deadline at midnight ends a day."""
    return _natural_moment(value, now, deadline=deadline) or exact_moment(value, deadline=deadline)


def natural_moment_in_text(value: datetime, now: datetime) -> str:
    """'yesterday 15:00'; beyond six days '13 Oct, 15:00', as a sentence has it."""
    return _natural_moment(value, now) or wording.moment_in_text(value)


def _natural_moment(value: datetime, now: datetime, *, deadline: bool = False) -> str:
    """The same; empty when it is further away."""
    value = local(value)
    ends_day = deadline and value == start_of_day(value.date())
    shown_day = value.date() - ONE_DAY if ends_day else value.date()
    day_name = natural_day(shown_day, local(now).date())
    time = "24:00" if ends_day else f"{value:%H:%M}"
    return _("%(day)s %(time)s") % {"day": day_name, "time": time} if day_name else ""


def exact_moment(value: datetime, *, deadline: bool = False) -> str:
    return wording.format_deadline(value) if deadline else wording.format_moment(value)


def natural_day(day: date, today: date) -> str:
    """'today', 'yesterday', 'tomorrow', 'Mon', 'last Mon', 'next Mon'; empty when it is further away."""
    distance = (day - today).days
    if abs(distance) <= 1:
        return (_("today"), _("tomorrow"), _("yesterday"))[distance]
    if abs(distance) > _MAX_NATURAL_DAYS:
        return ""
    weekday = {"weekday": date_format(day, "D")}
    other_week = day.isocalendar()[1] != today.isocalendar()[1]
    if not other_week:
        return pgettext("a day of this week", "%(weekday)s") % weekday
    return (
        pgettext("a day of last week", "last %(weekday)s")
        if distance < 0
        else pgettext("a day of next week", "next %(weekday)s")
    ) % weekday
