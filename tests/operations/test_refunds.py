"""What a carrier owes back: expected, promised, received, written off."""

from decimal import Decimal
from typing import Any

import pytest

from cases.domain import refunds as rules
from cases.domain.costs import AmountRefused
from cases.domain.errors import (
    BeforeSubmission,
    CaseError,
    ChangedMeanwhile,
    DayInTheFuture,
    PromisedDayMissing,
    PromiseInThePast,
    ReasonMissing,
    WrongState,
)
from cases.models import Carrier, Refund
from cases.operations import (
    ExpectRefund,
    PromiseRefund,
    ReceiveRefund,
    Reopen,
    ReportedDone,
    Verify,
    Withdraw,
    WriteOffRefund,
    perform_one,
)
from cases.operations.corrections import AmendEntry, VoidEntry
from cases.operations.erasure import Erase, erase_due
from tests.helpers import CaseDriver, at, on


def refunds(driver: CaseDriver) -> list[tuple[Any, ...]]:
    """Sum, day due and its basis, received, closed on, written off."""
    return [
        (
            row.amount and str(row.amount),
            f"{row.due_on:%m-%d}",
            row.due_basis,
            str(row.received),
            row.closed_on and f"{row.closed_on:%m-%d}",
            row.written_off,
        )
        for row in Refund.objects.filter(case=driver.case)
    ]


@pytest.fixture
def confirmed(submitted: CaseDriver) -> CaseDriver:
    """Confirmed on 2026-10-12 (a Monday); 15 working days later is 2026-11-02."""
    found = Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True)
    return submitted.do(found, "2026-10-12T10:05") and submitted


@pytest.fixture
def owed(confirmed: CaseDriver) -> CaseDriver:
    """36.50 yuan by the carrier's word on Friday 2026-10-30."""
    confirmed.do(
        ExpectRefund(Decimal("36.5"), "bank_card", "6217", on("2026-10-30"), words="退到卡上"), "2026-10-12T11:00"
    )
    return confirmed


def test_a_refund_is_a_row_and_an_entry(owed: CaseDriver) -> None:
    assert refunds(owed) == [("36.50", "10-30", "carrier_word", "0.00", None, False)]
    row = Refund.objects.get()
    assert (row.way, row.account_ending, row.words, row.sequence) == ("bank_card", "6217", "退到卡上", 4)
    assert owed.last_content == {
        "by": "Li Na",
        "by_id": owed.by.pk,
        "amount": "36.50",
        "way": "bank_card",
        "account_ending": "6217",
        "due_on": "2026-10-30",
        "due_basis": "carrier_word",
        "words": "退到卡上",
    }
    case = owed.fresh()
    assert (owed.last_entry.kind, case.refund_due_on, case.refund_no) == ("refund_expected", on("2026-10-30"), 4)
    assert owed.chain_flaw is None


def test_the_sum_may_be_unknown_and_the_day_follows_from_the_confirmation(confirmed: CaseDriver) -> None:
    confirmed.do(ExpectRefund(), "2026-10-14T11:00")
    assert refunds(confirmed) == [(None, "11-02", "working_days", "0.00", None, False)]
    assert confirmed.last_content["amount"] is None


def test_the_carrier_s_done_counts_before_the_confirmation(submitted: CaseDriver) -> None:
    submitted.do(ReportedDone(at("2026-10-09T10:00")), "2026-10-09T10:00")
    submitted.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    submitted.do(ExpectRefund(), "2026-10-14T11:00")
    assert refunds(submitted) == [(None, "10-29", "working_days", "0.00", None, False)]


@pytest.mark.forged  # the channel
@pytest.mark.parametrize(("roaming", "due"), [(False, "10-20"), (True, "11-20")])
def test_in_the_carrier_s_app_its_terms_count(confirmed: CaseDriver, roaming: bool, due: str) -> None:
    Carrier.objects.filter(pk=confirmed.case.carrier_id).update(refund_day=20)
    type(confirmed.case).objects.filter(pk=confirmed.case.pk).update(channel="app")
    confirmed.do(ExpectRefund(roaming=roaming), "2026-10-14T11:00")
    # Submitted in September: its terms are over in October, with roaming in November.
    assert refunds(confirmed)[0][1:3] == (due, "carrier_terms")


