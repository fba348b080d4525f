"""Sending notices.

The guarantee: a notice is sent at least once, or ends as failed, for pages to show; it is sent twice only when the
process dies between the channel's acceptance and the mark, or hangs longer than its lease. For that a sender claims
the notice with a token and a lease, checks again that its cases still wait, sends outside any transaction, and marks
it as sent only where its token is still there. The attempt is counted with the claim, so that one which kills its
process counts too. E-mail carries the same Message-ID at every attempt: a mailbox may recognise the second copy.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import takewhile
from math import inf
from time import monotonic
from uuid import UUID, uuid4

from django.db import connections, models
from django.db.models import F, Q

from cases import clock
from cases.domain.business_days import WorkingCalendar
from cases.domain.notification_hours import NotificationHours
from cases.domain.reminders import iter_reminders
from cases.models import Notice, NotificationChannel, Reminder
from cases.models.choices import ChannelKind, NoticeState
from cases.operations.next_reminder import reminder_state
from cases.reminders import render
from cases.reminders.channels import ChannelError, send, shared_connection
from cases.reminders.delivery_hours import next_delivery_time
from cases.selectors import working_calendar

log = logging.getLogger(__name__)

#: Longer than any channel's time-out, so that a living sender keeps its claim.
LEASE = timedelta(minutes=2)
#: After a failure the next try; after the last of them the notice has failed.
RETRY_DELAYS = [timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440)]
#: Mails, and other notices, claimed at once; and channels sent to in parallel.
BATCH, MAX_LANES = 200, 8


def deliver_due(now: datetime | None = None, *, seconds: float | None = None) -> Counter[str]:
    """Try every notice that is due, once; returns how many were sent, failed (for now or finally), cancelled.

    `now` is for tests and for `send_reminders --as-of`; a worker leaves it out. After `seconds` no more are started.
    """
    outcome: Counter[str] = Counter()
    due_at, stop_at = now or clock.now(), monotonic() + (inf if seconds is None else seconds)
    attempted: set[UUID] = set()
    while monotonic() < stop_at and (lanes := _due_lanes(due_at, attempted)):
        if len(lanes) == 1:
            results = [_deliver_lane(lane, now, stop_at) for lane in lanes]
        else:
            # A channel that is slow or dead holds up nobody but itself.
            with ThreadPoolExecutor(max_workers=MAX_LANES) as pool:
                results = list(pool.map(lambda lane: _deliver_lane_in_thread(lane, now, stop_at), lanes))
        outcome.update(result for lane in results for result in lane)
    return outcome


def any_due(now: datetime) -> bool:
    """Whether some notice can be sent at now (aware)."""
    return _due_notices(now).exists()


def _due_lanes(now: datetime, attempted: set[UUID]) -> list[list[UUID]]:
    """Due notices, those of one mail server or of one other channel together."""
    due_notices = _due_notices(now).exclude(pk__in=attempted).order_by("attempts", "next_try_at")
    by_mail, by_other_channel = Q(channel__kind=ChannelKind.EMAIL), ~Q(channel__kind=ChannelKind.EMAIL)
    lanes: dict[int, list[UUID]] = {}
    # Each apart, so that a thousand mails before a dead server leave room for the rest.
    for pk in due_notices.filter(by_mail).values_list("pk", flat=True)[:BATCH]:
        lanes.setdefault(0, []).append(pk)
    for pk, channel in due_notices.filter(by_other_channel).values_list("pk", "channel_id")[:BATCH]:
        lanes.setdefault(channel, []).append(pk)
    attempted.update(pk for lane in lanes.values() for pk in lane)
    return list(lanes.values())


def _due_notices(now: datetime) -> models.QuerySet[Notice]:
    unleased = Q(leased_until=None) | Q(leased_until__lte=now)
    return Notice.objects.filter(unleased, state=NoticeState.PENDING, next_try_at__lte=now)


def _deliver_lane(lane: Sequence[UUID], now: datetime | None, stop_at: float) -> list[str]:
    in_time = takewhile(lambda _: monotonic() < stop_at, lane)
    calendar = working_calendar()
    with shared_connection():
        return [deliver_notice(pk, now or clock.now(), calendar) for pk in in_time]


def _deliver_lane_in_thread(lane: Sequence[UUID], now: datetime | None, stop_at: float) -> list[str]:
    try:
        return _deliver_lane(lane, now, stop_at)
    finally:
        connections.close_all()  # those of this thread


def deliver_notice(notice_id: UUID, now: datetime, calendar: WorkingCalendar) -> str:
    """Try one notice: 'sent', 'failed', 'cancelled', or 'taken' when somebody else has it or it is not due."""
    token = claim_notice(notice_id, now)
    if token is None:
        return "taken"
    notice = Notice.objects.select_related("channel__user", "channel__team").get(pk=notice_id)
    if notice.attempts > len(RETRY_DELAYS) + 1:
        return _record_failure(notice, token, now, calendar, "the sender died at every try")
    try:
        due_reminders = [reminder for reminder in _reminders(notice) if is_still_due(reminder, now, calendar)]
        if not due_reminders or not _is_reachable(notice.channel):
            return _mark_finished(notice, token, now, NoticeState.CANCELLED)
        subject, body = render.render_notice(notice.channel, due_reminders, now, calendar)
        send(notice.channel, notice.pk, subject, body)
    except Exception as error:  # whatever a channel does wrong, the notice is tried again and the others go on
        log.warning("notice %s: %s", notice_id, type(error).__name__)
        return _record_failure(notice, token, now, calendar, error_text(error))
    return _mark_finished(notice, token, now, NoticeState.SENT, subject=subject, body=body)


def claim_notice(notice_id: UUID, now: datetime) -> UUID | None:
    """Take a due notice for the length of a lease and count the attempt; None when it is not to be had."""
    token = uuid4()
    claimed = (
        _due_notices(now).filter(pk=notice_id).update(token=token, leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    return token if claimed else None


def _reminders(notice: Notice) -> list[Reminder]:
    reminders = Reminder.objects.filter(bundle__lines__notice=notice)
    return list(
        reminders.select_related("case__card", "case__carrier", "case__handler").prefetch_related("case__escalations")
    )


def is_still_due(reminder: Reminder, now: datetime, calendar: WorkingCalendar) -> bool:
    """Whether the case as it stands now still calls for this reminder: same round, same kind, not held back."""
    case = reminder.case
    if case.round != reminder.round:
        return False
    notification_hours = case.handler.notification_hours() if case.handler else NotificationHours()
    scheduled_reminders = iter_reminders(
        reminder_state(case, list(case.escalations.all())), calendar, notification_hours
    )
    due_by_now = takewhile(lambda scheduled: scheduled.at <= now, scheduled_reminders)
    return any((scheduled.kind, scheduled.ordinal) == (reminder.kind, reminder.ordinal) for scheduled in due_by_now)


def _is_reachable(channel: NotificationChannel) -> bool:
    return channel.is_on and (channel.user is None or channel.user.is_active)


def _mark_finished(
    notice: Notice, token: UUID, now: datetime, state: NoticeState, *, subject: str = "", body: str = ""
) -> str:
    claimed_notice = Notice.objects.filter(pk=notice.pk, token=token, state=NoticeState.PENDING)
    marked = claimed_notice.update(
        state=state, finished_at=now, leased_until=None, subject=subject, body=body, error=""
    )
    if not marked:
        log.warning("notice %s was taken over by another sender while it was being sent", notice.pk)
        return "taken"
    if state == NoticeState.SENT:
        NotificationChannel.objects.filter(pk=notice.channel_id).update(last_success_at=now)
    return str(state.value)


def _record_failure(notice: Notice, token: UUID, now: datetime, calendar: WorkingCalendar, error: str) -> str:
    """Record a failure and when to try again; after the last try the notice has failed finally."""
    claimed_notice = Notice.objects.filter(pk=notice.pk, token=token, state=NoticeState.PENDING)
    if notice.attempts <= len(RETRY_DELAYS):
        next_try = next_delivery_time(notice.channel, now + RETRY_DELAYS[notice.attempts - 1], calendar)
        claimed_notice.update(next_try_at=next_try, leased_until=None, error=error)
    else:
        claimed_notice.update(state=NoticeState.FAILED, finished_at=now, leased_until=None, error=error)
    NotificationChannel.objects.filter(pk=notice.channel_id).update(last_failure_at=now, last_error=error)
    return "failed"


def error_text(error: Exception) -> str:
    """What went wrong, in one line without secrets."""
    if isinstance(error, ChannelError):
        return str(error)[:300]
    # Never more than the kind and the first line: an answer may repeat the request.
    text = str(error).splitlines()[0] if str(error) else ""
    return f"{type(error).__name__}: {text}"[:300]
