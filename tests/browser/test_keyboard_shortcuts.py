"""Lists by keyboard, and what a page says when something takes long or fails."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Window
from tests.browser.test_demo import MANAGER, sign_in


def focused(page: Page) -> str:
    href: str = page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.tagName")
    return href


def test_a_list_is_worked_by_keyboard_alone(demo: str, open_window: Callable[..., Window]) -> None:
    window = open_window()
    page, press = window.page, window.page.keyboard.press
    sign_in(page, demo, MANAGER)
    page.goto(f"{demo}/cases/")
    links = [link.get_attribute("href") for link in page.locator("#results td a.numeric").all()[:3]]
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        press(key)
        assert focused(page) == links[place]
    press("x")
    expect(page.locator("#results [name=case]").nth(1)).to_be_checked()
    press("?")
    expect(page.locator("#keyboard-shortcuts")).to_be_visible()
    press("j")  # under the open help nothing moves
    press("Escape")
    expect(page.locator("#keyboard-shortcuts")).to_be_hidden()
    press("/")
    page.keyboard.type("njk?")  # somebody types
    expect(page.locator(".search-form [type=search]")).to_have_value("njk?")
    page.locator(".search-form [type=search]").fill("")
    press("Escape")
    press("j")
    press("o")
    page.wait_for_url(f"{demo}{links[0]}")
    press("n")
    page.wait_for_url(f"{demo}/cases/new/")
    page.goto(f"{demo}/cases/")
    press("j")
    press("Enter")
    page.wait_for_url(f"{demo}{links[0]}")
    window.check(demo)


def test_whoever_does_not_want_keys_switches_them_off(demo: str, open_window: Callable[..., Window]) -> None:
    page = open_window().page
    sign_in(page, demo, MANAGER)
    page.locator(".page-header__account .menu > summary").click()
    page.locator("[data-open-shortcuts]").click()
    page.locator("#keyboard-shortcuts-on").uncheck()
    page.locator("#keyboard-shortcuts button").click()
    page.reload()
    page.keyboard.press("j")
    assert focused(page) == "BODY"
    page.keyboard.press("?")
    expect(page.locator("#keyboard-shortcuts-on")).not_to_be_checked()


def test_what_fails_is_said_and_what_was_typed_stays(demo: str, open_window: Callable[..., Window]) -> None:
    window = open_window(390)
    page = window.page
    sign_in(page, demo, MANAGER)
    page.goto(f"{demo}/cards/new/")
    page.locator("main [name=number]").fill("138 0000 2026")
    page.locator("main [name=carrier]").select_option(index=1)
    page.route("**/cards/new/", lambda route: route.fulfill(status=500, body="<h1>broken</h1>"))
    page.locator("main form .btn-primary").click()
    expect(page.locator("#request-error")).to_contain_text("服务器出错")
    expect(page.locator("main [name=number]")).to_have_value("138 0000 2026")
    page.unroute_all()
    page.locator("#request-error button").click()
    expect(page.locator("#request-error")).to_be_hidden()
    window.context.set_offline(True)
    page.locator("main form .btn-primary").click()
    expect(page.locator("#request-error")).to_contain_text("网络已断开")
    expect(page.locator("main [name=number]")).to_have_value("138 0000 2026")


def test_what_takes_long_is_seen(demo: str, open_window: Callable[..., Window]) -> None:
    page = open_window().page
    sign_in(page, demo, MANAGER)
    page.goto(f"{demo}/cards/new/")
    held: list[Route] = []
    page.route("**/cards/new/", lambda route: held.append(route))
    button = page.locator("main form .btn-primary")
    page.locator("main [name=number]").fill("1")
    page.locator("main [name=carrier]").select_option(index=1)
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(page.locator("#busy")).to_contain_class("htmx-request")
    held[0].continue_()
    expect(page.locator("main .invalid-feedback").first).to_be_visible()
    expect(page.locator("[aria-busy]")).to_have_count(0)


def test_on_paper_a_case_has_its_record_and_nothing_to_press(demo: str, open_window: Callable[..., Window]) -> None:
    page = open_window().page
    sign_in(page, demo, MANAGER)
    page.goto(f"{demo}/cases/?standing=overdue")
    page.locator("#results td a.numeric").first.click()
    page.emulate_media(media="print")
    for part in (".standing .day-strip", ".ladder", ".timeline"):
        expect(page.locator(part)).to_be_visible()
    for part in (".page-header", ".todo-panel > .actions", ".add-form >> nth=0", "#proof"):
        expect(page.locator(part)).to_be_hidden()
    said: str = page.evaluate("getComputedStyle(document.querySelector('time[title]'), '::after').content")
    assert said == f'"{page.locator("time[title]").first.get_attribute("title")}"'  # the exact moment