@pytest.mark.parametrize(
    ("verb", "error"),
    [
        (ExpectRefund(Decimal("0")), AmountRefused),
        (ExpectRefund(Decimal("0.001")), AmountRefused),
        (ExpectRefund(account_ending="62170000"), rules.AccountNumberRefused),
        (ExpectRefund(due_on=on("2026-10-11")), rules.RefundDueBeforeCancellation),
        (PromiseRefund(at("2026-10-13T10:00"), on("2026-10-20")), rules.NoOpenRefund),
        (ReceiveRefund(on("2026-10-13"), Decimal("1")), rules.NoOpenRefund),
        (WriteOffRefund("算了"), rules.NoOpenRefund),
    ],
)
def test_what_is_refused_without_one(confirmed: CaseDriver, verb: Any, error: type[CaseError]) -> None:
    with pytest.raises(error):
        confirmed.do(verb, "2026-10-14T11:00")
    assert (refunds(confirmed), confirmed.fresh().refund_due_on) == ([], None)


@pytest.mark.parametrize(
    ("verb", "error"),
    [
        (ExpectRefund(), rules.RefundStillOpen),
        (PromiseRefund(at("2026-10-13T10:00")), PromisedDayMissing),
        (PromiseRefund(at("2026-10-13T10:00"), on("2026-10-12")), PromiseInThePast),
        (PromiseRefund(at("2026-09-01T10:00"), on("2026-10-12")), BeforeSubmission),
        (ReceiveRefund(on("2026-10-15"), Decimal("1")), DayInTheFuture),
        (ReceiveRefund(on("2026-09-29"), Decimal("1")), rules.ReceivedBeforeRequest),
        (ReceiveRefund(on("2026-10-13"), Decimal("-1")), AmountRefused),
        (ReceiveRefund(on("2026-10-13"), Decimal("36.49"), is_all=True), rules.NotTheWholeRefund),
        (WriteOffRefund(" "), ReasonMissing),
    ],
)
def test_what_is_refused_with_one(owed: CaseDriver, verb: Any, error: type[CaseError]) -> None:
    with pytest.raises(error):
        owed.do(verb, "2026-10-14T11:00")
    assert refunds(owed) == [("36.50", "10-30", "carrier_word", "0.00", None, False)]


def test_before_the_carrier_says_done_nothing_is_owed(submitted: CaseDriver) -> None:
    with pytest.raises(rules.NotCancelledYet):
        submitted.do(ExpectRefund(), "2026-10-12T11:00")


def test_of_a_withdrawn_request_nothing_is_expected(submitted: CaseDriver) -> None:
    submitted.do(ReportedDone(at("2026-10-09T10:00")), "2026-10-09T10:00")
    submitted.do(Withdraw("不销了"), "2026-10-09T11:00")
    with pytest.raises(WrongState):
        submitted.do(ExpectRefund(), "2026-10-12T11:00")


def test_in_parts_until_it_is_whole(owed: CaseDriver) -> None:
    owed.do(ReceiveRefund(on("2026-10-20"), Decimal("30")), "2026-10-20T11:00")
    assert refunds(owed) == [("36.50", "10-30", "carrier_word", "30.00", None, False)]
    assert (owed.last_content["amount"], owed.last_content["outstanding"]) == ("30.00", "6.50")
    owed.do(ReceiveRefund(on("2026-10-21")), "2026-10-22T11:00")  # all that is outstanding
    assert refunds(owed) == [("36.50", "10-30", "carrier_word", "36.50", "10-21", False)]
    assert (owed.last_content["amount"], owed.last_content["outstanding"]) == ("6.50", "0.00")
    assert (owed.fresh().refund_due_on, owed.fresh().refund_no) == (None, 0)


def test_more_than_was_owed_settles_it(owed: CaseDriver) -> None:
    owed.do(ReceiveRefund(on("2026-10-20"), Decimal("50")), "2026-10-20T11:00")
    assert refunds(owed) == [("36.50", "10-30", "carrier_word", "50.00", "10-20", False)]


