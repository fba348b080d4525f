"""An entry on the wrong case is moved to the right one, with its receipts and its SMS. All texts are synthetic."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cases import operations as ops
from cases.domain.corrections import CorrectionNeedsManager, NotMovable, SameCase
from cases.domain.errors import BeforeSubmission, WrongState
from cases.domain.roles import OtherTeam
from cases.models import Carrier, CarrierMessage, Case, Receipt, Team, User
from cases.operations.corrections import UndoEntry, VoidEntry
from cases.operations.integrity import check_integrity
from cases.operations.messages import proposed_reply, reply_from_message
from cases.operations.moved_entries import EntryMove, move_entry
from tests.helpers import CaseDriver, at, local_str, new_case, on
from tests.inbox.conftest import Arrive, storing

PROMISE = "【中国移动】您的销户申请将于10月20日前办结。"


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path) -> None:
    """Receipts go into the test's own folder."""


@pytest.fixture
def right(new_driver: Callable[..., CaseDriver]) -> CaseDriver:
    """The case on which the entries belong."""
    return new_driver("13900139000", submitted="2026-09-30T15:00")


@pytest.fixture
def arrive(team: Team) -> Arrive:
    return storing(team)


def move(submitted: CaseDriver, sequence: int, target: CaseDriver, now: str, **options: Any) -> Case:
    words = options.pop("words", "记在了别的卡上")
    moved = EntryMove(sequence, target.fresh(), words)
    return move_entry(submitted.fresh(), moved, by=options.pop("by", submitted.by), now=at(now), **options)


def record_promise(driver: CaseDriver, message: CarrierMessage, now: str) -> None:
    reply = reply_from_message(message, "promised", promised_on=on("2026-10-20"))
    driver.do(ops.RecordMessage(message, reply), now)


def test_a_reply_is_voided_here_and_recorded_there(submitted: CaseDriver, right: CaseDriver) -> None:
    reply = ops.Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-19"), words="19日", agent="1024", way="call")
    submitted.do(reply, "2026-10-09T09:05")
    move(submitted, 3, right, "2026-10-10T11:00")
    assert (submitted.reply_by, right.reply_by) == ("2026-10-14 00:00", "2026-10-20 00:00")
    assert (submitted.kinds[-1], right.kinds[-1]) == ("voided", "promised")
    away, here = submitted.last_content, right.last_content
    assert (away["corrects"], away["moved_to"], away["words"]) == (3, right.case.reference, "记在了别的卡上")
    assert (here["moved_from"], here["moved_entry"]) == (submitted.case.reference, 3)
    assert (here["at"], here["promised_on"], here["words"], here["agent"], here["way"]) == (
        "2026-10-09T09:00:00+08:00", "2026-10-19", "19日", "1024", "call",
    )  # fmt: skip
    assert local_str(right.fresh().last_follow_up_at) == "2026-10-09 09:00"
    assert (submitted.chain_flaw, right.chain_flaw) == (None, None)


def test_a_receipt_goes_along_and_stays_struck_through(submitted: CaseDriver, right: CaseDriver) -> None:
    upload = ops.ReceiptUpload("sms", text="受理单号 4711")
    ops.attach_receipts(submitted.case, upload, by=submitted.by, now=at("2026-10-09T09:05"), words="短信")
    move(submitted, 3, right, "2026-10-09T09:10")
    assert [receipt.case for receipt in Receipt.objects.order_by("pk")] == [submitted.case, right.case]
    assert [receipt.read() for receipt in Receipt.objects.all()] == ["受理单号 4711".encode()] * 2
    assert right.last_content["words"] == "短信"
    for driver in (submitted, right):
        assert check_integrity(driver.fresh()).flaws == []


def test_an_sms_goes_along_with_its_reply(submitted: CaseDriver, right: CaseDriver, arrive: Arrive) -> None:
    message = arrive(PROMISE)
    record_promise(submitted, message, "2026-10-09T11:00")
    move(submitted, 3, right, "2026-10-09T11:05")
    message.refresh_from_db()
    assert (message.state, message.case, message.card) == ("recorded", right.case, right.case.card)
    assert right.last_content["words"] == PROMISE
    assert [row["name"] for row in right.last_content["receipts"]] == ["10086 2026-10-09 1020.txt"]
    assert right.reply_by == "2026-10-21 00:00"
    assert submitted.fresh().message_at is None  # nothing waits here
    for driver in (submitted, right):
        assert check_integrity(driver.fresh()).flaws == []


