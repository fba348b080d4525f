"""Sending what waits for a channel, as one message.

The guarantee: a reminder that its case calls for is told over a channel at least once, or its notice ends as failed,
for pages to show; it is told twice only when the process dies between the channel's acceptance and the mark, or hangs
longer than its lease. For that a sender claims all that waits for the channel with a token and a lease, decides again
what is told (`selection`), sends outside any transaction, and in one transaction marks the notice as sent, where its
token is still there, and writes down what was told. The attempt is counted with the claim, so that one which kills its
process counts too. E-mail carries the same Message-ID at every attempt with the same text: a mailbox may recognise the
second copy.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from math import inf
from time import monotonic
from uuid import UUID, uuid4, uuid5

from django.db import connections, models, transaction
from django.db.models import Q

from cases import clock, selectors
from cases.domain.business_days import WorkingCalendar
from cases.models import Case, Notice, NoticeReminder, NotificationChannel, Reminder, ReminderDelivery
from cases.models.choices import ChannelKind, NoticeState
from cases.operations import untold_reminders
from cases.reminders import render
from cases.reminders.channels import ChannelError, send, shared_connection
from cases.reminders.delivery_hours import RETRY_DELAYS, next_delivery_time
from cases.reminders.notices import busy_recipients, create_notices
from cases.reminders.selection import select_reminders
from cases.reminders.sweep import BATCH_SIZE, sweep_batch
from cases.selectors import working_calendar
from cases.wording.stored_sentences import stored_sentence

log = logging.getLogger(__name__)

#: Longer than any channel's time-out, so that a living sender keeps its claim.
LEASE = timedelta(minutes=2)
#: Notices by e-mail, and over other channels, looked at together; and channels sent to in parallel.
BATCH, MAX_LANES = 200, 8
#: Characters of an error that have room in its column.
MAX_ERROR = 300
#: How often what was to be told is looked at again because cases were swept meanwhile.
MAX_SELECTIONS = 3


@dataclass(frozen=True)
class Claim:
    """A channel with the one notice that is sent over it now, and the token of who sends it."""

    channel: NotificationChannel
    notice: Notice
    token: UUID

    @property
    def is_held(self) -> models.QuerySet[Notice]:
        """The notice, as long as nobody else has taken it over."""
        return Notice.objects.filter(pk=self.notice.pk, token=self.token, state=NoticeState.PENDING)


def deliver_due(
    now: datetime | None = None, *, seconds: float | None = None, sent: list[UUID] | None = None
) -> Counter[str]:
    """Try every channel for which something is due, once; returns how many messages were sent, failed (for now or
    finally), cancelled, or postponed.

    `now` is for tests and for `send_reminders --as-of`; a worker leaves it out. After `seconds` no more are started.
    The notices that were sent are added to `sent`.
    """
    outcome: Counter[str] = Counter()
    due_at, stop_at = now or clock.now(), monotonic() + (inf if seconds is None else seconds)
    sent_notices = [] if sent is None else sent
    # Those whose cases a sweep still has to look at hear of them in the same message.
    attempted = _channels_to_sweep_for(due_at)
    while monotonic() < stop_at and (lanes := _due_lanes(due_at, attempted)):
        if len(lanes) == 1:
            results = [_deliver_lane(lane, now, stop_at, sent_notices) for lane in lanes]
        else:
            # A channel that is slow or dead holds up nobody but itself.
            with ThreadPoolExecutor(max_workers=MAX_LANES) as pool:
                results = list(pool.map(lambda lane: _deliver_lane_in_thread(lane, now, stop_at, sent_notices), lanes))
        outcome.update(result for lane in results for result in lane)
    return outcome


def any_due(now: datetime) -> bool:
    """Whether some notice can be sent at now (aware)."""
    return _due_notices(now).exists()


def _channels_to_sweep_for(now: datetime) -> set[int]:
    """Channels for which something waits and a sweep, that has more to do than can be done here, will bring more.

    What is left of a sweep, or became due since, is done here: nothing leaves before it, whoever starts first.
    """
    calendar = working_calendar()
    due_cases = selectors.due_for_reminder(Case.objects.all(), now)
    case_ids = list(due_cases.values_list("pk", flat=True)[: BATCH_SIZE + 1])
    if 0 < len(case_ids) <= BATCH_SIZE:
        sweep_batch(case_ids, now, calendar)
    create_notices(now, calendar)
    if not case_ids:
        return set()
    users, teams = busy_recipients(now)
    if not users and not teams:
        return set()
    due_channels = _due_notices(now).values_list("channel_id", "channel__user_id", "channel__team_id")
    return {channel for channel, user, team in due_channels.iterator() if user in users or team in teams}


def _due_lanes(now: datetime, attempted: set[int]) -> list[list[int]]:
    """Channels with due notices, those by one mail server or another channel alone."""
    due_notices = _due_notices(now).exclude(channel__in=attempted).order_by("attempts", "next_try_at")
    by_mail, by_other_channel = Q(channel__kind=ChannelKind.EMAIL), ~Q(channel__kind=ChannelKind.EMAIL)
    # Each apart, so that a thousand mails before a dead server leave room for the rest.
    mail = due_notices.filter(by_mail).values_list("channel_id", flat=True)[:BATCH]
    others = due_notices.filter(by_other_channel).values_list("channel_id", flat=True)[:BATCH]
    lanes = [list(dict.fromkeys(mail)), *([channel] for channel in dict.fromkeys(others))]
    attempted.update(channel for lane in lanes for channel in lane)
    return [lane for lane in lanes if lane]


def _due_notices(now: datetime) -> models.QuerySet[Notice]:
    return _unleased_notices(now).filter(next_try_at__lte=now)


def _unleased_notices(now: datetime) -> models.QuerySet[Notice]:
    unleased = Q(leased_until=None) | Q(leased_until__lte=now)
    return Notice.objects.filter(unleased, state=NoticeState.PENDING)


def _deliver_lane(lane: Sequence[int], now: datetime | None, stop_at: float, sent: list[UUID]) -> list[str]:
    in_time = takewhile(lambda _: monotonic() < stop_at, lane)
    calendar = working_calendar()
    with shared_connection():
        return [deliver_channel(pk, now or clock.now(), calendar, sent) for pk in in_time]


def _deliver_lane_in_thread(lane: Sequence[int], now: datetime | None, stop_at: float, sent: list[UUID]) -> list[str]:
    try:
        return _deliver_lane(lane, now, stop_at, sent)
    finally:
        connections.close_all()  # those of this thread


def deliver_channel(channel_id: int, now: datetime, calendar: WorkingCalendar, sent: list[UUID] | None = None) -> str:
    """Send what waits for a channel: 'sent', 'failed', 'cancelled' where nothing of it is to be told, 'postponed' to
    the hours of its owner, or 'taken' when somebody else has it or nothing is due."""
    claim = claim_channel(channel_id, now, calendar)
    if isinstance(claim, str):
        return claim
    if claim.notice.attempts > len(RETRY_DELAYS) + 1:
        return _record_failure(claim, now, calendar, "the sender died at every try")
    try:
        reminders = _reminders_to_tell(claim, now, calendar)
        if not reminders:
            return _mark_cancelled(claim, now)
        subject, body = render.render_notice(claim.channel, reminders, now, calendar)
        send(claim.channel, _message_id(claim.notice, subject, body), subject, body)
    except Exception as error:  # whatever a channel does wrong, the notice is tried again and the others go on
        log.warning("notice %s: %s", claim.notice.pk, type(error).__name__)
        return _record_failure(claim, now, calendar, error_text(error))
    result = _mark_sent(claim, now, reminders, subject, body)
    if result == NoticeState.SENT and sent is not None:
        sent.append(claim.notice.pk)
    return result


def claim_channel(channel_id: int, now: datetime, calendar: WorkingCalendar) -> Claim | str:
    """Take what waits for a channel, for the length of a lease, as one notice, and count the attempt.

    'taken' when it is not to be had; 'postponed' outside the hours of the channel's owner, whatever was late.
    """
    with transaction.atomic():
        channel = _lock_channel(channel_id)
        if channel is None:
            return "taken"
        pending = list(Notice.objects.filter(channel=channel, state=NoticeState.PENDING).order_by("made_at", "pk"))
        # One sender at a time, so that nobody gets two messages of what belongs in one.
        is_leased = any(notice.leased_until and notice.leased_until > now for notice in pending)
        if is_leased or not any(notice.next_try_at <= now for notice in pending):
            return "taken"
        opens_at = next_delivery_time(channel, now, calendar)
        if opens_at > now:
            Notice.objects.filter(pk__in=[notice.pk for notice in pending], next_try_at__lt=opens_at).update(
                next_try_at=opens_at
            )
            return "postponed"
        notice = pending[0]
        notice.token, notice.leased_until = uuid4(), now + LEASE
        notice.attempts = max(notice.attempts for notice in pending) + 1
        notice.save(update_fields=["token", "leased_until", "attempts"])
        _merge(notice, pending[1:])
    return Claim(channel, notice, notice.token)


def _lock_channel(channel_id: int) -> NotificationChannel | None:
    locked_channels = NotificationChannel.objects.select_for_update(of=("self",), no_key=True)
    return locked_channels.select_related("user", "team").filter(pk=channel_id).first()


def _merge(notice: Notice, others: Sequence[Notice]) -> None:
    """What other notices of the channel carry goes with this one."""
    if not others:
        return
    keys = [other.pk for other in others]
    NoticeReminder.objects.filter(notice__in=keys).update(notice=notice)
    Notice.objects.filter(pk__in=keys).delete()


def _reminders_to_tell(claim: Claim, now: datetime, calendar: WorkingCalendar) -> list[Reminder]:
    """What is told now. What is not called for now, or not by whom this channel belongs to, is released; what its
    case calls for instead is swept at once and comes along."""
    selection = select_reminders(claim.notice, claim.channel, now, calendar)
    for _ in range(MAX_SELECTIONS - 1):
        if not selection.released:
            break
        _sweep_released(selection.released, now, calendar)
        with transaction.atomic():
            _lock_channel(claim.channel.pk)
            newer_notices = _unleased_notices(now).filter(channel=claim.channel).exclude(pk=claim.notice.pk)
            if claim.is_held.exists():
                _merge(claim.notice, list(newer_notices))
        selection = select_reminders(claim.notice, claim.channel, now, calendar)
    return selection.told


def _sweep_released(reminders: Sequence[Reminder], now: datetime, calendar: WorkingCalendar) -> None:
    keys = [reminder.pk for reminder in reminders]
    for start in range(0, len(keys), BATCH_SIZE):
        cases = untold_reminders.release(Reminder.objects.filter(pk__in=keys[start : start + BATCH_SIZE]))
        due_cases = [case.pk for case in cases if case.next_reminder_at and case.next_reminder_at <= now]
        if due_cases:
            sweep_batch(due_cases, now, calendar)
    create_notices(now, calendar)


def _message_id(notice: Notice, subject: str, body: str) -> UUID:
    """What tells this message from others: the same at each attempt with the same text, and at no other."""
    return uuid5(notice.pk, f"{subject}\n{body}")


def _mark_cancelled(claim: Claim, now: datetime) -> str:
    cancelled = claim.is_held.update(
        state=NoticeState.CANCELLED, finished_at=now, leased_until=None, subject="", body="", error=""
    )
    return NoticeState.CANCELLED.value if cancelled else _overtaken(claim)


def _mark_sent(claim: Claim, now: datetime, told: Sequence[Reminder], subject: str, body: str) -> str:
    """Mark the notice as sent and write down what it told, both or neither."""
    channel = claim.channel
    with transaction.atomic():
        marked = claim.is_held.update(
            state=NoticeState.SENT, finished_at=now, leased_until=None, subject=subject, body=body, error=""
        )
        if not marked:
            return _overtaken(claim)
        ReminderDelivery.objects.bulk_create(
            (
                ReminderDelivery(
                    reminder=reminder,
                    notice=claim.notice,
                    channel=channel,
                    channel_kind=channel.kind,
                    user_id=channel.user_id,
                    at=now,
                )
                for reminder in told
            ),
            ignore_conflicts=True,
        )
        NotificationChannel.objects.filter(pk=channel.pk).update(last_success_at=now)
    return NoticeState.SENT.value


def _overtaken(claim: Claim) -> str:
    log.warning("notice %s was taken over by another sender while it was being sent", claim.notice.pk)
    return "taken"


def _record_failure(claim: Claim, now: datetime, calendar: WorkingCalendar, error: str) -> str:
    """Record a failure and when to try again; after the last try the notice has failed finally."""
    attempts = claim.notice.attempts
    if attempts <= len(RETRY_DELAYS):
        next_try = next_delivery_time(claim.channel, now + RETRY_DELAYS[attempts - 1], calendar)
        claim.is_held.update(next_try_at=next_try, leased_until=None, error=error)
    else:
        claim.is_held.update(state=NoticeState.FAILED, finished_at=now, leased_until=None, error=error)
    NotificationChannel.objects.filter(pk=claim.channel.pk).update(last_failure_at=now, last_error=error)
    return "failed"


def error_text(error: Exception) -> str:
    """What went wrong, to be stored (`wording.stored_text`): in one line, without secrets."""
    if isinstance(error, ChannelError):
        stored = stored_sentence(error.msgid, error.params) if error.msgid else error.text
        return stored if len(stored) <= MAX_ERROR else str(error)[:MAX_ERROR]
    # Never more than the kind and the first line: an answer may repeat the request.
    text = str(error).splitlines()[0] if str(error) else ""
    return f"{type(error).__name__}: {text}"[:MAX_ERROR]
