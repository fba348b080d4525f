"""Between 'written' and 'sent': whatever changes while a message waits, what leaves is what is called for then.

The stories are those of docs/reminders.md, which names the tests in its table.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress

from cases import operations as ops
from cases import tasks
from cases.domain.business_days import local
from cases.domain.notification_hours import NotificationHours
from cases.domain.roles import Role
from cases.models import (
    CalendarOverride,
    Carrier,
    CarrierMessage,
    Case,
    Membership,
    Notice,
    NotificationChannel,
    ReminderDelivery,
    Team,
    User,
)
from cases.operations import channels, deletion, teams
from cases.operations.accounts import change_hours, reclaim_account
from cases.operations.follow_up import Snooze
from cases.operations.next_reminder import reschedule_for_user
from cases.reminders import delivery as delivering
from cases.reminders.delivery import deliver_due
from cases.reminders.delivery_hours import reschedule_notices
from cases.reminders.pipeline import run_sweep
from cases.reminders.sweep import sweep_batch
from cases.selectors import working_calendar
from tests.helpers import CaseDriver, at, local_str, make_user, new_case, on

pytestmark = pytest.mark.django_db

MORNING = at("2026-10-14T09:00")
CHANGED_AT = MORNING + timedelta(minutes=1)
#: Who is told, of which reminder, when in 2026.
Told = list[str]


class Network:
    """What the channels speak to: it takes a message or is away, by kind of channel; counts what it took."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.taken: list[tuple[str, UUID, str, str]] = []
        #: Called before a message is taken.
        self.before: Callable[[], None] = lambda: None

    def send(self, channel: NotificationChannel, message: UUID, subject: str, body: str) -> str:
        self.before()
        if channel.kind in self.away or str(channel.user) in self.away:
            raise ConnectionRefusedError("nobody there")
        self.taken.append((str(channel.user.email if channel.user else channel.team), message, subject, body))
        return "ok"


class InTurn:
    """In place of a pool of threads, which would not see what the test has not committed."""

    def __init__(self, max_workers: int) -> None:
        pass

    def __enter__(self) -> "InTurn":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    map = staticmethod(map)


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network()
    monkeypatch.setattr(delivering, "send", network.send)
    monkeypatch.setattr(delivering, "ThreadPoolExecutor", InTurn)
    monkeypatch.setattr(delivering, "_deliver_lane_in_thread", delivering._deliver_lane)
    return network


def told(*, since: int = 0) -> Told:
    """What was told, in this order; without the first `since` of it."""
    deliveries = ReminderDelivery.objects.select_related("reminder__case__team", "user").order_by("at", "pk")
    return [
        f"{d.user.email.partition('@')[0] if d.user else d.reminder.case.team.name} "
        f"{d.reminder.kind} {d.reminder.ordinal} {local(d.at):%m-%d %H:%M}"
        for d in deliveries[since:]
    ]


def tick(moment: str) -> None:
    """What the worker does in a minute."""
    run_sweep(at(moment))
    deliver_due(at(moment))


def live(first: str, last: str, minutes: int = 30) -> None:
    moment, end = at(first), at(last)
    while moment <= end:
        run_sweep(moment)
        deliver_due(moment)
        moment += timedelta(minutes=minutes)


def close_day(day: str) -> None:
    CalendarOverride.objects.create(date=on(day), working=False, name="台风停工")
    tasks.recalculate_days([day], "台风停工")


# The stories


@pytest.fixture
def january(team: Team, mobile: Carrier, manager: User) -> CaseDriver:
    """Submitted on 2026-01-13 at 10:00 and acknowledged; overdue from Wednesday 2026-01-21 on."""
    case = new_case(team, mobile, manager, now="2026-01-13T10:00", submitted="2026-01-13T10:00", handler=manager)
    driver = CaseDriver(case, manager)
    driver.do(ops.Acknowledged(at("2026-01-13T15:00")), "2026-01-13T15:00")
    live("2026-01-13T15:30", "2026-01-20T20:30")
    assert told() == ["li.na window_open 1 01-19 09:00"]
    return driver


