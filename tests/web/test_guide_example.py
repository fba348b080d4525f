"""The example case: its days tell one story, and nothing of it is stored; the styleguide is a page of development."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, TimelineEntry
from tests.web.html_client import Person


@pytest.fixture
def anybody(anybody: Person) -> Person:
    anybody.client.cookies["django_language"] = "en"
    return anybody


@pytest.mark.parametrize(
    ("day", "headline", "step", "ladder"),
    [
        (
            "2026-09-30",
            "5 working days left",
            "No action needed yet: the carrier still has time",
            "Follow-up available",
        ),
        ("2026-10-13", "due today", "Make a first call to 10086", "Follow-up available"),
        ("2026-10-14", "1 working day overdue", "Call 10086 and chase", "Complaint available you can complain now"),
        ("2026-10-19", "1 working day left", "No action needed yet: the carrier still has time", "Follow-up done"),
        (
            "2026-10-21",
            "1 working day overdue",
            "Call 10086 and ask them to keep the promise",
            "Follow-up done",
        ),
        (
            "2026-10-28",
            "6 working days overdue",
            "Complaint in progress; wait for the carrier’s answer",
            "Complaint in progress",
        ),
        ("2026-11-02", "to verify", "Verify that the number has really been cancelled", "Complaint done"),
        ("2026-11-03", "cancelled, confirmed", "Check the bill after the cancellation", "Complaint done"),
    ],
)
def test_each_day_of_the_example_calls_for_something(
    anybody: Person, day: str, headline: str, step: str, ladder: str
) -> None:
    page = anybody.get("/guide/example/", day=day)
    assert f'class="status-badge tone-{"late" if "overdue" in headline else ""}' in page.html
    for said in (headline, step, ladder):
        assert said in page.text, said


def test_its_days_are_walked_through_and_end_at_both_ends(anybody: Person) -> None:
    assert {"?day=2026-10-13#walk", "?day=2026-10-15#walk"} <= set(anybody.get("/guide/example/").hrefs)
    first, last = anybody.get("/guide/example/", day="2020-01-01"), anybody.get("/guide/example/", day="2099-01-01")
    assert "?day=2026-09-29#walk" not in first.hrefs
    assert "?day=2026-10-01#walk" in first.hrefs
    assert "?day=2026-11-04#walk" in last.hrefs
    assert "?day=2026-11-06#walk" not in last.hrefs
    assert "1 working day overdue" in anybody.get("/guide/example/", day="no day").text


@pytest.mark.django_db
def test_nothing_of_it_is_stored(client: Client) -> None:
    client.get("/guide/example/")
    assert not Case.objects.exists()
    assert not TimelineEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_styleguide_shows_every_component_without_a_write(
    client: Client, settings: Any, language: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert client.get("/styleguide/").status_code == 404
    settings.DEBUG = True
    client.cookies["django_language"] = language
    with django_assert_num_queries(1):  # the calendar
        html = client.get("/styleguide/").content.decode()
    for part in (
        "status-badge",
        "<time ",
        'class="day-strip"',
        'class="ladder"',
        "timeline",
        "receipts",
        "empty",
        "kbd",
    ):
        assert part in html, part
    for tone in ("late", "due", "waiting", "done", "quiet"):
        assert f"tone-{tone}" in html
    for kind in ("start", "counted", "weekend", "holiday", "make_up", "late", "last", "today"):
        assert f"day--{kind}" in html, kind
    for state in ("done", "running", "open", "waits"):
        assert f"rung--{state}" in html, state


def test_the_simulator_offers_the_days_before_holidays(anybody: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    page = anybody.get("/guide/waiting/")
    assert "before National Day" in page.text or "before New Year" in page.text
    tried = [href for href in page.hrefs if href.startswith("?submitted_at=")]
    assert len(tried) >= 2
    assert "day--counted" in anybody.get(f"/guide/waiting/{tried[-1].partition('#')[0]}").html