def test_of_an_unknown_sum_somebody_says_when_it_is_all(confirmed: CaseDriver) -> None:
    confirmed.do(ExpectRefund(), "2026-10-14T11:00")
    with pytest.raises(AmountRefused):
        confirmed.do(ReceiveRefund(on("2026-10-20"), is_all=True), "2026-10-20T11:00")
    confirmed.do(ReceiveRefund(on("2026-10-20"), Decimal("12")), "2026-10-20T11:00")
    assert refunds(confirmed) == [(None, "11-02", "working_days", "12.00", None, False)]
    confirmed.do(ReceiveRefund(on("2026-10-21"), Decimal("3"), is_all=True), "2026-10-21T11:00")
    assert refunds(confirmed) == [(None, "11-02", "working_days", "15.00", "10-21", False)]


def test_a_promise_moves_the_day_and_is_a_follow_up_when_it_was_asked_for(owed: CaseDriver) -> None:
    before = owed.fresh().last_follow_up_at
    owed.do(PromiseRefund(at("2026-11-02T10:00"), on("2026-11-09")), "2026-11-02T10:30")
    assert (refunds(owed)[0][1:3], owed.fresh().last_follow_up_at) == (("11-09", "carrier_word"), before)
    assert owed.fresh().refund_no == 5
    owed.do(PromiseRefund(at("2026-11-10T10:00"), on("2026-11-16"), "call", "工号 7"), "2026-11-10T10:30")
    assert (refunds(owed)[0][1], owed.fresh().last_follow_up_at) == ("11-16", at("2026-11-10T10:00"))


def test_the_first_day_stays_when_another_is_promised(owed: CaseDriver) -> None:
    def days() -> tuple[str, str, bool]:
        row = Refund.objects.get()
        return f"{row.first_due_on:%m-%d}", f"{row.due_on:%m-%d}", row.put_off_from is not None

    assert days() == ("10-30", "10-30", False)
    owed.do(PromiseRefund(at("2026-11-02T10:00"), on("2026-11-09")), "2026-11-02T10:30")
    assert days() == ("10-30", "11-09", True)
    owed.do(PromiseRefund(at("2026-11-10T10:00"), on("2026-11-16")), "2026-11-10T10:30")
    assert days() == ("10-30", "11-16", True)
    owed.do(VoidEntry(6, "听错了"), "2026-11-10T11:00")
    assert days() == ("10-30", "11-09", True)
    owed.do(VoidEntry(5, "听错了"), "2026-11-10T11:01")
    assert days() == ("10-30", "10-30", False)
    assert owed.chain_flaw is None


def test_an_earlier_day_puts_nothing_off(owed: CaseDriver) -> None:
    owed.do(PromiseRefund(at("2026-10-13T10:00"), on("2026-10-20")), "2026-10-13T10:30")
    assert (Refund.objects.get().first_due_on, Refund.objects.get().put_off_from) == (on("2026-10-20"), None)
    owed.do(PromiseRefund(at("2026-10-21T10:00"), on("2026-10-26")), "2026-10-21T10:30")
    assert Refund.objects.get().put_off_from == on("2026-10-20")


def test_written_off_for_a_reason_and_another_one_may_follow(owed: CaseDriver) -> None:
    owed.do(ReceiveRefund(on("2026-10-20"), Decimal("30")), "2026-10-20T11:00")
    owed.do(WriteOffRefund("只剩六块五"), "2026-11-02T11:00")
    assert owed.last_content == {"by": "Li Na", "by_id": owed.by.pk, "amount": "6.50", "words": "只剩六块五"}
    owed.do(ExpectRefund(Decimal("8")), "2026-11-03T11:00")
    assert refunds(owed) == [
        ("36.50", "10-30", "carrier_word", "30.00", "11-02", True),
        ("8.00", "11-02", "working_days", "0.00", None, False),
    ]


