"""When the owner of a channel takes messages."""

from datetime import datetime

from cases.domain.business_days import WorkingCalendar, YearNotCovered
from cases.domain.notification_hours import NotificationHours, next_moment
from cases.models import Notice, NotificationChannel
from cases.models.choices import NoticeState
from cases.selectors import working_calendar


def in_hours(channel: NotificationChannel, moment: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment, or the next at which the owner takes messages: the person's own hours, the usual ones for a team.

    A manager's hours may differ from those of the handler by which a reminder was timed, and a second try must not
    come at midnight.
    """
    try:
        return next_moment(moment, channel.user.notification_hours() if channel.user else NotificationHours(), calendar)
    except YearNotCovered:  # the calendar has ended; better at an odd hour than never
        return moment


def follow_hours(user: int, now: datetime) -> None:
    """This person takes messages at other hours now: what waits to be sent to them goes out by these.

    What was never tried may come earlier for it; after a failure the next try comes no earlier.
    """
    calendar = working_calendar()
    for notice in Notice.objects.filter(state=NoticeState.PENDING, channel__user=user).select_related("channel__user"):
        earliest = max(now, notice.next_try_at) if notice.attempts else now
        same = Notice.objects.filter(pk=notice.pk, state=NoticeState.PENDING, attempts=notice.attempts)
        same.update(next_try_at=in_hours(notice.channel, earliest, calendar))