def test_a_day_that_moves_while_the_message_waits_is_told_on_its_new_day(january: CaseDriver, network: Network) -> None:
    network.away = {"email"}
    tick("2026-01-21T09:00")
    close_day("2026-01-21")
    network.away = set()
    live("2026-01-21T09:01", "2026-01-21T20:31")
    assert told(since=1) == []
    live("2026-01-22T08:30", "2026-01-23T20:30")
    assert told(since=1) == ["li.na overdue 1 01-22 09:00"]


def test_a_submission_corrected_while_the_message_waits_is_told_on_its_new_day(
    overdue: Case, manager: User, network: Network
) -> None:
    network.away = {"email"}
    tick("2026-10-14T09:00")
    network.away = set()
    correction = ops.CorrectSubmission(at("2026-10-08T15:00"), "It was submitted after the holidays")
    ops.perform_one(correction, overdue, by=manager, now=at("2026-10-14T09:00:30"))
    live("2026-10-14T09:01", "2026-10-15T20:31")
    assert told() == ["li.na overdue 1 10-15 09:01"]


def test_a_sender_that_comes_back_at_night_waits_for_the_morning(overdue: Case) -> None:
    run_sweep(at("2026-10-14T20:59"))
    assert dict(deliver_due(at("2026-10-15T03:10"))) == {"postponed": 1}
    assert Notice.objects.get().attempts == 0
    live("2026-10-15T03:40", "2026-10-15T20:40")
    assert told() == ["li.na overdue 1 10-15 09:10"]


def test_a_message_of_friday_evening_is_not_sent_on_saturday(overdue: Case) -> None:
    run_sweep(at("2026-10-16T20:30"))
    live("2026-10-17T10:00", "2026-10-19T12:00")
    assert told() == ["li.na still_overdue 3 10-19 09:00"]


def test_an_outage_that_ends_in_the_evening_is_one_message_in_the_morning(
    team: Team, mobile: Carrier, manager: User, network: Network
) -> None:
    one, other = (
        new_case(team, mobile, manager, number=number, now=moment, submitted=moment, handler=manager)
        for number, moment in (("13900000001", "2026-03-02T10:00"), ("13900000002", "2026-03-04T10:00"))
    )
    live("2026-03-02T10:00", "2026-03-12T08:30")
    network.taken.clear()
    count = ReminderDelivery.objects.count()
    live("2026-03-19T21:30", "2026-03-20T20:30")
    assert len(network.taken) == 1
    assert all(case.reference in network.taken[0][3] for case in (one, other))
    assert sorted(told(since=count)) == [
        "li.na still_overdue 7 03-20 09:00",
        "li.na still_overdue 9 03-20 09:00",
    ]


def test_delivery_sweeps_first_when_it_starts_before_the_sweep(
    team: Team, mobile: Carrier, manager: User, network: Network
) -> None:
    new_case(team, mobile, manager, now="2026-03-02T10:00", submitted="2026-03-02T10:00", handler=manager)
    live("2026-03-02T10:00", "2026-03-12T08:30")
    count = ReminderDelivery.objects.count()
    run_sweep(at("2026-03-19T21:30"))
    assert dict(deliver_due(at("2026-03-20T09:00"))) == {"sent": 1}
    assert told(since=count) == ["li.na still_overdue 9 03-20 09:00"]
    assert dict(deliver_due(at("2026-03-20T09:01"))) == {}


def test_a_case_handed_over_while_its_message_waits_is_told_to_the_new_handler(
    overdue: Case, manager: User, agent: User, network: Network
) -> None:
    network.away = {"email"}
    tick("2026-10-14T09:00")
    network.away = set()
    ops.perform_one(ops.HandOver(agent), overdue, by=manager, now=at("2026-10-14T09:00:30"))
    live("2026-10-14T09:01", "2026-10-14T20:31")
    assert told() == ["wang.wei overdue 1 10-14 09:01"]


