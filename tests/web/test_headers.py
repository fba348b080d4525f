"""What every answer tells the browser: nothing from elsewhere, in no frame, no address passed on."""

import re

import pytest

from tests.helpers import CaseDriver
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.fixture
def driver(new_driver: Make) -> CaseDriver:
    return scenarios.overdue(new_driver)


@pytest.mark.parametrize("address", ["/", "/cases/", "/me/", "/nowhere/", "/admin/login/", "/sign-in/", "/proof/"])
def test_the_headers_of_a_page(me: Person, driver: CaseDriver, address: str) -> None:
    headers = me.client.get(address).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]


def test_no_page_of_ours_holds_a_script_or_a_style_of_its_own(me: Person, driver: CaseDriver) -> None:
    for address in ("/", "/cases/", f"/cases/{driver.case.reference}/", "/me/", "/cases/new/", "/cards/"):
        html = me.client.get(address).content.decode()
        assert html.count("<script") == len(re.findall(r"<script(?: type=\"module\")? src=", html))
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html


def test_a_page_travels_compressed_and_a_file_as_it_is(me: Person, driver: CaseDriver) -> None:
    page = me.client.get("/cases/new/", headers={"Accept-Encoding": "gzip, br"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert page.headers["Content-Length"] == str(len(page.content))
    assert len(page.content) < 10_000
    assert "Content-Encoding" not in me.client.get("/cases/new/").headers
    table = me.client.get("/cards/import/template.xlsx", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in table.headers
