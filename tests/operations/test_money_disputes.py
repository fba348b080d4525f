"""Complaints and appeals about a confirmed case: only over money, and with their own deadlines.

2026-10-12 is a Monday; the refund is due on Friday 10-30.
"""

from datetime import date
from decimal import Decimal

import pytest

from cases.domain.case_standing import Step
from cases.domain.costs import BeforeConfirmation
from cases.domain.errors import (
    AppealAboutCharges,
    AppealExpired,
    AppealTooEarly,
    ComplaintRunning,
    NoComplaintYet,
    NothingOwed,
)
from cases.models import Bill, BillFinding
from cases.models.choices import FindingKind, FindingState
from cases.operations import (
    ACTIONS,
    Action,
    Appeal,
    Complain,
    ComplaintAnswered,
    ExpectRefund,
    NewCharge,
    PromiseRefund,
    ReceiveRefund,
    RecordCharge,
    Reopen,
    Verify,
)
from cases.operations.corrections import VoidEntry
from cases.operations.next_reminder import standing_of
from cases.selectors import working_calendar
from tests.helpers import CaseDriver, at, on


@pytest.fixture
def confirmed(submitted: CaseDriver) -> CaseDriver:
    submitted.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    return submitted


@pytest.fixture
def owed(confirmed: CaseDriver) -> CaseDriver:
    confirmed.do(ExpectRefund(Decimal("36.5"), due_on=on("2026-10-30")), "2026-10-12T11:00")
    return confirmed


@pytest.fixture
def complained(owed: CaseDriver) -> CaseDriver:
    owed.do(Complain(at("2026-11-02T10:00"), "TS-1", "逾期未退余额"), "2026-11-02T10:05")
    return owed


def step(driver: CaseDriver, now: str) -> Step:
    return standing_of(driver.fresh(), at(now), working_calendar()).step


def offers(driver: CaseDriver, action: Action) -> bool:
    case = driver.fresh()
    return ACTIONS[action].is_possible(case, list(case.escalations.all()))


def test_without_money_there_is_nothing_to_complain_about(confirmed: CaseDriver) -> None:
    assert not offers(confirmed, Action.COMPLAIN)
    with pytest.raises(NothingOwed):
        confirmed.do(Complain(at("2026-11-02T10:00")), "2026-11-02T10:05")


def test_a_refund_that_is_not_due_yet_is_no_reason(owed: CaseDriver) -> None:
    with pytest.raises(NothingOwed):
        owed.do(Complain(at("2026-10-30T23:00")), "2026-10-31T10:05")
    owed.do(Complain(at("2026-10-31T00:00")), "2026-10-31T10:05")
    assert owed.last_content["at"] == "2026-10-31T00:00:00+08:00"


def test_a_complaint_about_a_refund_has_its_own_fifteen_days(complained: CaseDriver) -> None:
    assert f"{complained.case.escalations.get().answer_by:%m-%d %H:%M}" == "11-17 16:00"  # UTC
    assert step(complained, "2026-11-17T23:00") == "wait_complaint"
    assert step(complained, "2026-11-18T00:00") == "appeal"
    assert complained.next_reminder == "2026-11-05 09:00"  # the last bill's
    with pytest.raises(ComplaintRunning):
        complained.do(Complain(at("2026-11-03T10:00")), "2026-11-03T10:05")


def test_a_charge_after_the_cancellation_is_a_reason(confirmed: CaseDriver) -> None:
    before = RecordCharge(NewCharge(Decimal(19), on("2026-10-12")))
    confirmed.do(before, "2026-11-02T09:00")
    with pytest.raises(NothingOwed):
        confirmed.do(Complain(at("2026-11-02T10:00")), "2026-11-02T10:05")
    confirmed.do(RecordCharge(NewCharge(Decimal(19), on("2026-10-13"))), "2026-11-02T10:06")
    assert offers(confirmed, Action.COMPLAIN)
    confirmed.do(Complain(at("2026-11-02T10:00")), "2026-11-02T10:07")
    # Nothing reminds of the refund, so only the complaint's own day does, after the last bill's.
    assert confirmed.next_reminder == "2026-11-05 09:00"


