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
from cases.operations import NewCharge, RecordCharge, Verify
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
        "1 delayed case is not included in the cost of delay because its card has no monthly fee."
        in me.get("/statistics/").text
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
        ("2026-12", "This month has not begun yet"),
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
        ["Carrier", "Open before", "Logged", "Reopened", "Confirmed", "Withdrawn", "Still open", "Were overdue",
         "Days of delay", "Cost of delay (yuan)"],
        ["China Mobile", 1, 0, 0, 0, 0, 1, 1, 18, 0],
        ["Whole team", 1, 0, 0, 0, 0, 1, 1, 18, 0],
        [""] * 10,
        [
            "Logged, reopened, confirmed and withdrawn: by the time they were recorded. Were overdue: cases whose "
            "reply was overdue at any time in the month, also where it has come since.", *[""] * 9,
        ],
        [
            "Days and cost of delay: calendar days of the month on which a carrier held a request beyond its time "
            "limit, and the monthly fee for those days. Days when the case was waiting for you do not count.",
            *[""] * 9,
        ],
        [
            "1 delayed case is not included in the cost of delay because its card has no monthly fee.", *[""] * 9,
        ],
    ]  # fmt: skip
    paper = PdfReader(BytesIO(october(me, format="pdf"))).pages[0].extract_text()
    for words in ("Monthly statement · October 2026", "销售一部", "China Mobile", "1 delayed case is not included"):
        assert words in paper
    noted = AuditEntry.objects.filter(kind="exported").order_by("pk")
    assert [(entry.about, entry.by) for entry in noted] == [
        ("statement 2026-10, xlsx", manager),
        ("statement 2026-10, pdf", manager),
    ]


def test_the_running_month_is_to_date_and_marked_as_not_over(november: None, me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    note = "This month is not over: the figures go up to 2 Nov, 10:00 and will change."
    over = me.get("/statistics/month/?month=2026-10")
    assert "This month is not over" not in over.text
    assert ("?month=2026-11", "Next month →") in over.links
    page = me.get("/statistics/month/?month=2026-11")
    assert "Monthly statement · November 2026 to date" in page.text
    assert note in page.text
    assert "China Mobile 1 0 0 0 0 1 1 2 0.00" in page.part("statement")
    assert "Open now" in page.html
    assert "Next month" not in page.text
    files = {
        kind: me.post("/statistics/month/", {"month": "2026-11", "format": kind}).response for kind in ("xlsx", "pdf")
    }
    assert 'filename="xiaoka-statement-2026-11-to-2026-11-02.xlsx"' in files["xlsx"]["Content-Disposition"]
    workbook = load_workbook(BytesIO(b"".join(files["xlsx"].streaming_content)))  # type: ignore[attr-defined]
    assert workbook.sheet_names == ["November 2026 to date"]
    rows = workbook.get_sheet_by_index(0).to_python()
    assert rows[4][0] == "This month is not over: the figures go up to 2 Nov 2026, 10:00 and will change."
    paper = PdfReader(BytesIO(b"".join(files["pdf"].streaming_content))).pages[0].extract_text()  # type: ignore[attr-defined]
    assert "November 2026 to date" in paper
    assert "This month is not over: the figures go up to 2 Nov 2026, 10:00" in paper


def test_the_two_counts_of_late_cases_say_what_they_count(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    done = new_driver("13800000009", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    done.do(Verify(at("2026-10-15T09:00"), "hotline", "cancelled", confirm=True), "2026-10-15T09:00")  # two days late
    page = me.get("/statistics/")
    assert "China Mobile 1 1 " in page.part("statistics")
    assert "2 delayed cases are not included in the cost of delay" in page.text
    assert "2 overdue" not in page.text


def test_in_chinese(november: None, manager: User, sign_in: Callable[..., Person], new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    me = sign_in(manager, "zh-hans")
    assert "月度报表 · 2026年10月" in me.get("/statistics/month/").text
    paper = PdfReader(BytesIO(october(me, format="pdf"))).pages[0].extract_text()
    for words in ("月度报表 · 2026年10月", "中国移动", "全团队", "月末未结"):
        assert words in paper
