"""Settled or not: on the page of a case, in lists, in the search and in an export."""

from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from python_calamine import load_workbook

from cases.models import Bill, BillFinding, Charge, User
from cases.operations import CheckBill, ExpectRefund, NewCharge, ReceiveRefund, RecordCharge, Verify
from tests.helpers import CaseDriver, at, on
from tests.web.html_client import Person
from tests.web.scenarios import Make, path


@pytest.fixture(autouse=True)
def november(clock: time_machine.Traveller) -> None:
    clock.move_to(at("2026-11-09T10:00"))


@pytest.fixture
def confirmed(new_driver: Make) -> CaseDriver:
    driver = new_driver("13800000001", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(Verify(at("2026-10-15T11:00"), "hotline", "cancelled", confirm=True), "2026-10-15T11:00")
    return driver


@pytest.fixture
def another_card(new_driver: Make) -> CaseDriver:
    return new_driver("13800000002", now="2026-10-12T09:00")


def charge(driver: CaseDriver, amount: str, day: str) -> Charge:
    driver.do(RecordCharge(NewCharge(Decimal(amount), on(day))), "2026-11-06T10:00")
    return Charge.objects.get(case=driver.case, day=on(day))


def billed(driver: CaseDriver, month: str, by: User, state: str | None = None) -> None:
    """A bill of the carrier for a month; with a state it has a finding of 8 yuan on the number."""
    bill = Bill.objects.create(
        team=driver.case.team,
        carrier=driver.case.carrier,
        month=on(month),
        name="synthetic.csv",
        sha256=month.ljust(64, "0"),
        size=1,
        lines=1,
        total=8,
        made_at=at("2026-11-08T10:00"),
        made_by=by,
    )
    if state:
        BillFinding.objects.create(
            bill=bill,
            kind="charged_after_cancellation",
            card=driver.case.card,
            case=driver.case,
            amount=8,
            state=state,
        )


def test_from_the_last_bill_to_settled(me: Person, confirmed: CaseDriver, another_card: CaseDriver) -> None:
    page = me.get(path(confirmed))
    assert "cancelled, confirmed" in page.text
    assert "Still open: the last bill is not checked yet" in page.text
    assert "Look at the bill for" not in page.text  # a team with several cards has its lists
    confirmed.do(CheckBill(at("2026-11-06T10:00")), "2026-11-06T10:00")
    page = me.get(path(confirmed))
    assert "cancelled, settled" in page.text
    assert "Settled: the last bill was checked, and nothing is owed to you." in page.text


def test_what_is_owed_stands_on_the_page_and_nothing_before_it_is_settled(me: Person, confirmed: CaseDriver) -> None:
    confirmed.do(CheckBill(at("2026-11-06T10:00")), "2026-11-06T10:00")
    confirmed.do(ExpectRefund(Decimal("35"), due_on=on("2026-11-20")), "2026-11-06T10:10")
    page = me.get(path(confirmed))
    assert "cancelled, refund open" in page.text
    assert "Still open: refund of 35.00 yuan due on 20 Nov" in page.text
    charge(confirmed, "9.90", "2026-11-01")
    page = me.get(path(confirmed))
    assert "cancelled, charged afterwards" in page.text
    assert "9.90 yuan charged after the cancellation, refund of 35.00 yuan due on 20 Nov" in page.text
    assert "Ask the carrier to pay back what it should not have charged" in page.text
    confirmed.do(ReceiveRefund(on("2026-11-08")), "2026-11-08T10:00")
    me.fill(path(confirmed, "charges", str(Charge.objects.get().pk)), outcome="written_off", words="")
    assert Charge.objects.get().is_open  # not without a reason
    me.fill(path(confirmed, "charges", str(Charge.objects.get().pk)), outcome="written_off", words="小额")
    page = me.get(path(confirmed))
    assert "cancelled, settled" in page.text
    assert "written off on 9 Nov" in page.text


def test_a_list_says_what_is_open_as_the_page_does(me: Person, confirmed: CaseDriver, another_card: CaseDriver) -> None:
    assert "138****0001 XK" in (results := me.get("/cases/?standing=money_open").part("results"))
    assert "cancelled, confirmed" in results
    confirmed.do(ExpectRefund(Decimal("35"), due_on=on("2026-11-20")), "2026-11-06T10:10")
    assert "cancelled, refund open" in me.get("/cases/?standing=money_open").part("results")
    confirmed.do(ReceiveRefund(on("2026-11-08")), "2026-11-08T10:00")
    confirmed.do(CheckBill(at("2026-11-08T11:00")), "2026-11-08T11:00")
    assert "cancelled, settled" in me.get("/cases/?standing=settled").part("results")


@pytest.mark.forged
def test_a_bill_of_a_later_month_settles_unless_it_charges_the_number(
    me: Person, manager: User, confirmed: CaseDriver
) -> None:
    billed(confirmed, "2026-10-01", manager)
    assert "Still open: the last bill is not checked yet" in me.get(path(confirmed)).text
    billed(confirmed, "2026-11-01", manager, "disputed")
    page = me.get(path(confirmed))
    assert "cancelled, bill in question" in page.text
    assert "Still open: 8.00 yuan in question on a bill" in page.text
    BillFinding.objects.update(state="all_right")
    page = me.get(path(confirmed))
    assert "cancelled, settled" in page.text
    assert "Check the bill after the cancellation" not in page.text
    assert "No action needed" in page.text


def test_one_card_is_told_what_to_look_for(me: Person, confirmed: CaseDriver, clock: time_machine.Traveller) -> None:
    clock.move_to(at("2026-10-20T10:00"))
    confirmed.do(ExpectRefund(Decimal("35"), due_on=on("2026-11-20")), "2026-10-20T10:00")
    page = me.get(path(confirmed))
    line = (
        "Look at the bill for October 2026 by 5 Nov: is anything charged after the cancellation, and if so what. "
        "Check that the refund arrives by 20 Nov."
    )
    assert line in page.text


def test_the_list_the_search_and_the_export_know_it(
    me: Person, new_driver: Make, confirmed: CaseDriver, another_card: CaseDriver
) -> None:
    settled = new_driver("13800000003", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    settled.do(Verify(at("2026-10-15T11:00"), "hotline", "cancelled", confirm=True), "2026-10-15T11:00")
    settled.do(CheckBill(at("2026-11-06T10:00")), "2026-11-06T10:00")

    def references(url: str) -> list[str]:
        text = me.get(url).text
        return [d.case.reference for d in (settled, confirmed, another_card) if d.case.reference in text]

    for query, listed in (("standing=settled", settled), ("standing=money_open", confirmed)):
        assert references(f"/cases/?{query}") == [listed.case.reference]
    for words, listed in (("了结", settled), ("未了结", confirmed), ("settled", settled), ("money-open", confirmed)):
        assert references(f"/cases/?q={words}") == [listed.case.reference]
    response = me.post("/cases/export/", {"format": "xlsx"}).response
    table = load_workbook(BytesIO(b"".join(response.streaming_content))).get_sheet_by_index(0).to_python()  # type: ignore[attr-defined]
    assert table[0][-1] == "Settled"
    assert {row[1]: row[-1] for row in table[1:]} == {
        settled.case.reference: "yes",
        confirmed.case.reference: "no: last bill",
        another_card.case.reference: "",
    }
