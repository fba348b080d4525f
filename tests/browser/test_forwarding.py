"""A phone is set up in real Chromium: its page turns green by itself when the first message has come."""

import hashlib
import hmac
import json
import urllib.request
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.test_demo import MANAGER, sign_in, too_wide


def test_the_page_of_a_new_phone_turns_green_by_itself(demo: str, open_window: Callable[..., Window]) -> None:
    window = open_window(width=390)
    page = window.page
    sign_in(page, demo, MANAGER)
    page.goto(f"{demo}/teams/forwarders/new/gateway/")
    page.locator("[name=name]").fill("前台")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#forwarder-status .callout--warning")).to_be_visible()
    assert too_wide(page) <= 0
    address, key = page.locator("#address").input_value(), page.locator("#key").input_value()
    assert address.startswith(f"{demo}/in/")
    # The app's test message, in synthetic words.
    body = json.dumps({"from": "123456789", "text": "test", "sentStamp": None, "sim": "sim1"}).encode()
    signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    with urllib.request.urlopen(urllib.request.Request(address, body, {"X-Signature": signature})) as answer:
        assert answer.status == 200
    expect(page.locator("#forwarder-status .callout--success")).to_be_visible()
    assert page.locator("#forwarder-status[hx-trigger]").count() == 0
    window.check(demo)
