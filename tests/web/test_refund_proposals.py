"""A refund that an SMS names: proposed on its page and its case's, filled in, recorded by a person only. Synthetic."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cases import operations as ops
from cases.inbox.process import process_stored
from cases.models import Carrier, CarrierMessage, Refund, Team, User
from tests.helpers import CaseDriver, at, on
from tests.inbox.conftest import storing
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

DONE = "【中国移动】您的号码13800138000已销户，余额36.50元将于11月20日前退至您尾号6217的银行卡。"
PAID = "【中国移动】您的号码13800138000余额36.50元已退至您尾号6217的银行卡，请查收。"
DELAYED = "【中国移动】您的号码13800138000余额36.50元预计11月27日前到账，给您带来不便敬请谅解。"
Came = Callable[..., CarrierMessage]


@pytest.fixture
def came(team: Team, mobile: Carrier) -> Came:
    """A message was stored and read."""
    mobile.sms_senders = ["10086"]
    mobile.save()

    def come(text: str, when: str, **more: Any) -> CarrierMessage:
        message = storing(team)(text, when=when, **more)
        process_stored(at(when))
        message.refresh_from_db()
        return message

    return come


@pytest.fixture
def driver(new_driver: Make) -> CaseDriver:
    return new_driver("13800138000", submitted="2026-09-30T15:00")


@pytest.fixture
def confirmed(driver: CaseDriver) -> CaseDriver:
    """On 2026-10-15."""
    driver.do(ops.ReportedDone(at("2026-10-14T10:00")), "2026-10-14T10:00")
    driver.do(ops.Verify(at("2026-10-15T10:00"), "hotline", "cancelled", confirm=True), "2026-10-15T10:00")
    return driver


def offered(me: Person, driver: CaseDriver, message: CarrierMessage) -> list[str]:
    """The forms that the case's page offers to fill in from a message."""
    return [href.split("/")[-2] for href in me.get(path(driver)).hrefs if href.endswith(f"?message={message.pk}")]


def test_from_the_sms_that_says_done_to_the_form_filled_in(me: Person, driver: CaseDriver, came: Came) -> None:
    message = came(DONE, "2026-10-16T09:30")
    address = f"/messages/{message.pk}/"
    page = me.get(address)
    assert "Refund 36.50 yuan will be paid back · To a bank card (ending 6217) · by 20 Nov" in page.text
    assert "Record the SMS first." in page.text
    assert offered(me, driver, message) == []
    me.fill(address)
    assert driver.fresh().reported_done_at == at("2026-10-16T09:30")
    part = me.get(path(driver)).part("refunds")
    assert "The SMS of 16 Oct names a refund: 36.50 yuan will be paid back" in part
    assert not Refund.objects.exists()
    assert offered(me, driver, message) == ["expect-refund"]
    form = f"{path(driver, 'expect-refund')}?message={message.pk}"
    page = me.get(form)
    assert "Filled in from the SMS of 16 Oct. Check it before you save:" in page.text
    fields = page.form().fields
    assert (fields["amount"], fields["way"], fields["account_ending"], fields["due_on"]) == (
        "36.50",
        "bank_card",
        "6217",
        "2026-11-20",
    )
    me.fill(form)
    row = Refund.objects.get()
    assert (row.amount, row.way, row.account_ending, row.due_on, row.due_basis) == (
        Decimal("36.50"),
        "bank_card",
        "6217",
        on("2026-11-20"),
        "carrier_word",
    )
    assert offered(me, driver, message) == []
    assert "names a refund" not in me.get(path(driver)).text


def test_a_person_s_word_stays(me: Person, driver: CaseDriver, came: Came) -> None:
    """What was recorded after the SMS, and what is typed into the form, counts."""
    message = came(DONE, "2026-10-16T09:30")
    me.fill(f"/messages/{message.pk}/")
    page = me.fill(f"{path(driver, 'expect-refund')}?message={message.pk}", amount="40", account_ending="62170")
    assert (page.form().fields["amount"], page.form().fields["account_ending"]) == ("40", "62170")
    driver.do(ops.ExpectRefund(Decimal("12")), "2026-10-16T09:50")
    driver.do(ops.WriteOffRefund("算了"), "2026-10-16T09:55")
    assert offered(me, driver, message) == []


def test_a_message_that_says_paid_proposes_received(me: Person, confirmed: CaseDriver, came: Came) -> None:
    confirmed.do(ops.ExpectRefund(Decimal("36.50")), "2026-10-15T11:00")
    message = came(PAID, "2026-10-16T09:30")
    assert message.state == "proposed"
    page = me.get(f"/messages/{message.pk}/")
    assert "36.50 yuan was paid back · To a bank card (ending 6217)" in page.part("refund")
    form = f"{path(confirmed, 'receive-refund')}?message={message.pk}"
    assert form in page.hrefs
    assert offered(me, confirmed, message) == ["receive-refund"]
    fields = me.get(form).form().fields
    assert (fields["amount"], fields["day"]) == ("36.50", "2026-10-16")
    assert Refund.objects.get().received == 0
    me.fill(form)
    assert (Refund.objects.get().received, Refund.objects.get().closed_on) == (Decimal("36.50"), on("2026-10-16"))
    assert offered(me, confirmed, message) == []


