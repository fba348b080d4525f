"""All cases: searched, narrowed, sorted, paged; all of it in the address."""

from urllib.parse import parse_qs, urlsplit

import pytest

from cases.models import Carrier
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make


def listed_numbers(page: Page) -> list[str]:
    """The last four digits of the cases listed, in order."""
    return [said[-4:] for href, said in page.links if href.startswith("/cases/XK-") and "****" in said]


def test_a_number_typed_in_any_way_finds_its_case(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    scenarios.waiting(new_driver)
    for typed in (
        "13800000005",
        "138 0000 0005",
        "138-0000-0005",
        "+86 138 0000 0005",
        "0086 13800000005",
        "１３８ ００００ ０００５",
        "  13800000005  ",
        "0005",
    ):
        assert listed_numbers(me.follow(me.post("/cases/", q=typed))) == ["0005"], typed


def test_the_beginning_of_a_number_finds_all_that_begin_so(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver, "13912340001")
    scenarios.waiting(new_driver, "13912350002")
    assert listed_numbers(me.get("/cases/", q="1391234")) == ["0001"]
    assert listed_numbers(me.get("/cases/", q="139 123")) == ["0002", "0001"]


def test_references_find_their_case(me: Person, new_driver: Make) -> None:
    late = scenarios.overdue(new_driver).case
    scenarios.waiting(new_driver)
    assert listed_numbers(me.get("/cases/", q=late.reference)) == ["0005"]
    assert listed_numbers(me.get("/cases/", q=f" {late.reference.lower()} ")) == ["0005"]
    assert listed_numbers(me.get("/cases/", q="sl-4711")) == ["0002"]


def test_carrier_and_holder_find_their_cases(me: Person, new_driver: Make, unicom: Carrier) -> None:
    scenarios.overdue(new_driver)
    driver = new_driver("18600000001", carrier=unicom, submitted="2026-09-30T15:00")
    driver.case.card.holder = "上海某某有限公司"
    driver.case.card.save()
    for typed in ("联通", "china uni", "上海某某"):
        assert listed_numbers(me.get("/cases/", q=typed)) == ["0001"], typed


def test_what_fits_nothing_says_what_to_do(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    page = me.follow(me.post("/cases/", q="13999999999"))
    assert "No cases found Remove a filter, or search by the last four digits." in page.text
    assert 'value="139****9999"' in page.html


def test_narrowed_by_where_it_stands_and_by_status(me: Person, new_driver: Make) -> None:
    for make in list(scenarios.STATES.values())[:12]:
        make(new_driver)
    standings = {
        "overdue": ["0006", "0005"],
        "due_today": ["0004", "0003"],
        "promised_today": ["0004"],
        "to_verify": ["0009", "0008"],
        "returned": ["0010"],
        "waiting": ["0007", "0002"],
        "draft": ["0001"],
        "no_receipt": ["0011"],
    }
    assert {standing: listed_numbers(me.get("/cases/", standing=standing)) for standing in standings} == standings
    statuses = {
        "draft": ["0001"],
        "submitted": ["0009", "0008", "0006", "0005", "0004", "0003", "0002"],
        "under_review": ["0007"],
        "returned": ["0010"],
        "confirmed": ["0011"],
        "withdrawn": ["0012"],
    }
    assert {status: listed_numbers(me.get("/cases/", status=status)) for status in statuses} == statuses


@pytest.mark.forged
def test_filters_add_up(me: Person, new_driver: Make, unicom: Carrier) -> None:
    scenarios.overdue(new_driver)
    other = new_driver("18600000001", carrier=unicom, submitted="2026-09-30T15:00").case
    other.reason = "harassment"
    other.save()
    assert listed_numbers(me.get("/cases/", carrier="china-unicom")) == ["0001"]
    assert listed_numbers(me.get("/cases/", carrier="china-mobile")) == ["0005"]
    assert listed_numbers(me.get("/cases/", reason="harassment")) == ["0001"]
    assert listed_numbers(me.get("/cases/", reason="harassment", carrier="china-mobile")) == []
    assert listed_numbers(
        me.get("/cases/", reason="harassment", carrier="china-unicom", q="0001", status="submitted")
    ) == ["0001"]


def test_sorted(me: Person, new_driver: Make) -> None:
    for make in (scenarios.waiting, scenarios.due_today, scenarios.overdue, scenarios.draft):
        make(new_driver)
    sorts = {
        "newest": ["0001", "0005", "0003", "0002"],
        "reply_by": ["0005", "0003", "0002", "0001"],
        "submitted": ["0005", "0003", "0002", "0001"],
        "number": ["0001", "0002", "0003", "0005"],
        "": ["0001", "0005", "0003", "0002"],
    }
    assert {sort: listed_numbers(me.get("/cases/", sort=sort)) for sort in sorts} == sorts


def test_pages_keep_what_was_asked(me: Person, new_driver: Make) -> None:
    for n in range(51):
        scenarios.draft(new_driver, f"1380000{n:04}")
    asked = {"q": "138", "standing": "draft", "sort": "number", "reason": "cost"}
    first = me.get("/cases/", **asked)
    assert len(listed_numbers(first)) == 50
    assert "51 cases" in first.text
    href = next(href for href, said in first.links if said == "Next")
    by_name = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
    assert by_name.pop("after").isdigit()
    assert by_name == asked
    second = me.get(f"/cases/{href}")
    assert listed_numbers(second) == ["0050"]
    assert any(said == "Previous" for _, said in second.links)


def test_the_form_shows_what_was_asked(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    page = me.get("/cases/", q="0005", standing="overdue", sort="reply_by")
    fields = next(form.fields for form in page.forms if "standing" in form.every)
    assert fields.pop("csrfmiddlewaretoken")
    assert fields == {
        "q": "0005",
        "standing": "overdue",
        "status": "",
        "carrier": "",
        "reason": "",
        "department": "",
        "user": "",
        "sort": "reply_by",
    }
    assert ("/cases/", "Clear filters") in page.links


JUNK = [
    "?page=0",
    "?page=-1",
    "?page=x",
    "?page=99999999999999999999",
    "?page=" + "9" * 5000,
    "?page=%00",
    "?page=last",
    "?after=x",
    "?before=%00",
    "?after=" + "9" * 5000,
    "?status=nonsense",
    "?standing=nonsense&sort=nonsense&carrier=nonsense&reason=nonsense",
    "?carrier=%00",
    "?carrier[]=1",
    "?q=%00",
    "?q=%F0%9F%98%80",
    "?q=%FF%FE",
    "?q=" + "a" * 5000,
    "?q=%25_%27%22--",
    "?q=" + "1" * 60,
    "?nonsense=1&nonsense=2",
    "?&&&===",
]


@pytest.mark.parametrize("path", ["/cases/", "/cards/", "/"])
def test_junk_in_the_address_is_passed_over(me: Person, new_driver: Make, path: str) -> None:
    scenarios.overdue(new_driver)
    assert {address: me.get(path + address).status for address in JUNK} == dict.fromkeys(JUNK, 200)