# Several channels, several messages


def in_a_second_channel(owner: User | Team, kind: str = "webhook") -> NotificationChannel:
    """Another channel; a person's mailbox stays beside it."""
    if isinstance(owner, Team):
        return NotificationChannel.objects.create(team=owner, kind=kind)
    channels.ensure_mailbox(owner)
    return NotificationChannel.objects.create(user=owner, kind=kind)


def by_channel() -> list[str]:
    return [
        f"{d.channel_kind} {d.reminder.kind} {d.reminder.ordinal} {local(d.at):%m-%d %H:%M}"
        for d in ReminderDelivery.objects.select_related("reminder").order_by("at", "channel_kind")
    ]


def test_what_one_channel_told_it_does_not_tell_again_for_the_other_s_sake(
    overdue: Case, manager: User, network: Network
) -> None:
    in_a_second_channel(manager)
    network.away = {"webhook"}
    tick("2026-10-14T09:00")
    close_day("2026-10-14")
    network.away = set()
    live("2026-10-15T08:00", "2026-10-15T20:00")
    assert by_channel() == ["email overdue 1 10-14 09:00", "webhook overdue 1 10-15 09:00"]


def test_a_team_s_channel_that_was_told_is_not_told_of_the_new_handler(
    overdue: Case, team: Team, manager: User, agent: User, network: Network
) -> None:
    in_a_second_channel(team)
    network.away = {"email"}
    tick("2026-10-14T09:00")
    network.away = set()
    ops.perform_one(ops.HandOver(agent), overdue, by=manager, now=at("2026-10-14T09:01"))
    live("2026-10-14T09:05", "2026-10-14T20:35")
    assert told() == [f"{team} overdue 1 10-14 09:00", "wang.wei overdue 1 10-14 09:05"]


def test_what_waits_for_the_team_alone_is_not_told_to_the_new_handler(
    overdue: Case, team: Team, manager: User, agent: User, network: Network
) -> None:
    in_a_second_channel(team)
    network.away = {"webhook"}
    tick("2026-10-14T09:00")
    network.away = set()
    ops.perform_one(ops.HandOver(agent), overdue, by=manager, now=at("2026-10-14T09:01"))
    live("2026-10-14T09:05", "2026-10-14T20:35")
    assert told() == ["li.na overdue 1 10-14 09:00", f"{team} overdue 1 10-14 09:05"]


def test_what_waits_for_a_channel_that_is_removed_goes_over_another(
    overdue: Case, manager: User, network: Network
) -> None:
    channel = in_a_second_channel(manager)
    channels.switch_channel(NotificationChannel.objects.get(kind="email"), on=False)
    network.away = {"webhook"}
    tick("2026-10-14T09:00")
    in_a_second_channel(manager, "bark")
    channels.remove_channel(channel)
    live("2026-10-14T09:05", "2026-10-14T20:35")
    assert by_channel() == ["bark overdue 1 10-14 09:05"]


def test_what_was_told_stays_told_when_its_channel_is_removed(overdue: Case, manager: User) -> None:
    channel = in_a_second_channel(manager)
    tick("2026-10-14T09:00")
    channels.remove_channel(channel)
    assert by_channel() == ["email overdue 1 10-14 09:00", "webhook overdue 1 10-14 09:00"]
    live("2026-10-14T09:05", "2026-10-15T20:35")
    assert len(by_channel()) == 2


def test_a_mailbox_reclaimed_with_other_channels_is_told(overdue: Case, manager: User, network: Network) -> None:
    network.away = {"email"}
    tick("2026-10-14T09:00")
    EmailAddress.objects.create(user=manager, email=manager.email, verified=False, primary=True)
    reclaim_account(manager)
    network.away = set()
    tick("2026-10-14T09:05")
    assert told() == ["li.na overdue 1 10-14 09:05"]


