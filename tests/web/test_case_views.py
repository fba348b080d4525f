"""The list of cases: filters as words, as chips; saved views, columns, sorting by a column's title; a selection."""

from collections.abc import Callable

import pytest

from cases import operations as ops
from cases.models import Card, CardView, Carrier, Case, Team, User
from tests.helpers import new_case
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make


def listed_numbers(page: Page) -> list[str]:
    """The last four digits of the cases listed, in order."""
    return [said[-4:] for href, said in page.links if href.startswith("/cases/XK-") and "****" in said]


@pytest.fixture
def four(new_driver: Make, agent: User, unicom: Carrier, other_team: Team, stranger: User, mobile: Carrier) -> None:
    """Two of a department, one of them overdue; one at another carrier, of a colleague; a bystander like the first."""
    scenarios.overdue(new_driver, "13800000001")
    scenarios.waiting(new_driver, "13800000002")
    scenarios.overdue(new_driver, "13800000003")
    other = new_driver("18600000004", carrier=unicom, submitted="2026-09-30T15:00")
    other.do(ops.HandOver(agent), "2026-10-16T09:00")
    Card.objects.filter(number__in=["13800000001", "13800000002"]).update(department="电销一部", user="王小明")
    new_case(other_team, mobile, stranger, number="13911112222", submitted="2026-09-30T15:00")
    Card.objects.filter(number="13911112222").update(department="电销一部", user="王小明")


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("超期 移动 部门:电销一部", ["0001"]),
        ("overdue dept:电销", ["0001"]),
        ("overdue", ["0004", "0003", "0001"]),
        ("waiting user:王小明", ["0002"]),
        ("carrier:unicom", ["0004"]),
        ("handler:Wang", ["0004"]),
        ("超期 0003", ["0003"]),
        ("超期 13800000003", ["0003"]),
        ("after:2026-10-01", ["0002"]),
        ("before:2026-10-01", ["0004", "0003", "0001"]),
        ("reason:cost", ["0004", "0003", "0002", "0001"]),
        ("is:draft", []),
        ("王小明", ["0002", "0001"]),
        ("Wang Wei", ["0004"]),
    ],
)
def test_filters_as_words(me: Person, typed: str, numbers: list[str]) -> None:
    page = me.follow(me.post("/cases/", q=typed))
    assert listed_numbers(page) == numbers
    assert "13800000003" not in page.html.replace("138****0003", "")


@pytest.mark.usefixtures("four")
def test_words_are_chips_that_can_be_taken_off(me: Person) -> None:
    page = me.get("/cases/", q="超期 dept:电销 0001", sort="number")
    chips = {said: href for href, said in page.links if said.endswith("×")}
    assert list(chips) == ["Progress: Overdue ×", "Department: 电销 ×"]
    without = me.get(chips["Progress: Overdue ×"])
    assert 'value="dept:电销 0001"' in without.html
    assert 'value="number" selected' in without.html


@pytest.mark.usefixtures("four")
def test_an_export_and_a_bulk_act_take_what_the_words_find(me: Person) -> None:
    assert "1 case" in me.get("/cases/export/", q="超期 部门:电销一部").text
    page = me.post("/cases/many/", everything="1", filter="q=超期 部门:电销一部", action="follow-up")
    assert "This will be recorded on 1 case." in page.text


@pytest.mark.usefixtures("four")
def test_the_one_search_box_takes_filters_too(me: Person) -> None:
    page = me.post("/search/", q="超期 部门:电销一部")
    assert page.location.startswith("/cases/?q=")
    assert listed_numbers(me.follow(page)) == ["0001"]
    # A carrier's name alone finds cards as well.
    assert me.post("/search/", q="联通").location.startswith("/search/?q=")
    assert me.post("/search/", q="overdue 13800000001").location == "/cases/?q=overdue+138%2A%2A%2A%2A0001"


