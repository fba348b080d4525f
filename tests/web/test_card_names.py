"""Department and user of a case's card: on its page, in lists, as filters, and offered while somebody types."""

from urllib.parse import quote

import pytest

from cases.models import Card, Team, User
from tests.helpers import CaseDriver
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path
from tests.web.test_case_list import listed_numbers


@pytest.fixture
def late(new_driver: Make) -> CaseDriver:
    return named(scenarios.overdue(new_driver), "张三", "销售一部")


@pytest.fixture
def due(new_driver: Make) -> CaseDriver:
    return named(scenarios.due_today(new_driver), "李四", "Sales B")


def named(driver: CaseDriver, user: str, department: str) -> CaseDriver:
    Card.objects.filter(pk=driver.case.card_id).update(user=user, department=department)
    return driver


def test_the_pages_name_them(me: Person, late: CaseDriver) -> None:
    assert "Department: 销售一部 · User: 张三" in me.get(path(late)).text
    for address in ("/", "/cases/"):
        text = me.get(address).text
        assert "销售一部 张三" in text, address


def test_a_case_whose_card_has_none_says_nothing_of_them(me: Person, new_driver: Make) -> None:
    text = me.get(path(scenarios.overdue(new_driver))).text
    assert "Department" not in text
    assert "User" not in text


def test_the_list_is_filtered_by_them(me: Person, late: CaseDriver, due: CaseDriver) -> None:
    for params, numbers in (
        ({"department": "销售一部"}, ["0005"]),
        ({"department": "sales b"}, ["0003"]),
        ({"user": " 张三 "}, ["0005"]),
        ({"user": "张三", "department": "Sales B"}, []),
        ({"user": "张"}, []),  # the whole name; the search finds beginnings
        ({"q": "张"}, ["0005"]),
        ({"q": "sales"}, ["0003"]),
        ({"q": "李四", "standing": "due_today"}, ["0003"]),
        ({"department": "a\0b"}, ["0003", "0005"]),  # what no field takes is ignored
    ):
        assert listed_numbers(me.get("/cases/", **params)) == numbers, params
    answer = me.post("/cases/", department="销售一部", user="", q="")
    assert answer.location == f"/cases/?department={quote('销售一部')}"
    page = me.follow(answer)
    assert next(form.fields for form in page.forms if "standing" in form.every)["department"] == "销售一部"
    assert "Clear filters" in page.text


@pytest.mark.forged  # the assignee
def test_by_the_assignee_whom_a_link_names(me: Person, late: CaseDriver, due: CaseDriver, agent: User) -> None:
    type(late.case).objects.filter(pk=late.case.pk).update(handler=agent)
    assert listed_numbers(me.get("/cases/", handler=str(agent.pk))) == ["0005"]
    assert listed_numbers(me.get("/cases/", handler="999999")) == []
    assert listed_numbers(me.get("/cases/", handler="x")) == ["0003", "0005"]


def test_a_number_typed_as_a_name_is_in_no_address(me: Person, late: CaseDriver) -> None:
    masked = "138%2A%2A%2A%2A0005"
    assert me.post("/cases/", user="13800000005").location == f"/cases/?user={masked}"
    assert me.get("/cases/", department="13800000005").location == f"/cases/?department={masked}"
    assert me.post("/cases/", q="张三 13800000005").location == f"/cases/?q={quote('张三')}+{masked}"
    assert me.post("/cases/", q="ab13800000005").location == "/cases/?q=ab13800000005"  # a carrier's reference


def test_names_are_offered_by_their_beginning(
    me: Person, outsider: Person, late: CaseDriver, due: CaseDriver, new_driver: Make
) -> None:
    named(scenarios.waiting(new_driver), "张小三", "销售一部")
    named(scenarios.draft(new_driver), "", "")
    options = '<option value="{}"></option>'.format
    for column, typed, names in (
        ("department", "", ["Sales B", "销售一部"]),
        ("department", "销", ["销售一部"]),
        ("department", "SALES", ["Sales B"]),
        ("user", "张", ["张三", "张小三"]),
        ("user", "王", []),
        ("user", "张\0", ["张三", "张小三"]),
        ("holder", "", []),
    ):
        answer = me.post(f"/cards/names/{column}/", **{column: typed})
        assert answer.html.strip() == "".join(map(options, names)), (column, typed)
    assert outsider.post("/cards/names/user/", user="").html.strip() == ""
    assert me.post("/cards/names/plan/").status == 404


def test_no_more_than_twenty_are_offered(me: Person, team: Team, late: CaseDriver) -> None:
    Card.objects.bulk_create(
        Card(team=team, number=f"139000000{n:02}", carrier=late.case.carrier, department=f"第{n:02}组")
        for n in range(30)
    )
    html = me.post("/cards/names/department/", department="第").html
    assert html.count("<option") == 20
    assert '"第00组"' in html
    assert '"第19组"' in html
