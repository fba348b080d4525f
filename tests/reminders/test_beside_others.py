"""What is claimed, sent, failed, merged and tried for one channel, with others' notices and channels beside it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail

from cases.domain.business_days import WorkingCalendar
from cases.models import (
    Carrier,
    Case,
    Notice,
    NoticeReminder,
    NotificationChannel,
    Reminder,
    ReminderDelivery,
    ReminderGroup,
    Team,
    User,
)
from cases.reminders import delivery
from cases.reminders.delivery import Claim, claim_channel, deliver_due
from cases.reminders.test_send import send_test_message
from tests.bystanders import Bystanders
from tests.helpers import at, make_user, new_case

#: Wednesday; the cases of both are overdue since midnight, and that was called for at 09:00.
NOW = at("2026-10-14T10:00")
CALENDAR = WorkingCalendar()


@pytest.fixture(autouse=True)
def _beside(bystanders: Bystanders) -> None:
    """Their cases are swept like any other: in 2029."""
    bystanders.may_change(Case, "next_reminder_at", "reminded_until")
    Case.objects.update(next_reminder_at=at("2029-01-01T10:00"))
    # The channel that the whole team reads would be told of its cases as well.
    bystanders.may_change(NotificationChannel, "is_on")
    NotificationChannel.objects.filter(team__isnull=False).update(is_on=False)


def mailbox(person: User) -> NotificationChannel:
    return NotificationChannel.objects.create(user=person, kind="email")


def waiting(
    channel: NotificationChannel, team: Team, person: User, carrier: Carrier, number: str, **fields: Any
) -> tuple[Notice, Reminder]:
    """A notice that holds one reminder of an overdue case of the person's."""
    case = new_case(team, carrier, person, number=number, submitted="2026-09-30T15:00", handler=person)
    Case.objects.filter(pk=case.pk).update(reminded_until=NOW, next_reminder_at=at("2026-10-20T09:00"))
    group = ReminderGroup.objects.create(team=team, handler=person, made_at=NOW, gathered_at=NOW)
    reminder = Reminder.objects.create(
        case=case, bundle=group, round=1, kind="overdue", ordinal=1, at=at("2026-10-14T09:00")
    )
    notice = Notice.objects.create(channel=channel, **{"made_at": NOW, "next_try_at": NOW, **fields})
    NoticeReminder.objects.create(notice=notice, bundle=group)
    return notice, reminder


@pytest.fixture
def two(team: Team, manager: User, agent: User, mobile: Carrier) -> list[tuple[Notice, Reminder]]:
    """One notice for each of two people."""
    people = enumerate((manager, agent))
    return [waiting(mailbox(person), team, person, mobile, f"1380000000{n}") for n, person in people]


def test_all_that_waits_for_a_channel_goes_as_one_message(
    team: Team, manager: User, agent: User, mobile: Carrier, two: list[tuple[Notice, Reminder]]
) -> None:
    (first, _), (other, _) = two
    waiting(first.channel, team, manager, mobile, "13800000005", made_at=at("2026-10-14T10:01"), attempts=2)
    claim = claim_channel(first.channel_id, at("2026-10-14T10:02"), CALENDAR)
    assert isinstance(claim, Claim)
    assert (claim.notice.pk, claim.notice.attempts) == (first.pk, 3)
    assert Notice.objects.filter(channel=first.channel).count() == 1
    assert first.lines.count() == 2
    assert claim_channel(first.channel_id, at("2026-10-14T10:03"), CALENDAR) == "taken"
    other.refresh_from_db()
    assert (other.attempts, other.leased_until, other.lines.count()) == (0, None, 1)
    assert isinstance(claim_channel(first.channel_id, at("2026-10-14T10:04"), CALENDAR), Claim)  # the lease is over


def test_before_the_owners_hours_what_waits_is_put_off_to_them(two: list[tuple[Notice, Reminder]]) -> None:
    early = at("2026-10-14T07:00")
    for notice, _ in two:
        Notice.objects.filter(pk=notice.pk).update(next_try_at=early)
    (first, _), (other, _) = two
    later = Notice.objects.create(channel=first.channel, made_at=NOW, next_try_at=at("2026-10-14T12:00"))
    assert claim_channel(first.channel_id, early, CALENDAR) == "postponed"
    moments = [Notice.objects.get(pk=notice.pk).next_try_at for notice in (first, later, other)]
    assert moments == [at("2026-10-14T09:00"), at("2026-10-14T12:00"), early]


