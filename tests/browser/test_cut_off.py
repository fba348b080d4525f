"""On a phone, 390 pixels wide, nothing is cut off in either language: every address of the product, and the demo."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.axe import LANGUAGES
from tests.browser.conftest import Window
from tests.browser.cut_off import cut_off
from tests.browser.test_axe import ORDER, SWAGGERS, of_the_demo, opened, visitor
from tests.browser.test_axe import language as language  # fixtures of the table
from tests.browser.test_axe import people as people
from tests.browser.test_axe import seen_by as seen_by
from tests.browser.test_axe import things as things
from tests.browser.test_demo import MANAGER, sign_in
from tests.web.access_matrix import PRODUCT
from tests.web.test_access import filled

PHONE = {"width": 390, "height": 844}


@pytest.mark.django_db(transaction=True)
def test_every_address(things: dict[str, Any], seen_by: Callable[[str], Page]) -> None:
    found: list[str] = []
    for who in ORDER:
        page, seen = seen_by(who), set()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.set_default_navigation_timeout(120_000)  # a busy machine cuts nothing off
        for place, row in PRODUCT.items():
            if visitor(row) != who or place == SWAGGERS or not opened(page, filled(place, things)):
                continue
            if page.url.partition("?")[0] not in seen:
                seen.add(page.url.partition("?")[0])
                found += [f"/{place} {line}" for line in cut_off(page)]
    assert not found, "\n".join(found)


def speak(page: Page, language: str) -> None:
    if page.locator("html").get_attribute("lang") != language:
        page.locator(".page-header__account .menu > summary").click()
        page.locator(f"button[name=language][value={language}]").click()
        page.locator(f"html[lang={language}]").wait_for(state="attached")


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_pages_with_something_on_them(demo: str, open_window: Callable[..., Window], spoken: str) -> None:
    page = open_window(**PHONE).page
    sign_in(page, demo, MANAGER)
    speak(page, spoken)
    findings = []
    for address in of_the_demo(page, demo):
        page.goto(demo + address)
        findings += [f"{address} {line}" for line in cut_off(page)]
    speak(page, "zh-hans")  # the account remembers it, and other tests sign in with it
    assert not findings, "\n".join(findings)
