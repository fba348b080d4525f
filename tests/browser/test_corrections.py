"""What was recorded by mistake is put right, in real Chromium: undone, voided, moved; the deadline follows each time.

The messages are synthetic.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.test_demo import MANAGER, sign_in, too_wide
from tests.browser.test_inbox import forward, until_it_says
from tests.browser.test_journeys import log_submitted, soon
from tests.browser.test_walk import CASE, first_account, go, record, site_of

PROMISE = "【中国移动】您的号码13800138000的销户申请将于{day}前办结。"


def deadline(page: Page) -> str:
    return page.locator("main .standing").inner_text()


def entry(page: Page, sequence: int) -> Locator:
    return page.locator(f"#entry-{sequence}")


def choose(page: Page, sequence: int, name: str) -> None:
    """Open a correction from the menu of an entry."""
    entry(page, sequence).locator(".entry-menu > summary").click()
    entry(page, sequence).locator(f"a[href$='/{name}/']").click()
    page.wait_for_url(f"**/entries/{sequence}/{name}/")


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, False)])
def test_a_wrong_reply_is_undone(
    first_link: str, open_window: Callable[..., Window], width: int, scripts: bool
) -> None:
    window = open_window(width, java_script_enabled=scripts)
    page = window.page
    first_account(page, first_link, "en")
    log_submitted(page, site_of(first_link))
    before = deadline(page)
    go(page, "reply")
    page.locator("[value=promised]").check()
    page.locator("[name=promised_on]").fill(f"{soon(12):%Y-%m-%d}")
    record(page)
    assert deadline(page) != before
    page.locator(".callout--success button").click()
    expect(page.locator(".callout--success")).to_contain_text("Undone: Carrier promised a date")
    assert deadline(page) == before
    expect(entry(page, 3).locator("s")).to_have_text("Carrier promised a date")
    expect(entry(page, 4)).to_contain_text("Undid entry 3")
    assert too_wide(page) <= 0
    window.check(site_of(first_link))


def test_a_promise_of_an_earlier_day_is_voided_by_a_manager(demo: str, open_window: Callable[..., Window]) -> None:
    window = open_window()
    page = window.page
    sign_in(page, demo, MANAGER)
    page.goto(f"{demo}/cases/?standing=waiting")
    for href in [a.get_attribute("href") for a in page.locator("td a[href^='/cases/XK-']").all()]:
        page.goto(f"{demo}{href}")
        promise = page.locator(
            ".timeline li:not(.timeline__entry--voided)", has=page.locator("b", has_text="运营商承诺")
        )
        if promise.count():
            break
    sequence = int((promise.first.get_attribute("id") or "").removeprefix("entry-"))
    before = deadline(page)
    choose(page, sequence, "void")
    page.locator("main form.action-form button").click()
    page.locator("main [name=words]").fill("记到了别的号码上")
    page.locator("main form.action-form button").click()
    page.wait_for_url(CASE)
    assert deadline(page) != before
    expect(entry(page, sequence)).to_contain_text("记到了别的号码上")
    expect(page.locator(".timeline li").first).to_contain_text(f"作废了第 {sequence} 条")
    for width in (360, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page) <= 0
    window.check(demo)


def test_a_reply_is_moved_with_its_receipt(first_link: str, open_window: Callable[..., Window]) -> None:
    window = open_window(390)
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, "en")
    log_submitted(page, site)
    wrong, before = page.url, deadline(page)
    page.goto(f"{site}/cases/new/")
    page.locator("[name=number]").fill("139 0013 9000")
    page.locator("select[name=carrier]").select_option(index=1)
    page.locator("[name=submitted_at]").fill(f"{soon(-3):%Y-%m-%dT10:00}")
    page.locator("button[value=submit]").click()
    page.wait_for_url(CASE)
    right = page.url
    page.goto(f"{site}/teams/forwarders/new/json/")
    page.locator("main [name=name]").fill("Office phone")
    page.locator("main [name=signed]").uncheck()
    page.locator("main form button").first.click()
    secret = page.locator("#address").input_value().partition("/in/")[2]
    forward(f"{site}/in/{secret}", PROMISE.format(day=f"{soon(12):%-m月%-d日}"))
    page.goto(wrong)
    until_it_says(page, "Needs confirmation")
    page.locator(".todo-panel .carrier-message button").first.click()
    expect(page.locator(".callout--success")).to_be_visible()
    page.goto(wrong)
    assert deadline(page) != before
    choose(page, 3, "move")
    page.locator("main [name=target]").fill("139 0013 9000")
    page.locator("main [name=words]").fill("Another card")
    page.locator("main form.action-form button").click()
    page.wait_for_url(right)
    expect(page.locator("main")).to_contain_text(re.compile("Moved from XK-"))
    expect(entry(page, 3)).to_contain_text("Carrier promised a date")
    expect(page.locator("#receipts .receipts li")).to_have_count(1)
    moved = deadline(page)
    page.goto(wrong)
    assert deadline(page) == before != moved
    expect(page.locator("#receipts .receipts__voided")).to_have_count(1)
    expect(entry(page, 3)).to_contain_text("Moved to XK-")
    window.check(site)
