"""What cancellations saved: its page, its figure on the statistics, and its part of the monthly statement."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader
from python_calamine import load_workbook

from cases.domain.roles import Role
from cases.models import Card, Carrier, Charge, Membership, Team, User
from cases.operations import NewCharge, RecordCharge, RecordRefund, Verify
from tests.helpers import CaseDriver, at, new_case, on
from tests.web.html_client import Person
from tests.web.scenarios import Make


@pytest.fixture(autouse=True)
def december(clock: time_machine.Traveller) -> None:
    clock.move_to(at("2026-12-02T10:00"))


def cancelled(driver: CaseDriver, fee: str | None, department: str = "") -> CaseDriver:
    """Confirmed on 15 October: it saves from November on."""
    driver.do(Verify(at("2026-10-15T11:00"), "hotline", "cancelled", confirm=True), "2026-10-15T11:00")
    values = {"monthly_fee": Decimal(fee) if fee else None, "department": department}
    Card.objects.filter(pk=driver.case.card_id).update(**values)
    return driver


@pytest.fixture
def saved(new_driver: Make, unicom: Carrier) -> CaseDriver:
    begun = {"now": "2026-10-12T09:00", "submitted": "2026-10-12T09:00"}
    cancelled(new_driver("18600000002", carrier=unicom, **begun), "100", "Sales")
    cancelled(new_driver("13800000003", **begun), None)
    driver = cancelled(new_driver("13800000001", **begun), "19.90")
    for day, amount in (("2026-10-20", "8"), ("2026-11-20", "29")):
        driver.do(RecordCharge(NewCharge(Decimal(amount), on(day))), f"{day}T12:00")
    driver.do(RecordRefund(Charge.objects.get(amount=8).pk, on("2026-11-05")), "2026-11-21T12:00")
    return driver


def test_by_carrier_department_and_reason(me: Person, saved: CaseDriver) -> None:
    page = me.get("/statistics/savings/")
    assert "119.90 yuan this month, 239.80 yuan this year, 239.80 yuan since the start" in page.text
    by_carrier = page.part("by-carrier")
    assert "China Unicom 200.00 yuan 1 0.00 yuan 0.00 yuan 0.00 yuan 1" in by_carrier
    assert "China Mobile 39.80 yuan 1 8.00 yuan 0.00 yuan 29.00 yuan 2" in by_carrier
    assert by_carrier.endswith("Whole team 239.80 yuan 2 8.00 yuan 0.00 yuan 29.00 yuan 3")
    assert "Sales 200.00 yuan 1" in page.part("by-department")
    assert "No department 39.80 yuan 1 8.00 yuan" in page.part("by-department")
    assert "Cost: paying for an unused card 239.80 yuan 2" in page.part("by-reason")
    assert "1 cancelled card is not counted because it has no monthly fee." in page.text
    this_month = me.get("/statistics/savings/?period=month").part("by-carrier")
    assert this_month.endswith("Whole team 119.90 yuan 2 0.00 yuan 0.00 yuan 29.00 yuan 3")
    assert ("/cases/?standing=money_open", "Cases that are confirmed, with money open") in page.links


def test_nothing_yet_and_whatever_is_typed(me: Person) -> None:
    for query in ("", "?period=x&teams=all", "?period=%00"):
        page = me.get(f"/statistics/savings/{query}")
        assert page.status == 200
        assert "Nothing saved yet: it starts with the month after a case is confirmed." in page.text


def test_all_teams_of_a_person_and_no_other(
    me: Person, manager: User, saved: CaseDriver, mobile: Carrier, other_team: Team, stranger: User
) -> None:
    begun = {"number": "13900000009", "now": "2026-10-12T09:00", "submitted": "2026-10-12T09:00"}
    other = CaseDriver(new_case(other_team, mobile, stranger, **begun), stranger)
    cancelled(other, "50")
    assert "50.00" not in me.get("/statistics/savings/?teams=all").text
    Membership.objects.create(team=other_team, user=manager, role=Role.VIEWER)
    assert "50.00" not in me.get("/statistics/savings/").text
    page = me.get("/statistics/savings/?teams=all")
    assert page.part("by-carrier").endswith("All teams 339.80 yuan 3 8.00 yuan 0.00 yuan 29.00 yuan 4")


def test_a_figure_on_the_statistics_and_a_part_of_the_statement(me: Person, saved: CaseDriver) -> None:
    page = me.get("/statistics/")
    assert "119.90 yuan this month, 239.80 yuan this year" in page.part("savings")
    assert ("/statistics/savings/", "What it saved") in page.links
    page = me.get("/statistics/month/?month=2026-11")
    assert "Carrier China Unicom 100.00 1 0.00 0.00" in page.part("savings")
    assert page.part("savings").endswith("Whole team 119.90 2 8.00 0.00")
    assert "1 cancelled card is not counted because it has no monthly fee." in page.text
    assert me.get("/statistics/month/?month=2026-10").part("savings") == ""
    response = me.post("/statistics/month/", {"month": "2026-11", "format": "xlsx"}).response
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheet_names == ["November 2026", "What it saved"]
    table = book.get_sheet_by_index(1).to_python()
    assert table[0] == [
        "By", "Name", "Fees no longer paid (yuan)", "Cards", "Money back (yuan)", "Cost of delay (yuan)",
    ]  # fmt: skip
    assert table[1] == ["Carrier", "China Unicom", 100, 1, 0, 0]
    assert table[-1] == ["", "Whole team", 119.9, 2, 8, 0]
    response = me.post("/statistics/month/", {"month": "2026-11", "format": "pdf"}).response
    paper = PdfReader(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    text = "".join(page.extract_text() for page in paper.pages)
    for words in ("What it saved", "China Unicom", "119.90"):
        assert words in text


def test_the_queries_do_not_grow(
    me: Person, saved: CaseDriver, new_driver: Make, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(13):
        me.get("/statistics/savings/?period=all")
    for n in range(4):
        cancelled(new_driver(f"1390000000{n}", now="2026-10-12T09:00", submitted="2026-10-12T09:00"), "5", f"D{n}")
    with django_assert_num_queries(13):
        me.get("/statistics/savings/?period=all")
