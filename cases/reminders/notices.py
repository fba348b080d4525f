"""From reminders to notices: one message for each channel, with everything that one sweep found for its owner."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cases import selectors
from cases.domain.business_days import WorkingCalendar
from cases.domain.roles import Right, has_right
from cases.models import Case, Membership, Notice, NoticeReminder, NotificationChannel, ReminderGroup, Team
from cases.models.choices import ChannelKind
from cases.reminders.delivery_hours import in_hours

#: Whose cases: a team, and who handles them (None: nobody in particular).
Group = tuple[int, int | None]


#: The accounts of those who are to read about a group: its handler, or the managers where nobody handles it.
Readers = dict[Group, list[int]]


def gather(now: datetime, calendar: WorkingCalendar) -> list[Notice]:
    """Make notices of all bundles whose readers have no further case waiting for the sweep; returns those made."""
    groups: set[Group] = set(ReminderGroup.objects.filter(gathered_at=None).values_list("team_id", "handler_id").distinct())
    if not groups:
        return []
    # Not `distinct`: for its sake SQLite would read every case that is stored.
    waiting = selectors.due_for_reminder(Case.objects.all(), now).values_list("team_id", "handler_id")
    unfinished: set[Group] = set(waiting.iterator())
    readers = _readers(groups | unfinished)
    busy = {user for group in unfinished for user in readers[group]}
    ready = {group: readers[group] for group in groups - unfinished if busy.isdisjoint(readers[group])}
    return _make(ready, now, calendar) if ready else []


def _make(ready: Readers, now: datetime, calendar: WorkingCalendar) -> list[Notice]:
    channels_of = _channels(ready)
    with transaction.atomic():
        teams = {team for team, _ in ready}
        # In turn: two who gathered for one person at once would make two messages of what belongs in one.
        list(Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk"))
        by_channel: dict[int, list[int]] = {}
        channels: dict[int, NotificationChannel] = {}
        keys: list[int] = []
        bundles = ReminderGroup.objects.filter(gathered_at=None, team__in=teams)
        for pk, team, handler in bundles.values_list("pk", "team_id", "handler_id"):
            if (team, handler) in ready:
                keys.append(pk)
                for channel in channels_of[team, handler]:
                    channels[channel.pk] = channel
                    by_channel.setdefault(channel.pk, []).append(pk)
        notices = {
            key: Notice(channel=channels[key], made_at=now, next_try_at=in_hours(channels[key], now, calendar))
            for key in by_channel
        }
        Notice.objects.bulk_create(notices.values())
        NoticeReminder.objects.bulk_create(
            NoticeReminder(notice=notices[key], bundle_id=pk) for key, pks in by_channel.items() for pk in pks
        )
        for start in range(0, len(keys), 1000):
            ReminderGroup.objects.filter(pk__in=keys[start : start + 1000]).update(gathered_at=now)
    return list(notices.values())


def _readers(groups: Iterable[Group]) -> Readers:
    groups = set(groups)
    members: set[Group] = set()
    managers: dict[int, list[int]] = {}
    rows = Membership.objects.filter(team__in={team for team, _ in groups}, user__is_active=True)
    for team, user, role in rows.values_list("team_id", "user_id", "role"):
        if has_right(role, Right.WORK):
            members.add((team, user))
        if has_right(role, Right.MANAGE):
            managers.setdefault(team, []).append(user)
    return {
        (team, handler): [handler] if handler and (team, handler) in members else managers.get(team, [])
        for team, handler in groups
    }


def _channels(readers: Readers) -> dict[Group, list[NotificationChannel]]:
    """The ways to each group's readers, and to its team as a whole; those that are on."""
    personal = _personal_channels({user for users in readers.values() for user in users})
    shared: dict[int, list[NotificationChannel]] = {}
    for channel in NotificationChannel.objects.filter(team__in={team for team, _ in readers}, is_on=True):
        shared.setdefault(channel.team_id or 0, []).append(channel)
    return {
        group: [channel for user in users for channel in personal.get(user, [])] + shared.get(group[0], [])
        for group, users in readers.items()
    }


def _personal_channels(users: set[int]) -> dict[int, list[NotificationChannel]]:
    """Everybody's channels that are on. Whoever has none at all gets the mailbox that the account came with."""
    with_any = set(NotificationChannel.objects.filter(user__in=users).values_list("user_id", flat=True))
    missing = [NotificationChannel(user_id=user, kind=ChannelKind.EMAIL) for user in users - with_any]
    NotificationChannel.objects.bulk_create(missing, ignore_conflicts=True)
    found: dict[int, list[NotificationChannel]] = {}
    for channel in NotificationChannel.objects.filter(user__in=users, is_on=True).select_related("user"):
        found.setdefault(channel.user_id or 0, []).append(channel)
    return found
