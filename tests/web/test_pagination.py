"""Pages of the long lists begin where the one before them ended; few rows or dense ones, the list is the same."""

import itertools
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from cases.models import Card, Carrier, Case, Team, User
from tests.helpers import at, new_case
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make


@pytest.fixture(params=["few", "dense"])
def pages_of_three(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three rows a page. `dense`: so many rows are found that the order's index is walked."""
    monkeypatch.setattr("cases.web.views.case_lists.PAGE_SIZE", 3)
    monkeypatch.setattr("cases.web.card_table.SIZES", (3, 200))
    if request.param == "dense":
        monkeypatch.setattr("cases.selectors.pagination.MAX_KEYS", 4)
        monkeypatch.setattr("cases.selectors.search.MAX_KEYS", 2)
    return str(request.param)


@pytest.fixture
def eight(new_driver: Make, mobile: Carrier) -> None:
    """Six with a deadline, of which three have the same, and two drafts; the numbers in another order."""
    for number, day in [("0007", "10-10"), ("0001", "09-30"), ("0005", "09-30"), ("0003", "09-30"), ("0008", "10-12")]:
        new_driver(f"1380000{number}", now=f"2026-{day}T15:00", submitted=f"2026-{day}T15:00")
    scenarios.draft(new_driver, "13800000002")
    new_driver("13800000006", now="2026-10-14T15:00", submitted="2026-10-14T15:00")
    scenarios.draft(new_driver, "13800000004")


def listed_numbers(page: Page) -> list[str]:
    return [said[-4:] for href, said in page.links if href.startswith("/cases/XK-") and "****" in said]


def link(page: Page, *said: str) -> str:
    return next((href for href, text in page.links if text in said), "")


ORDERS = {
    "newest": ["0004", "0006", "0002", "0008", "0003", "0005", "0001", "0007"],
    "reply_by": ["0001", "0005", "0003", "0007", "0008", "0006", "0004", "0002"],
    "submitted": ["0001", "0005", "0003", "0007", "0008", "0006", "0004", "0002"],
    "number": ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"],
    # The other way round; those without the day stay at the end, the newest first.
    "-reply_by": ["0006", "0008", "0007", "0003", "0005", "0001", "0004", "0002"],
    "-submitted": ["0006", "0008", "0007", "0003", "0005", "0001", "0004", "0002"],
    "-number": ["0008", "0007", "0006", "0005", "0004", "0003", "0002", "0001"],
}


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.usefixtures("pages_of_three", "eight")
def test_there_and_back(me: Person, sort: str) -> None:
    page = me.get("/cases/", sort=sort, q="138")
    there = [listed_numbers(page)]
    assert not link(page, "Newer", "Previous", "First page")
    while onwards := link(page, "Older", "Next"):
        page = me.get(f"/cases/{onwards}")
        there.append(listed_numbers(page))
    assert [number for page_ in there for number in page_] == ORDERS[sort]
    assert [len(page_) for page_ in there] == [3, 3, 2]
    back = [listed_numbers(page)]
    while backwards := link(page, "Newer", "Previous"):
        assert not re.search(r"138[0-9]{8}|[0-9]{3}\*", backwards)  # no number stands in an address
        page = me.get(f"/cases/{backwards}")
        back.append(listed_numbers(page))
    assert back == there[::-1]


@pytest.mark.usefixtures("pages_of_three", "eight")
def test_a_page_keeps_what_was_asked(me: Person) -> None:
    first = me.get("/cases/", q="138", sort="reply_by", status="submitted", reason="cost")
    asked = parse_qs(urlsplit(link(first, "Next")).query)
    assert asked.pop("after")
    assert asked == {"q": ["138"], "sort": ["reply_by"], "status": ["submitted"], "reason": ["cost"]}
    second = me.get(f"/cases/{link(first, 'Next')}")
    assert listed_numbers(first) + listed_numbers(second) == ["0001", "0005", "0003", "0007", "0008", "0006"]
    assert parse_qs(urlsplit(link(second, "First page")).query) == asked


@pytest.mark.usefixtures("pages_of_three", "eight")
def test_a_case_that_was_logged_meanwhile_moves_no_page(me: Person, new_driver: Make) -> None:
    first = me.get("/cases/")
    scenarios.draft(new_driver, "13800000009")
    assert listed_numbers(me.get(f"/cases/{link(first, 'Older')}")) == ["0008", "0003", "0005"]


@pytest.mark.forged
@pytest.mark.usefixtures("pages_of_three", "eight")
def test_a_page_whose_last_case_went_goes_on_all_the_same(me: Person) -> None:
    first = me.get("/cases/", standing="overdue", sort="number")
    Case.objects.filter(card__number="13800000005").update(reply_by=at("2026-10-20T00:00"))
    onwards = me.get("/cases/", standing="overdue", sort="number", after=Case.objects.get(card__number__endswith=5).pk)
    assert listed_numbers(first) == ["0001", "0003", "0005"]
    assert listed_numbers(onwards) == ["0001", "0003"]  # nothing follows: the first page again


PLACES = ["x", "0", "-1", "1.1", "9" * 18, "9" * 17 + "." + "9" * 18, "9" * 40, "", "1.", "١"]


@pytest.mark.usefixtures("pages_of_three", "eight")
@pytest.mark.parametrize("sort", ORDERS)
def test_a_place_that_is_none(me: Person, sort: str) -> None:
    for way, place in itertools.product(("after", "before"), PLACES):
        page = me.get("/cases/", sort=sort, **{way: place})
        assert page.status == 200, (way, place)
        assert 0 < len(listed_numbers(page)) <= 3, (way, place)


@pytest.mark.usefixtures("pages_of_three", "eight")
def test_anothers_case_tells_nothing_of_its_number(
    me: Person, other_team: Team, stranger: User, mobile: Carrier
) -> None:
    theirs = new_case(other_team, mobile, stranger, number="13800000005")
    assert listed_numbers(me.get("/cases/", sort="number", after=str(theirs.pk))) == ["0001", "0002", "0003"]
    assert listed_numbers(me.get("/cases/", sort="-number", after=str(theirs.pk))) == ["0008", "0007", "0006"]


@pytest.mark.usefixtures("pages_of_three", "eight")
def test_the_register_there_and_back(me: Person) -> None:
    def numbers(page: Page) -> list[str]:
        return [said[-4:] for href, said in page.links if href.startswith("/cards/") and "****" in said]

    page = me.get("/cards/", q="138")
    assert numbers(page) == ["0004", "0006", "0002"]
    page = me.get(f"/cards/{link(page, 'Older')}")
    assert numbers(page) == ["0008", "0003", "0005"]
    last = me.get(f"/cards/{link(page, 'Older')}")
    assert numbers(last) == ["0001", "0007"]
    assert not link(last, "Older")
    assert numbers(me.get(f"/cards/{link(last, 'Newer')}")) == numbers(page)


@pytest.mark.parametrize("typed", ["0001", "138", "138****0001", "sl-4711", "移动", "张", "zhang", "XK"])
def test_a_search_finds_the_same_among_few_and_many(
    me: Person, new_driver: Make, unicom: Carrier, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    for make in (scenarios.waiting, scenarios.overdue, scenarios.draft):
        make(new_driver)
    new_driver("18600000001", carrier=unicom)
    Card.objects.filter(number="18600000001").update(holder="张三丰")
    Card.objects.filter(number="13800000005").update(holder="Zhang San")
    pages = {path: me.get(path, q=typed) for path in ("/cases/", "/cards/")}
    few = {path: [said for _, said in page.links if "****" in said] for path, page in pages.items()}
    monkeypatch.setattr("cases.selectors.search.MAX_KEYS", 1)
    pages = {path: me.get(path, q=typed) for path in ("/cases/", "/cards/")}
    assert {path: [said for _, said in page.links if "****" in said] for path, page in pages.items()} == few
    expected = {"0001": 2, "138": 3, "138****0001": 1, "sl-4711": 1, "移动": 3, "张": 1, "zhang": 1}
    assert len(few["/cases/"]) == expected.get(typed, 0)


def test_a_count_stops_at_999(me: Person, new_driver: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    first = scenarios.overdue(new_driver).case
    cards = Card.objects.bulk_create(
        Card(team=first.team, carrier=first.carrier, number=str(13900000000 + n)) for n in range(999)
    )
    Case.objects.bulk_create(
        Case(team=first.team, card=card, carrier=first.carrier, reason="cost", channel="app") for card in cards[:998]
    )
    assert me.get("/cases/").part("results").startswith("999 cases")
    assert me.get("/cards/").text.count("999+ cards") == 1
    Case.objects.create(team=first.team, card=cards[-1], carrier=first.carrier, reason="cost", channel="app")
    page = me.get("/cases/")
    assert page.part("results").startswith("999+ cases")
    assert "All 999+ that match" in page.text
    assert "View all 999 →" in me.get("/").part("draft")


@pytest.fixture
def full(me: Person, new_driver: Make, other_team: Team, unicom: Carrier) -> Callable[[], None]:
    """Every section of the work list, more of each with every call."""
    numbers = iter(range(10_000))

    def more() -> None:
        for make in scenarios.STATES.values():
            make(new_driver, f"1390000{next(numbers):04}")

    return more


LISTS = [
    "/",
    "/cases/",
    *(f"/cases/?sort={sort}" for sort in ORDERS),
    *(f"/cases/?q={typed}" for typed in ("139****0001", "0001", "139", "XK-22222222", "sl-4711", "张", "移动")),
    *(f"/cases/?standing={key}" for key in ("overdue", "due_today", "promised_today", "to_verify", "returned")),
    *(f"/cases/?standing={key}" for key in ("waiting", "draft", "no_receipt")),
    "/cases/?status=confirmed&carrier=china-mobile&reason=cost&q=139&sort=number&after={confirmed}",
    "/cards/",
    "/cards/?q=0001",
    "/cards/?q=移动",
    "/messages/",
    "/messages/?box=all",
    "/batches/",
    "/carriers/",
]


#: The table of cards asks for its own columns, its saved views and the names of its filters as well.
QUERIES, QUERIES_OF_CARDS, QUERIES_OF_WORK_LIST = 12, 15, 18


def test_the_queries_of_a_list_do_not_grow(
    me: Person, full: Callable[[], None], django_assert_max_num_queries: Callable[..., object]
) -> None:
    full()
    me.get("/")
    confirmed = Case.objects.filter(status="confirmed").values_list("pk", flat=True)[0]
    for more in range(2):
        for path in (path.format(confirmed=confirmed) for path in LISTS):
            most = QUERIES_OF_CARDS if path.startswith("/cards/") else QUERIES
            most = QUERIES_OF_WORK_LIST if path == "/" else most
            with django_assert_max_num_queries(most):  # type: ignore[attr-defined]
                assert me.get(path).status == 200, path
        if not more:
            full()
