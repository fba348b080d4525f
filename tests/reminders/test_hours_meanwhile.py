"""A person's hours change while something else happens to what waits: only what still waits follows."""

from datetime import datetime

import pytest

from cases.models import Notice, NotificationChannel, Team, User
from cases.reminders import delivery_hours
from tests.bystanders import Bystanders
from tests.helpers import at

NOW, LATER = at("2026-10-16T10:00"), at("2026-10-19T09:00")


@pytest.fixture
def channel(bystanders: Bystanders, manager: User) -> NotificationChannel:
    return NotificationChannel.objects.create(user=manager, kind="webhook", name="own")


def notice(channel: NotificationChannel, **fields: object) -> Notice:
    return Notice.objects.create(channel=channel, made_at=NOW, **{"next_try_at": LATER, **fields})


def next_tries(*notices: Notice) -> list[datetime]:
    return [Notice.objects.get(pk=row.pk).next_try_at for row in notices]


def test_what_waits_for_the_person_may_come_now(channel: NotificationChannel, agent: User, manager: User) -> None:
    theirs = NotificationChannel.objects.create(user=agent, kind="webhook", name="own")
    rows = (
        notice(channel),
        notice(theirs),
        notice(channel, state="sent", finished_at=NOW),
        notice(channel, next_try_at=NOW),
    )
    delivery_hours.reschedule_notices(NOW, manager.pk)
    assert next_tries(*rows) == [NOW, LATER, LATER, NOW]


def test_days_that_changed_concern_everybody(bystanders: Bystanders, channel: NotificationChannel, team: Team) -> None:
    bystanders.may_change(Notice, "next_try_at")
    of_team = NotificationChannel.objects.create(team=team, kind="webhook", name="ours")
    rows = (notice(channel), notice(of_team))
    delivery_hours.reschedule_notices(NOW)
    assert next_tries(*rows) == [NOW, NOW]


@pytest.mark.parametrize(
    ("meanwhile", "moved"),
    [
        ({}, True),
        ({"state": "sent", "finished_at": NOW}, False),
        ({"attempts": 1}, False),  # a sender has it, and says itself when it tries again
    ],
)
def test_what_was_sent_or_tried_meanwhile_stays(
    channel: NotificationChannel,
    manager: User,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: dict[str, object],
    moved: bool,
) -> None:
    row, beside = notice(channel), notice(channel)

    def busy(*_: object) -> datetime:
        if meanwhile:
            Notice.objects.filter(pk=row.pk).update(**meanwhile)
        return NOW

    monkeypatch.setattr(delivery_hours, "next_delivery_time", busy)
    delivery_hours.reschedule_notices(NOW, manager.pk)
    assert next_tries(row, beside) == [NOW if moved else LATER, NOW]


@pytest.mark.parametrize(
    ("attempts", "failed_at", "earliest"),
    [
        (0, None, "2026-10-16T10:00"),
        (1, "2026-10-16T09:59:30", "2026-10-16T10:00:30"),  # a minute after the failure
        (1, "2026-10-16T09:00", "2026-10-16T10:00"),
        (2, "2026-10-16T09:58", "2026-10-16T10:03"),
        (4, "2026-10-16T09:30", "2026-10-16T11:30"),
        (6, "2026-10-16T09:30", "2026-10-17T09:30"),
        (9, "2026-10-16T09:30", "2026-10-17T09:30"),  # the last delay
        (6, "2026-10-19T09:30", "2026-10-19T09:00"),  # never later than it was
        (1, None, "2026-10-19T09:00"),
    ],
)
def test_after_a_failure_the_next_try_comes_no_earlier(
    channel: NotificationChannel, attempts: int, failed_at: str | None, earliest: str
) -> None:
    channel.last_failure_at = at(failed_at) if failed_at else None
    row = Notice(channel=channel, made_at=NOW, next_try_at=LATER, attempts=attempts)
    assert delivery_hours._earliest_try(row, NOW) == at(earliest)
