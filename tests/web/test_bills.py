"""Bills at the browser: from a file to handled findings. The bills are synthetic."""

from decimal import Decimal

import pytest

from cases import operations as ops
from cases.models import Bill, BillFinding, Card, Carrier, Case, Team
from tests.helpers import CaseDriver, at, on
from tests.web.html_client import Person
from tests.web.scenarios import Make, path, to_verify

BILL = (
    "中国移动集团成员账单\n账期,202609\n手机号码,套餐及固定费,总计,通话时长(分钟)\n"
    "13900139000,8.00,8.00,0\n13900139001,18.00,18.00,5\n13700000001,9.00,9.00,3\n138****1234,1.00,1.00,2\n"
)


@pytest.fixture
def cards(team: Team, mobile: Carrier) -> list[Card]:
    return [
        Card.objects.create(team=team, number=number, carrier=mobile, monthly_fee=Decimal(8), opened_on="2024-01-01")
        for number in ("13900139000", "13900139001")
    ]


def test_from_pasted_rows_to_handled_findings(me: Person, cards: list[Card]) -> None:
    assert me.fill("/bills/new/", month="2026-09", pasted=BILL).status == 302
    bill = Bill.objects.get()
    page = me.get(f"/bills/{bill.pk}/")
    for text in ("Not among your cards", "Fee differs from the card’s", "Not used", "36.00", "138****1234"):
        assert text in page.text
    assert "13900139000" not in page.text
    unused = BillFinding.objects.get(kind="no_use")
    answer = me.post(
        f"/bills/{bill.pk}/findings/", {"kind": "no_use", "finding": unused.pk, "act": "request", "words": "没人用"}
    )
    assert answer.status == 302
    assert Case.objects.get().card == cards[0]
    assert me.post(f"/bills/{bill.pk}/remove/").status == 302
    assert Bill.objects.count() == 1  # something of it was handled


def test_what_is_refused_stays_on_the_page_with_the_reason(me: Person, cards: list[Card]) -> None:
    me.fill("/bills/new/", month="2026-09", pasted=BILL)
    bill, fee = Bill.objects.get(), BillFinding.objects.get(kind="fee_differs")
    page = me.post(
        f"/bills/{bill.pk}/findings/", {"kind": "fee_differs", "finding": fee.pk, "act": "all_right", "words": ""}
    )
    assert page.status == 200
    assert "Enter a reason" in page.text or "reason" in page.text.lower()
    assert BillFinding.objects.get(kind="fee_differs").state == "open"
    page = me.post(f"/bills/{bill.pk}/findings/", {"kind": "fee_differs", "act": "dispute", "words": "多收"})
    assert "Tick at least one number." in page.text
    assert 'value="多收"' in page.html


@pytest.mark.parametrize(
    ("month", "text", "sentence"),
    [
        ("2026-10", BILL, "This bill is of 2026-09, not of 2026-10. Choose the month that it is of."),
        ("2026-09", "hello", "No bill was found in this file"),
        ("2026-09", " ", "Choose a file or paste rows."),
        ("09/2026", BILL, "Enter a month, like 2026-10."),
        ("2026-13", BILL, "Enter a month, like 2026-10."),
    ],
)
def test_a_bill_that_cannot_be_read_loses_nothing_typed(me: Person, month: str, text: str, sentence: str) -> None:
    page = me.fill("/bills/new/", month=month, pasted=text)
    assert page.status == 200
    assert sentence in page.text
    assert not Bill.objects.exists()
    if text.strip():
        assert text.splitlines()[0] in page.text


def test_junk_is_no_error_of_ours(me: Person, cards: list[Card]) -> None:
    me.fill("/bills/new/", month="2026-09", pasted=BILL)
    bill = Bill.objects.get()
    for sent in (
        {},
        {"kind": "x", "finding": "1"},
        {"kind": "no_use", "finding": "9" * 30, "act": "request"},
        {"kind": "no_use", "finding": "\u0663", "act": "charge"},
    ):
        assert me.post(f"/bills/{bill.pk}/findings/", sent).status in (200, 302)
    assert BillFinding.objects.filter(state="open").count() == 3


def billed(me: Person, driver: CaseDriver, minutes: int) -> BillFinding:
    """A finding of the bill of November for a number confirmed as cancelled on 15 October."""
    driver.do(ops.Verify(at("2026-10-15T11:00"), "hotline", "cancelled", confirm=True), "2026-10-15T11:00")
    text = [*BILL.replace("202609", "202611").splitlines()[:3], f"{driver.case.card.number},8.00,8.00,{minutes}"]
    assert me.fill("/bills/new/", month="2026-11", pasted="\n".join(text)).status == 302
    return BillFinding.objects.get(kind="charged_after_cancellation")


