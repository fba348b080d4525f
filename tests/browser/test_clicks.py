"""How many clicks a task takes, counted at both widths: the figures in docs/usability.md."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.test_call_sheets import Clicks
from tests.browser.test_demo import MANAGER, sign_in
from tests.browser.test_walk import CASE


def log(page: Page, press: Clicks) -> None:
    press(page.locator("main .page-heading a[href='/cases/new/']"))
    is_wide = page.viewport_size["width"] > 640  # type: ignore[index]
    page.wait_for_url("**/cases/new/")
    page.locator("main [name=number]").press_sequentially("13800007001" if is_wide else "13800007002", delay=40)
    expect(page.locator("main select[name=carrier]")).not_to_have_value("")  # as the number's prefix says
    press(page.locator("main button[value=submit]"))
    page.wait_for_url(CASE)


def overdue_cases(page: Page, press: Clicks) -> None:
    press(page.locator(".tally--overdue"))
    page.wait_for_url("**/cases/?standing=overdue*")


def call_with_a_promise(page: Page, press: Clicks) -> None:
    press(page.locator(".case-row__action a[href$='/follow-up/']:visible").first)
    press(page.locator("[name=kind][value=promised]"))
    day = page.evaluate("new Date(Date.now() + 2 * 864e5).toISOString().slice(0, 10)")
    page.locator("[name=promised_on]").fill(day)
    press(page.locator("form.action-form > .actions .btn-primary"))
    page.wait_for_url(CASE)


def proof_of_a_case(page: Page, press: Clicks) -> None:
    press(page.locator(".case-row__number:visible").first)
    press(page.locator(".todo-panel .menu > summary"))
    press(page.locator(".todo-panel .menu__body a[href$='/dossier/']"))
    with page.expect_download():
        press(page.locator("main form .btn-primary"))


def hotline_is_dialled(page: Page, press: Clicks) -> None:
    link = page.locator(".case-row__step a.tel-link:visible").first
    expect(link).to_have_attribute("href", re.compile(r"^tel:[0-9]{5,11}$"))
    press.count += 1  # pressed, it would leave the browser


def number_in_full_while_a_call_is_recorded(page: Page, press: Clicks) -> None:
    to_call = page.locator(".case-row:has(.case-row__step a.tel-link):has(.case-row__action a[href$='/follow-up/'])")
    press(to_call.locator(".case-row__number:visible").first)
    page.wait_for_url(CASE)
    press(page.locator(".case-number form button"))
    expect(page.locator(".case-number")).not_to_contain_text("****")
    press(page.locator(".todo-panel a[href$='/follow-up/']:visible").first)
    expect(page.locator(".back-link")).not_to_contain_text("****")


def persons_cases(page: Page, press: Clicks) -> None:
    page.locator(".search-form [name=q]").fill("演示公司客服中心")  # a holder of the demo
    press(page.locator(".search-form button"))
    page.wait_for_url("**/search/*")
    expect(page.locator("#cases .case-row__number").first).to_be_visible()


#: Task -> clicks, as the page in docs/ says.
TASKS: dict[Callable[[Page, Clicks], None], int] = {
    log: 2,
    overdue_cases: 1,
    call_with_a_promise: 3,
    proof_of_a_case: 4,
    hotline_is_dialled: 1,
    number_in_full_while_a_call_is_recorded: 3,
    persons_cases: 1,
}


@pytest.mark.parametrize("width", [390, 1280])
def test_as_many_clicks_as_the_documentation_says(demo: str, open_window: Callable[..., Window], width: int) -> None:
    page = open_window(width).page
    sign_in(page, demo, MANAGER)
    counts = {}
    for task in TASKS:
        page.goto(f"{demo}/?show=all")
        press = Clicks()
        task(page, press)
        counts[task] = press.count
    assert counts == TASKS
