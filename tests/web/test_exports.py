"""Lists taken out as files: what they show, masked unless asked for, safe in a spreadsheet, noted."""

import csv
import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import load_workbook

from cases import operations as ops
from cases.models import AuditEntry, Card, Carrier, Team, User
from tests.helpers import at, on
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make


def download(person: Person, path: str, **asked: Any) -> bytes:
    page = person.post(path, asked)
    assert page.status == 200, page.text
    assert page.response["Content-Disposition"].startswith("attachment; "), page.text
    assert page.response["Cache-Control"] == "private, no-store"
    return b"".join(page.response.streaming_content)  # type: ignore[attr-defined]


def lines(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def sheet(data: bytes) -> list[list[Any]]:
    return load_workbook(BytesIO(data)).get_sheet_by_index(0).to_python()


def test_of_a_refund_that_was_put_off_both_days_and_what_is_outstanding(me: Person, new_driver: Make) -> None:
    driver = scenarios.refund_overdue(new_driver)
    driver.do(ops.PromiseRefund(at("2026-10-16T09:00"), on("2026-10-20")), "2026-10-16T09:05")
    title, row = lines(download(me, "/cases/export/?standing=refund_open", format="csv"))
    assert {name: row[title.index(name)] for name in ("Refund due", "Refund first due", "Outstanding (yuan)")} == {
        "Refund due": "2026-10-20",
        "Refund first due": "2026-10-15",
        "Outstanding (yuan)": "36.50",
    }


def test_the_list_as_csv_with_its_filter_and_order(me: Person, new_driver: Make) -> None:
    late, due = scenarios.overdue(new_driver), scenarios.due_today(new_driver)
    scenarios.confirmed(new_driver)
    Card.objects.filter(pk=late.case.card_id).update(user="张三", department="销售一部")
    table = lines(download(me, "/cases/export/?status=submitted&sort=reply_by", format="csv"))
    assert table[0][:8] == [
        "Number", "Case reference", "Carrier", "Status", "Progress", "Submitted", "Reply due", "Overdue from",
    ]  # fmt: skip
    assert table[1:] == [
        [
            "138****0005", late.case.reference, "China Mobile", "Submitted", "3 working days overdue",
            "2026-09-30 15:00", "Tue 13 Oct 2026, 24:00", "2026-10-14 00:00", "", "", "",
            "Cost: paying for an unused card", "Hotline", "", "", "张三", "销售一部", "", "", "", "", "", "",
        ],
        [
            "138****0003", due.case.reference, "China Mobile", "Submitted", "due today",
            "2026-10-10 11:00", "Fri 16 Oct 2026, 24:00", "2026-10-17 00:00", "", "", "",
            "Cost: paying for an unused card", "Hotline", "", "", "", "", "", "", "", "", "", "",
        ],
    ]  # fmt: skip


def test_the_list_as_xlsx_has_real_dates(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    table = sheet(download(me, "/cases/export/", format="xlsx"))
    assert table[0][:2] == ["Number", "Case reference"]
    assert (table[1][0], table[1][5]) == ("138****0005", datetime(2026, 9, 30, 15, 0))
    # A midnight, which the reader takes for its day.
    assert table[1][6:8] == ["Tue 13 Oct 2026, 24:00", date(2026, 10, 14)]
    assert len(table) == 2


@pytest.mark.parametrize(("path", "name"), [("/cases/export/", "Cases"), ("/cards/export/", "Cards")])
def test_a_workbook_has_a_named_sheet_a_filter_and_titles_that_stay(
    me: Person, new_driver: Make, path: str, name: str
) -> None:
    scenarios.overdue(new_driver)
    scenarios.draft(new_driver)
    data = download(me, path, format="xlsx")
    assert load_workbook(BytesIO(data)).sheet_names == [name]
    with ZipFile(BytesIO(data)) as packed:
        xml = packed.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<autoFilter ref="A1:[A-Z]+3"', xml)
    assert 'ySplit="1"' in xml
    assert 'state="frozen"' in xml


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_holder_or_plan_is_a_formula(me: Person, team: Team, mobile: Carrier, form: str) -> None:
    Card.objects.create(
        team=team, number="13800138000", carrier=mobile, holder='=HYPERLINK("http://example.com","x")', plan="+10\x01G"
    )
    data = download(me, "/cards/export/", format=form)
    if form == "csv":
        assert lines(data)[1][2:7:4] == ['\'=HYPERLINK("http://example.com","x")', "'+10\x01G"]
        return
    assert sheet(data)[1][2:7:4] == ['=HYPERLINK("http://example.com","x")', "+10G"]
    with ZipFile(BytesIO(data)) as packed:
        assert b"<f" not in packed.read("xl/worksheets/sheet1.xml").replace(b"<frozen", b"")


def test_those_that_are_ticked_and_no_others(me: Person, new_driver: Make) -> None:
    late, due, draft = (
        scenarios.overdue(new_driver).case,
        scenarios.due_today(new_driver).case,
        scenarios.draft(new_driver).case,
    )
    page = me.post("/cases/export/", {"case": [late.reference, draft.reference], "filter": "sort=reply_by"})
    assert "2 cases, as filtered." in page.text
    asked = page.form().fields
    assert asked["references"] == f"{draft.reference} {late.reference}"
    table = lines(download(me, "/cases/export/", **asked | {"format": "csv"}))
    assert [row[1] for row in table[1:]] == [draft.reference, late.reference]
    assert due.reference not in str(table)
    assert "Nothing to export" in me.post("/cases/export/", filter="").text
    assert "Nothing to export" in me.post("/cases/export/", {"case": ["XK-22222222", "\0"], "filter": ""}).text


def test_everything_leads_to_the_whole_list(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    scenarios.draft(new_driver)
    page = me.post("/cases/export/", everything="1", filter="standing=overdue")
    assert page.location == "/cases/export/?standing=overdue"
    assert "1 case, as filtered." in me.follow(page).text


def test_numbers_in_full_are_asked_for_and_noted_with_each_card(me: Person, manager: User, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    scenarios.draft(new_driver)
    assert lines(download(me, "/cases/export/", format="csv"))[1][0] == "138****0001"
    masked = AuditEntry.objects.get(kind="exported")
    assert (masked.kind, masked.about, masked.card) == ("exported", "2 cases, csv", None)
    full = lines(download(me, "/cases/export/", format="csv", full_numbers="on"))
    assert [row[0] for row in full[1:]] == ["13800000001", "13800000005"]
    noted = AuditEntry.objects.filter(pk__gt=masked.pk)
    assert [(entry.kind, entry.about, entry.by) for entry in noted.order_by("pk")] == [
        ("exported", "2 cases, csv, numbers in full", manager),
        ("number_shown", "list, numbers in full", manager),
        ("number_shown", "list, numbers in full", manager),
    ]


def test_a_viewer_takes_out_what_a_viewer_sees(
    viewer: User, new_driver: Make, sign_in: Callable[[User], Person]
) -> None:
    scenarios.overdue(new_driver)
    viewer_client = sign_in(viewer)
    assert "full_numbers" not in viewer_client.get("/cases/export/").html
    assert lines(download(viewer_client, "/cases/export/", format="csv"))[1][0] == "138****0005"
    assert viewer_client.client.post("/cases/export/", {"format": "csv", "full_numbers": "on"}).status_code == 403


def test_other_teams_are_not_in_it(outsider: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    for path in ("/cases/export/", "/cards/export/"):
        page: Page = outsider.post(path, format="csv")
        assert (page.status, "Nothing to export" in page.text) == (200, True)


def test_what_was_searched_for_narrows_the_cards_too(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    scenarios.draft(new_driver)
    page = me.follow(me.post("/cards/", q="13800000005"))
    link = next(href for href, said in page.links if said == "Export")
    assert [row[0] for row in lines(download(me, link, format="csv"))[1:]] == ["138****0005"]


def test_too_many_rows_are_refused_with_a_sentence(
    me: Person, new_driver: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.documents.exports.MAX_ROWS", 1)
    scenarios.overdue(new_driver)
    scenarios.draft(new_driver)
    page = me.post("/cases/export/", format="csv")
    assert "The list has more than 1 rows. Filter it first." in page.text
    assert not AuditEntry.objects.filter(kind="exported").exists()


def test_taking_out_asks_for_a_number_of_queries_that_does_not_grow(
    me: Person, new_driver: Make, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        scenarios.overdue(new_driver, f"1380000{number:04}")
    with django_assert_max_num_queries(16):
        assert len(lines(download(me, "/cases/export/", format="csv"))) == 31
