"""From a forwarded SMS to a confirmed case, in real Chromium: the phone posts, the worker reads, a person says yes.

The messages are synthetic.
"""

import json
import urllib.request
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.test_walk import CASE, WORDS, first_account, go, log, record, site_of

REGISTERED = "【中国移动】您的号码13800138000的销户申请已受理,受理单号:YD20261009001。"
DONE = "【中国移动】您的号码13800138000已销户,余额12.50元将退至原支付账户。"


def forward(address: str, text: str) -> None:
    """What a phone does with an SMS."""
    body = json.dumps({"sender": "10086", "text": text}).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert json.load(answer)["kept"] is True


def until_it_says(page: Page, words: str) -> None:
    """Look again until the worker has read what came."""
    for _ in range(60):
        if page.locator("main", has_text=words).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("main")).to_contain_text(words)


def test_from_a_forwarded_message_to_a_confirmed_case(first_link: str, open_window: Callable[..., Window]) -> None:
    window = open_window(390)
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, "en")
    log(page, WORDS["en"], scripts=True)
    case = page.url
    go(page, "submit")
    page.locator("main form button:not([name])").click()
    expect(page.locator("main .checklist__item--missing").first).to_be_visible()
    page.locator("button[name=already]").click()
    page.wait_for_url(CASE)

    page.goto(f"{site}/teams/forwarders/new/json/")
    page.locator("main [name=name]").fill("Office phone")
    page.locator("main [name=signed]").uncheck()
    page.locator("main form button").first.click()
    address = page.locator("#address").input_value()
    secret_part = address.partition("/in/")[2]

    # Registered: goes onto the timeline by itself.
    forward(f"{site}/in/{secret_part}", REGISTERED)
    page.goto(case)
    until_it_says(page, "Acknowledged by the carrier")
    expect(page.locator(".timeline")).to_contain_text("138****8000")
    expect(page.locator("main")).to_contain_text("YD20261009001")
    expect(page.locator("#receipts")).to_contain_text("10086 ")

    # Done: only proposed, with one button that stands first.
    forward(f"{site}/in/{secret_part}", DONE)
    until_it_says(page, "Needs confirmation")
    expect(page.locator(".todo-panel .carrier-message")).to_contain_text("已销户")
    page.goto(f"{site}/")
    page.locator(".tally--messages").click()
    page.wait_for_url("**/messages/")
    page.get_by_role("button", name="Record: carrier says done").click()
    page.wait_for_url(CASE)
    expect(page.locator(".headline")).to_contain_text("to verify")
    expect(page.locator(".todo-panel .carrier-message")).to_have_count(0)

    go(page, "verify")
    page.locator("[name=method][value=hotline]").check()
    page.locator("[name=finding][value=cancelled]").check()
    record(page)
    expect(page.locator(".headline")).to_contain_text("cancelled, confirmed")
    expect(page.locator(".headline .pill-label")).to_have_count(0)  # the messages are its receipts
    page.goto(f"{site}/messages/?state=recorded")
    expect(page.locator(".carrier-message")).to_have_count(2)
    window.check(site)
