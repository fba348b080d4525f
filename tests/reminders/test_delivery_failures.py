"""A channel that fails: tried again, then shown as failed; never in anybody else's way."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail

from cases.models import Carrier, Case, Notice, NotificationChannel, ReminderDelivery, Team, User
from cases.models.choices import ChannelKind
from cases.reminders import delivery as delivering
from cases.reminders.delivery import Claim, claim_channel, deliver_channel, deliver_due
from cases.reminders.pipeline import count_pending, run_sweep
from cases.selectors import working_calendar
from tests.helpers import at, local_str, make_user, new_case

pytestmark = pytest.mark.django_db


def refuse(channel: NotificationChannel, notice: UUID, subject: str, body: str) -> None:
    raise ConnectionRefusedError("no mail server here")


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "send", refuse)


def test_the_next_tries_come_later_and_later_until_it_has_failed(overdue: Case, down: None) -> None:
    run_sweep(at("2026-10-14T09:00"))
    moment, tries = at("2026-10-14T09:00"), []
    while Notice.objects.get().state == "pending":
        assert dict(deliver_due(moment)) == {"failed": 1}
        tries.append(local_str(moment))
        moment = Notice.objects.get().next_try_at
    assert tries == [
        "2026-10-14 09:00",
        "2026-10-14 09:01",
        "2026-10-14 09:06",
        "2026-10-14 09:36",
        "2026-10-14 11:36",
        "2026-10-14 17:36",
        "2026-10-15 17:36",
    ]
    notice = Notice.objects.get()
    assert (notice.state, notice.error) == ("failed", "ConnectionRefusedError: no mail server here")
    channel = NotificationChannel.objects.get()
    assert channel.last_error == "ConnectionRefusedError: no mail server here"
    assert local_str(channel.last_failure_at) == "2026-10-15 17:36"


def test_no_second_try_comes_at_night(overdue: Case, down: None) -> None:
    run_sweep(at("2026-10-16T20:50"))
    for moment in ("2026-10-16T20:50", "2026-10-16T20:51", "2026-10-16T20:56"):
        assert dict(deliver_due(at(moment))) == {"failed": 1}
    assert local_str(Notice.objects.get().next_try_at) == "2026-10-19 09:00"


def test_it_is_not_tried_before_its_time(overdue: Case, down: None) -> None:
    run_sweep(at("2026-10-14T09:00"))
    deliver_due(at("2026-10-14T09:00"))
    assert dict(deliver_due(at("2026-10-14T09:00") + timedelta(seconds=59))) == {}
    assert count_pending() == 1


def test_after_a_day_without_a_server_everything_arrives(overdue: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    run_sweep(at("2026-10-14T09:00"))
    with monkeypatch.context() as patch:
        patch.setattr(delivering, "send", refuse)
        for hour in range(9, 24):
            deliver_due(at(f"2026-10-14T{hour:02}:59"))
    assert dict(deliver_due(at("2026-10-15T21:00"))) == {"postponed": 1}
    assert dict(deliver_due(at("2026-10-16T08:59"))) == {}
    assert dict(deliver_due(at("2026-10-16T09:00"))) == {"sent": 1}
    assert len(mail.outbox) == 1


def test_one_address_that_always_fails_delays_nobody(
    team: Team, mobile: Carrier, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = make_user("bad@example.com", team)
    real = delivering.send

    def pick(channel: NotificationChannel, *rest: Any) -> None:
        (refuse if channel.user == bad else real)(channel, *rest)

    monkeypatch.setattr(delivering, "send", pick)
    new_case(team, mobile, manager, number="13900000001", submitted="2026-09-30T15:00", handler=bad)
    new_case(team, mobile, manager, number="13900000002", submitted="2026-09-30T15:00", handler=manager)
    run_sweep(at("2026-10-14T09:00"))
    assert dict(deliver_due(at("2026-10-14T09:00"))) == {"sent": 1, "failed": 1}


def test_what_one_has_claimed_the_other_leaves(overdue: Case) -> None:
    run_sweep(at("2026-10-14T09:00"))
    channel = Notice.objects.get().channel_id
    assert isinstance(claim_channel(channel, at("2026-10-14T09:00"), working_calendar()), Claim)
    assert deliver_channel(channel, at("2026-10-14T09:00"), working_calendar()) == "taken"
    assert dict(deliver_due(at("2026-10-14T09:01"))) == {}
    assert mail.outbox == []


def test_a_claim_whose_sender_died_is_taken_over_when_its_lease_ends(overdue: Case) -> None:
    run_sweep(at("2026-10-14T09:00"))
    claim_channel(Notice.objects.get().channel_id, at("2026-10-14T09:00"), working_calendar())
    assert dict(deliver_due(at("2026-10-14T09:02"))) == {"sent": 1}


def test_a_sender_that_was_overtaken_marks_nothing(overdue: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    run_sweep(at("2026-10-14T09:00"))
    notice = Notice.objects.get()
    other = uuid4()

    def overtaken(*_: Any) -> None:
        Notice.objects.filter(pk=notice.pk).update(token=other)

    monkeypatch.setattr(delivering, "send", overtaken)
    assert deliver_channel(notice.channel_id, at("2026-10-14T09:00"), working_calendar()) == "taken"
    assert Notice.objects.get().state == "pending"
    assert not ReminderDelivery.objects.exists()


def test_a_notice_that_kills_its_sender_every_time_ends_as_failed(overdue: Case) -> None:
    run_sweep(at("2026-10-14T09:00"))
    channel, moment = Notice.objects.get().channel_id, at("2026-10-14T09:00")
    for _ in range(7):
        assert isinstance(claim_channel(channel, moment, working_calendar()), Claim)
        moment += timedelta(minutes=3)
    assert deliver_channel(channel, moment, working_calendar()) == "failed"
    assert Notice.objects.get().state == "failed"


def test_an_account_that_was_closed_is_not_written_to(overdue: Case, manager: User) -> None:
    NotificationChannel.objects.create(user=manager, kind=ChannelKind.EMAIL)
    run_sweep(at("2026-10-14T09:00"))
    manager.is_active = False
    manager.save()
    assert dict(deliver_due(at("2026-10-14T09:00"))) == {"cancelled": 1}