def test_a_message_that_went_is_noted_at_its_channel_and_reminder(two: list[tuple[Notice, Reminder]]) -> None:
    (first, told), (other, untold) = two
    Notice.objects.filter(pk=other.pk).update(next_try_at=at("2026-10-14T10:01"))
    sent: list[UUID] = []
    assert deliver_due(NOW, sent=sent) == {"sent": 1}
    assert sent == [first.pk]
    assert [message.to for message in mail.outbox] == [[first.channel.user.email]]  # type: ignore[union-attr]
    rows = ReminderDelivery.objects.filter(reminder__in=[told, untold])
    assert [(row.reminder, row.notice, row.user, row.at) for row in rows] == [(told, first, first.channel.user, NOW)]
    for row in (first, other, first.channel, other.channel):
        row.refresh_from_db()
    assert (first.state, first.finished_at, other.state, other.attempts) == ("sent", NOW, "pending", 0)
    assert (first.channel.last_success_at, other.channel.last_success_at) == (NOW, None)


@pytest.mark.parametrize(("attempts", "state", "next_try"), [(0, "pending", "10:01"), (6, "failed", "10:00")])
def test_a_failure_is_noted_at_its_channel(
    two: list[tuple[Notice, Reminder]], monkeypatch: pytest.MonkeyPatch, attempts: int, state: str, next_try: str
) -> None:
    (first, _), (other, _) = two
    Notice.objects.filter(pk=first.pk).update(attempts=attempts)
    Notice.objects.filter(pk=other.pk).update(next_try_at=at("2026-10-14T10:01"))

    def refuse(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(delivery, "send", refuse)
    sent: list[UUID] = []
    assert deliver_due(NOW, sent=sent) == {"failed": 1}
    assert sent == []
    for row in (first, other, first.channel, other.channel):
        row.refresh_from_db()
    assert (first.state, first.attempts, first.leased_until) == (state, attempts + 1, None)
    assert first.next_try_at == at(f"2026-10-14T{next_try}")
    assert (first.finished_at, bool(first.error)) == (NOW if state == "failed" else None, True)
    assert (first.channel.last_failure_at, other.channel.last_failure_at) == (NOW, None)
    assert (bool(first.channel.last_error), other.channel.last_error) == (True, "")


def test_whoever_lost_the_claim_marks_nothing(two: list[tuple[Notice, Reminder]]) -> None:
    (first, reminder), _ = two
    claim = claim_channel(first.channel_id, NOW, CALENDAR)
    assert isinstance(claim, Claim)
    Notice.objects.filter(pk=first.pk).update(token=uuid4())
    assert delivery._mark_sent(claim, NOW, [reminder], "s", "b") == "taken"
    assert delivery._mark_cancelled(claim, NOW) == "taken"
    delivery._record_failure(claim, NOW, CALENDAR, "x")
    first.refresh_from_db()
    assert (first.state, first.subject, first.error, first.next_try_at) == ("pending", "", "", NOW)
    assert not ReminderDelivery.objects.filter(reminder=reminder).exists()


@pytest.mark.forged
def test_what_a_person_no_longer_gets_is_not_sent_to_them(
    two: list[tuple[Notice, Reminder]], team: Team, manager: User
) -> None:
    """The case was handed on below the operations: nothing is told to the former handler."""
    _, (other, reminder) = two
    successor = make_user("qian.tao@example.com", team)
    Case.objects.filter(pk=reminder.case_id).update(handler=successor)
    Notice.objects.filter(pk=two[0][0].pk).update(next_try_at=at("2026-10-15T10:00"))
    assert deliver_due(NOW) == {"cancelled": 1, "sent": 1}
    assert [message.to for message in mail.outbox] == [["qian.tao@example.com"]]
    other.refresh_from_db()
    assert (other.state, other.subject, other.finished_at) == ("cancelled", "", NOW)


@pytest.mark.parametrize("works", [True, False])
def test_a_test_message_is_noted_at_its_channel(
    manager: User, agent: User, monkeypatch: pytest.MonkeyPatch, works: bool
) -> None:
    channel, other = mailbox(manager), mailbox(agent)
    if not works:
        monkeypatch.setattr("cases.reminders.test_send.send", lambda *_: 1 / 0)
    assert send_test_message(channel, NOW).accepted is works
    for row in (channel, other):
        row.refresh_from_db()
    assert (channel.last_success_at, channel.last_failure_at) == ((NOW, None) if works else (None, NOW))
    assert bool(channel.last_error) is not works
    assert (other.last_success_at, other.last_failure_at, other.last_error) == (None, None, "")
