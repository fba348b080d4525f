"""The five most usual acts of a week by the keyboard alone: no click, and the focus always in sight.

Names and numbers are synthetic.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.models import Card
from tests.browser.test_keyboard import act, arrives, choose, press_at, reach, recorded
from tests.browser.test_lists import page as page  # eight cases, seven of them long overdue
from tests.browser.test_walk import CASE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.forged]


@pytest.fixture(autouse=True)
def no_mouse(page: Page) -> Any:
    """Whoever would use it is stopped."""
    page.add_init_script(
        "addEventListener('pointerdown', (event) => { event.preventDefault(); document.title = 'mouse'; }, true)"
    )
    page.reload()
    yield
    assert page.title() != "mouse"


def open_first_row(page: Page) -> None:
    """The first case of the work list that is no batch, by the keys of lists."""
    for _ in range(12):
        page.keyboard.press("j")
        if page.evaluate("document.activeElement.matches('.case-row__number')"):
            break
    page.keyboard.press("o")
    page.wait_for_url(CASE)
    expect(page.locator("main h1").first).to_be_focused()


def test_a_case_is_logged(page: Page) -> None:
    page.keyboard.press("n")
    page.wait_for_url("**/cases/new/")
    reach(page, "[name=number]")
    page.keyboard.type("138 0013 9000")
    expect(page.locator("select[name=carrier] option:checked")).to_have_text("China Mobile")
    page.keyboard.press("Enter")
    page.wait_for_url(CASE)
    expect(page.locator("main .headline")).to_contain_text("5 working days left")


def test_a_reply_is_recorded(page: Page) -> None:
    open_first_row(page)
    act(page, "reply")
    choose(page, "kind", "under_review")
    reach(page, "[name=words]")
    page.keyboard.type("还在审核")
    recorded(page)
    expect(page.locator(".timeline")).to_contain_text("还在审核")


def test_a_call_sheet_is_worked_off(page: Page) -> None:
    press_at(page, "main a[href='/calls/']")
    arrives(page, "**/calls/")
    expect(page.locator(".call-list__title")).to_contain_text("7 numbers, one call")
    press_at(page, ".call-list__title a")
    page.wait_for_url("**/calls/*/*/")
    reach(page, "[data-copy-text='call-script']")
    choose(page, "outcome", "no_reply")
    press_at(page, ".call-form .btn-primary")
    page.wait_for_url("**/calls/")
    expect(page.locator(".callout--success")).to_contain_text("7")
    expect(page.locator(".call-list__title")).to_have_count(0)


def test_a_number_is_verified_and_confirmed(page: Page) -> None:
    open_first_row(page)
    act(page, "reply")
    choose(page, "kind", "reported_done")
    recorded(page)
    act(page, "verify")
    choose(page, "method", "hotline")
    choose(page, "finding", "cancelled")
    recorded(page)  # which closes the case, unless that is unticked
    expect(page.locator(".headline")).to_contain_text("cancelled")


def test_a_persons_cases_are_found_by_name_in_one_search(page: Page) -> None:
    numbers = ("13800130004", "13800130005")
    Card.objects.filter(number__in=numbers).update(user="王小明")
    page.keyboard.press("/")
    page.keyboard.type("王小")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("#cases .case-row__number")).to_have_text(["138****0005", "138****0004"])
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(CASE)
    expect(page.locator("main h1").first).to_contain_text("138****0005")