def test_a_manager_who_leaves_is_not_told_and_the_others_once(
    team: Team, mobile: Carrier, agent: User, manager: User, network: Network
) -> None:
    second = make_user("second@example.com", team, Role.MANAGER)
    third = make_user("third@example.com", team, Role.MANAGER)
    new_case(team, mobile, agent, submitted="2026-09-30T15:00")
    network.away = {str(second), str(third)}
    tick("2026-10-14T09:00")
    Membership.objects.get(user=second).delete()
    network.away = set()
    live("2026-10-14T09:05", "2026-10-14T12:05")
    assert told() == ["li.na overdue 1 10-14 09:00", "third overdue 1 10-14 09:05"]


def test_messages_that_wait_become_one_with_the_tries_of_the_most_tried(
    team: Team, mobile: Carrier, manager: User, network: Network
) -> None:
    one = new_case(team, mobile, manager, number="13900000001", submitted="2026-09-30T15:00", handler=manager)
    other = new_case(
        team, mobile, manager, number="13900000002", now="2026-10-13T10:30", submitted="2026-10-13T10:30",
        handler=manager,
    )  # fmt: skip
    network.away = {"email"}
    live("2026-10-14T09:00", "2026-10-14T10:00", minutes=10)
    assert Notice.objects.get().attempts == 4
    run_sweep(at("2026-10-14T10:30"))
    assert Notice.objects.count() == 2
    network.away = set()
    assert dict(deliver_due(at("2026-10-14T10:30"))) == {"sent": 1}
    (notice,) = Notice.objects.all()
    assert (notice.state, notice.attempts, local_str(notice.made_at)) == ("sent", 5, "2026-10-14 09:00")
    assert all(case.reference in notice.body for case in (one, other))
    assert sorted(told()) == ["li.na ack_missing 1 10-14 10:30", "li.na overdue 1 10-14 10:30"]


def test_another_text_is_another_message(overdue: Case, network: Network) -> None:
    tick("2026-10-14T09:00")
    sent_once = network.taken[0][1]
    Notice.objects.update(state="pending")
    ReminderDelivery.objects.all().delete()  # the mark was lost
    tick("2026-10-14T09:02")
    assert network.taken[1][1] == sent_once
    Notice.objects.update(state="pending")
    ReminderDelivery.objects.all().delete()
    tick("2026-10-16T09:00")
    assert network.taken[2][1] != sent_once


def test_what_failed_for_good_comes_with_the_channel_s_next_message(
    team: Team, mobile: Carrier, manager: User, network: Network
) -> None:
    _, done, closed = (
        CaseDriver(
            new_case(team, mobile, manager, number=number, submitted="2026-09-30T15:00", handler=manager), manager
        )
        for number in ("13900000001", "13900000002", "13900000003")
    )
    for driver in (done, closed):
        driver.do(ops.ReportedDone(at("2026-10-13T10:00")), "2026-10-13T10:00")
    live("2026-10-13T10:00", "2026-10-13T20:00")
    assert told() == ["li.na window_open 1 10-13 10:00"]
    network.taken.clear()
    network.away = {"email"}
    live("2026-10-14T09:00", "2026-10-15T20:00")
    assert Notice.objects.get(attempts=7).state == "failed"
    closed.do(ops.Withdraw(), "2026-10-15T20:00")
    network.away = set()
    live("2026-10-16T08:30", "2026-10-16T20:00")
    assert sorted(told(since=1)) == ["li.na still_overdue 3 10-16 09:00", "li.na verify 1 10-16 09:00"]
    assert done.case.reference in network.taken[0][3]
    assert Counter(Notice.objects.values_list("state", flat=True)) == {"failed": 1, "sent": 2}
    live("2026-10-19T08:30", "2026-10-20T20:00")
    assert told(since=3) == ["li.na still_overdue 5 10-20 09:00"]


