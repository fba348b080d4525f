"""The check of one case's record, on a page."""

import pytest
from django.db import connection

from tests.helpers import CaseDriver
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path


def test_a_record_that_holds(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    me.fill(path(driver), path(driver, "receipts"), text="【中国移动】synthetic: 已受理")
    assert path(driver, "record") in me.get(path(driver)).hrefs
    page = me.get(path(driver, "record"))
    assert "Record intact: 3 entries, each linked to the one before. 1 receipt is unchanged since upload." in page.text
    assert driver.fresh().entry_head in page.text


@pytest.mark.forged
def test_one_that_was_changed_below_names_the_entry(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_timelineentry SET kind = 'promised' WHERE sequence = 2")
    page = me.get(path(driver, "record"))
    assert page.status == 200
    assert "The record, or the data stored with it, was altered: entry 2 was altered" in page.text


@pytest.mark.forged
def test_a_forged_column_is_named_with_what_was_recorded(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_waitinground SET basis = 'promise'")
        cursor.execute("UPDATE cases_card SET number = '13900139001'")
    page = me.get(path(driver, "record"))
    assert (
        "waiting round 1, basis of the deadline (cases_waitinground.basis): promise is stored, but submission was "
        "recorded" in (page.text)
    )
    assert "card, number (cases_card.number): 139****9001 is stored, but 138****0005 was recorded" in page.text
    assert "13900139001" not in page.text


def test_it_is_the_teams_alone(me: Person, outsider: Person, anybody: Person, new_driver: Make) -> None:
    driver: CaseDriver = scenarios.overdue(new_driver)
    assert outsider.get(path(driver, "record")).status == 404
    assert anybody.get(path(driver, "record")).status == 302
    assert me.post(path(driver, "record")).status == 405
