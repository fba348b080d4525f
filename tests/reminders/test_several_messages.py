"""Several messages of the carrier on one case: each is told once when it becomes the first, and what they hide comes.

The case was submitted on Monday 2026-10-12 at 10:00 and registered; its three working days end with Thursday the 15th.
"""

from typing import Any

import pytest

from cases import operations as ops
from cases.models import Carrier, CarrierMessage, User
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, new_case, on
from tests.reminders.test_seams import Network, live, network, tick, told

__all__ = ["network"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(team: Any, mobile: Carrier, manager: User) -> CaseDriver:
    case = new_case(team, mobile, manager, now="2026-10-12T10:00", submitted="2026-10-12T10:00", handler=manager)
    driver = CaseDriver(case, manager)
    driver.do(ops.Acknowledged(at("2026-10-12T11:00")), "2026-10-12T11:00")
    return driver


def arrive(driver: CaseDriver, moment: str) -> CarrierMessage:
    """A synthetic SMS that the product has put on the case by itself."""
    message = CarrierMessage.objects.create(
        team=driver.case.team, sender="10086", text=f"synthetic {moment}", source="pasted",
        received_at=at(moment), stored_at=at(moment), digest=f"{moment} {CarrierMessage.objects.count()}",
    )  # fmt: skip
    return ops.propose_message(message, driver.case, by=None, now=at(moment))


def set_aside(driver: CaseDriver, message: CarrierMessage, moment: str) -> None:
    ops.set_message_aside(message, by=driver.by, now=at(moment))


def test_each_that_becomes_the_first_is_told_once(waiting: CaseDriver) -> None:
    first = arrive(waiting, "2026-10-13T10:00")
    tick("2026-10-13T10:00")
    second = arrive(waiting, "2026-10-13T11:00")
    live("2026-10-13T11:00", "2026-10-13T12:00")
    set_aside(waiting, first, "2026-10-13T12:00")
    live("2026-10-13T12:30", "2026-10-14T09:30")
    third = arrive(waiting, "2026-10-14T10:00")
    live("2026-10-14T10:00", "2026-10-14T10:30")
    waiting.do(ops.RecordMessage(second), "2026-10-14T11:00")
    live("2026-10-14T11:30", "2026-10-15T09:30")
    set_aside(waiting, third, "2026-10-15T10:00")
    live("2026-10-15T10:30", "2026-10-16T20:30")
    assert told() == [
        "li.na message 1 10-13 10:00",
        "li.na message 1 10-14 09:00",
        "li.na message 1 10-15 09:00",
        "li.na window_open 1 10-16 09:00",
    ]


def test_of_two_recorded_in_a_row_only_the_one_that_is_left_is_told(waiting: CaseDriver) -> None:
    messages = [arrive(waiting, moment) for moment in ("2026-10-13T10:00", "2026-10-13T10:10", "2026-10-13T10:20")]
    live("2026-10-13T10:00", "2026-10-13T11:30")
    for message, moment in zip(messages, ("2026-10-13T12:00", "2026-10-13T12:01"), strict=False):
        waiting.do(ops.RecordMessage(message), moment)
    live("2026-10-13T12:30", "2026-10-15T20:30")
    assert told() == ["li.na message 1 10-13 10:00", "li.na message 1 10-14 09:00"]


def test_one_that_was_not_the_first_goes_quietly(waiting: CaseDriver) -> None:
    arrive(waiting, "2026-10-13T10:00")
    second = arrive(waiting, "2026-10-13T10:10")
    live("2026-10-13T10:30", "2026-10-13T11:30")
    set_aside(waiting, second, "2026-10-13T12:00")
    live("2026-10-13T12:30", "2026-10-15T20:30")
    assert told() == ["li.na message 1 10-13 10:30"]


def test_two_that_were_stored_at_one_moment(waiting: CaseDriver) -> None:
    """A file of messages is taken in at once."""
    first = arrive(waiting, "2026-10-13T10:00")
    arrive(waiting, "2026-10-13T10:00")
    live("2026-10-13T10:00", "2026-10-13T11:30")
    set_aside(waiting, first, "2026-10-13T12:00")
    live("2026-10-13T12:30", "2026-10-15T20:30")
    assert told() == ["li.na message 1 10-13 10:00", "li.na message 1 10-14 09:00"]


def test_a_message_that_waits_is_not_told_again_for_a_new_round(waiting: CaseDriver) -> None:
    arrive(waiting, "2026-10-13T10:00")
    live("2026-10-13T10:00", "2026-10-13T11:30")
    waiting.do(ops.Promised(at("2026-10-13T12:00"), promised_on=on("2026-10-20")), "2026-10-13T12:00")
    live("2026-10-13T12:30", "2026-10-15T20:30")
    assert told() == ["li.na message 1 10-13 10:00"]


def test_the_first_is_set_aside_while_its_notice_waits(waiting: CaseDriver, network: Network) -> None:
    network.away = {"email"}
    first = arrive(waiting, "2026-10-13T10:00")
    tick("2026-10-13T10:00")
    arrive(waiting, "2026-10-13T10:20")
    set_aside(waiting, first, "2026-10-13T10:30")
    network.away = set()
    live("2026-10-13T10:31", "2026-10-15T20:31")
    assert told() == ["li.na message 1 10-13 10:31"]


def test_what_fell_due_behind_a_message_comes_when_it_is_handled(waiting: CaseDriver) -> None:
    """Done on the 13th: to verify on the 14th, which is when a message waits; set aside, it hides that no longer."""
    waiting.do(ops.ReportedDone(at("2026-10-13T10:00")), "2026-10-13T10:00")
    message = arrive(waiting, "2026-10-13T16:00")
    live("2026-10-13T16:00", "2026-10-14T09:30")
    set_aside(waiting, message, "2026-10-14T10:00")
    live("2026-10-14T10:30", "2026-10-16T20:30")
    assert told() == ["li.na message 1 10-13 16:00", "li.na message 1 10-14 09:00", "li.na verify 1 10-15 09:00"]


def test_a_call_does_not_settle_that_a_message_waits(waiting: CaseDriver) -> None:
    arrive(waiting, "2026-10-13T22:00")
    waiting.do(ops.FollowUp(at("2026-10-14T08:00")), "2026-10-14T08:00")
    live("2026-10-14T08:30", "2026-10-14T20:30")
    assert told() == ["li.na message 1 10-14 09:00"]


def test_a_message_that_is_set_aside_does_not_end_a_snooze(waiting: CaseDriver) -> None:
    """Two wait when the case is snoozed until the 20th; that one of them is handled is nothing that the carrier did."""
    first = arrive(waiting, "2026-10-13T10:00")
    arrive(waiting, "2026-10-13T10:10")
    tick("2026-10-13T10:30")
    waiting.do(Snooze(on("2026-10-20")), "2026-10-13T11:00")
    set_aside(waiting, first, "2026-10-13T11:10")
    for day in ("14", "15", "16", "19", "20"):
        tick(f"2026-10-{day}T09:00")
    assert told() == ["li.na message 1 10-13 10:30", "li.na message 1 10-20 09:00"]