def test_a_message_that_is_leaving_when_its_case_is_handed_over_is_told_to_both(
    overdue: Case, manager: User, agent: User, network: Network
) -> None:
    def hand_over() -> None:
        network.before = lambda: None
        ops.perform_one(ops.HandOver(agent), overdue, by=manager, now=at("2026-10-14T09:00"))

    network.before = hand_over
    live("2026-10-14T09:00", "2026-10-15T12:00")
    assert told() == ["li.na overdue 1 10-14 09:00", "wang.wei overdue 1 10-14 09:30"]


def test_a_calendar_that_has_ended_still_keeps_the_hours(overdue: Case) -> None:
    run_sweep(at("2031-03-02T22:00"))
    assert dict(deliver_due(at("2031-03-02T22:00"))) == {}
    assert dict(deliver_due(at("2031-03-03T09:00"))) == {"sent": 1}


# The table: at every seam, whatever changes


@dataclass
class World:
    """A case overdue from 2026-10-14 on, its handler, a colleague and their team; something changes at 09:01."""

    case: Case
    manager: User
    agent: User
    team: Team
    handler: User
    now: datetime = CHANGED_AT

    def do(self, verb: ops.Verb) -> None:
        ops.perform_one(verb, self.case, by=self.manager, now=self.now)


@pytest.fixture
def world(team: Team, mobile: Carrier, manager: User, agent: User) -> World:
    handler = make_user("zhou@example.com", team)
    case = new_case(team, mobile, manager, submitted="2026-09-30T15:00", handler=handler)
    run_sweep(at("2026-10-12T09:00"))
    deliver_due(at("2026-10-12T09:00"))
    assert told() == ["zhou window_open 1 10-12 09:00"]
    ReminderDelivery.objects.all().delete()
    return World(case, manager, agent, team, handler)


def only_due(world: World, network: Network, patch: pytest.MonkeyPatch) -> None:
    """No sweep has been here yet."""


def written(world: World, network: Network, patch: pytest.MonkeyPatch) -> None:
    """The sweep died before it made a notice."""
    assert sweep_batch([world.case.pk], MORNING, working_calendar()) == 1


def waiting(world: World, network: Network, patch: pytest.MonkeyPatch) -> None:
    run_sweep(MORNING)


def failing(world: World, network: Network, patch: pytest.MonkeyPatch) -> None:
    run_sweep(MORNING)
    network.away = {"email"}
    assert dict(deliver_due(MORNING)) == {"failed": 1}
    network.away = set()


def claimed(world: World, network: Network, patch: pytest.MonkeyPatch) -> None:
    """The sender died before it sent."""
    run_sweep(MORNING)
    claim = delivering.claim_channel(Notice.objects.get(state="pending").channel_id, MORNING, working_calendar())
    assert isinstance(claim, delivering.Claim)


def sent(world: World, network: Network, patch: pytest.MonkeyPatch) -> None:
    """The sender died after it sent, before the mark: as if nothing had been told."""
    run_sweep(MORNING)
    with patch.context() as until_the_mark:
        until_the_mark.setattr(delivering, "_mark_sent", lambda *_: "died")
        assert dict(deliver_due(MORNING)) == {"died": 1}


def marked(world: World, network: Network, patch: pytest.MonkeyPatch) -> None:
    run_sweep(MORNING)
    assert dict(deliver_due(MORNING)) == {"sent": 1}


def nothing_changes(world: World) -> None:
    pass


def day_off_entered(world: World) -> None:
    CalendarOverride.objects.create(date=on("2026-10-14"), working=False, name="台风停工")
    ops.perform(ops.Recalculate("台风停工"), [world.case], by=None, now=world.now)
    reschedule_notices(world.now)


def window_stretched(world: World) -> None:
    CalendarOverride.objects.create(date=on("2026-10-13"), working=False, name="台风停工")
    ops.perform(ops.Recalculate("台风停工"), [world.case], by=None, now=world.now)


def later_hours(world: World) -> None:
    change_hours(world.handler, NotificationHours(time(13, 30), time(20)))
    reschedule_notices(world.now, world.handler.pk)
    reschedule_for_user(world.handler, world.now)


