"""A number is masked until somebody asks for it, and its card tells who did."""

import pytest

from cases.models import AuditEntry, User
from tests.helpers import Desk
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make
from tests.web.test_case_page import path

FULL, SPACED, MASKED = "13800000005", "138 0000 0005", "138****0005"


@pytest.fixture
def desk(desk_of: Make) -> Desk:
    desk = scenarios.overdue(desk_of)
    assert desk.case.card.number == FULL
    return desk


def test_pages_mask_it(me: Person, desk: Desk) -> None:
    card = f"/cards/{desk.case.card_id}/"
    for address in ("/", "/cases/", path(desk), path(desk, "follow-up"), "/cards/", card, f"{card}change/"):
        html = me.get(address).response.content.decode()
        assert MASKED in html
        assert FULL not in html
        assert SPACED not in html
    assert not AuditEntry.objects.filter(kind="number_shown").exists()


def test_a_click_shows_it_and_the_card_tells_who_saw_it(me: Person, owner: User, desk: Desk) -> None:
    shown = me.post(path(desk, "number"))
    assert SPACED in shown.text
    assert f"“On Wed 30 Sep I asked for the cancellation of {FULL}" in shown.text
    seen = AuditEntry.objects.get(kind="number_shown")
    assert (seen.by, seen.card, seen.case, seen.team) == (owner, desk.case.card, desk.case, desk.case.team)
    page = me.get(f"/cards/{desk.case.card_id}/")
    assert SPACED not in page.text
    assert "Who saw the number in full" in page.text
    assert str(owner) in page.text
    assert SPACED in me.post(f"/cards/{desk.case.card_id}/number/").text
    assert AuditEntry.objects.filter(kind="number_shown", card=desk.case.card).count() == 2


def test_it_is_not_shown_by_an_address_alone(me: Person, desk: Desk) -> None:
    assert me.get(path(desk, "number")).status == 405
    assert me.get(f"/cards/{desk.case.card_id}/number/").status == 405


def test_the_form_for_another_case_of_a_card_counts_as_seen(me: Person, desk: Desk) -> None:
    me.get(f"/cases/new/?card={desk.case.card_id}")
    assert AuditEntry.objects.get(kind="number_shown").card == desk.case.card


def test_another_team_s_number_is_not_there(outsider: Person, desk: Desk) -> None:
    assert outsider.post(path(desk, "number")).status == 404
    assert outsider.post(f"/cards/{desk.case.card_id}/number/").status == 404
    assert not AuditEntry.objects.filter(kind="number_shown").exists()
