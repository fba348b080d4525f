"""Prints how quickly pages load on a slow phone (needs Chromium and a running server).

    .venv/bin/python scripts/page_speed.py http://127.0.0.1:8000 demo@xiaoka.example xiaoka-demo

Throttled as Lighthouse throttles for phones: Slow 4G (1.6 Mbit/s down, 0.75 up, 150 ms there and back) and a processor
four times slower. Interactive is when the page is parsed and its scripts have run (the end of DOMContentLoaded);
before that links and forms work already, but without htmx. The median of five counts.
"""

import shutil
import statistics
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright

RUNS = 5
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PAGES = ("/", "/cases/", "/cases/new/", "/cards/", "/messages/", "/statistics/", "/guide/waiting/")
TIMES = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const drawn = performance.getEntriesByName("first-contentful-paint")[0];
  return [drawn ? drawn.startTime : page.domContentLoadedEventEnd, page.domContentLoadedEventEnd];
}"""


def main() -> None:
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    site, email, password = sys.argv[1].rstrip("/"), *sys.argv[2:]
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("xiaoka: Chromium is not installed.")
    print("| page | first visit: drawn, ms | interactive, ms | again: drawn, ms | interactive, ms |")
    print("|---|--:|--:|--:|--:|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{site}/sign-in/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", password)
        page.click("main form button")
        page.wait_for_url(f"{site}/")
        cdp_session = page.context.new_cdp_session(page)
        cdp_session.send("Network.enable")
        cdp_session.send("Network.emulateNetworkConditions", SLOW_4G)
        cdp_session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        for address in PAGES:
            first = [measure_page(page, site + address, cdp_session) for _ in range(RUNS)]
            again = [measure_page(page, site + address, None) for _ in range(RUNS)]
            columns = (*zip(*first, strict=True), *zip(*again, strict=True))
            middle = " | ".join(str(round(statistics.median(column))) for column in columns)
            print(f"| {address} | {middle} |", flush=True)
        browser.close()


def measure_page(page: Page, address: str, cdp_session: Any) -> tuple[float, float]:
    """First paint, and time to interactive, in milliseconds."""
    if cdp_session:
        cdp_session.send("Network.clearBrowserCache")
    page.goto(address)
    drawn, interactive = page.evaluate(TIMES)
    return drawn, interactive


if __name__ == "__main__":
    main()