def test_money_that_nobody_expected_is_owed_first(me: Person, confirmed: CaseDriver, came: Came) -> None:
    message = came(PAID, "2026-10-16T09:30")
    assert offered(me, confirmed, message) == ["expect-refund"]
    me.fill(f"{path(confirmed, 'expect-refund')}?message={message.pk}")
    assert offered(me, confirmed, message) == ["receive-refund"]


def test_another_day_is_a_new_refund_date(me: Person, confirmed: CaseDriver, came: Came) -> None:
    confirmed.do(ops.ExpectRefund(Decimal("36.50"), due_on=on("2026-11-20")), "2026-10-15T11:00")
    message = came(DELAYED, "2026-10-16T09:30")
    assert offered(me, confirmed, message) == ["promise-refund"]
    form = f"{path(confirmed, 'promise-refund')}?message={message.pk}"
    fields = me.get(form).form().fields
    assert (fields["promised_on"], fields["way"], fields["happened_at"]) == (
        "2026-11-27",
        "unasked",
        "2026-10-16T09:30",
    )
    me.fill(form)
    assert Refund.objects.get().due_on == on("2026-11-27")
    assert offered(me, confirmed, message) == []


def test_a_bill_of_a_closed_case_is_put_aside_as_before(confirmed: CaseDriver, came: Came) -> None:
    message = came("【中国移动】您的号码13800138000上月账单:消费18.00元,余额35.20元。", "2026-10-16T09:30")
    assert (message.meaning, message.state) == ("unrelated", "set_aside")


def test_another_case_s_message_fills_in_nothing(
    me: Person, confirmed: CaseDriver, new_driver: Make, came: Came
) -> None:
    message = came(PAID, "2026-10-16T09:30")
    other = new_driver("13800138001", submitted="2026-09-30T15:00")
    other.do(ops.ReportedDone(at("2026-10-14T10:00")), "2026-10-14T10:00")
    for key in (str(message.pk), "9" * 30, "x", "-1", ""):
        page = me.get(f"{path(other, 'expect-refund')}?message={key}")
        assert "Filled in from" not in page.text
        assert page.form().fields["amount"] == ""


def test_a_viewer_is_offered_nothing(
    viewer: User, sign_in: Callable[[User], Person], confirmed: CaseDriver, came: Came
) -> None:
    message = came(PAID, "2026-10-16T09:30")
    assert offered(sign_in(viewer), confirmed, message) == []


SUM = "【中国移动】您的号码13800138000账户余额36.50元将退至您尾号6217的银行卡。"


def test_the_amount_of_an_open_refund_is_taken_from_a_later_sms(me: Person, confirmed: CaseDriver, came: Came) -> None:
    confirmed.do(ops.ExpectRefund(None, due_on=on("2026-11-20")), "2026-10-15T11:00")
    message = came(SUM, "2026-10-16T09:30")
    assert Refund.objects.get().amount is None
    assert offered(me, confirmed, message) == ["expect-refund"]
    assert "Enter the amount of the refund" in me.get(path(confirmed)).part("refunds")
    form = f"{path(confirmed, 'expect-refund')}?message={message.pk}"
    page = me.get(form)
    assert "Enter the amount of the refund" in page.text
    fields = page.form().fields
    assert (fields["amount"], fields["way"], fields["account_ending"], fields["due_on"]) == (
        "36.50", "bank_card", "6217", "",
    )  # fmt: skip
    me.fill(form)
    row = Refund.objects.get()
    assert (row.amount, row.way, row.due_on) == (Decimal("36.50"), "bank_card", on("2026-11-20"))
    assert offered(me, confirmed, message) == []


def test_an_amount_that_a_person_said_is_not_proposed_away(me: Person, confirmed: CaseDriver, came: Came) -> None:
    confirmed.do(ops.ExpectRefund(Decimal("40"), due_on=on("2026-11-20")), "2026-10-15T11:00")
    message = came(SUM, "2026-10-16T09:30")
    assert offered(me, confirmed, message) == []
    assert Refund.objects.get().amount == Decimal("40")


def test_an_amount_with_another_day_is_one_form(me: Person, confirmed: CaseDriver, came: Came) -> None:
    confirmed.do(ops.ExpectRefund(None, due_on=on("2026-11-20")), "2026-10-15T11:00")
    message = came(DELAYED, "2026-10-16T09:30")
    assert offered(me, confirmed, message) == ["expect-refund"]
    me.fill(f"{path(confirmed, 'expect-refund')}?message={message.pk}")
    row = Refund.objects.get()
    assert (row.amount, row.due_on) == (Decimal("36.50"), on("2026-11-27"))
    assert offered(me, confirmed, message) == []


def test_without_an_sms_the_amount_is_entered_by_hand(me: Person, confirmed: CaseDriver) -> None:
    confirmed.do(ops.ExpectRefund(None, due_on=on("2026-11-20")), "2026-10-15T11:00")
    page = me.get(path(confirmed))
    assert "Enter the amount of the refund" in page.part("refunds")
    assert "Add an expected refund" not in page.text
    me.fill(path(confirmed, "expect-refund"), amount="12")
    assert Refund.objects.get().amount == Decimal("12")
    assert "Enter the amount of the refund" not in me.get(path(confirmed)).text
