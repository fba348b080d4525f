"""The one search box: what it finds, by kind, how many, and where all of them are listed."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import AuditEntry, Card, CarrierMessage, Case, Team, User
from cases.selectors.messages import MESSAGES_SEARCHED
from tests.helpers import CaseDriver
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

KINDS = ("cases", "cards", "people", "departments", "messages")


@pytest.fixture
def late(new_driver: Make) -> CaseDriver:
    driver = scenarios.overdue(new_driver)
    names = {"user": "张三", "department": "销售一部", "holder": "上海某某有限公司"}
    Card.objects.filter(pk=driver.case.card_id).update(**names)
    return driver


@pytest.fixture
def other(new_driver: Make) -> CaseDriver:
    return scenarios.waiting(new_driver)


def message(team: Team, text: str, number: int = 0, card: Card | None = None) -> CarrierMessage:
    return CarrierMessage.objects.create(
        team=team, source="pasted", sender="10086", text=text, state="set_aside", digest=f"{number:064}", card=card,
        received_at=NOW - timedelta(minutes=number), stored_at=NOW,
    )  # fmt: skip


def found(page: Page) -> dict[str, str]:
    """The groups of a page with their words."""
    return {kind: page.part(kind) for kind in KINDS if f'id="{kind}"' in page.html}


def search(person: Person, typed: str) -> Page:
    return person.follow(person.post("/search/", q=typed))


@pytest.mark.parametrize("typed", ["13800000005", "138 0000 0005", "138****0005", "0005"])
def test_a_number_finds_its_case_card_and_messages(
    me: Person, team: Team, late: CaseDriver, other: CaseDriver, typed: str
) -> None:
    sms = message(team, "号码13800000005已受理")
    message(team, "号码13800000006已受理", 1)
    matched = message(team, "您的业务已办结", 2, card=late.case.card)
    page = search(me, typed)
    groups = found(page)
    assert list(groups) == ["cases", "cards", "messages"]
    assert groups["cases"].startswith("Cases 1 138****0005 China Mobile")
    assert (
        groups["cards"] == "Cards 1 138****0005 China Mobile Holder: 上海某某有限公司 Department: 销售一部 User: 张三"
    )
    assert groups["messages"].startswith("SMS from carriers 2")
    assert "号码138****0005已受理" in groups["messages"]
    assert {f"/messages/{sms.pk}/", f"/messages/{matched.pk}/", f"/cards/{late.case.card_id}/"} <= set(page.hrefs)
    assert "13800000005" not in page.html


def test_no_number_stands_in_an_address(me: Person, late: CaseDriver) -> None:
    assert me.post("/search/", q="13800000005").location == "/search/?q=138%2A%2A%2A%2A0005"
    assert me.get("/search/", q="13800000005").location == "/search/?q=138%2A%2A%2A%2A0005"
    assert me.post("/search/", q="张三 13800000005").location == f"/search/?q={quote('张三')}+138%2A%2A%2A%2A0005"
    assert me.post("/messages/", q="13800000005", state="all").location == (
        "/messages/?q=138%2A%2A%2A%2A0005&state=all"
    )


def test_references_ours_and_the_carriers(me: Person, late: CaseDriver, other: CaseDriver) -> None:
    for typed, tail in ((late.case.reference.lower(), "0005"), ("sl-4711", "0002")):
        assert list(found(search(me, typed))) == ["cases"], typed
        assert f"138****{tail}" in search(me, typed).text


@pytest.mark.forged  # the assignee
def test_people_by_the_names_of_users_holders_and_members(
    me: Person, team: Team, agent: User, late: CaseDriver, new_driver: Make
) -> None:
    second = scenarios.due_today(new_driver).case
    Card.objects.filter(pk=second.card_id).update(user="张三", holder="张三丰")
    page = search(me, "张三")
    groups = found(page)
    assert list(groups) == ["cases", "cards", "people"]
    assert groups["people"] == "People 2 张三 User 2 cards Cases 张三丰 Holder 1 card Cases"
    name = quote("张三")
    assert (f"/cases/?user={name}", "Cases") in page.links
    assert (f"/cards/?q={name}", "2 cards") in page.links
    assert (f"/cases/?q={quote('张三丰')}", "Cases") in page.links

    page = search(me, "wang")
    assert found(page) == {"people": "People 1 Wang Wei Case worker Cases"}
    assert f"/cases/?handler={agent.pk}" in page.hrefs
    Case.objects.filter(pk=late.case.pk).update(handler=agent)
    assert "138****0005" in me.get("/cases/", handler=str(agent.pk)).text


@pytest.mark.parametrize("column", ["user", "holder"])
def test_a_persons_cases_are_found_by_name_in_one_search(
    me: Person, late: CaseDriver, other: CaseDriver, column: str
) -> None:
    Card.objects.filter(pk=late.case.card_id).update(**{"user": "", "holder": "", column: "王小明"})
    page = search(me, "王小")
    assert [href for href, said in page.links if "****" in said and href.startswith("/cases/")] == [
        f"/cases/{late.case.reference}/"
    ]
    assert "138****0005" in found(page)["cases"]
    assert "王小明" in found(page)["people"]


def test_departments_by_their_beginning(me: Person, late: CaseDriver, other: CaseDriver) -> None:
    Card.objects.filter(pk=other.case.card_id).update(department="销售二部")
    page = search(me, "销售")
    assert found(page)["departments"] == "Departments 2 销售一部 1 card Cases 销售二部 1 card Cases"
    assert f"/cases/?department={quote('销售二部')}" in page.hrefs
    assert "138****0002" in me.get("/cases/", department="销售二部").text


def test_words_of_messages_among_the_newest(me: Person, team: Team, late: CaseDriver) -> None:
    old = message(team, "宽带融合套餐到期提醒")
    for number in range(1, 8):
        message(team, "预约营业厅办理", number)
    page = search(me, "营业厅")
    assert found(page)["messages"].startswith("SMS from carriers 7")
    assert f"/messages/?state=all&q={quote('营业厅')}" in page.hrefs
    listed = me.get("/messages/", state="all", q="营业厅")
    assert listed.text.count("预约营业厅办理") == 7
    assert "宽带" not in listed.text
    CarrierMessage.objects.bulk_create(
        CarrierMessage(
            team=team, source="pasted", sender="10086", text="x", state="set_aside", digest=f"x{n:063}",
            received_at=NOW, stored_at=NOW,
        )
        for n in range(MESSAGES_SEARCHED - 8)
    )  # fmt: skip
    assert f"/messages/{old.pk}/" in search(me, "宽带").hrefs
    message(team, "又一条", 9)
    assert "Nothing found" in search(me, "宽带").text


def test_more_than_a_few_lead_to_the_list(me: Person, team: Team, new_driver: Make) -> None:
    carrier = scenarios.draft(new_driver).case.carrier
    Card.objects.bulk_create(
        Card(team=team, number=f"139{n:08}", carrier=carrier, user=f"王{n:04}") for n in range(1200)
    )
    page = search(me, "139")
    assert found(page)["cards"].startswith("Cards 999+")
    assert ("/cards/?q=139", "View all 999+ →") in page.links
    assert page.part("cards").count("139****") == 5
    people = search(me, "王")
    assert found(people)["people"].startswith("People 99+ 王0000 User 1 card")
    assert (f"/cards/?q={quote('王')}", "View the cards with these names →") in people.links


def test_a_viewer_finds_the_same_masked_and_others_nothing(
    me: Person, viewer: User, outsider: Person, team: Team, late: CaseDriver, sign_in: Callable[[User], Person]
) -> None:
    message(team, "号码13800000005已受理")
    page = search(sign_in(viewer), "0005")
    assert list(found(page)) == ["cases", "cards", "messages"]
    assert "numbers/switch" not in page.html
    for typed in ("0005", "138****0005", late.case.reference, "张三", "销售", "受理", "wang", "上海"):
        page = search(outsider, typed)
        assert ("Nothing found" in page.text, found(page)) == (True, {}), typed


def test_with_full_numbers_it_is_a_list_of_its_own(me: Person, team: Team, late: CaseDriver) -> None:
    message(team, "号码13800000005已受理")
    me.post(f"/teams/{team.pk}/numbers/switch/", show="yes", next="/")
    page = search(me, "138****0005")
    assert page.text.count("138 0000 0005") == 2
    assert "号码13800000005已受理" in page.text
    search(me, "0005")
    shown = AuditEntry.objects.filter(kind="numbers_shown")
    assert [(entry.about, entry.team) for entry in shown] == [("search", team)]


def test_nothing_typed_and_nothing_found(me: Person, late: CaseDriver) -> None:
    for typed in ("", "   ", "\0"):
        page = me.get("/search/", q=typed)
        assert (page.status, found(page), "Nothing found" in page.text) == (200, {}, False)
    assert "Nothing found" in search(me, "%_\\'\"; [").text
    assert me.get("/search/", q="x" * 500).status == 200
    assert me.get("/search/", q="138****0005 [").status == 200


def test_the_queries_do_not_grow(me: Person, team: Team, new_driver: Make) -> None:
    counts = []
    for n in range(3):
        for number in range(n):
            driver = scenarios.overdue(new_driver, f"138{n}000{number}005")
            Card.objects.filter(pk=driver.case.card_id).update(user=f"138{n}{number}")
            message(team, "138", n * 10 + number)
        with CaptureQueriesContext(connection) as captured:
            search(me, "138")
        if n:
            counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 30