def test_a_disputed_bill_is_a_reason(confirmed: CaseDriver) -> None:
    bill = Bill.objects.create(
        team=confirmed.case.team,
        month=date(2026, 11, 1),
        name="合成账单.csv",
        sha256="b" * 64,
        size=1,
        lines=1,
        total=Decimal(19),
        made_at=at("2026-12-01T09:00"),
        made_by=confirmed.by,
    )
    kind, disputed = FindingKind.CHARGED_AFTER_CANCELLATION, FindingState.DISPUTED
    BillFinding.objects.create(bill=bill, kind=kind, case=confirmed.case, card=confirmed.case.card, state=disputed)
    assert offers(confirmed, Action.COMPLAIN)
    confirmed.do(Complain(at("2026-12-02T10:00")), "2026-12-02T10:05")


def test_what_was_complained_of_before_the_confirmation_ended_with_it(submitted: CaseDriver) -> None:
    submitted.do(Complain(at("2026-10-08T10:00")), "2026-10-08T10:05")
    submitted.do(ComplaintAnswered(at("2026-10-09T10:00"), satisfied=False), "2026-10-09T10:05")
    submitted.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    submitted.do(ExpectRefund(Decimal("36.5"), due_on=on("2026-10-30")), "2026-10-12T11:00")
    assert not offers(submitted, Action.APPEAL)
    with pytest.raises(NoComplaintYet):
        submitted.do(Appeal(at("2026-11-03T10:00"), about="charges"), "2026-11-03T10:05")
    with pytest.raises(BeforeConfirmation):
        submitted.do(Complain(at("2026-10-12T09:00")), "2026-11-03T10:05")


def test_an_appeal_is_about_charges_and_waits_for_the_complaint(complained: CaseDriver) -> None:
    assert complained.fresh().appeal_subject == "charges"
    with pytest.raises(AppealAboutCharges):
        complained.do(Appeal(at("2026-11-18T10:00")), "2026-11-18T10:05")
    with pytest.raises(AppealTooEarly):
        complained.do(Appeal(at("2026-11-17T10:00"), about="charges"), "2026-11-17T10:05")
    complained.do(Appeal(at("2026-11-18T10:00"), about="charges"), "2026-11-18T10:05")
    assert step(complained, "2026-11-25T23:00") == "wait_appeal"
    assert step(complained, "2026-11-26T00:00") == "ask_appeal_body"


def test_the_five_months_of_an_appeal_count_from_the_day_the_refund_was_due(complained: CaseDriver) -> None:
    with pytest.raises(AppealExpired):
        complained.do(Appeal(at("2027-03-31T10:00"), about="charges"), "2027-03-31T10:05")
    complained.do(Appeal(at("2027-03-30T10:00"), about="charges"), "2027-03-30T10:05")


def test_a_promise_of_another_day_gives_the_appeal_no_more_time(complained: CaseDriver) -> None:
    promise = PromiseRefund(at("2026-11-18T10:00"), on("2026-12-10"))
    complained.do(promise, "2026-11-18T10:05")
    with pytest.raises(AppealExpired):  # first due on 2026-10-30
        complained.do(Appeal(at("2027-03-31T10:00"), about="charges"), "2027-03-31T10:05")
    complained.do(Appeal(at("2027-03-30T10:00"), about="charges"), "2027-03-30T10:05")


def test_an_answer_that_settles_nothing_leads_back_to_the_refund(complained: CaseDriver) -> None:
    complained.do(ComplaintAnswered(at("2026-11-04T10:00"), satisfied=False), "2026-11-04T10:05")
    assert step(complained, "2026-11-04T11:00") == "ask_refund"
    assert offers(complained, Action.APPEAL)
    complained.do(ReceiveRefund(on("2026-11-05")), "2026-11-05T10:00")
    assert not offers(complained, Action.APPEAL)
    assert step(complained, "2026-11-05T11:00") == "check_bill"


def test_a_complaint_stays_when_what_it_was_about_is_voided(complained: CaseDriver) -> None:
    entry = complained.case.entries.get(kind="refund_expected")
    complained.do(VoidEntry(entry.sequence, "记错了"), "2026-11-03T10:00")
    assert complained.case.escalations.count() == 1
    assert step(complained, "2026-11-03T11:00") == "check_bill"  # nothing is owed any more


def test_it_goes_on_with_a_reopened_case(complained: CaseDriver) -> None:
    complained.do(Reopen("号码仍可拨通"), "2026-11-03T10:00")
    assert step(complained, "2026-11-03T11:00") == "wait_complaint"
