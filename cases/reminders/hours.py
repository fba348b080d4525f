"""When the owner of a channel takes messages."""

from datetime import datetime

from cases.domain.business_days import WorkingCalendar, YearNotCovered
from cases.domain.hours import Hours, shift
from cases.models import Channel


def in_hours(channel: Channel, moment: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment, or the next at which the owner takes messages: the person's own hours, the usual ones for a team.

    A manager's hours may differ from those of the handler by which a reminder was timed, and a second try must not
    come at midnight.
    """
    try:
        return shift(moment, channel.user.hours() if channel.user else Hours(), calendar)
    except YearNotCovered:  # the calendar has ended; better at an odd hour than never
        return moment
