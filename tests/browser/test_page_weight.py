"""What a page costs who opens it: bytes as they travel, other hosts, and whether it moves under the reader's eyes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import Window
from tests.browser.test_demo import MANAGER, first_of, sign_in

#: Bytes, with the heads of the answers: nothing kept yet, and afterwards.
FIRST, AFTER = 150_000, 30_000
#: What layouts moved, as the share of the window; nothing is meant to, this is for rounding.
MOVED = 0.01

PAGES = ["/", "/cases/", "/cases/new/", "/cards/", "/messages/", "/statistics/", "/carriers/", "/guide/"]
PAGES += ["/guide/waiting/", "/teams/", "/me/", "/me/channels/"]

WATCH = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""

#: The sum, once two more pictures of the page were drawn.
SETTLED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(window.moved))))"


class Meter:
    """Counts what comes over the wire."""

    def __init__(self, page: Page) -> None:
        self.page, self.bytes = page, 0.0
        self.tools: CDPSession = page.context.new_cdp_session(page)
        self.tools.send("Network.enable")
        self.tools.on("Network.loadingFinished", self._came)

    def _came(self, said: dict[str, float]) -> None:
        self.bytes += said["encodedDataLength"]

    def forget(self) -> None:
        """As with a browser that was never here, but for who is signed in."""
        self.tools.send("Network.clearBrowserCache")

    def weigh(self, address: str) -> int:
        self.bytes = 0
        self.page.goto(address)
        return int(self.bytes)


def main_pages(page: Page, site: str) -> list[str]:
    case = first_of(page, site, "/cases/?standing=overdue&sort=reply_by", "td a[href^='/cases/XK-']")
    return [*PAGES, case, f"{case}follow-up/"]


def test_pages_are_light(demo: str, open_window: Callable[..., Window]) -> None:
    window = open_window()
    page = window.page
    meter = Meter(page)
    first = {"/sign-in/": meter.weigh(f"{demo}/sign-in/")}
    sign_in(page, demo, MANAGER)
    after = {}
    for address in main_pages(page, demo):
        meter.forget()
        first[address] = meter.weigh(demo + address)
        after[address] = meter.weigh(demo + address)
    assert {address: size for address, size in first.items() if size > FIRST} == {}
    assert {address: size for address, size in after.items() if size > AFTER} == {}
    assert min(first.values()) > 30_000  # it does count
    window.check(demo)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_a_page_loads(demo: str, open_window: Callable[..., Window], width: int) -> None:
    window = open_window(width)
    page = window.page
    page.add_init_script(WATCH)
    sign_in(page, demo, MANAGER)
    moved = {}
    for address in main_pages(page, demo):
        page.goto(demo + address)
        moved[address] = page.evaluate(SETTLED)
    assert {address: share for address, share in moved.items() if share > MOVED} == {}
    page.evaluate("document.querySelector('main').style.paddingTop = '200px'")
    for _ in range(100):  # it does notice; Playwright's own waiting is an eval, which the pages forbid
        if page.evaluate("window.moved > 0.01"):
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError("what moves was not noticed")
    window.check(demo)
