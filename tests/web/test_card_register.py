"""The register of cards put right by a manager: a wrong number, a card that nobody needs, a case logged by mistake."""

from collections.abc import Callable

import pytest

from cases import operations as ops
from cases.documents.case_pdf import case_section
from cases.documents.dossier import _load_case_file
from cases.domain.statement_months import Month
from cases.models import Card, Carrier, Case, Team, User
from cases.selectors import cases_of, costs
from cases.selectors.monthly_statement import load_statement
from cases.selectors.statistics.overview import overview
from cases.selectors.statistics.scoreboard import scoreboard
from tests.fixtures import CaseDriver
from tests.helpers import new_case
from tests.moments import CALENDAR, NOW
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path


def spare(team: Team, mobile: Carrier, number: str = "13900139000") -> Card:
    return ops.register_card(team, number, mobile, ops.CardFacts(holder="李四"), by=None, now=NOW)


def test_a_manager_corrects_a_number_and_everything_follows(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    card = f"/cards/{driver.case.card_id}/"
    assert f"{card}correct/" in me.get(card).hrefs
    page = me.get(f"{card}correct/")
    assert page.form().fields["number"] == "138 0000 0005"
    sent = me.fill(f"{card}correct/", number="139 0000 0005", words="登记时看错一位")
    assert (sent.status, sent.location) == (302, card)
    after = me.get(card)
    assert "Number corrected." in after.text
    assert "139****0005" in after.text
    case = me.get(path(driver)).text
    assert "Number corrected" in case
    assert "138****0005 → 139****0005" in case
    assert "登记时看错一位" in case
    full = me.follow(me.post(path(driver, "number"))).text
    assert "138 0000 0005 → 139 0000 0005" in full
    assert driver.case.reference in me.get("/cases/?q=139****0005").html
    assert driver.case.reference not in me.get("/cases/?q=138****0005").html
    assert "号码已更正" in in_chinese(me).get(path(driver)).text


def in_chinese(person: Person) -> Person:
    person.user.language = "zh-hans"
    person.user.save()
    return person


def test_a_number_that_another_card_has_names_that_card(
    me: Person, new_driver: Make, team: Team, mobile: Carrier
) -> None:
    card, other = scenarios.overdue(new_driver).case.card, spare(team, mobile)
    page = me.fill(f"/cards/{card.pk}/correct/", number="13900139000", words="x")
    assert page.status == 200
    assert "Another card of this team has the number 139****9000." in page.text
    assert f"/cards/{other.pk}/" in page.hrefs
    assert page.form().fields["words"] == "x"
    for typed, refusal in (({"number": "123"}, "is not a mobile number"), ({"words": " "}, "required")):
        assert (
            refusal in me.fill(f"/cards/{card.pk}/correct/", **({"number": "13900139001", "words": "x"} | typed)).text
        )


def test_a_click_that_comes_twice_corrects_once(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    for _ in range(2):
        sent = me.fill(f"/cards/{driver.case.card_id}/correct/", number="13900000005", words="看错")
        assert sent.status == 302
    assert driver.kinds.count("number_corrected") == 1


def test_only_managers_are_offered_it_and_only_they_may(
    colleague: Person, viewer: User, outsider: Person, sign_in: Callable[..., Person], new_driver: Make
) -> None:
    card = f"/cards/{scenarios.overdue(new_driver).case.card_id}/"
    for person in (colleague, sign_in(viewer)):
        assert not {f"{card}correct/", f"{card}delete/"} & set(person.get(card).hrefs)
        for page in ("correct/", "delete/"):
            assert person.get(card + page).status == person.post(card + page).status == 403
    assert outsider.get(f"{card}correct/").status == outsider.post(f"{card}delete/").status == 404


def test_a_card_without_cases_is_deleted_when_it_is_confirmed(me: Person, team: Team, mobile: Carrier) -> None:
    card = f"/cards/{spare(team, mobile).pk}/"
    assert f"{card}delete/" in me.get(card).hrefs
    asked = me.get(f"{card}delete/")
    assert "Delete 139****9000" in asked.text
    assert Card.objects.exists()  # asking deletes nothing
    sent = me.fill(f"{card}delete/")
    assert (sent.status, sent.location) == (302, "/cards/")
    assert "Card deleted: 139****9000" in me.get("/cards/").text
    assert me.get(card).status == me.post(f"{card}delete/").status == 404
    log = me.get(f"/teams/{team.pk}/audit/").text
    assert "Card deleted" in log
    assert "139****9000" in log


def test_a_card_with_cases_stays(me: Person, new_driver: Make) -> None:
    card = f"/cards/{scenarios.overdue(new_driver).case.card_id}/"
    assert f"{card}delete/" not in me.get(card).hrefs
    assert "This card has cases, so it stays with their record." in me.get(f"{card}delete/").text
    assert me.post(f"{card}delete/").location == card
    assert "This card has cases, so it stays with their record." in me.get(card).text
    assert Card.objects.exists()


# Logged by mistake


@pytest.fixture
def mistake(me: Person, new_driver: Make) -> CaseDriver:
    driver = scenarios.overdue(new_driver)
    sent = me.fill(path(driver, "withdraw"), mistake="on", words="号码登记重复")
    assert (sent.status, sent.location) == (302, path(driver))
    return driver


def test_a_case_logged_by_mistake_leaves_the_lists_and_its_page_says_so(mistake: CaseDriver, me: Person) -> None:
    assert (mistake.status, mistake.fresh().logged_by_mistake) == ("withdrawn", True)
    page = me.get(path(mistake))
    assert "This case was logged by mistake: lists and statistics leave it out." in page.text
    assert "Logged by mistake yes" in page.text  # its entry
    for address in ("/cases/", "/cases/?status=withdrawn", "/cases/?q=0005", "/"):
        assert mistake.case.reference not in me.get(address).html, address
    assert mistake.case.reference in me.get(f"/cases/?q={mistake.case.reference}").html
    card = me.get(f"/cards/{mistake.case.card_id}/")
    assert path(mistake) in card.hrefs
    assert "logged by mistake" in card.text
    assert "误登记" in in_chinese(me).get(path(mistake)).text


def test_it_is_in_no_export_and_in_no_statistic(mistake: CaseDriver, me: Person, team: Team) -> None:
    csv = (
        b"".join(me.client.post("/cases/export/?standing=", {"format": "csv"}).streaming_content or [b""])
        if (me.client.post("/cases/export/", {"format": "csv"}).streaming)
        else b""
    )
    assert mistake.case.reference.encode() not in csv
    cases = cases_of(team)
    assert costs.by_carrier(cases, NOW) == []
    assert load_statement(cases, Month(2026, 9), NOW).lines == []
    assert overview(cases, NOW, CALENDAR, weeks=4).open == 0
    assert scoreboard(cases, NOW, CALENDAR).carriers == ()


def test_withdrawn_otherwise_it_stays_in_the_lists(me: Person, new_driver: Make, team: Team) -> None:
    driver = scenarios.overdue(new_driver)
    assert me.fill(path(driver, "withdraw"), words="改为保号").status == 302
    assert driver.fresh().logged_by_mistake is False
    assert driver.case.reference in me.get("/cases/").html
    assert "mistake" not in driver.last_content
    assert [line.open for line in costs.by_carrier(cases_of(team), NOW)] == [0]


def test_the_card_can_have_a_new_case_at_once(mistake: CaseDriver, team: Team, mobile: Carrier, manager: User) -> None:
    again = new_case(team, mobile, manager, number="13800000005", now="2026-10-16T10:00")
    assert Case.objects.filter(card=again.card).count() == 2


def test_the_holder_of_a_changed_card_is_masked_in_a_masked_dossier(new_driver: Make, agent: User) -> None:
    driver = scenarios.overdue(new_driver)
    ops.update_card(driver.case.card, driver.case.carrier, {"holder": "王小明"}, by=agent, now=NOW)
    for full_numbers, line in ((False, "– → 王**"), (True, "– → 王小明")):
        section = case_section(_load_case_file(driver.case.pk), CALENDAR, NOW, full_numbers=full_numbers)
        (timeline,) = [block for block in section["blocks"] if block["kind"] == "entries"]
        assert timeline["items"][-1]["lines"] == [["机主", line]]
