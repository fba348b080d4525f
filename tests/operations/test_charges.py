"""Charges, refunds, and the look at the bill."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from cases.domain.costs import AmountRefused, BeforeCharge, BeforeConfirmation, NothingToRefund
from cases.domain.errors import CaseError, DayInTheFuture, InTheFuture, ReasonMissing, WrongState
from cases.models import Charge
from cases.operations import CheckBill, NewCharge, RecordCharge, RecordRefund, Reopen, Verify
from cases.operations.corrections import VoidEntry
from tests.helpers import CaseDriver, at, on


def charges(driver: CaseDriver) -> list[tuple[str, str, str, str | None]]:
    return [
        (c.kind, str(c.amount), c.day.isoformat(), c.refunded_on and c.refunded_on.isoformat())
        for c in Charge.objects.filter(case=driver.case)
    ]


@pytest.fixture
def confirmed(submitted: CaseDriver) -> CaseDriver:
    found = Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True)
    submitted.do(found, "2026-10-12T10:05")
    return submitted


def test_a_charge_is_a_row_and_an_entry(draft: CaseDriver) -> None:
    draft.do(RecordCharge(NewCharge(Decimal("58.3"), on("2026-09-28"), "penalty", "合约违约金")), "2026-09-30T16:00")
    assert charges(draft) == [("penalty", "58.30", "2026-09-28", None)]
    assert draft.last_content == {
        "by": "Li Na",
        "by_id": draft.by.pk,
        "charged_for": "penalty",
        "amount": "58.30",
        "day": "2026-09-28",
        "words": "合约违约金",
    }
    assert (draft.last_entry.kind, draft.status, draft.chain_flaw) == ("charge", "draft", None)


@pytest.mark.parametrize(
    ("amount", "day", "error"),
    [
        ("0", "2026-09-30", AmountRefused),
        ("-1", "2026-09-30", AmountRefused),
        ("0.001", "2026-09-30", AmountRefused),
        ("100000000", "2026-09-30", AmountRefused),
        ("1", "2026-10-01", DayInTheFuture),
    ],
)
def test_amounts_and_days_that_are_refused(draft: CaseDriver, amount: str, day: str, error: type[CaseError]) -> None:
    with pytest.raises(error):
        draft.do(RecordCharge(NewCharge(Decimal(amount), on(day))), "2026-09-30T16:00")
    assert charges(draft) == []
    assert draft.kinds == ["logged"]


def test_a_refund_comes_once(submitted: CaseDriver) -> None:
    submitted.do(RecordCharge(NewCharge(Decimal("19"), on("2026-10-01"))), "2026-10-08T16:00")
    charge = Charge.objects.get()
    for day, error in (("2026-09-30", BeforeCharge), ("2026-10-10", DayInTheFuture)):
        with pytest.raises(error):
            submitted.do(RecordRefund(charge.pk, on(day)), "2026-10-09T10:00")
    submitted.do(RecordRefund(charge.pk, on("2026-10-09"), "退回话费"), "2026-10-09T10:00")
    assert charges(submitted) == [("fee", "19.00", "2026-10-01", "2026-10-09")]
    assert submitted.last_entry.kind == "refund"
    assert submitted.last_content["refunded_on"] == "2026-10-09"
    with pytest.raises(NothingToRefund):
        submitted.do(RecordRefund(charge.pk, on("2026-10-09")), "2026-10-09T11:00")


def test_a_charge_of_another_case_is_not_refunded_here(
    submitted: CaseDriver, new_driver: Callable[..., CaseDriver]
) -> None:
    submitted.do(RecordCharge(NewCharge(Decimal("19"), on("2026-10-01"))), "2026-10-08T16:00")
    other = new_driver("13900139000")
    with pytest.raises(NothingToRefund):
        other.do(RecordRefund(Charge.objects.get().pk, on("2026-10-02")), "2026-10-08T16:00")
    assert charges(submitted)[0][3] is None


class TestTheBill:
    def test_a_look_in_the_next_month_settles_it_and_its_reminder(self, confirmed: CaseDriver) -> None:
        assert confirmed.next_reminder == "2026-11-05 09:00"
        confirmed.do(CheckBill(at("2026-11-02T10:00"), words="账单为零"), "2026-11-02T10:05")
        assert confirmed.next_reminder is None
        assert confirmed.fresh().bill_checked_at == at("2026-11-02T10:00")
        assert confirmed.last_content["bill"] == "nothing"
        assert charges(confirmed) == []

    def test_a_look_before_the_bill_is_out_is_recorded_and_settles_nothing(self, confirmed: CaseDriver) -> None:
        confirmed.do(CheckBill(at("2026-10-20T10:00")), "2026-10-20T10:05")
        assert confirmed.last_entry.kind == "bill"
        assert confirmed.fresh().bill_checked_at is None
        assert confirmed.next_reminder == "2026-11-05 09:00"

    def test_what_a_program_notes_on_the_charge_alone_is_in_the_record(self, confirmed: CaseDriver) -> None:
        charge = NewCharge(Decimal("29"), on("2026-11-01"), words="又扣了月租")
        confirmed.do(CheckBill(at("2026-11-05T10:00"), charge, "看了账单"), "2026-11-05T10:05")
        assert Charge.objects.get().words == "又扣了月租"
        content = confirmed.last_content
        assert (content["words"], content["charge_words"]) == ("看了账单", "又扣了月租")

    def test_a_charge_found_there_is_one_after_the_cancellation(self, confirmed: CaseDriver) -> None:
        charge = NewCharge(Decimal("29"), on("2026-11-01"))
        confirmed.do(CheckBill(at("2026-11-05T10:00"), charge), "2026-11-05T10:05")
        assert charges(confirmed) == [("fee", "29.00", "2026-11-01", None)]
        assert (confirmed.last_content["bill"], confirmed.last_content["after_cancellation"]) == ("charge", True)
        assert "charge_words" not in confirmed.last_content  # it is what is said of the bill
        confirmed.do(Reopen("又扣了月租"), "2026-11-05T10:10")
        assert confirmed.status == "under_review"
        assert confirmed.fresh().bill_checked_at is None

    def test_not_before_the_cancellation_nor_ahead(self, confirmed: CaseDriver) -> None:
        for moment, error in (("2026-10-12T09:59", BeforeConfirmation), ("2026-11-05T10:08", InTheFuture)):
            with pytest.raises(error):
                confirmed.do(CheckBill(at(moment)), "2026-11-05T10:05")

    def test_only_of_a_cancelled_number(self, submitted: CaseDriver) -> None:
        with pytest.raises(WrongState):
            submitted.do(CheckBill(at("2026-10-05T10:00")), "2026-10-05T10:05")


class TestWrittenOff:
    def test_for_a_reason_and_once(self, confirmed: CaseDriver) -> None:
        confirmed.do(RecordCharge(NewCharge(Decimal("29"), on("2026-11-01"))), "2026-11-05T10:00")
        charge = Charge.objects.get()
        for words in ("", "  "):
            with pytest.raises(ReasonMissing):
                confirmed.do(RecordRefund(charge.pk, on("2026-11-06"), words, written_off=True), "2026-11-06T10:00")
        with pytest.raises(BeforeCharge):
            confirmed.do(RecordRefund(charge.pk, on("2026-10-31"), "小额", written_off=True), "2026-11-06T10:00")
        confirmed.do(RecordRefund(charge.pk, on("2026-11-06"), "小额，不再追讨", written_off=True), "2026-11-06T10:00")
        charge.refresh_from_db()
        assert (charge.refunded_on, charge.written_off_on, charge.is_open) == (None, on("2026-11-06"), False)
        assert confirmed.last_entry.kind == "charge_written_off"
        content = confirmed.last_content
        assert (content["written_off_on"], content["words"]) == ("2026-11-06", "小额，不再追讨")
        assert "refunded_on" not in content
        for is_written_off in (True, False):
            again = RecordRefund(charge.pk, on("2026-11-06"), "again", written_off=is_written_off)
            with pytest.raises(NothingToRefund):
                confirmed.do(again, "2026-11-06T11:00")

    def test_voided_it_is_claimed_again(self, confirmed: CaseDriver) -> None:
        confirmed.do(RecordCharge(NewCharge(Decimal("29"), on("2026-11-01"))), "2026-11-05T10:00")
        confirmed.do(
            RecordRefund(Charge.objects.get().pk, on("2026-11-06"), "小额", written_off=True), "2026-11-06T10:00"
        )
        confirmed.do(VoidEntry(confirmed.last_entry.sequence, "还是要追"), "2026-11-06T10:05")
        assert Charge.objects.get().is_open
