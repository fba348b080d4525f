"""Between 'written' and 'sent': whatever changes while a message waits, what leaves is what is called for then.

The stories are those of docs/reminders.md, which names the tests in its table.
"""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest

from cases import operations as ops
from cases import tasks
from cases.domain.roles import Role
from cases.models import (
    CalendarOverride,
    Carrier,
    Case,
    Membership,
    Notice,
    NotificationChannel,
    Reminder,
    ReminderDelivery,
    Team,
    User,
)
from cases.operations import channels, deletion, teams
from cases.operations.follow_up import Snooze
from cases.reminders import delivery as delivering
from cases.reminders.delivery import deliver_due
from cases.reminders.pipeline import run_sweep
from tests.helpers import CaseDriver, at, local_str, make_user, new_case, on

pytestmark = pytest.mark.django_db

#: Who is told, of which reminder, when.
Told = list[tuple[str, str, int, str | None]]


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


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network()
    monkeypatch.setattr(delivering, "send", network.send)
    return network


def told() -> Told:
    deliveries = ReminderDelivery.objects.select_related("reminder__case__team", "user").order_by("at", "pk")
    return [
        (
            d.user.email.partition("@")[0] if d.user else d.reminder.case.team.name,
            d.reminder.kind,
            d.reminder.ordinal,
            local_str(d.at),
        )
        for d in deliveries
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


@pytest.fixture
def january(team: Team, mobile: Carrier, manager: User) -> CaseDriver:
    """Submitted on 2026-01-13 at 10:00 and acknowledged; overdue from Wednesday 2026-01-21 on."""
    case = new_case(team, mobile, manager, now="2026-01-13T10:00", submitted="2026-01-13T10:00", handler=manager)
    driver = CaseDriver(case, manager)
    driver.do(ops.Acknowledged(at("2026-01-13T15:00")), "2026-01-13T15:00")
    live("2026-01-13T15:30", "2026-01-20T20:30")
    ReminderDelivery.objects.all().delete()
    return driver


# The stories


def test_a_day_that_moves_while_the_message_waits_is_told_on_its_new_day(
    january: CaseDriver, network: Network
) -> None:
    network.away = {"email"}
    tick("2026-01-21T09:00")
    close_day("2026-01-21")
    network.away = set()
    live("2026-01-21T09:01", "2026-01-21T20:31")
    assert told() == []
    live("2026-01-22T00:01", "2026-01-22T20:31")
    assert told() == [("li.na", "overdue", 1, "2026-01-22 09:01")]
