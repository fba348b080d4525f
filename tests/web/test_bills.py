"""Bills at the browser: from a file to handled findings. The bills are synthetic."""

from decimal import Decimal

import pytest

from cases.models import Bill, BillFinding, Card, Carrier, Case, Team
from tests.web.html_client import Person

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
