"""What a message tells when it leaves: decided again then, whatever was decided when its reminders were written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases import selectors
from cases.domain import reminders as rules
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_state import CaseState
from cases.domain.notification_hours import DEFAULT_HOURS
from cases.models import Notice, NotificationChannel, Reminder, ReminderDelivery
from cases.models.choices import NoticeState
from cases.operations.next_reminder import reminder_state
from cases.operations.untold_reminders import just_before


class _Addressed(TypedDict):
    is_addressed: bool


if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import WithAnnotations

    AddressedReminder = WithAnnotations[Reminder, _Addressed]

#: How long the next message of a channel still brings what one that failed finally had to tell.
FAILED_NOTICE_PERIOD = timedelta(days=7)
_INSTANT = timedelta(microseconds=1)


@dataclass
class Selection:
    """Of the reminders that wait for a channel: what is told now, of each case the most serious; and what is to be
    released, because its case does not call for it now, or reminds somebody else. The rest is superseded."""

    told: list[Reminder] = field(default_factory=list)
    released: list[Reminder] = field(default_factory=list)


def select_reminders(
    notice: Notice, channel: NotificationChannel, now: datetime, calendar: WorkingCalendar
) -> Selection:
    """What this notice of the channel tells at `now` (aware)."""
    selection = Selection()
    if not is_reachable(channel):
        selection.released = list(_waiting_reminders(notice, channel, now))
        return selection
    waiting = _waiting_reminders(notice, channel, now).annotate(is_addressed=_is_addressed(channel))
    waiting = waiting.select_related("case__card", "case__carrier", "case__handler")
    for _, reminders in groupby(waiting.prefetch_related("case__escalations", "case__refunds"), attrgetter("case_id")):
        _select_of_case(list(reminders), selection, now, calendar)
    return selection


def is_reachable(channel: NotificationChannel) -> bool:
    """Whether anything is told over this channel at all."""
    return channel.is_on and (channel.user is None or channel.user.is_active)


def _waiting_reminders(notice: Notice, channel: NotificationChannel, now: datetime) -> QuerySet[Reminder]:
    """The reminders of the notice, and of those that failed since the channel's last success; without those that it
    was told. By cases, the latest last."""
    deliveries = ReminderDelivery.objects.filter(channel=channel, reminder=OuterRef("pk"))
    notices = [notice.pk, *_failed_notices(channel, now)]
    return Reminder.objects.filter(~Exists(deliveries), bundle__lines__notice__in=notices).order_by("case", "at", "pk")


def _failed_notices(channel: NotificationChannel, now: datetime) -> list[UUID]:
    since = now - FAILED_NOTICE_PERIOD
    if channel.last_failure_at is None or channel.last_failure_at <= since:
        return []
    finished = Notice.objects.filter(channel=channel, finished_at__gt=since).order_by("-finished_at")
    states = finished.filter(state__in=(NoticeState.FAILED, NoticeState.SENT)).values_list("pk", "state")
    return [pk for pk, _ in takewhile(lambda row: row[1] == NoticeState.FAILED, states)]


def _is_addressed(channel: NotificationChannel) -> Exists | Q:
    """Whether the case of a reminder still reminds the owner of the channel."""
    if channel.user is None:
        return Q(case__team=channel.team_id)
    return Exists(selectors.reminder_cases_of(channel.user).filter(pk=OuterRef("case")))


def _select_of_case(
    reminders: "Sequence[AddressedReminder]", selection: Selection, now: datetime, calendar: WorkingCalendar
) -> None:
    """Of the reminders of one case: the one that a sweep would write now, if none had been written."""
    case = reminders[0].case
    if not reminders[0].is_addressed:
        selection.released += reminders
        return
    state = reminder_state(case, list(case.escalations.all()))
    hours = case.handler.notification_hours() if case.handler else DEFAULT_HOURS
    # A snooze put off what it says now: what was told before it is not put off with that.
    since = just_before(reminders, state, calendar, hours) if state.snoozed_until else reminders[0].at - _INSTANT
    due, _ = rules.due_and_next(state, since, now, calendar, hours)
    current = [reminder for reminder in reminders if reminder.round == case.round]
    due_key = _key(state, due) if due else None
    reminder_due = next((r for r in reversed(current) if (r.kind, r.ordinal, r.occasion) == due_key), None)
    if reminder_due is None:
        selection.released += reminders
        return
    selection.told.append(reminder_due)
    if len(current) > 1:
        called_for = takewhile(lambda reminder: reminder.at <= now, rules.iter_reminders(state, calendar, hours))
        keys = {_key(state, reminder) for reminder in called_for}
        selection.released += [r for r in current if (r.kind, r.ordinal, r.occasion) not in keys]


def _key(state: CaseState, reminder: rules.ScheduledReminder) -> tuple[str, int, str]:
    """What tells a reminder of a round from the others: that a message waits is said of each message."""
    return reminder.kind, reminder.ordinal, rules.occasion(state, reminder)
