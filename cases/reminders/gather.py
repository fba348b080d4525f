"""From reminders to notices: one message for each channel, with everything that one sweep found for its owner."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from cases import queries
from cases.domain.business_days import WorkingCalendar
from cases.models import Case, Channel, Membership, Notice, NoticeLine, Reminder, Team, User
from cases.models.choices import ChannelKind, Role
from cases.reminders.hours import in_hours

#: Whose cases: a team, and who handles them (None: nobody in particular).
Group = tuple[int, int | None]


@dataclass
class Readers:
    """Who is to read about which group: the handler, or the managers where nobody handles; and the team's channels."""

    people: dict[Group, list[User]] = field(default_factory=dict)
    channels: dict[Group, list[Channel]] = field(default_factory=dict)


def gather(now: datetime, calendar: WorkingCalendar) -> list[Notice]:
    """Make notices of all reminders whose readers have no further case waiting for the sweep; returns those made."""
    groups: set[Group] = set(
        Reminder.objects.filter(gathered_at=None).values_list("case__team_id", "case__handler_id").distinct()
    )
    if not groups:
        return []
    unfinished: set[Group] = set(
        queries.due_for_reminder(Case.objects.all(), now).values_list("team_id", "handler_id").distinct()
    )
    readers = _readers(groups | unfinished)
    busy = {user.pk for group in unfinished for user in readers.people[group]}
    ready = {g for g in groups - unfinished if not any(user.pk in busy for user in readers.people[g])}
    return _make(ready, readers, now, calendar) if ready else []


def _make(ready: set[Group], readers: Readers, now: datetime, calendar: WorkingCalendar) -> list[Notice]:
    with transaction.atomic():
        teams = {team for team, _ in ready}
        # In turn: two who gathered for one person at once would make two messages of what belongs in one.
        list(Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk"))
        reminders = Reminder.objects.filter(gathered_at=None, case__team_id__in=teams)
        by_channel: dict[int, list[int]] = {}
        channels: dict[int, Channel] = {}
        keys: list[int] = []
        for pk, team, handler in reminders.values_list("pk", "case__team_id", "case__handler_id"):
            if (team, handler) in ready:
                keys.append(pk)
                for channel in readers.channels[team, handler]:
                    channels[channel.pk] = channel
                    by_channel.setdefault(channel.pk, []).append(pk)
        notices = {
            key: Notice(channel=channels[key], made_at=now, next_try_at=in_hours(channels[key], now, calendar))
            for key in by_channel
        }
        Notice.objects.bulk_create(notices.values())
        lines = (NoticeLine(notice=notices[key], reminder_id=pk) for key, pks in by_channel.items() for pk in pks)
        NoticeLine.objects.bulk_create(lines, batch_size=1000)
        for start in range(0, len(keys), 1000):
            Reminder.objects.filter(pk__in=keys[start : start + 1000]).update(gathered_at=now)
    return list(notices.values())


def _readers(groups: Iterable[Group]) -> Readers:
    groups = set(groups)
    members: dict[int, list[Membership]] = {}
    rows = Membership.objects.filter(team__in={team for team, _ in groups}, user__is_active=True)
    for row in rows.select_related("user"):
        members.setdefault(row.team_id, []).append(row)
    readers = Readers()
    for team, handler in groups:
        inside = members.get(team, [])
        people = [m.user for m in inside if m.user_id == handler]
        readers.people[team, handler] = people or [m.user for m in inside if m.role == Role.MANAGER]
    everybody = {user.pk: user for people in readers.people.values() for user in people}
    personal = _personal_channels(everybody)
    shared: dict[int, list[Channel]] = {}
    for channel in Channel.objects.filter(team__in={team for team, _ in groups}, is_on=True):
        shared.setdefault(channel.team_id or 0, []).append(channel)
    for group, people in readers.people.items():
        own = [channel for user in people for channel in personal.get(user.pk, [])]
        readers.channels[group] = own + shared.get(group[0], [])
    return readers


def _personal_channels(people: dict[int, User]) -> dict[int, list[Channel]]:
    """Everybody's channels that are on. Whoever has none at all gets the mailbox that the account came with."""
    with_any = set(Channel.objects.filter(user__in=people).values_list("user_id", flat=True))
    missing = [Channel(user=people[pk], kind=ChannelKind.EMAIL) for pk in people if pk not in with_any]
    Channel.objects.bulk_create(missing, ignore_conflicts=True)
    found: dict[int, list[Channel]] = {}
    for channel in Channel.objects.filter(user__in=people, is_on=True).select_related("user"):
        found.setdefault(channel.user_id or 0, []).append(channel)
    return found
