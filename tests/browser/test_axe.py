"""axe has nothing to complain of on any page that somebody can reach: the whole table of addresses, as who may open it;
the demo's cases in every state; forms that were filled in wrongly; the pages that say no.

Each page is looked at in one language and at one width, in both themes; with XIAOKA_SOAK=1 in all of them.
"""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as SAID_WHO
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from playwright.sync_api import Error, Page

from cases.models import User
from tests.browser import axe
from tests.browser.conftest import Window
from tests.browser.test_demo import MANAGER, STANDINGS, VIEWER, first_of, sign_in
from tests.web.access_matrix import ADMIN, PRODUCT, Row
from tests.web.test_access import expected, filled
from tests.web.test_access import people as people  # fixtures of the table
from tests.web.test_access import things as things

#: Who looks: whoever is signed in sees something else behind the addresses that are open to all.
ORDER = ("nobody", "manager", "staff")
#: Of these pages of the admin, which look alike for every register, one register's is enough.
ALIKE = re.compile(r"admin/(?!cases/team/).*/(add|history|delete)/$")
#: Swagger draws this one; whoever cannot see its colours reads api/v1/openapi.json.
SWAGGERS = "api/v1/docs"
#: What Django's own admin does, in its own templates and scripts; only a copy of them could mend it.
DJANGOS = re.compile(
    r"(label|select-name) \(critical\) #id_\w+-\d+-\w+:"  # fields in the rows of a table have only the column's title
    r"|empty-table-header \(minor\) thead > tr > \.original:"  # the column before them
    # the two lists from which permissions are chosen
    r"|aria-prohibited-attr \(serious\) (span\[aria-label|label\[for=\"id_\w+\"\] > \.help-tooltip)"
    r"|aria-input-field-name \(serious\) (#select2|\.select2)"  # the list that searches as one types
    r"|label-title-only \(serious\) #searchbar:"  # the search has a title and no label
)


def visitor(row: Row) -> str | None:
    """Somebody who gets a page there."""
    return next((who for who in ORDER if expected(row, "GET", who) in ("ok", "confirm")), None)


def opened(page: Page, address: str) -> bool:
    """Whether a whole page is there, and not a file or a part of one."""
    try:
        response = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return False
        raise
    return bool(response and "text/html" in response.headers.get("content-type", "") and page.title())


@pytest.fixture(params=axe.LANGUAGES)
def language(request: pytest.FixtureRequest, people: dict[str, Client]) -> str:
    """Everybody reads this one, and has just said again who they are."""
    User.objects.update(language=request.param)
    for client in people.values():
        if "sessionid" in client.cookies:
            session = client.session
            session[SAID_WHO] = [{"method": "password", "at": time.time(), "email": "somebody"}]
            session[f"{SAID_WHO}_user"] = session["_auth_user_id"]
            session.save()
    return str(request.param)


@pytest.fixture
def seen_by(
    live_server: Any,
    people: dict[str, Client],
    language: str,
    open_window: Callable[..., Window],
) -> Callable[[str], Page]:
    """A window of one of the people of the table."""

    def window(who: str) -> Page:
        page = open_window(base_url=live_server.url).page
        cookies = {"django_language": language}
        if "sessionid" in people[who].cookies:
            cookies["sessionid"] = people[who].cookies["sessionid"].value
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        return page

    return window


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", [PRODUCT, ADMIN], ids=["product", "admin"])
def test_every_address(
    table: dict[str, Row],
    things: dict[str, Any],
    language: str,
    seen_by: Callable[[str], Page],
) -> None:
    turns = {place: row for place, row in table.items() if axe.LANGUAGES[axe.turn(place, 2)] == language}
    found: list[str] = []
    for who in ORDER:
        page, seen = seen_by(who), set()
        for place, row in table.items() if axe.SOAK else turns.items():
            if visitor(row) != who or place == SWAGGERS or (ALIKE.match(place) and not axe.SOAK):
                continue
            for width in axe.widths(place):
                page.set_viewport_size({"width": width, "height": 900})
                if opened(page, filled(place, things)) and (page.url.partition("?")[0], width) not in seen:
                    seen.add((page.url.partition("?")[0], width))
                    found += [f"/{place} {width} {line}" for line in axe.stumbles(page)]
    ours = [line for line in found if not (table is ADMIN and DJANGOS.search(line))]
    assert not ours, "\n".join(ours)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", axe.LANGUAGES[:1] if not axe.SOAK else axe.LANGUAGES, indirect=True)
def test_the_pages_that_say_no(
    monkeypatch: pytest.MonkeyPatch, seen_by: Callable[[str], Page], caplog: pytest.LogCaptureFixture
) -> None:
    page = seen_by("viewer")
    found: dict[int, list[str]] = {}

    def look(address: str) -> None:
        response = page.goto(address)
        assert response
        found[response.status] = axe.stumbles(page)

    look("/no/such/page/")
    look("/cases/new/")
    for error in (SuspiciousOperation("what"), RuntimeError("what"), OperationalError("what")):
        monkeypatch.setattr("cases.web.views.guide.render", _raising(error))
        look("/guide/")
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.context.clear_cookies()
    with page.expect_navigation():
        page.evaluate("document.querySelector('main form').submit()")
    assert "403" not in page.url
    found[-403] = axe.stumbles(page)
    assert found == {404: [], 403: [], 400: [], 500: [], 503: [], -403: []}


def _raising(error: Exception) -> Callable[..., None]:
    def broken(*args: object, **options: object) -> None:
        raise error

    return broken


def of_the_demo(page: Page, site: str) -> Iterator[str]:
    """Pages with something on them."""
    yield from ("/", "/cases/", "/cases/?q=nothing-fits", "/cards/", "/messages/", "/statistics/", "/carriers/")
    yield "/statistics/carriers/"
    for standing in STANDINGS:
        yield first_of(page, site, f"/cases/?standing={standing}", "td a[href^='/cases/XK-']")
    case = first_of(page, site, "/cases/?standing=overdue&sort=reply_by", "td a[href^='/cases/XK-']")
    yield from (f"{case}{part}/" for part in ("reply", "follow-up", "complain", "record", "verify", "dossier"))
    yield first_of(page, site, "/cards/", "td a[href^='/cards/']")


@pytest.mark.parametrize("who", [MANAGER, VIEWER])
def test_pages_with_something_on_them(demo: str, open_window: Callable[..., Window], who: str) -> None:
    page = open_window().page
    sign_in(page, demo, who)
    problems = []
    for address in list(of_the_demo(page, demo))[:: 1 if axe.SOAK or who == MANAGER else 4]:
        for width in axe.widths(address):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(demo + address)
            problems += [f"{address} {width} {line}" for line in axe.stumbles(page)]
    assert not problems, "\n".join(problems)


def test_forms_that_were_filled_in_wrongly(demo: str, open_window: Callable[..., Window]) -> None:
    page = open_window().page
    sign_in(page, demo, MANAGER)
    case = first_of(page, demo, "/cases/?standing=overdue&sort=reply_by", "td a[href^='/cases/XK-']")
    problems = []
    for address in ("/cases/new/", "/cards/new/", f"{case}reply/", "/teams/channels/new/dingtalk/"):
        page.goto(demo + address)
        page.evaluate("document.querySelectorAll('main form').forEach(form => form.noValidate = true)")
        page.locator("main form .btn-primary:visible").last.click()
        page.locator("main .is-invalid, main .invalid-feedback, main .callout--error").first.wait_for()
        problems += [f"{address} {line}" for line in axe.stumbles(page)]
    assert not problems, "\n".join(problems)