def earlier_hours(world: World) -> None:
    change_hours(world.handler, NotificationHours(time(8), time(20)))
    reschedule_notices(world.now, world.handler.pk)
    reschedule_for_user(world.handler, world.now)


def handed_over(world: World) -> None:
    world.do(ops.HandOver(world.agent))


def handed_to_one_of_other_hours(world: World) -> None:
    change_hours(world.agent, NotificationHours(time(8), time(21), days_off=True))
    world.do(ops.HandOver(world.agent))


def handed_to_nobody(world: World) -> None:
    world.do(ops.HandOver(None))


def handed_to_and_fro(world: World) -> None:
    world.do(ops.HandOver(world.agent))
    world.do(ops.HandOver(world.handler))


def mailbox_exchanged(world: World) -> None:
    """Another channel in place of the mailbox."""
    mailbox, _ = NotificationChannel.objects.get_or_create(user=world.handler, kind="email")
    NotificationChannel.objects.create(user=world.handler, kind="webhook")
    channels.switch_channel(mailbox, on=False)


def handler_left(world: World) -> None:
    membership = Membership.objects.get(user=world.handler)
    teams.remove_member(membership, new_handler=world.agent, by=world.manager, now=world.now)


def handler_reads_only(world: World) -> None:
    membership = Membership.objects.get(user=world.handler)
    teams.change_role(membership, Role.VIEWER, by=world.manager, now=world.now)


def handler_locked_out(world: World) -> None:
    """In the admin, which tells nobody."""
    User.objects.filter(pk=world.handler.pk).update(is_active=False)


def team_deleted(world: World) -> None:
    deletion.delete_team(world.team, world.now)


def under_review(world: World) -> None:
    world.do(ops.UnderReview(at("2026-10-14T08:30")))


def reported_done(world: World) -> None:
    world.do(ops.ReportedDone(at("2026-10-14T08:30")))


def withdrawn(world: World) -> None:
    world.do(ops.Withdraw())


def complained(world: World) -> None:
    world.do(ops.Complain(at("2026-10-14T08:30")))


def submitted_later(world: World) -> None:
    world.do(ops.CorrectSubmission(at("2026-10-08T15:00"), "It was after the holidays"))


def submitted_earlier(world: World) -> None:
    world.do(ops.CorrectSubmission(at("2026-09-28T10:00"), "It was on the Monday"))


def message_came(world: World) -> None:
    message = CarrierMessage.objects.create(
        team=world.team, sender="10086", text="synthetic", source="pasted",
        received_at=world.now, stored_at=world.now, digest="x",
    )  # fmt: skip
    ops.propose_message(message, world.case, by=None, now=world.now)


def snoozed(world: World) -> None:
    world.do(Snooze(on("2026-10-20")))


