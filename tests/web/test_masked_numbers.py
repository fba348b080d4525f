"""A number is masked until somebody asks for it, and its card tells who did."""

import pytest

from cases.models import AuditEntry, User
from tests.helpers import CaseDriver
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

FULL, SPACED, MASKED = "13800000005", "138 0000 0005", "138****0005"


@pytest.fixture
def driver(new_driver: Make) -> CaseDriver:
    driver = scenarios.overdue(new_driver)
    assert driver.case.card.number == FULL
    return driver


def test_pages_mask_it(me: Person, driver: CaseDriver) -> None:
    card = f"/cards/{driver.case.card_id}/"
    for address in ("/", "/cases/", path(driver), path(driver, "follow-up"), "/cards/", card, f"{card}change/"):
        html = me.get(address).response.content.decode()
        assert MASKED in html
        assert FULL not in html
        assert SPACED not in html
    assert not AuditEntry.objects.filter(kind="number_shown").exists()


def test_a_click_shows_it_and_the_card_tells_who_saw_it(me: Person, manager: User, driver: CaseDriver) -> None:
    response = me.follow(me.post(path(driver, "number")))
    assert SPACED in response.text
    assert f"“Hello, I asked to cancel {FULL} on 30 Sep" in response.text
    seen = AuditEntry.objects.get(kind="number_shown")
    assert (seen.by, seen.card, seen.case, seen.team) == (manager, driver.case.card, driver.case, driver.case.team)
    page = me.get(f"/cards/{driver.case.card_id}/")
    assert SPACED not in page.text
    assert "Who has viewed the full number" in page.text
    assert str(manager) in page.text
    assert SPACED in me.post(f"/cards/{driver.case.card_id}/number/").text
    assert AuditEntry.objects.filter(kind="number_shown", card=driver.case.card).count() == 2


def test_it_is_not_shown_by_an_address_alone(me: Person, driver: CaseDriver) -> None:
    assert me.get(path(driver, "number")).status == 405
    assert me.get(f"/cards/{driver.case.card_id}/number/").status == 405


def test_the_form_for_another_case_of_a_card_counts_as_seen(me: Person, driver: CaseDriver) -> None:
    me.get(f"/cases/new/?card={driver.case.card_id}")
    assert AuditEntry.objects.get(kind="number_shown").card == driver.case.card


def test_another_team_s_number_is_not_there(outsider: Person, driver: CaseDriver) -> None:
    assert outsider.post(path(driver, "number")).status == 404
    assert outsider.post(f"/cards/{driver.case.card_id}/number/").status == 404
    assert not AuditEntry.objects.filter(kind="number_shown").exists()
