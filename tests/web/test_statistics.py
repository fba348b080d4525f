"""What it all comes to, by carrier and for the team."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader
from python_calamine import load_workbook

from cases.models import AuditEntry, Card, Carrier, User
from cases.operations import NewCharge, RecordCharge
from tests.helpers import at, on
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make


def test_nothing_yet(me: Person) -> None:
    assert "Nothing to count yet" in me.get("/statistics/").text


def test_a_line_for_each_carrier_and_one_for_the_team(
    me: Person, outsider: Person, new_driver: Make, unicom: Carrier
) -> None:
    late = scenarios.overdue(new_driver)
    Card.objects.update(monthly_fee=Decimal("31"))
    late.do(RecordCharge(NewCharge(Decimal("1234.5"), on("2026-10-01"))), "2026-10-02T10:00")
    new_driver("18600000004", carrier=unicom, now="2026-10-15T15:00", submitted="2026-10-15T15:00")
    scenarios.promise_broken(
        new_driver
    )  # late too; nobody entered its fee, and its carrier's own window runs until 10-19
    told = me.get("/statistics/").part("statistics")
    assert "China Mobile 2 2 1,234.50 yuan 0.00 yuan 3.00 yuan" in told
    assert "China Unicom 1 0 0.00 yuan 0.00 yuan 0.00 yuan" in told
    assert told.endswith("Whole team 3 2 1,234.50 yuan 0.00 yuan 3.00 yuan")
    assert "Nothing to count yet" in outsider.get("/statistics/").text


def test_late_cases_without_a_fee_are_told(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    assert (
        "1 overdue case is not included in the cost because its card has no monthly fee." in me.get("/statistics/").text
    )


def test_the_queries_do_not_grow(me: Person, new_driver: Make, django_assert_max_num_queries: Any) -> None:
    for n in range(4):
        scenarios.overdue(new_driver, f"1380000000{n}")
    with django_assert_max_num_queries(15):
        me.get("/statistics/")


# A month that is over; it is 2 November in these tests.


@pytest.fixture
def november(clock: time_machine.Traveller) -> None:
    clock.move_to(at("2026-11-02T10:00"))


def october(person: Person, **asked: str) -> bytes:
    page = person.post("/statistics/month/", {"month": "2026-10", **asked})
    assert page.response["Cache-Control"] == "private, no-store", page.text
    return b"".join(page.response.streaming_content)  # type: ignore[attr-defined]


def test_the_last_month_is_shown_first(november: None, me: Person, outsider: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    Card.objects.update(monthly_fee=Decimal("3100"))
    assert ("/statistics/month/", "Monthly statement") in me.get("/statistics/").links
    page = me.get("/statistics/month/")
    assert "Monthly statement · October 2026" in page.text
    told = page.part("statement")
    assert told.endswith("Whole team 1 0 0 0 0 1 1 18 1,800.00")
    assert "China Mobile 1 0 0 0 0 1 1 18 1,800.00" in told
    assert "The team had no open cases in this month." in outsider.get("/statistics/month/").text
    assert "China Mobile 0 1 0 0 0 1 0 0 0.00" in me.get("/statistics/month/?month=2026-09").part("statement")
    assert "The team had no open cases in this month." in me.get("/statistics/month/?month=2026-08").text


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2026-11", "This month is not over yet"),
        ("2026-13", "Enter a month, like 2026-09."),
        ("%00", "Null characters are not allowed."),
        ("", "Enter a month, like 2026-09."),
        ("9" * 30, "at most 20 characters"),
    ],
)
def test_a_month_that_makes_no_sense_is_said(
    november: None, me: Person, new_driver: Make, month: str, said: str
) -> None:
    scenarios.overdue(new_driver)
    for page in (me.get(f"/statistics/month/?month={month}&x=1"), me.post("/statistics/month/", month=month)):
        assert page.status == 200
        assert page.part("statement") == ""
    assert said in me.get(f"/statistics/month/?month={month}&x=1").text


def test_as_a_spreadsheet_and_as_a_paper_noted(november: None, me: Person, manager: User, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    table = load_workbook(BytesIO(october(me, format="xlsx"))).get_sheet_by_index(0).to_python()
    assert table == [
        ["Carrier", "Open before", "Logged", "Reopened", "Confirmed", "Withdrawn", "Still open", "Overdue",
         "Days of delay", "Cost of delay (yuan)"],
        ["China Mobile", 1, 0, 0, 0, 0, 1, 1, 18, 0],
        ["Whole team", 1, 0, 0, 0, 0, 1, 1, 18, 0],
    ]  # fmt: skip
    paper = PdfReader(BytesIO(october(me, format="pdf"))).pages[0].extract_text()
    for words in ("Monthly statement · October 2026", "销售一部", "China Mobile", "1 overdue case is not included"):
        assert words in paper
    noted = AuditEntry.objects.filter(kind="exported").order_by("pk")
    assert [(entry.about, entry.by) for entry in noted] == [
        ("statement 2026-10, xlsx", manager),
        ("statement 2026-10, pdf", manager),
    ]


def test_in_chinese(november: None, manager: User, sign_in: Callable[..., Person], new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    me = sign_in(manager, "zh-hans")
    assert "月度报表 · 2026年10月" in me.get("/statistics/month/").text
    paper = PdfReader(BytesIO(october(me, format="pdf"))).pages[0].extract_text()
    for words in ("月度报表 · 2026年10月", "中国移动", "全团队", "月末未结"):
        assert words in paper
