"""Creates docs/pictures: pages with the fictitious cases of the demo (needs Chromium).

``make pictures`` serves a temporary database, filled with a fixed seed at a fixed moment, with the clock stopped at
that moment; so the pictures change only when the product or its made-up cases do.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import time_machine
from playwright.sync_api import Browser, Page, sync_playwright

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SEED = 1
#: A Wednesday soon after National Day: the windows that end now contain the holiday and a working Saturday.
AS_OF = datetime(2026, 10, 14, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SUBMITTED_AT = datetime(2026, 9, 30, 15, 0)
LANGUAGES = ("en", "zh-hans")
#: Width and height in CSS pixels, and the device pixel ratio.
SCREENS = ((1280, 780, 1), (390, 800, 2))
MAX_BYTES = 220_000


def main() -> None:
    """Makes the pictures, or exits with one line and status 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--into", type=Path, default=PICTURES, help="the output folder (default: docs/pictures)")
    output_folder: Path = parser.parse_args().into
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("xiaoka: Chromium is not installed.")
    with tempfile.TemporaryDirectory(prefix="xiaoka-pictures-") as folder:
        prepare(folder)
        with time_machine.travel(AS_OF, tick=False), run_server() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium)
            for language in LANGUAGES:
                set_language(language)
                (output_folder / language).mkdir(parents=True, exist_ok=True)
                for screen in SCREENS:
                    take_screenshots(browser, address, screen, output_folder / language)
                    take_design_screenshots(browser, address, screen, output_folder / language, language)
            browser.close()
    if large := [path for path in sorted(output_folder.glob("*/*.png")) if path.stat().st_size > MAX_BYTES]:
        sys.exit(f"xiaoka: more than {MAX_BYTES} bytes: {', '.join(map(str, large))}")


def prepare(folder: str) -> None:
    """Sets Django up on a temporary data folder and fills the database."""
    for name in ("ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "HTTPS", "HOST"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "DATA_DIR": folder,
        "XIAOKA_TEST": "1",
        "ADMIN_SECOND_FACTOR": "0",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from cases.management.compile_messages import compile_catalogues

    compile_catalogues(settings.LOCALE_PATHS)
    call_command("migrate", verbosity=0)
    call_command("load_demo", seed=SEED, as_of=AS_OF.isoformat(), verbosity=0)


@contextmanager
def run_server() -> Iterator[str]:
    """Serves the site on a free port, with a recent heartbeat of a worker; gives its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    from cases import tasks
    from tracker.wsgi import application

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Discards the line for each request."""

    tasks.beat()
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def in_thread(work: Callable[[], T]) -> T:
    """Runs database code in another thread: in Playwright's, Django takes all code for asynchronous."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


def set_language(language: str) -> None:
    """Sets the language of the demo's manager."""
    from cases.management.demo.accounts import MANAGER
    from cases.models import User

    in_thread(lambda: User.objects.filter(email=MANAGER.email).update(language=language))


def showcase_reference() -> str:
    """The reference of a case worth showing: late since the holiday, with many entries and a receipt."""
    from cases import selectors
    from cases.models import Case

    since = AS_OF - timedelta(days=5)
    cases = selectors.overdue(Case.objects.filter(receipts__isnull=False), AS_OF).filter(reply_by__gte=since)
    return in_thread(lambda: cases.order_by("-entry_count", "pk")[0].reference)


def take_screenshots(browser: Browser, address: str, screen: tuple[int, int, int], output_folder: Path) -> None:
    """Every page at one size."""
    from cases.management.demo.accounts import MANAGER, PASSWORD

    width, height, dots = screen
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=dots)
    page.goto(f"{address}/sign-in/")
    page.fill("[name=login]", MANAGER.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/")
    screenshot_window(page, output_folder / f"work-list-{width}.png")
    page.goto(f"{address}/cases/{showcase_reference()}/")
    screenshot_window(page, output_folder / f"case-{width}.png")
    page.goto(f"{address}/cases/new/")
    page.fill("[name=number]", "138 0000 2026")
    page.fill("[name=submitted_at]", f"{SUBMITTED_AT:%Y-%m-%dT%H:%M}")
    page.locator("[name=submitted_at]").blur()
    if width > 1000:
        page.set_viewport_size({"width": width, "height": height + 340})  # the preview belongs to the picture
    screenshot_window(page, output_folder / f"log-{width}.png")
    page.set_viewport_size({"width": width, "height": height})
    page.set_viewport_size({"width": width, "height": height + 220})  # four figures in a row
    page.goto(f"{address}/statistics/")
    screenshot_window(page, output_folder / f"statistics-{width}.png")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}/admin/cases/case/?standing=overdue")
    screenshot_window(page, output_folder / f"admin-{width}.png")
    page.close()


def take_design_screenshots(
    browser: Browser, address: str, screen: tuple[int, int, int], output_folder: Path, language: str
) -> None:
    """The parts of docs/design.md: light on the wide screen, dark on the narrow one."""
    from django.conf import settings

    width, height, dots = screen
    wide = width > 1000
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=dots, color_scheme="light" if wide else "dark"
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page = context.new_page()
    settings.DEBUG = True  # the styleguide exists only then
    try:
        page.goto(f"{address}/styleguide/")
        page.wait_for_load_state("networkidle")
        screenshot_part(page, "#strips > div:nth-child(3)", output_folder / f"strip-{width}.png")
        if wide:
            screenshot_part(page, "#badges", output_folder / f"badges-{width}.png")
    finally:
        settings.DEBUG = False
        context.close()


def screenshot_part(page: Page, selector: str, path: Path) -> None:
    """A picture of one part, as wide as the window."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    clip = {"x": 0, "y": box["y"] - 8, "width": page.viewport_size["width"], "height": box["height"] + 16}  # type: ignore[index]
    page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]


def screenshot_window(page: Page, path: Path) -> None:
    """A picture of the window, once nothing is loading."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, animations="disabled")


if __name__ == "__main__":
    main()
