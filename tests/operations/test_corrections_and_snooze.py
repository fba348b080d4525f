"""What a correction leaves of a snooze: what the record says, unless a message that waited has ended it."""

from pathlib import Path

import pytest

from cases.models import CarrierMessage
from cases.operations import FollowUp, RecordMessage, ReportedDone, propose_message
from cases.operations.corrections import AmendEntry, UndoEntry, VoidEntry
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, on


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path) -> None:
    """Receipts go into the test's own folder."""


def propose(driver: CaseDriver, now: str) -> CarrierMessage:
    message = CarrierMessage.objects.create(
        team=driver.case.team, source="pasted", sender="10086", text="合成短信", received_at=at(now), stored_at=at(now),
        digest="1" * 64,
    )  # fmt: skip
    return propose_message(message, driver.fresh(), by=None, now=at(now))


def test_what_a_message_ended_does_not_come_back(submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at("2026-10-09T09:00"), words="打了"), "2026-10-09T09:00")
    submitted.do(Snooze(on("2026-10-30")), "2026-10-12T10:00")
    message = propose(submitted, "2026-10-13T10:00")
    submitted.do(RecordMessage(message), "2026-10-13T11:00")
    submitted.do(AmendEntry(3, {"words": "打了两次"}, "写错了"), "2026-10-13T12:00")
    assert submitted.fresh().snoozed_until is None


def test_a_snooze_is_undone_while_a_message_waits(submitted: CaseDriver) -> None:
    propose(submitted, "2026-10-10T10:00")
    submitted.do(Snooze(on("2026-10-30")), "2026-10-12T10:00")
    submitted.do(UndoEntry(3), "2026-10-12T10:05")
    assert submitted.fresh().snoozed_until is None


def test_what_a_voided_reply_ended_comes_back(submitted: CaseDriver) -> None:
    submitted.do(Snooze(on("2026-10-30")), "2026-10-12T10:00")
    submitted.do(ReportedDone(at("2026-10-13T09:00")), "2026-10-13T09:00")
    assert submitted.fresh().snoozed_until is None
    submitted.do(VoidEntry(4, "别的号"), "2026-10-13T09:30")
    assert submitted.fresh().snoozed_until == on("2026-10-30")