#: What is told if it had not been told before the change, at 09:05 of 2026-10-14 or later; and if it had been, after.
LADDER = ["zhou still_overdue 3 10-16 09:00", "zhou still_overdue 5 10-20 09:00"]
OF_AGENT = ["wang.wei still_overdue 3 10-16 09:00", "wang.wei still_overdue 5 10-20 09:00"]
OF_MANAGER = ["li.na still_overdue 3 10-16 09:00", "li.na still_overdue 5 10-20 09:00"]
OF_AFTERNOON = ["zhou still_overdue 3 10-16 13:30", "zhou still_overdue 5 10-20 13:30"]
A_DAY_LATER = ["zhou overdue 1 10-15 09:00", "zhou still_overdue 3 10-19 09:00"]
A_STEP_FURTHER = ["zhou still_overdue 5 10-16 09:00", "zhou still_overdue 7 10-20 09:00"]
OF_MESSAGE = ["zhou message 1 10-14 09:05", "zhou message 1 10-16 09:00", "zhou message 1 10-20 09:00"]
CHANGES: list[tuple[Callable[[World], None], Told, Told]] = [
    (nothing_changes, ["zhou overdue 1 10-14 09:05", *LADDER], LADDER),
    (day_off_entered, A_DAY_LATER, A_DAY_LATER[1:]),
    (window_stretched, A_DAY_LATER, A_DAY_LATER),
    (later_hours, ["zhou overdue 1 10-14 13:30", *OF_AFTERNOON], OF_AFTERNOON),
    (earlier_hours, ["zhou overdue 1 10-14 09:05", *LADDER], LADDER),
    (handed_over, ["wang.wei overdue 1 10-14 09:05", *OF_AGENT], OF_AGENT),
    (handed_to_one_of_other_hours, ["wang.wei overdue 1 10-14 09:05", *OF_AGENT], OF_AGENT),
    (handed_to_nobody, ["li.na overdue 1 10-14 09:05", *OF_MANAGER], OF_MANAGER),
    (handed_to_and_fro, ["zhou overdue 1 10-14 09:05", *LADDER], LADDER),
    (mailbox_exchanged, ["zhou overdue 1 10-14 09:05", *LADDER], LADDER),
    (handler_left, ["wang.wei overdue 1 10-14 09:05", *OF_AGENT], OF_AGENT),
    (handler_reads_only, ["li.na overdue 1 10-14 09:05", *OF_MANAGER], OF_MANAGER),
    (handler_locked_out, ["li.na overdue 1 10-14 09:05", *OF_MANAGER], OF_MANAGER),
    (team_deleted, [], []),
    (under_review, ["zhou overdue 1 10-20 09:00"], ["zhou overdue 1 10-20 09:00"]),
    (reported_done, ["zhou verify 1 10-15 09:00"], ["zhou verify 1 10-15 09:00"]),
    (withdrawn, [], []),
    (complained, [], []),
    (submitted_later, A_DAY_LATER, A_DAY_LATER),
    (
        submitted_earlier,
        ["zhou still_overdue 3 10-14 09:05", *A_STEP_FURTHER],
        ["zhou still_overdue 3 10-15 09:00", *A_STEP_FURTHER],
    ),
    (message_came, OF_MESSAGE, OF_MESSAGE),
    (snoozed, ["zhou still_overdue 5 10-20 09:00"], ["zhou still_overdue 5 10-20 09:00"]),
]
SEAMS = [only_due, written, waiting, failing, claimed, sent]
#: Every minute of which something is expected, and some between.
TICKS = ["2026-10-14T09:05", "2026-10-14T13:30", "2026-10-14T21:30", "2026-10-15T09:00", "2026-10-16T09:00"]
TICKS += ["2026-10-16T13:30", "2026-10-17T09:00", "2026-10-19T09:00", "2026-10-20T09:00", "2026-10-20T13:30"]


@pytest.mark.parametrize(("change", "expected"), [row[:2] for row in CHANGES], ids=[r[0].__name__ for r in CHANGES])
@pytest.mark.parametrize("seam", SEAMS)
def test_what_leaves_is_what_is_called_for_then(
    world: World,
    network: Network,
    monkeypatch: pytest.MonkeyPatch,
    seam: Callable[[World, Network, pytest.MonkeyPatch], None],
    change: Callable[[World], None],
    expected: Told,
) -> None:
    if seam is only_due and change is submitted_earlier:
        # Nobody is reminded at once of what they have just recorded.
        expected = ["zhou still_overdue 3 10-15 09:00", *A_STEP_FURTHER]
    seam(world, network, monkeypatch)
    change(world)
    for moment in TICKS:
        tick(moment)
    assert told() == expected
    assert not Notice.objects.filter(state="pending").exists()


@pytest.mark.parametrize(("change", "expected"), [row[::2] for row in CHANGES], ids=[r[0].__name__ for r in CHANGES])
def test_what_was_told_is_told(
    world: World, network: Network, monkeypatch: pytest.MonkeyPatch, change: Callable[[World], None], expected: Told
) -> None:
    marked(world, network, monkeypatch)
    change(world)
    for moment in TICKS:
        tick(moment)
    first = [] if change is team_deleted else ["zhou overdue 1 10-14 09:00"]
    assert told() == first + expected
