"""From reminders to notices: one message for each channel, with everything that one sweep wrote for its owner."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cases import selectors
from cases.domain.business_days import WorkingCalendar
from cases.domain.roles import Right, has_right
from cases.models import Case, Membership, Notice, NoticeReminder, NotificationChannel, ReminderGroup, Team
from cases.models.choices import ChannelKind
from cases.reminders.delivery_hours import next_delivery_time

#: Whose cases: a team, and who handles them (None: nobody in particular).
CaseOwner = tuple[int, int | None]


#: The accounts of those who are to read about a group: its handler, or the managers where nobody handles it.
Recipients = dict[CaseOwner, list[int]]


def create_notices(now: datetime, calendar: WorkingCalendar) -> list[Notice]:
    """Create the notices of all bundles whose readers have no further case waiting for the sweep; returns them."""
    owners: set[CaseOwner] = set(
        ReminderGroup.objects.filter(gathered_at=None).values_list("team_id", "handler_id").distinct()
    )
    if not owners:
        return []
    unswept_owners = _unswept_owners(now)
    recipients = _recipients(owners | unswept_owners)
    busy_users = {user for owner in unswept_owners for user in recipients[owner]}
    ready_owners = {
        owner: recipients[owner] for owner in owners - unswept_owners if busy_users.isdisjoint(recipients[owner])
    }
    return _create_notices(ready_owners, now, calendar) if ready_owners else []


def busy_recipients(now: datetime) -> tuple[set[int], set[int]]:
    """The people, and the teams, of whom some cases still wait for the sweep."""
    unswept_owners = _unswept_owners(now)
    users = {user for users in _recipients(unswept_owners).values() for user in users}
    return users, {team for team, _ in unswept_owners}


def _unswept_owners(now: datetime) -> set[CaseOwner]:
    # Not `distinct`: for its sake SQLite would read every case that is stored.
    due_cases = selectors.due_for_reminder(Case.objects.all(), now).values_list("team_id", "handler_id")
    return set(due_cases.iterator())


def _create_notices(ready_owners: Recipients, now: datetime, calendar: WorkingCalendar) -> list[Notice]:
    channels_of = _notification_channels(ready_owners)
    with transaction.atomic():
        teams = {team for team, _ in ready_owners}
        # In turn: two who gathered for one person at once would make two messages of what belongs in one.
        list(Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk"))
        group_ids_by_channel: dict[int, list[int]] = {}
        channels: dict[int, NotificationChannel] = {}
        group_ids: list[int] = []
        reminder_groups = ReminderGroup.objects.filter(gathered_at=None, team__in=teams)
        for pk, team, handler in reminder_groups.values_list("pk", "team_id", "handler_id"):
            if (team, handler) in ready_owners:
                group_ids.append(pk)
                for channel in channels_of[team, handler]:
                    channels[channel.pk] = channel
                    group_ids_by_channel.setdefault(channel.pk, []).append(pk)
        notices = {
            key: Notice(
                channel=channels[key], made_at=now, next_try_at=next_delivery_time(channels[key], now, calendar)
            )
            for key in group_ids_by_channel
        }
        Notice.objects.bulk_create(notices.values())
        NoticeReminder.objects.bulk_create(
            NoticeReminder(notice=notices[key], bundle_id=pk) for key, pks in group_ids_by_channel.items() for pk in pks
        )
        for start in range(0, len(group_ids), 1000):
            ReminderGroup.objects.filter(pk__in=group_ids[start : start + 1000]).update(gathered_at=now)
    return list(notices.values())


def _recipients(owners: Iterable[CaseOwner]) -> Recipients:
    owners = set(owners)
    members: set[CaseOwner] = set()
    managers: dict[int, list[int]] = {}
    rows = Membership.objects.filter(team__in={team for team, _ in owners}, user__is_active=True)
    for team, user, role in rows.values_list("team_id", "user_id", "role"):
        if has_right(role, Right.WORK):
            members.add((team, user))
        if has_right(role, Right.MANAGE):
            managers.setdefault(team, []).append(user)
    return {
        (team, handler): [handler] if handler and (team, handler) in members else managers.get(team, [])
        for team, handler in owners
    }


def _notification_channels(recipients: Recipients) -> dict[CaseOwner, list[NotificationChannel]]:
    """The enabled channels of each group's readers, and of its team as a whole."""
    personal = _personal_channels({user for users in recipients.values() for user in users})
    shared: dict[int, list[NotificationChannel]] = {}
    for channel in NotificationChannel.objects.filter(team__in={team for team, _ in recipients}, is_on=True):
        shared.setdefault(channel.team_id or 0, []).append(channel)
    return {
        owner: [channel for user in users for channel in personal.get(user, [])] + shared.get(owner[0], [])
        for owner, users in recipients.items()
    }


def _personal_channels(users: set[int]) -> dict[int, list[NotificationChannel]]:
    """Everybody's channels that are on. Whoever has none at all gets the mailbox that the account came with."""
    users_with_channels = set(NotificationChannel.objects.filter(user__in=users).values_list("user_id", flat=True))
    default_channels = [
        NotificationChannel(user_id=user, kind=ChannelKind.EMAIL) for user in users - users_with_channels
    ]
    NotificationChannel.objects.bulk_create(default_channels, ignore_conflicts=True)
    channels_by_user: dict[int, list[NotificationChannel]] = {}
    for channel in NotificationChannel.objects.filter(user__in=users, is_on=True).select_related("user"):
        channels_by_user.setdefault(channel.user_id or 0, []).append(channel)
    return channels_by_user
