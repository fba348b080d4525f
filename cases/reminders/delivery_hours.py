"""When the owner of a channel takes messages."""

from dataclasses import replace
from datetime import datetime, timedelta

from cases.domain.business_days import WorkingCalendar, YearNotCovered
from cases.domain.notification_hours import DEFAULT_HOURS, next_moment
from cases.models import Notice, NotificationChannel
from cases.models.choices import NoticeState
from cases.selectors import working_calendar

#: After a failure the next try; after the last of them the notice has failed.
RETRY_DELAYS = [timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440)]


def next_delivery_time(channel: NotificationChannel, moment: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment, or the next at which the owner takes messages: the person's own hours, the usual ones for a team.

    A manager's hours may differ from those of the handler by which a reminder was timed, and a second try must not
    come at midnight.
    """
    hours = channel.user.notification_hours() if channel.user else DEFAULT_HOURS
    try:
        return next_moment(moment, hours, calendar)
    except YearNotCovered:  # the calendar has ended; better on a day off than never
        return next_moment(moment, replace(hours, days_off=True), calendar)


def _earliest_try(notice: Notice, now: datetime) -> datetime:
    """From when on a notice may be tried that its owner's hours have put off."""
    if not notice.attempts:
        return now
    failed_at = notice.channel.last_failure_at
    retry_at = failed_at + RETRY_DELAYS[min(notice.attempts, len(RETRY_DELAYS)) - 1] if failed_at else None
    return min(notice.next_try_at, max(now, retry_at)) if retry_at else notice.next_try_at


def reschedule_notices(now: datetime, user_id: int | None = None) -> None:
    """This person takes messages at other hours now, or (None) days became working days or days off: what waits to be
    sent later goes out by these.

    What was never tried may come earlier for it; after a failure the next try comes no earlier. What is due already is
    held against the hours when it leaves.
    """
    calendar = working_calendar()
    pending_notices = Notice.objects.filter(state=NoticeState.PENDING, next_try_at__gt=now)
    pending_notices = pending_notices.select_related("channel__user")
    if user_id is not None:
        pending_notices = pending_notices.filter(channel__user=user_id)
    for notice in pending_notices.iterator():
        earliest = _earliest_try(notice, now)
        unchanged_notice = Notice.objects.filter(pk=notice.pk, state=NoticeState.PENDING, attempts=notice.attempts)
        unchanged_notice.update(next_try_at=next_delivery_time(notice.channel, earliest, calendar))
