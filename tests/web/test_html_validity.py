"""The HTML of every page is valid: behind every address of the table, of cases in every state and of what can be done
with them, of forms that were filled in wrongly, and of the pages that say no."""

import inspect
import re
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as SAID_WHO
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, transaction
from django.test import Client

from cases.domain.errors import CaseError
from cases.models import Carrier
from cases.operations import Action
from cases.operations.follow_up import FollowUp
from tests.html_validity import faults
from tests.moments import NOW
from tests.web import scenarios
from tests.web.access_matrix import ADMIN, PRODUCT, Row
from tests.web.html_client import Person
from tests.web.test_access import expected, filled
from tests.web.test_access import people as people  # fixtures of the table
from tests.web.test_access import things as things

MICROSECONDS_LATER = NOW + timedelta(microseconds=123456)
#: Of these pages of the admin, which look alike for every register, one register's is enough.
ALIKE = re.compile(r"admin/(?!cases/team/).*/(add|history|delete)/$")


@pytest.fixture(autouse=True)
def a_clock_with_microseconds(clock: time_machine.Traveller) -> None:
    clock.move_to(MICROSECONDS_LATER)


@pytest.fixture
def just_said_who(people: dict[str, Client]) -> None:
    for client in people.values():
        if "sessionid" in client.cookies:
            session = client.session
            session[SAID_WHO] = [{"method": "password", "at": time.time(), "email": "somebody"}]
            session[f"{SAID_WHO}_user"] = session["_auth_user_id"]
            session.save()