@pytest.mark.usefixtures("four")
def test_sorted_by_the_title_of_a_column(me: Person) -> None:
    page = me.get("/cases/")
    assert "aria-sort" not in page.html
    href = next(href for href, said in page.links if said == "Number")
    assert href == "/cases/?sort=number"
    by_number = me.get(href)
    assert by_number.html.count('aria-sort="ascending"') == 1
    assert listed_numbers(by_number) == ["0001", "0002", "0003", "0004"]
    turned = next(href for href, said in by_number.links if said == "Number")
    assert turned == "/cases/?sort=-number"
    downwards = me.get(turned)
    assert downwards.html.count('aria-sort="descending"') == 1
    assert 'aria-sort="ascending"' not in downwards.html
    assert '<option value="-number" selected>' in downwards.html
    assert listed_numbers(downwards) == ["0004", "0003", "0002", "0001"]
    assert next(href for href, said in downwards.links if said == "Number") == "/cases/?sort=number"
    # Another column begins upwards, whichever way the first was turned.
    assert next(href for href, said in downwards.links if said == "Reply due") == "/cases/?sort=reply_by"


@pytest.mark.usefixtures("four")
def test_columns_are_chosen(me: Person) -> None:
    form = me.get("/cases/show/", standing="overdue")
    assert "Department" in form.text
    chosen = me.post("/cases/show/?standing=overdue", column=["department", "reason"], save="1")
    assert chosen.location == "/cases/?standing=overdue&columns=number%2Cdepartment%2Creason"
    page = me.follow(chosen)
    assert 'data-label="Department"' in page.html
    assert 'data-label="Case reference"' not in page.html
    assert 'name="columns" value="number,department,reason"' in page.html
    assert listed_numbers(me.get("/cases/", columns="nothing,'\0")) == ["0004", "0003", "0002", "0001"]


@pytest.mark.usefixtures("four")
def test_a_view_is_saved_opened_and_opens_first(me: Person, colleague: Person, manager: User, team: Team) -> None:
    saved = me.post("/cases/views/?q=超期&columns=number,department&sort=number", name="超期清单", is_default="on")
    view = CardView.objects.get()
    assert (view.shows, view.owner, view.team, view.is_default) == ("cases", manager, team, True)
    assert view.settings["filters"] == {"q": "超期"}
    assert listed_numbers(me.follow(saved)) == ["0001", "0003", "0004"]
    opened = me.get("/cases/")
    assert opened.location.startswith("/cases/?q=")
    assert f"view={view.pk}" in opened.location
    assert len(listed_numbers(me.get("/cases/?view=0"))) == 4
    # Nobody else has it, and the table of cards knows nothing of it.
    assert len(listed_numbers(colleague.get("/cases/"))) == 4
    assert "超期清单" not in me.get("/cards/").text
    assert me.post(f"/cards/views/{view.pk}/", press="delete").status == 404
    assert colleague.post(f"/cases/views/{view.pk}/", press="delete").status == 404
    me.post(f"/cases/views/{view.pk}/", press="delete")
    assert not CardView.objects.exists()


@pytest.mark.usefixtures("four")
def test_a_view_of_the_cards_may_have_the_same_name(me: Person) -> None:
    me.post("/cards/views/", name="一")
    me.post("/cases/views/", name="一")
    assert sorted(CardView.objects.values_list("shows", flat=True)) == ["cards", "cases"]


@pytest.mark.usefixtures("four")
def test_what_was_refused_stays_with_reasons_and_can_be_selected(me: Person, new_driver: Make) -> None:
    late, draft = Case.objects.get(card__number="13800000001"), scenarios.draft(new_driver, "13800000009").case
    page = me.post("/cases/many/", case=[late.reference, draft.reference], action="reply")
    page = me.send(page, "/cases/many/", kind="under_review", happened_at="2026-10-16T09:00")
    outcome = page.part("outcome")
    assert outcome.startswith("1 case updated · 1 not updated")
    assert "138****0009" in outcome
    assert "Select the case that was not updated" in outcome
    selected = me.post("/cases/many/", references=draft.reference, action="select")
    assert listed_numbers(selected) == ["0009"]
    assert selected.html.count("data-tick checked") == 1


def test_another_teams_cases_are_in_no_selection(me: Person, outsider: Person, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    page = outsider.post("/cases/many/", references=case.reference, action="select")
    assert "No cases selected" in page.text
    assert "138****0005" not in page.text


def test_who_may_only_read_has_views_and_columns(viewer: User, sign_in: Callable[[User], Person]) -> None:
    reader = sign_in(viewer)
    assert reader.post("/cases/views/?sort=number", name="x").location.startswith("/cases/?sort=number&view=")
    assert reader.get("/cases/show/").status == 200
