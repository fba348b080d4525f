"""When the owner of a channel takes messages."""

from datetime import datetime

from cases.domain.business_days import WorkingCalendar, YearNotCovered
from cases.domain.notification_hours import NotificationHours, next_moment
from cases.models import Notice, NotificationChannel
from cases.models.choices import NoticeState
from cases.selectors import working_calendar


def next_delivery_time(channel: NotificationChannel, moment: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment, or the next at which the owner takes messages: the person's own hours, the usual ones for a team.

    A manager's hours may differ from those of the handler by which a reminder was timed, and a second try must not
    come at midnight.
    """
    try:
        return next_moment(moment, channel.user.notification_hours() if channel.user else NotificationHours(), calendar)
    except YearNotCovered:  # the calendar has ended; better at an odd hour than never
        return moment


def reschedule_notices(user_id: int, now: datetime) -> None:
    """This person takes messages at other hours now: what waits to be sent to them goes out by these.

    What was never tried may come earlier for it; after a failure the next try comes no earlier.
    """
    calendar = working_calendar()
    for notice in Notice.objects.filter(state=NoticeState.PENDING, channel__user=user_id).select_related(
        "channel__user"
    ):
        earliest = max(now, notice.next_try_at) if notice.attempts else now
        unchanged_notice = Notice.objects.filter(pk=notice.pk, state=NoticeState.PENDING, attempts=notice.attempts)
        unchanged_notice.update(next_try_at=next_delivery_time(notice.channel, earliest, calendar))
