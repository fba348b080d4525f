"""The carriers' scores and the charts as people see them, on Friday 2026-10-16 at 10:00."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from cases import operations as ops
from cases.models import Carrier, Case
from tests.helpers import at
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

PAGE = "/statistics/carriers/"


def pictures(page: Page) -> list[ElementTree.Element]:
    """The charts, each as the tree that it is: what is no XML is an error."""
    return [ElementTree.fromstring(svg) for svg in re.findall(r'<svg class="chart".*?\n</svg>\n', page.html, re.DOTALL)]


@pytest.fixture
def done(new_driver: Make) -> None:
    """Six branch cases of Monday 10-12, of which five were confirmed, after 1, 2, 2, 3 and 4 working days."""
    for n, day in enumerate((13, 14, 14, 15, 16, None)):
        driver = new_driver(f"1390000000{n}", now="2026-10-12T08:00", submitted="2026-10-12T08:00")
        Case.objects.filter(pk=driver.case.pk).update(channel="branch")
        if day:
            when = f"2026-10-{day}T09:00"
            driver.do(ops.Verify(at(when), "hotline", "cancelled", confirm=True), when)


@pytest.mark.forged
def test_each_channel_has_its_figures_and_says_of_how_many(me: Person, done: None, new_driver: Make) -> None:
    scenarios.returned(new_driver)  # by the hotline
    told = me.get(PAGE).part("china-mobile")
    assert told.startswith("China Mobile Branch (营业厅): half confirmed within 2 working days (6 cases)")
    assert "Branch (营业厅) 6 0% of 6 67% of 6 none 2 working days not reached none" in told
    assert "Hotline 1 not enough data not enough data none not enough data not enough data none" in told
    assert "Too few returned to count." in told


@pytest.mark.forged
def test_the_carriers_stand_beside_each_other(me: Person, done: None, new_driver: Make, unicom: Carrier) -> None:
    new_driver("18600000004", carrier=unicom, now="2026-10-12T08:00", submitted="2026-10-12T08:00")
    told = me.get(PAGE).part("all")
    assert "China Mobile 6 " in told
    assert "China Unicom 1 not enough data" in told
    assert "Whole team 7 " in told


def test_from_fewer_than_five_there_is_no_curve_and_no_table_of_it(me: Person, new_driver: Make) -> None:
    scenarios.confirmed(new_driver)
    page = me.get(PAGE)
    assert "Not enough cases: at least five are needed for a figure." in page.part("curve-china-mobile")
    assert ("Confirmed by then" in page.text, pictures(page)) == (False, [])


@pytest.mark.forged
def test_one_carrier_alone(me: Person, done: None, new_driver: Make, unicom: Carrier) -> None:
    new_driver("18600000004", carrier=unicom, now="2026-10-12T08:00", submitted="2026-10-12T08:00")
    page = me.get(PAGE, carrier="china-unicom")
    assert page.part("china-mobile") == ""
    assert "China Unicom 1 " in page.part("all")
    assert "China Mobile" not in page.part("all")
    assert "Whole team 7 " in page.part("all")  # to compare with
    assert page.part("china-unicom").startswith("China Unicom not enough data")
    assert me.get(PAGE, carrier="nobody", weeks="17").part("china-mobile")  # no sense: passed over


@pytest.mark.forged
def test_of_a_period_only_what_began_in_it(me: Person, done: None, new_driver: Make) -> None:
    new_driver("13700000000", now="2026-04-20T08:00", submitted="2026-04-20T08:00")  # 25 weeks before this Monday
    new_driver("13700000001", now="2026-04-19T08:00", submitted="2026-04-19T08:00")
    assert "Hotline 1 " in me.get(PAGE).part("china-mobile")
    assert "Hotline" not in me.get(PAGE, weeks="12").part("china-mobile")
    assert "Hotline 2 " in me.get(PAGE, weeks="all").part("china-mobile")


@pytest.mark.forged
def test_nothing_yet_and_nothing_that_fits(me: Person, unicom: Carrier, done: None, outsider: Person) -> None:
    assert "Carriers are compared here after your first submission." in outsider.get(PAGE).text
    assert "No cases found" in me.get(PAGE, carrier="china-unicom").text
    assert "No cases found" in me.get("/statistics/", carrier="china-unicom").text


def test_a_draft_alone_is_open_and_compares_nobody(me: Person, new_driver: Make) -> None:
    scenarios.draft(new_driver)
    assert "Carriers are compared here after your first submission." in me.get(PAGE).text
    page = me.get("/statistics/")
    assert "1 open case: In preparation 1" in page.part("open")
    assert page.part("due").startswith("Replies due today and in the next ten working days No replies due.")


@pytest.mark.forged
def test_the_dashboard_says_it_in_sentences_and_tables(me: Person, done: None, new_driver: Make) -> None:
    for state in (scenarios.overdue, scenarios.waiting, scenarios.promised_today, scenarios.returned):
        state(new_driver)
    page = me.get("/statistics/")
    assert "5 open cases: Overdue 1, Returned 1, Waiting, including due today 3" in page.part("open")
    assert "0–5 0 0 1 3 0 4" in page.part("open")
    assert "3 replies due, of which 1 promised" in page.part("due")
    assert "Fri 16 Oct 0 1" in page.part("due")
    assert "5 numbers cancelled in 26 weeks" in page.part("confirmed")
    assert "Mon 12 Oct 5" in page.part("confirmed")
    assert "China Mobile half: 4 working days · nine in ten: not reached" in page.part("days")


def test_a_make_up_day_is_marked_as_calendars_do(me: Person, clock: Any, new_driver: Make) -> None:
    clock.move_to(at("2026-09-30T16:00"))
    scenarios.overdue(new_driver)
    page = me.get("/statistics/")
    assert "Sat 10 Oct (work) 0 0" in page.part("due")
    texts = [element.text for element in pictures(page)[1].iter("text")]
    assert "work" in texts


@pytest.mark.forged
def test_pictures_have_a_name_words_and_no_style(me: Person, done: None) -> None:
    for path, count in (("/statistics/", 3), (PAGE, 1)):
        page = me.get(path)
        assert len(pictures(page)) == count
        for picture in pictures(page):
            named = picture.get("aria-labelledby", "").split()
            assert [picture.find(tag).get("id") for tag in ("title", "desc")] == named  # type: ignore[union-attr]
            assert all(len(element.text or "") > 5 for element in (picture.find("title"), picture.find("desc")))  # type: ignore[union-attr]
        assert " style=" not in page.html
        assert "<script>" not in page.html


@pytest.mark.forged
def test_columns_stand_where_their_numbers_say(me: Person, done: None) -> None:
    confirmed = pictures(me.get("/statistics/", weeks="12"))[2]
    columns = [element for element in confirmed.iter("rect") if element.get("class") == "tone-done-full"]
    # Five of a scale that ends at 6: 150 pixels high, the last of twelve columns.
    assert [(column.get("height"), column.get("y")) for column in columns] == [("125.0", "47.0")]
    assert columns[0].get("x") == "93.47%"
    assert [element.text for element in confirmed.iter("text") if element.get("class") == "chart__tick"] == [
        "0",
        "2",
        "4",
        "6",
    ]


@pytest.mark.forged
def test_the_curve_steps_up_at_each_confirmation(me: Person, done: None) -> None:
    (curve,) = pictures(me.get(PAGE))
    paths = {element.get("class"): element.get("d") for element in curve.iter("path")}
    assert paths["chart__curve"] == "M0 100H1V83.3H2V50.0H3V33.3H4V16.7H4"
    assert paths["chart__curve--compared"] == paths["chart__curve"]  # the team has no other carrier


@pytest.mark.forged
def test_one_carriers_curve_stands_beside_the_teams(me: Person, done: None, new_driver: Make, unicom: Carrier) -> None:
    driver = new_driver("18600000004", carrier=unicom, now="2026-10-12T08:00", submitted="2026-10-12T08:00")
    driver.do(ops.Verify(at("2026-10-12T09:00"), "hotline", "cancelled", confirm=True), "2026-10-12T09:00")
    (curve,) = pictures(me.get(PAGE, carrier="china-mobile"))
    paths = {element.get("class"): element.get("d") for element in curve.iter("path")}
    assert paths["chart__curve"] == "M0 100H1V83.3H2V50.0H3V33.3H4V16.7H4"
    assert paths["chart__curve--compared"] == "M0 100H0V85.7H1V71.4H2V42.9H3V28.6H4V14.3H4"


@pytest.mark.forged
def test_a_carriers_page_says_which_channel_is_quick(me: Person, outsider: Person, done: None) -> None:
    address = "/carriers/china-mobile/"
    assert me.get(address).part("scores") == (
        "Your team, past year: Branch (营业厅): half confirmed within 2 working days (6 cases) Carriers compared"
    )
    assert outsider.get(address).part("scores") == ""


def test_a_channel_that_has_not_come_half_way_says_so(me: Person, new_driver: Make) -> None:
    for n in range(5):
        scenarios.waiting(new_driver, f"1390000000{n}")
    assert "Hotline: fewer than half confirmed (5 cases)" in me.get("/carriers/china-mobile/").part("scores")


@pytest.mark.forged
@pytest.mark.parametrize(("path", "most"), [("/statistics/", 15), (PAGE, 11), ("/carriers/china-mobile/", 9)])
def test_the_queries_do_not_grow(
    path: str, most: int, me: Person, done: None, new_driver: Make, django_assert_max_num_queries: Any
) -> None:
    for n, state in enumerate((scenarios.overdue, scenarios.waiting, scenarios.promise_broken, scenarios.returned)):
        state(new_driver, f"1370000000{n}")
    with django_assert_max_num_queries(most):
        me.get(path)


@pytest.mark.forged
def test_other_teams_are_not_in_it(me: Person, outsider: Person, done: None) -> None:
    assert me.get(PAGE).part("china-mobile")
    for path in (PAGE, "/statistics/"):
        assert "China Mobile 6" not in outsider.get(path).text
