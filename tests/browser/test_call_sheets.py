"""A morning with 41 overdue numbers of four carriers, in real Chromium: four calls, then one letter to each carrier.

The numbers are synthetic. Clicks are counted; what sets the morning up is not.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.domain.business_days import SHANGHAI
from tests.browser.axe import stumbles
from tests.browser.conftest import Window
from tests.browser.test_demo import too_wide
from tests.browser.test_walk import first_account, site_of

#: How many numbers of each carrier are overdue, 41 in all; the first ones of numbers that nobody has.
OVERDUE = {1: 23, 2: 10, 3: 6, 4: 2}


class Clicks:
    """Presses, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, target: Locator) -> None:
        self.count += 1
        target.click()


def submit_batches(page: Page, site: str) -> None:
    """Requests of three weeks ago, one batch for each carrier."""
    submitted = datetime.now(SHANGHAI) - timedelta(days=14)
    for place, count in OVERDUE.items():
        page.goto(f"{site}/batches/new/")
        page.locator("[name=numbers]").fill("\n".join(f"1390000{place:02}{number:02}" for number in range(count)))
        page.locator("select[name=carrier]").select_option(index=place)
        page.locator("[name=happened_at]").fill(f"{submitted:%Y-%m-%dT10:00}")
        page.locator("main .btn-primary").click()
        page.wait_for_url(re.compile(r"/batches/\d+/$"))


def work_off(page: Page, press: Clicks) -> None:
    press(page.locator("main a[href='/calls/']"))
    for _ in OVERDUE:
        press(page.locator(".call-list__title a").first)
        expect(page.locator("a[href^='tel:']").first).to_be_visible()
        assert too_wide(page) <= 0
        press(page.locator("[name=outcome][value=no_reply]"))
        press(page.locator(".call-form .btn-primary"))
        page.wait_for_url("**/calls/")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 390), ("en", 1280)], ids=["phone", "desk"])
def test_41_overdue_numbers_in_four_calls_and_a_letter_to_each_carrier(
    first_link: str, open_window: Callable[..., Window], language: str, width: int
) -> None:
    window = open_window(width)
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, language)
    submit_batches(page, site)
    page.goto(f"{site}/calls/")
    expect(page.locator(".call-list__title")).to_have_count(4)
    assert stumbles(page) == []
    page.locator(".call-list__title a").first.click()
    page.wait_for_url("**/calls/*/*/")
    assert stumbles(page) == []  # opens whatever unfolds
    page.reload()
    page.locator(".call-batch > summary").press("Enter")
    expect(page.locator(".call-line__number").first).to_be_visible()
    expect(page.locator(".call-line__number").first).to_have_text("139 0000 0100")
    page.goto(f"{site}/")

    press = Clicks()
    work_off(page, press)
    assert press.count < 15
    expect(page.locator(".empty-state")).to_be_visible()

    press = Clicks()
    page.goto(f"{site}/cases/?standing=overdue")
    press(page.locator("[name=everything]"))
    press(page.locator("[formaction='/letters/new/complaint/']"))
    page.locator("main [name=name]").fill("上海测试有限公司")
    page.locator("main [name=phone]").fill("021-00000000")
    assert too_wide(page) <= 0
    assert stumbles(page) == []
    press(page.locator(".letter-form > .actions .btn-primary"))
    page.wait_for_url("**/letters/")
    expect(page.locator(".call-list__title")).to_have_count(4)
    assert press.count == 3
    page.locator(".call-list__title a").first.click()
    with page.expect_download() as download:
        page.locator("main a[download]").click()
    assert download.value.suggested_filename.startswith("投诉函 ")
    window.check(site)