class Pages:
    """Looks at pages, at each content once, and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._seen: set[str] = set()

    def look(self, name: str, response: Any) -> None:
        for _part in getattr(response, "streaming_content", ()):
            pass  # a file is closed at its end
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return
        content = response.content.decode()
        text = re.sub(r'name="(csrfmiddlewaretoken|submit_token)" value="[^"]*"', "", content)
        if text.strip() and text not in self._seen:
            self._seen.add(text)
            self.found += [f"{name}: {fault}" for fault in faults(content)]

    def get(self, client: Client, address: str) -> None:
        cache.clear()
        self.look(f"GET {address}", client.get(address))

    def post(self, client: Client, address: str) -> None:
        """With nothing filled in; what it changes is taken back."""
        cache.clear()
        with transaction.atomic():
            self.look(f"POST {address}", client.post(address, {}))
            transaction.set_rollback(True)

    def check(self, at_least: int) -> None:
        assert not self.found, "\n".join(self.found)
        assert len(self._seen) >= at_least


@pytest.mark.usefixtures("just_said_who")
@pytest.mark.parametrize(("table", "pages_at_least"), [(PRODUCT, 150), (ADMIN, 35)], ids=["product", "admin"])
def test_every_address(
    table: dict[str, Row], pages_at_least: int, people: dict[str, Client], things: dict[str, Any]
) -> None:
    pages = Pages()
    for place, row in table.items():
        if ALIKE.match(place):
            continue
        address = filled(place, things)
        for who in ("nobody", "viewer", "manager") if table is PRODUCT else ("staff",):
            if expected(row, "GET", who) in ("ok", "confirm"):
                pages.get(people[who], address)
        if expected(row, "POST", "manager") in ("ok", "confirm"):
            pages.post(people["manager"], address)
    pages.check(pages_at_least)


def test_cases_in_every_state(me: Person, new_driver: scenarios.Make) -> None:
    pages, actions = Pages(), set(Action) - {Action.RECEIPTS, Action.CHECKLIST}  # which have no page of their own
    for _name, make in inspect.getmembers(scenarios, inspect.isfunction):
        if list(inspect.signature(make).parameters) != ["make", "number"]:
            continue
        driver = make(new_driver)
        address = f"/cases/{driver.case.reference}/"
        with suppress(CaseError):  # recorded with the microseconds of a real clock
            driver.do(FollowUp(MICROSECONDS_LATER, words="called"), MICROSECONDS_LATER)
        pages.get(me.client, address)
        for action in set(actions):  # each where it is first possible
            if me.client.get(f"{address}{action.value}/").status_code == 200:
                actions.remove(action)
                pages.get(me.client, f"{address}{action.value}/")
                pages.post(me.client, f"{address}{action.value}/")
    assert not actions
    for address in ("/", "/cases/", "/cards/", "/messages/", "/statistics/", "/statistics/carriers/"):
        pages.get(me.client, address)
    pages.check(60)


def test_the_pages_that_say_no(me: Person, colleague: Person, mobile: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, client = Pages(), Client(raise_request_exception=False)
    client.cookies = me.client.cookies
    statuses = set()

    def look(address: str, **headers: str) -> None:
        response = client.get(address, headers=headers)
        statuses.add(response.status_code)
        pages.look(address, response)

    look("/no/such/page/")
    look("/teams/999999/")
    look("/proof/", **{"Content-Length": "999999999999"})
    for error in (SuspiciousOperation("what"), RuntimeError("what"), OperationalError("what")):
        monkeypatch.setattr("cases.web.views.guide.render", _raising(error))
        look("/guide/")
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {})
    statuses.add(response.status_code)
    pages.look("csrf", response)
    assert statuses == {404, 413, 400, 500, 503, 403}
    pages.check(6)


def _raising(error: Exception) -> Any:
    def broken(*args: object, **options: object) -> None:
        raise error

    return broken


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('<time datetime="2026-10-16T10:00:00.123456+08:00">x</time>', "no such moment"),
        ('<time datetime="2026-10-16T10:00:00.123+08:00">x</time>', ""),
        ('<time datetime="2026-10">x</time>', ""),
        ("<time>16 October</time>", "no such moment"),
        ("<h1>x<form></form></h1>", "<form> within <h1>"),
        ("<span><form></form></span>", "<form> within <span>"),
        ("<h1><b><i><div>x</div></i></b></h1>", "<div> within <i>"),
        ('<input type="month" placeholder="2026-09">', "placeholder does not apply to month"),
        ('<input type="month" value="2026-9">', "value is no month"),
        ('<input type="number" maxlength="3">', "maxlength does not apply to number"),
        ('<input type="hidden" aria-describedby="x">', "hidden, with aria-*"),
        ('<input type="hidden" required>', "required does not apply to hidden"),
        ('<p id="a"></p><p id="a"></p>', "id='a' 2 times"),
        ('<a href="/"><button type="button">x</button></a>', "within <a href='/'>"),
        ('<label>x <input name="a"></label>', ""),
        ('<label>x <a href="/">y</a></label>', "within <label>"),
        ("<ul><div></div></ul>", "<div> in <ul>"),
        ("<form><form></form></form>", "form"),
        ("<p><div>x</div></p>", "p"),
        ("<div>x</span></div>", "span"),
        ('<a href="/a b">x</a>', "href is no address"),
        ('<div hx-get="/x" style="top: 0">x</div>', "style"),
        ("<tr><td>x</td></tr>", ""),
    ],
)  # fmt: skip
def test_what_is_found(content: str, fault: str) -> None:
    found = faults(content)
    assert any(fault in one for one in found) if fault else found == []


def test_what_is_found_in_a_whole_page() -> None:
    page = '<!doctype html><html{}><head><meta charset="utf-8"><title>{}</title></head><body>{}</body></html>'
    assert faults(page.format(' lang="en"', "x", '<label for="a">x</label><input id="a">')) == []
    assert faults(page.format("", " ", "")) == ["<html> without lang", "no title"]
    assert faults(page.format(' lang="en"', "x", '<label for="b">x</label>')) == [
        "<label for='b'>: nothing has the id b"
    ]
    search = '<form id="f" role="search"><input name="q">{}</form>'
    assert faults(page.format(' lang="en"', "x", search.format("<button>Search</button>"))) == []
    assert faults(page.format(' lang="en"', "x", search.format("") + '<button form="f">Search</button>')) == []
    assert faults(page.format(' lang="en"', "x", search.format('<button type="button">x</button>'))) == [
        "<form id='f' role='search'> without a button (WCAG, H32)"
    ]
    rows = "<table><tr><td>a</td><td>b</td></tr><tr><td colspan=3>c</td></tr></table>"
    assert faults(page.format(' lang="en"', "x", rows)) == ["<table>: rows of [2, 3] columns"]
