"""The guide: open to everybody, and the paragraph that a case points to is there."""

import pytest

from cases.domain.case_standing import Step
from cases.models import Carrier
from cases.web.guide import help_url
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

SLUGS = ["steps", "papers", "waiting", "delays", "scripts", "questions", "trust"]


@pytest.fixture
def anybody(anybody: Person) -> Person:
    anybody.client.cookies["django_language"] = "en"
    return anybody


@pytest.mark.parametrize("slug", ["", *(f"{slug}/" for slug in SLUGS)])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_chapter_opens_for_everybody_and_leads_on(
    anybody: Person, mobile: Carrier, slug: str, language: str
) -> None:
    anybody.client.cookies["django_language"] = language
    page = anybody.get(f"/guide/{slug}")
    assert page.status == 200
    linked = {href.partition("#")[0] for href in page.hrefs if href.startswith("/guide/")}
    assert linked >= {f"/guide/{other}/" for other in SLUGS}
    assert "%(" not in page.text


def test_the_papers_name_each_carrier_with_what_is_known(anybody: Person, mobile: Carrier, virtual: Carrier) -> None:
    mobile.facts.create(topic="online", statement="说法", statement_en="Ask the app", source="a page", confidence="L")
    text = anybody.get("/guide/papers/").text
    assert "Company seal" in text
    assert "China Mobile 10086" in text
    assert "Ask the app" in text
    assert "have the ICCID ready" in text


def test_a_day_can_be_tried_before_it_comes(anybody: Person) -> None:
    page = anybody.get("/guide/waiting/", submitted_at="2026-11-20T18:00")
    assert "Submitted at this time, the reply is due by Fri 27 Nov, 24:00." in page.text
    assert "You can make a first call after Wed 25 Nov, 24:00" in page.text
    assert "overdue" not in page.part("simulated")


def test_a_day_long_past_shows_its_window_and_no_lateness(anybody: Person) -> None:
    page = anybody.get("/guide/waiting/", submitted_at="2025-09-30T15:00")
    assert "due by Tue 14 Oct 2025, 24:00" in page.text
    assert page.html.count('<li class="day ') == 15  # 30 September to 14 October


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("soon", "Enter a date and time, like 2026-09-30 15:00."),
        ("1995-01-03T10:00", "not 1995."),
        ("9999-12-31T23:59", "not 9999."),
    ],
)
def test_what_is_no_day_or_too_far_is_said_and_kept(anybody: Person, typed: str, said: str) -> None:
    page = anybody.get("/guide/waiting/", submitted_at=typed)
    assert page.status == 200
    assert said in page.text
    assert f'value="{typed}"' in page.html


def test_htmx_gets_the_days_alone(anybody: Person) -> None:
    headers = {"HX-Request": "true", "HX-Target": "simulated"}
    answer = anybody.client.get("/guide/waiting/", {"submitted_at": "2026-11-20T18:00"}, headers=headers)
    assert answer.content.decode().lstrip().startswith('<div class="preview">')


def test_each_step_of_a_case_finds_its_paragraph(anybody: Person) -> None:
    by_name = {step: help_url(step) for step in Step if step not in (Step.NOTHING, Step.READ_MESSAGE)}
    for step, address in by_name.items():
        page, anchor = address.split("#")
        assert f'id="{anchor}"' in anybody.get(page).html, step


def test_a_case_points_to_its_paragraph(me: Person, new_driver: Make) -> None:
    assert "/guide/delays/#chase" in me.get(path(scenarios.overdue(new_driver))).hrefs


def test_who_is_signed_in_keeps_the_menu(me: Person) -> None:
    assert "/cards/" in me.get("/guide/").hrefs
    assert "/cards/" in me.get("/second-factor/").hrefs


def test_no_chapter_is_made_up(anybody: Person) -> None:
    assert anybody.get("/guide/nothing/").status == 404
