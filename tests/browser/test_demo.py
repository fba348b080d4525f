"""The demo's pages in real Chromium: they fit every screen, ask no other host, and lead where they should."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window

WIDTHS = (360, 390, 768, 1280, 1920)
MANAGER, VIEWER = "demo@xiaoka.example", "viewer@xiaoka.example"
PAGES = ["/", "/cases/", "/cases/?standing=overdue&sort=number", "/cases/?q=nothing-fits", "/cases/new/"]
PAGES += ["/guide/waiting/?submitted_at=2026-09-30T15:00", "/guide/example/?day=2026-11-05"]
PAGES += ["/cards/", "/cards/new/", "/me/", "/me/password/", "/no/such/page"]
STANDINGS = ["overdue", "due_today", "to_verify", "returned", "waiting", "draft", "no_receipt"]


def sign_in(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.locator("[name=login]").fill(who)
    page.locator("[name=password]").fill("xiaoka-demo")
    page.locator("main form button").click()
    page.wait_for_url(f"{site}/")


def first_of(page: Page, site: str, address: str, link: str) -> str:
    page.goto(site + address)
    href = page.locator(link).first.get_attribute("href")
    assert href
    return href


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return pixels


@pytest.mark.parametrize("who", [MANAGER, VIEWER])
def test_no_page_is_wider_than_its_window(demo: str, open_window: Callable[..., Window], who: str) -> None:
    window = open_window()
    page = window.page
    sign_in(page, demo, who)
    addresses = [*PAGES, first_of(page, demo, "/cards/", "td a[href^='/cards/']")]
    for standing in STANDINGS:
        case = first_of(page, demo, f"/cases/?standing={standing}", "td a[href^='/cases/XK-']")
        addresses.append(case)
        if standing == "overdue":
            addresses += [f"{case}{action}/" for action in ("reply", "follow-up", "verify", "hand-over", "reopen")]
    found = {}
    for address in addresses:
        page.goto(demo + address)
        page.evaluate("document.querySelectorAll('main details').forEach(details => details.open = true)")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if too_wide(page) > 0:
                found[address, width] = too_wide(page)
    assert found == {}
    # One of the pages is not there, and a viewer is refused what only agents do: both on purpose.
    window.complaints = [said for said in window.complaints if "404" not in said and "403" not in said]
    window.check(demo)


def test_the_list_narrows_itself_and_keeps_its_state_in_the_address(
    demo: str, open_window: Callable[..., Window]
) -> None:
    window = open_window()
    page = window.page
    sign_in(page, demo, MANAGER)
    page.goto(f"{demo}/cases/")
    page.locator("[name=standing]").select_option("overdue")
    page.wait_for_url("**/cases/?*standing=overdue*")
    late = page.locator("#results .tone-late")
    expect(late.first).to_be_visible()
    expect(page.locator("#results .status-badge:not(.tone-late)")).to_have_count(0)
    page.locator("#results td a").first.click()
    page.wait_for_url("**/cases/XK-*/")
    page.go_back()
    expect(page.locator("[name=standing]")).to_have_value("overdue")
    expect(page.locator("#results .status-badge:not(.tone-late)")).to_have_count(0)
    window.check(demo)


def test_a_phone_shows_today_in_the_strip_and_keeps_the_actions_at_hand(
    demo: str, open_window: Callable[..., Window]
) -> None:
    page = open_window(390, 800).page
    sign_in(page, demo, MANAGER)
    case = first_of(page, demo, "/cases/?standing=overdue&sort=reply_by", "td a[href^='/cases/XK-']")
    page.goto(demo + case)
    expect(page.locator(".day-strip .day--today")).to_be_in_viewport()
    expect(page.locator(".todo-panel > .actions a").first).to_be_in_viewport()
    page.mouse.wheel(0, 4000)
    expect(page.locator(".todo-panel > .actions a").first).to_be_in_viewport()


def test_everything_is_reached_by_keyboard(demo: str, open_window: Callable[..., Window]) -> None:
    window = open_window()
    page = window.page
    page.goto(f"{demo}/sign-in/")
    page.locator("[name=login]").focus()
    page.keyboard.type(MANAGER)
    page.keyboard.press("Tab")
    page.keyboard.type("xiaoka-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo}/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main")
    page.keyboard.press("Tab")
    expect(page.locator(".tallies a").first).to_be_focused()
    if page.locator(".tally--messages").count():  # they come first
        page.keyboard.press("Tab")
    expect(page.locator(".tally--overdue")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/?standing=overdue&sort=reply_by")
    window.check(demo)


def test_an_operator_finds_the_overdue_cases_in_two_clicks(demo: str, open_window: Callable[..., Window]) -> None:
    window = open_window()
    page = window.page
    sign_in(page, demo, MANAGER)
    late = int(page.locator(".tally--overdue b").inner_text())
    page.locator(".main-nav__link[href='/admin/']").click()
    page.wait_for_url("**/admin/")
    page.locator("#content a[href*='overdue']").first.click()
    page.wait_for_url("**/admin/cases/case/?*")
    assert page.locator("#result_list tbody tr").count() >= late > 0
    window.check(demo)