def test_it_stays_open_when_the_case_is_reopened(owed: CaseDriver) -> None:
    owed.do(Reopen("还能打通"), "2026-10-14T11:00")
    assert owed.fresh().refund_due_on == on("2026-10-30")
    owed.do(WriteOffRefund("号码还在"), "2026-10-14T12:00")
    assert owed.fresh().refund_due_on is None


def test_of_a_withdrawn_request_nobody_is_reminded(owed: CaseDriver) -> None:
    owed.do(Reopen("还能打通"), "2026-10-14T11:00")
    owed.do(Withdraw("不销了"), "2026-10-14T12:00")
    assert owed.fresh().next_reminder_at is None
    assert owed.fresh().refund_due_on == on("2026-10-30")


def test_two_people_at_once(owed: CaseDriver) -> None:
    """The second part is not the first one again."""
    version = owed.fresh().version
    part = ReceiveRefund(on("2026-10-20"), Decimal("30"))
    perform_one(part, owed.case, by=owed.by, now=at("2026-10-20T11:00"), expected_version=version)
    with pytest.raises(ChangedMeanwhile):
        perform_one(part, owed.case, by=owed.by, now=at("2026-10-20T11:01"), expected_version=version)


class TestCorrections:
    def test_a_voided_part_is_owed_again(self, owed: CaseDriver) -> None:
        owed.do(ReceiveRefund(on("2026-10-20"), Decimal("30")), "2026-10-20T11:00")
        owed.do(ReceiveRefund(on("2026-10-21"), Decimal("6.5")), "2026-10-22T11:00")
        owed.do(VoidEntry(5, "不是这张卡的"), "2026-10-23T11:00")
        assert refunds(owed) == [("36.50", "10-30", "carrier_word", "6.50", None, False)]
        assert owed.fresh().refund_due_on == on("2026-10-30")

    def test_a_voided_write_off_opens_it_again(self, owed: CaseDriver) -> None:
        owed.do(WriteOffRefund("算了"), "2026-11-02T11:00")
        owed.do(VoidEntry(5, "又有消息"), "2026-11-02T12:00")
        assert refunds(owed) == [("36.50", "10-30", "carrier_word", "0.00", None, False)]

    def test_a_promised_day_is_amended(self, owed: CaseDriver) -> None:
        owed.do(PromiseRefund(at("2026-11-02T10:00"), on("2026-11-09")), "2026-11-02T10:30")
        owed.do(AmendEntry(5, {"promised_on": "2026-11-19"}, "听错了"), "2026-11-02T11:00")
        assert (refunds(owed)[0][1], owed.fresh().refund_due_on) == ("11-19", on("2026-11-19"))

    def test_a_day_that_nobody_named_follows_the_corrected_done(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-12T10:00")), "2026-10-12T10:00")
        submitted.do(ExpectRefund(), "2026-10-12T11:00")
        assert refunds(submitted)[0][1] == "11-02"
        submitted.do(AmendEntry(3, {"at": "2026-10-09T10:00:00+08:00"}, "记错了"), "2026-10-12T12:00")
        assert (refunds(submitted)[0][1], submitted.fresh().refund_due_on) == ("10-29", on("2026-10-29"))

    def test_the_refund_itself_is_voided(self, owed: CaseDriver) -> None:
        owed.do(VoidEntry(4, "没有余额"), "2026-10-12T12:00")
        assert (refunds(owed), owed.fresh().refund_due_on) == ([], None)


class TestErasure:
    def test_an_open_refund_is_in_the_way(self, owed: CaseDriver) -> None:
        with pytest.raises(rules.RefundStillOpen):
            owed.do(Erase(), "2026-12-14T11:00")
        type(owed.case).objects.filter(pk=owed.case.pk).update(erase_on=on("2026-12-01"))
        assert erase_due(at("2026-12-14T11:00")) == 0
        assert owed.fresh().erase_on == on("2026-12-01")

    def test_one_of_a_withdrawn_request_is_not(self, owed: CaseDriver) -> None:
        owed.do(Reopen("还能打通"), "2026-10-14T11:00")
        owed.do(Withdraw("不销了"), "2026-10-14T12:00")
        owed.do(Erase(), "2026-12-14T11:00")
        assert owed.fresh().erased_at == at("2026-12-14T11:00")

    def test_words_and_account_go_and_sums_stay(self, owed: CaseDriver) -> None:
        owed.do(ReceiveRefund(on("2026-10-20")), "2026-10-20T11:00")
        owed.do(Erase(), "2026-12-14T11:00")
        row = Refund.objects.get()
        assert (row.words, row.account_ending, str(row.received)) == ("", "", "36.50")


# An amount that is learned later


@pytest.fixture
def unknown(confirmed: CaseDriver) -> CaseDriver:
    """Nobody knows how much; due by 2026-11-20, as the carrier said."""
    confirmed.do(ExpectRefund(None, due_on=on("2026-11-20"), words="客服说会退"), "2026-10-12T11:00")
    return confirmed


def test_the_amount_of_an_open_refund_is_named_later(unknown: CaseDriver) -> None:
    before = unknown.fresh()
    unknown.do(ExpectRefund(Decimal("36.5"), "bank_card", "6217", words="短信"), "2026-10-13T10:00")
    assert refunds(unknown) == [("36.50", "11-20", "carrier_word", "0.00", None, False)]
    row, case = Refund.objects.get(), unknown.fresh()
    assert (row.way, row.account_ending, row.words) == ("bank_card", "6217", "客服说会退")
    # The day stays, and so does the entry by which reminders of it are told apart.
    assert (case.refund_due_on, case.refund_no) == (on("2026-11-20"), before.refund_no)
    assert case.version == before.version + 1
    content = {name: value for name, value in unknown.last_content.items() if name not in ("by", "by_id")}
    assert content == {
        "amount": "36.50", "way": "bank_card", "account_ending": "6217", "due_on": "2026-11-20",
        "due_basis": "carrier_word", "day_stays": True, "words": "短信",
    }  # fmt: skip
    assert unknown.chain_flaw is None


def test_what_was_recorded_of_the_method_stays_and_a_named_day_counts(confirmed: CaseDriver) -> None:
    confirmed.do(ExpectRefund(None, "cash", "8812"), "2026-10-12T11:00")
    confirmed.do(ExpectRefund(Decimal("36.5"), "bank_card", "6217", on("2026-11-25")), "2026-10-13T10:00")
    row = Refund.objects.get()
    assert (row.way, row.account_ending, row.due_basis) == ("cash", "8812", "carrier_word")
    assert (confirmed.fresh().refund_due_on, row.first_due_on) == (on("2026-11-25"), on("2026-11-02"))
    assert confirmed.last_content["day_stays"] is False


def test_an_amount_that_has_come_already_closes_it(unknown: CaseDriver) -> None:
    unknown.do(ReceiveRefund(on("2026-10-12"), Decimal("36.50")), "2026-10-12T12:00")
    unknown.do(ExpectRefund(Decimal("36.50")), "2026-10-13T10:00")
    assert refunds(unknown) == [("36.50", "11-20", "carrier_word", "36.50", "10-12", False)]
    assert unknown.fresh().refund_due_on is None


def test_what_was_said_of_the_amount_is_not_replaced(owed: CaseDriver) -> None:
    with pytest.raises(rules.RefundStillOpen):
        owed.do(ExpectRefund(Decimal("40")), "2026-10-13T10:00")


def test_without_an_amount_it_is_still_open(unknown: CaseDriver) -> None:
    with pytest.raises(rules.RefundStillOpen):
        unknown.do(ExpectRefund(None, due_on=on("2026-11-25")), "2026-10-13T10:00")


def test_the_entry_that_named_the_amount_is_voided_alone(unknown: CaseDriver) -> None:
    unknown.do(ExpectRefund(Decimal("36.5"), "bank_card", "6217", on("2026-11-25")), "2026-10-13T10:00")
    unknown.do(VoidEntry(unknown.last_entry.sequence, "看错了"), "2026-10-13T11:00")
    assert refunds(unknown) == [(None, "11-20", "carrier_word", "0.00", None, False)]
    assert (Refund.objects.get().way, Refund.objects.get().put_off_from) == ("unknown", None)