def test_a_cancelled_number_that_was_billed_says_so_at_the_top_of_its_case(me: Person, new_driver: Make) -> None:
    driver = to_verify(new_driver)
    finding = billed(me, driver, 5)
    page = me.get(path(driver))
    assert (
        "The bill of November 2026 charges 8.00 yuan for this cancelled number. It shows that the number was used."
        in page.text
    )
    sent = {
        "kind": finding.kind,
        "finding": finding.pk,
        "act": "reopen",
        "words": "使用",
        "case": driver.case.reference,
    }
    answer = me.post(f"/bills/{finding.bill_id}/findings/", sent)
    assert answer.location == path(driver)
    assert (driver.status, BillFinding.objects.get().state) == ("under_review", "reopened")
    assert "The bill of November 2026" not in me.get(path(driver)).text


def test_reopening_is_offered_there_only_for_a_number_that_the_bill_shows_in_use(me: Person, new_driver: Make) -> None:
    driver = to_verify(new_driver)
    finding = billed(me, driver, 0)
    page = me.get(path(driver))
    assert "The bill of November 2026 charges 8.00 yuan for this cancelled number." in page.text
    assert "Reopen the case: the number is in use" not in page.text
    me.post(f"/bills/{finding.bill_id}/findings/", {"kind": finding.kind, "finding": finding.pk, "act": "dispute"})
    assert "Disputed with the carrier" in me.get(path(driver)).text
    me.post(
        f"/bills/{finding.bill_id}/findings/",
        {"kind": finding.kind, "finding": finding.pk, "act": "all_right", "words": "已退"},
    )
    assert "The bill of November 2026" not in me.get(path(driver)).text


STRANGE = "台账\n卡,归谁,钱,打了多久\n13900139000,王某,8.00,0\n13700000001,李某,9.00,3\n"


def test_a_bill_that_is_not_understood_asks_what_its_columns_are(me: Person, cards: list[Card]) -> None:
    answer = me.fill("/bills/new/", month="2026-09", pasted=STRANGE)
    bill = Bill.objects.get()
    address = f"/bills/{bill.pk}/columns/"
    assert answer.location == address
    assert "so nothing was compared" in me.get(f"/bills/{bill.pk}/").text
    assert (address, "not read yet") in me.get("/bills/").links
    page = me.get(address)
    assert "139****9000" in page.text
    assert "13900139000" not in page.html
    page = me.fill(address, column_2="other", column_3="other")
    assert "Choose one column with the numbers" in page.text
    assert me.fill(address, column_2="net", column_3="use", carrier="china-mobile").status == 302
    page = me.get(f"/bills/{bill.pk}/")
    assert "The bill was compared again." in page.text
    assert "Not among your cards" in page.text
    kinds = [finding.kind for finding in BillFinding.objects.order_by("pk")]
    assert kinds == ["no_use", "not_in_register", "never_billed"]
    assert "Say what the columns are" in page.text


def test_another_row_of_titles_is_shown_before_it_is_read(me: Person, cards: list[Card], unicom: Carrier) -> None:
    me.fill("/bills/new/", month="2026-09", pasted=STRANGE)
    address = f"/bills/{Bill.objects.get().pk}/columns/"
    page = me.fill(address, header_row="1", carrier="china-unicom")
    assert page.status == 200
    assert page.form().fields["carrier"] == "china-unicom"
    assert not Bill.objects.get().is_read
    for junk in ({"header_row": "9" * 30}, {"header_row": "-1", "sheet": "77"}, {"sheet": "x"}, {"header_row": "999"}):
        assert me.post(address, junk).status == 200


def test_where_the_carrier_charges_the_whole_month_a_charge_in_it_is_not_after_the_end(
    me: Person, new_driver: Make, mobile: Carrier
) -> None:
    driver = to_verify(new_driver)
    driver.do(ops.Verify(at("2026-10-15T11:00"), "hotline", "cancelled", confirm=True), "2026-10-15T11:00")
    driver.do(ops.RecordCharge(ops.NewCharge(Decimal(8), on("2026-10-16"))), "2026-10-16T09:00")
    assert driver.last_content["after_cancellation"] is True
    assert "was charged after the cancellation" in me.get(path(driver)).text
    Carrier.objects.filter(pk=mobile.pk).update(bills_whole_month=True)
    assert "was charged after the cancellation" not in me.get(path(driver)).text
