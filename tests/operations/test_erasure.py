"""Closed cases lose their papers and words when their time is over, and never before somebody was told."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings

from cases import operations as ops
from cases import tasks
from cases.domain.errors import ReasonMissing
from cases.domain.retention import Erased, NotClosed, StillDisputed
from cases.models import Bill, Card, CarrierMessage, Case, Charge, Receipt, Reminder, Team, TimelineContent, User
from cases.models.receipt_store import receipt_store
from cases.operations.erasure import Erase, Retain, erase_due, plan_erasures, set_retention
from cases.operations.integrity import check_integrity
from cases.reminders import pipeline
from tests.bystanders import Bystanders
from tests.helpers import CaseDriver, at, new_case, on

WORDS = "给王小明打过电话，工号 10086-77"


@pytest.fixture(autouse=True)
def folder(receipts_folder: Path) -> Path:
    return receipts_folder


@pytest.fixture
def closed(bystanders: Bystanders, submitted: CaseDriver) -> CaseDriver:
    """Confirmed on 2026-10-15, with a receipt, a call, a charge and an SMS; others stand beside it."""
    case, by = submitted.case, submitted.by
    submitted.do(ops.FollowUp(at("2026-10-09T10:00"), "call", WORDS), "2026-10-09T10:00")
    ops.attach_receipts(
        case, ops.ReceiptUpload("sms", [("王小明.txt", b"synthetic receipt")]), by=by, now=at("2026-10-09T11:00")
    )
    submitted.do(ops.RecordCharge(ops.NewCharge(Decimal(8), on("2026-10-01"), words=WORDS)), "2026-10-09T12:00")
    submitted.do(ops.Verify(at("2026-10-15T09:00"), "hotline", "cancelled", confirm=True), "2026-10-15T09:00")
    message = {"sender": "10086", "text": WORDS, "digest": "1" * 64, "source": "pasted"}
    moment = at("2026-10-09T10:00")
    CarrierMessage.objects.create(team=case.team, case=case, received_at=moment, stored_at=moment, **message)
    for path in receipt_store.paths():
        os.utime(path, (0, 0))  # handed in long ago
    return submitted


def test_erased_at_once(closed: CaseDriver, django_capture_on_commit_callbacks: "object") -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        closed.do(Erase(), "2026-10-20T10:00")
    case = closed.fresh()
    assert (case.status, case.was_late, case.carrier_reference) == ("confirmed", True, "")
    assert closed.kinds == ["logged", "submitted", "follow_up", "receipt", "charge", "confirmed", "erased"]
    contents = TimelineContent.objects.filter(entry__case=case)
    assert [content.entry.kind for content in contents] == ["erased"]
    assert not Receipt.objects.filter(case=case).exists()
    assert sorted(path.name for path in receipt_store.paths()) == sorted(
        Receipt.objects.values_list("sha256", flat=True)
    )
    assert not CarrierMessage.objects.filter(case=case).exists()
    assert Charge.objects.get(case=case).words == ""
    assert Charge.objects.get(case=case).amount == 8  # sums stay
    assert Card.objects.get(pk=case.card_id).number == f"x{case.card_id}"
    assert check_integrity(case).flaws == []  # the chain holds
    assert (settings.ERASURES_FILE).read_text().count(case.reference) == 1


def test_nothing_more_is_recorded_on_it(closed: CaseDriver) -> None:
    closed.do(Erase(), "2026-10-20T10:00")
    for verb in (ops.Reopen("still alive"), Erase(), ops.FollowUp(at("2026-10-21T09:00"), "call")):
        with pytest.raises(Erased):
            closed.do(verb, "2026-10-21T10:00")
    assert ops.possible_actions(closed.fresh(), []) == []


def test_an_open_case_is_not_erased(submitted: CaseDriver) -> None:
    with pytest.raises(NotClosed):
        submitted.do(Erase(), "2026-10-20T10:00")
    assert submitted.kinds == ["logged", "submitted"]


def test_not_while_a_complaint_runs(closed: CaseDriver) -> None:
    closed.case.escalations.create(
        submission=1, kind="complaint", lodged_at=at("2026-10-10T10:00"), answer_by=at("2026-10-26T00:00")
    )
    with pytest.raises(StillDisputed):
        closed.do(Erase(), "2026-10-20T10:00")


def test_a_card_with_another_case_keeps_its_number(closed: CaseDriver, team: Team, manager: User) -> None:
    again = new_case(team, closed.case.carrier, manager, now="2026-10-18T10:00")
    closed.do(Erase(), "2026-10-20T10:00")
    assert Card.objects.get(pk=closed.case.card_id).number == "13800138000"
    assert again.card_id == closed.case.card_id


def test_a_receipt_that_another_case_has_keeps_its_bytes(
    closed: CaseDriver, new_driver: "object", django_capture_on_commit_callbacks: "object"
) -> None:
    other = new_driver("13900139000", submitted="2026-09-30T15:00")  # type: ignore[operator]
    ops.attach_receipts(
        other.case, ops.ReceiptUpload("sms", [("b.txt", b"synthetic receipt")]), by=other.by, now=at("2026-10-09T11:00")
    )
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        closed.do(Erase(), "2026-10-20T10:00")
    assert Receipt.objects.get(case=other.case).read() == b"synthetic receipt"


# By the team's choice


def nights(first: str, last: str) -> None:
    """Each night's job and each morning's sweep from one day to another."""
    day = at(first)
    while day <= at(last):
        with time_machine.travel(day.replace(hour=3), tick=False):
            tasks.nightly()
        with time_machine.travel(day.replace(hour=9, minute=30), tick=False):
            pipeline.run_sweep(day.replace(hour=9, minute=30))
        day = at(f"{day.date().fromordinal(day.toordinal() + 1)}T00:00")


def test_told_thirty_days_before_and_then_erased(
    closed: CaseDriver, team: Team, manager: User, bystanders: Bystanders
) -> None:
    bystanders.may_change(Case, "next_reminder_at", "reminded_until")  # the sweep sees to all teams
    bystanders.may_change(Bill, "sha256")  # files of old bills go with the team's retention
    set_retention(team, 6, by=manager, now=at("2026-10-20T10:00"))
    closed.do(ops.CheckBill(at("2026-11-05T10:00")), "2026-11-05T10:00")
    nights("2027-03-10", "2027-03-20")
    case = closed.fresh()
    assert case.erase_on == on("2027-04-15")  # six months after the closing
    told = Reminder.objects.filter(case=case)
    assert [(r.kind, r.occasion) for r in told] == [("erasure", "2027-04-15")]
    nights("2027-04-13", "2027-04-14")
    assert closed.fresh().erased_at is None
    nights("2027-04-15", "2027-04-17")
    assert closed.fresh().erased_at is not None
    assert check_integrity(closed.fresh()).flaws == []


def test_not_erased_when_nobody_could_be_told(closed: CaseDriver, team: Team, manager: User) -> None:
    set_retention(team, 6, by=manager, now=at("2026-10-20T10:00"))
    plan_erasures(at("2027-03-15T03:00"))  # and then nothing ran for two months
    assert erase_due(at("2027-05-20T03:00")) == 0
    plan_erasures(at("2027-05-20T03:00"))
    assert closed.fresh().erase_on == on("2027-06-20")


def test_kept_for_a_reason_and_released_again(closed: CaseDriver, team: Team, manager: User) -> None:
    set_retention(team, 6, by=manager, now=at("2026-10-20T10:00"))
    plan_erasures(at("2027-03-15T03:00"))
    closed.do(Retain(True, "lawsuit"), "2027-03-16T10:00")
    assert plan_erasures(at("2027-03-17T03:00")) == 0
    assert closed.fresh().erase_on is None
    closed.do(Retain(False), "2027-03-18T10:00")
    plan_erasures(at("2027-03-19T03:00"))
    assert closed.fresh().erase_on == on("2027-04-19")


def test_kept_twice_is_recorded_once_and_only_of_a_closed_case(closed: CaseDriver, draft: CaseDriver) -> None:
    for retain in (True, True, False, False):
        closed.do(Retain(retain, "lawsuit"), "2027-03-16T10:00")
    assert closed.kinds[-3:] == ["confirmed", "kept", "kept"]
    assert (closed.last_content["kept"], closed.last_content["words"]) == (False, "lawsuit")
    with pytest.raises(ReasonMissing):
        closed.do(Retain(True, " "), "2027-03-17T10:00")
    with pytest.raises(NotClosed):
        draft.do(Retain(True, "lawsuit"), "2027-03-17T10:00")


def test_switched_off_takes_it_back(closed: CaseDriver, team: Team, manager: User) -> None:
    set_retention(team, 6, by=manager, now=at("2026-10-20T10:00"))
    plan_erasures(at("2027-03-15T03:00"))
    set_retention(team, None, by=manager, now=at("2027-03-16T10:00"))
    plan_erasures(at("2027-03-17T03:00"))
    assert closed.fresh().erase_on is None


def test_a_night_looks_at_what_ends_soon_and_not_at_all_that_is_closed(
    closed: CaseDriver, team: Team, manager: User, django_assert_num_queries: Any
) -> None:
    set_retention(team, 6, by=manager, now=at("2026-10-20T10:00"))
    with django_assert_num_queries(2):  # the choices of the teams, and no case
        plan_erasures(at("2027-02-20T03:00"))
    plan_erasures(at("2027-03-15T03:00"))
    assert closed.fresh().erase_on == on("2027-04-15")


def test_stray_files_go_after_a_day(closed: CaseDriver, team: Team) -> None:
    sha256 = receipt_store.write(team.pk, b"a kill came before the row")
    half = receipt_store._path(team.pk, sha256).with_name("tmpabc")
    half.write_bytes(b"half")
    tasks.nightly()
    assert len(list(receipt_store.paths())) == 4  # two of the bystanders; somebody may be about to name it
    for path in (receipt_store._path(team.pk, sha256), half):
        os.utime(path, (0, 0))
    tasks.nightly()
    assert sorted(path.name for path in receipt_store.paths()) == sorted(
        Receipt.objects.values_list("sha256", flat=True)
    )
    assert not half.exists()
    assert closed.case.receipts.get().read() == b"synthetic receipt"