def test_an_sms_kept_as_evidence_is_moved(submitted: CaseDriver, right: CaseDriver, arrive: Arrive) -> None:
    message = arrive("【中国移动】欢迎致电10086。")
    submitted.do(ops.RecordMessage(message), "2026-10-09T11:00")
    move(submitted, 3, right, "2026-10-09T11:05")
    message.refresh_from_db()
    assert (message.case, right.kinds[-1]) == (right.case, "message")


def test_the_sms_of_a_voided_reply_waits_again_and_can_be_recorded_again(submitted: CaseDriver, arrive: Arrive) -> None:
    message = arrive(PROMISE)
    record_promise(submitted, message, "2026-10-09T11:00")
    submitted.do(UndoEntry(3), "2026-10-09T11:05")
    message.refresh_from_db()
    assert (message.state, message.case, message.handled_at) == ("proposed", submitted.case, None)
    assert submitted.fresh().message_at == at("2026-10-09T11:05")
    assert proposed_reply(message)["kind"] is not None
    record_promise(submitted, message, "2026-10-09T11:10")
    message.refresh_from_db()
    assert (message.state, submitted.fresh().message_at) == ("recorded", None)
    assert len(submitted.last_content["receipts"]) == 1  # named again, beside the row that is there
    assert Receipt.objects.count() == 1
    assert check_integrity(submitted.fresh()).flaws == []
    submitted.do(VoidEntry(5, "不是这张卡"), "2026-10-10T11:00")
    message.refresh_from_db()
    assert message.state == "proposed"


def test_what_was_added_by_mistake_can_be_added_again(submitted: CaseDriver) -> None:
    upload = ops.ReceiptUpload("sms", text="受理单号 4711")
    for minute, sequence in (("05", 3), ("15", 5)):
        ops.attach_receipts(submitted.case, upload, by=submitted.by, now=at(f"2026-10-09T09:{minute}"))
        assert submitted.last_entry.sequence == sequence
        submitted.do(UndoEntry(sequence), f"2026-10-09T09:{minute}")
    assert Receipt.objects.count() == 1
    assert check_integrity(submitted.fresh()).flaws == []


def test_what_the_other_case_refuses_changes_neither(
    submitted: CaseDriver, new_driver: Callable[..., CaseDriver]
) -> None:
    submitted.do(ops.UnderReview(at("2026-10-09T09:00")), "2026-10-09T09:05")
    a_draft = new_driver("13900139001", now="2026-10-09T09:00")
    later = new_driver("13900139002", submitted="2026-10-09T12:00", now="2026-10-09T12:00")
    for target, error in ((a_draft, WrongState), (later, BeforeSubmission)):
        with pytest.raises(error):
            move(submitted, 3, target, "2026-10-09T13:00")
    assert submitted.kinds == ["logged", "submitted", "under_review"]


def test_what_cannot_be_moved(
    submitted: CaseDriver, right: CaseDriver, agent: User, stranger: User, other_team: Team, mobile: Carrier
) -> None:
    submitted.do(ops.UnderReview(at("2026-10-09T09:00")), "2026-10-09T09:05")
    with pytest.raises(NotMovable):
        move(submitted, 2, right, "2026-10-09T09:10")
    with pytest.raises(SameCase):
        move(submitted, 3, submitted, "2026-10-09T09:10")
    with pytest.raises(CorrectionNeedsManager):
        move(submitted, 3, right, "2026-10-09T09:10", by=agent)
    elsewhere = CaseDriver(new_case(other_team, mobile, stranger, submitted="2026-09-30T15:00"), stranger)
    with pytest.raises(OtherTeam):
        move(submitted, 3, elsewhere, "2026-10-09T09:10")


def test_sent_twice_it_is_moved_once(submitted: CaseDriver, right: CaseDriver) -> None:
    submitted.do(ops.FollowUp(at("2026-10-09T09:00")), "2026-10-09T09:05")
    token = uuid4()
    for _ in range(2):
        move(submitted, 3, right, "2026-10-09T09:10", submit_token=token)
    assert submitted.kinds[3:] == ["voided"]
    assert right.kinds[2:] == ["follow_up"]
