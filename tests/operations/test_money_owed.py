"""A complaint or an appeal about money rests when nothing is owed any more, and goes on when something is again.

2026-10-12 is a Monday; the refund is due on Friday 10-30, the complaint of 11-02 has its 15 days to 11-17.
"""

from datetime import date
from decimal import Decimal

import pytest

from cases.domain.case_standing import Step
from cases.domain.work_order import WorkSection
from cases.models import Bill, BillFinding, Case, Charge
from cases.models.choices import FindingKind, FindingState
from cases.operations import (
    ACTIONS,
    Action,
    Appeal,
    CheckBill,
    Complain,
    ComplaintAnswered,
    ExpectRefund,
    NewCharge,
    ReceiveRefund,
    RecordCharge,
    RecordRefund,
    Reopen,
    Verify,
    WriteOffRefund,
)
from cases.operations.bills import AllRight, Dispute, handle_finding
from cases.operations.corrections import VoidEntry
from cases.operations.next_reminder import standing_of
from cases.selectors import working_calendar
from cases.selectors.work_list import section_query
from tests.helpers import CaseDriver, at, on


@pytest.fixture
def confirmed(submitted: CaseDriver) -> CaseDriver:
    submitted.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    submitted.do(CheckBill(at("2026-11-01T10:00")), "2026-11-01T10:05")
    return submitted


@pytest.fixture
def complained(confirmed: CaseDriver) -> CaseDriver:
    confirmed.do(ExpectRefund(Decimal("36.5"), due_on=on("2026-10-30")), "2026-11-01T11:00")
    confirmed.do(Complain(at("2026-11-02T10:00"), "TS-1"), "2026-11-02T10:05")
    return confirmed


def step(driver: CaseDriver, now: str) -> Step:
    return standing_of(driver.fresh(), at(now), working_calendar()).step


def sections(driver: CaseDriver, now: str) -> list[str]:
    return [
        section.value
        for section in WorkSection
        if section_query(section, Case.objects.filter(pk=driver.case.pk), at(now)).exists()
    ]


def finding_about(driver: CaseDriver) -> BillFinding:
    bill = Bill.objects.create(
        team=driver.case.team,
        month=date(2026, 11, 1),
        name="合成账单.csv",
        sha256="b" * 64,
        size=1,
        lines=1,
        total=Decimal(19),
        made_at=at("2026-12-01T09:00"),
        made_by=driver.by,
    )
    kind = FindingKind.CHARGED_AFTER_CANCELLATION
    return BillFinding.objects.create(bill=bill, kind=kind, case=driver.case, card=driver.case.card, amount=19)


def test_while_money_is_owed_it_reminds_and_stands_as_late(complained: CaseDriver) -> None:
    assert complained.next_reminder == "2026-11-18 09:00"
    assert (step(complained, "2026-11-18T10:00"), sections(complained, "2026-11-18T10:00")) == ("appeal", ["refund"])


@pytest.mark.parametrize("end", [ReceiveRefund(on("2026-11-05")), WriteOffRefund("不值得再催")])
def test_once_the_refund_has_come_or_is_written_off_it_rests(
    complained: CaseDriver, end: ReceiveRefund | WriteOffRefund
) -> None:
    complained.do(end, "2026-11-05T11:00")
    assert complained.next_reminder is None
    assert (step(complained, "2026-11-18T10:00"), sections(complained, "2026-11-18T10:00")) == ("nothing", [])
    # Its answer can be recorded all the same.
    case = complained.fresh()
    assert ACTIONS[Action.COMPLAINT_ANSWER].is_possible(case, list(case.escalations.all()))
    complained.do(ComplaintAnswered(at("2026-11-20T10:00"), satisfied=True), "2026-11-20T10:05")
    assert not case.escalations.get().nothing_owed
    assert complained.chain_flaw is None


def test_a_part_leaves_something_to_be_answered(complained: CaseDriver) -> None:
    complained.do(ReceiveRefund(on("2026-11-05"), Decimal(30)), "2026-11-05T11:00")
    assert complained.next_reminder == "2026-11-18 09:00"


def test_it_goes_on_when_the_payment_is_voided(complained: CaseDriver) -> None:
    complained.do(ReceiveRefund(on("2026-11-05")), "2026-11-05T11:00")
    complained.do(VoidEntry(complained.last_entry.sequence, "不是这张卡的"), "2026-11-09T11:00")
    assert complained.next_reminder == "2026-11-18 09:00"
    assert sections(complained, "2026-11-18T10:00") == ["refund"]


def test_what_became_late_meanwhile_is_told_on_the_next_morning(complained: CaseDriver) -> None:
    complained.do(ReceiveRefund(on("2026-11-05")), "2026-11-05T11:00")
    complained.do(RecordCharge(NewCharge(Decimal(19), on("2026-11-20"))), "2026-11-20T11:00")
    assert complained.next_reminder == "2026-11-23 09:00"  # a Friday: on Monday
    assert step(complained, "2026-11-20T11:00") == "appeal"


def test_a_charge_that_was_paid_back_is_not_owed(confirmed: CaseDriver) -> None:
    confirmed.do(RecordCharge(NewCharge(Decimal(19), on("2026-11-01"))), "2026-11-02T09:00")
    confirmed.do(Complain(at("2026-11-02T10:00")), "2026-11-02T10:05")
    assert confirmed.next_reminder == "2026-11-18 09:00"
    confirmed.do(RecordRefund(Charge.objects.get().pk, on("2026-11-10")), "2026-11-10T10:00")
    assert (confirmed.next_reminder, sections(confirmed, "2026-11-18T10:00")) == (None, [])


def test_a_bill_that_is_disputed_is_owed_until_it_is_all_right(complained: CaseDriver) -> None:
    complained.do(ReceiveRefund(on("2026-11-05")), "2026-11-05T11:00")
    finding = finding_about(complained)
    handle_finding(finding, Dispute("多收"), by=complained.by, now=at("2026-12-02T10:00"))
    assert complained.next_reminder == "2026-12-03 09:00"
    assert sections(complained, "2026-12-02T10:00") == ["refund"]
    assert BillFinding.objects.get().state == FindingState.DISPUTED
    handle_finding(finding, AllRight("已核对"), by=complained.by, now=at("2026-12-02T11:00"))
    assert (complained.next_reminder, sections(complained, "2026-12-02T12:00")) == (None, [])


def test_an_appeal_rests_too(complained: CaseDriver) -> None:
    complained.do(Appeal(at("2026-11-18T10:00"), about="charges"), "2026-11-18T10:05")
    assert complained.next_reminder == "2026-11-26 09:00"
    complained.do(ReceiveRefund(on("2026-11-19")), "2026-11-19T10:00")
    assert (complained.next_reminder, step(complained, "2026-11-26T10:00")) == (None, "nothing")


def test_of_a_reopened_case_it_is_about_the_cancellation_again(complained: CaseDriver) -> None:
    complained.do(ReceiveRefund(on("2026-11-05")), "2026-11-05T11:00")
    complained.do(Reopen("号码仍可拨通"), "2026-11-06T10:00")
    assert step(complained, "2026-11-06T11:00") == "wait_complaint"
