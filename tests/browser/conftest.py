"""Real Chromium against a real ``manage.py serve``, on a data folder and a port of its own."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, sync_playwright

from tests import ROOT
from tests.conftest import CHROMIUM
from tests.processes import ServeProcess, environment, free_port

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


#: A mobile number as it may stand in an address.
_NUMBER = re.compile(r"(?<!\d)1[3-9]\d(?:\+|-|%20)?\d{4}(?:\+|-|%20)?\d{4}(?!\d)")


def _log_is_clean(said: str) -> None:
    """What a whole run wrote holds nothing personal, and none of the secrets that stand in addresses."""
    assert not _NUMBER.search(said), "the log holds a phone number"
    assert not re.search(r"【|销户", said), "the log holds a message's text"
    assert not re.search(r"/(calendar|in|invitations)/[\w-]{20,}", said), "the log holds a secret address"


@pytest.fixture(scope="session")
def _first_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServeProcess, sqlite3.Connection]]:
    served = ServeProcess(tmp_path_factory.mktemp("first") / "data", free_port())
    served.wait_until_well()
    with closing(sqlite3.connect(":memory:")) as empty:
        with closing(sqlite3.connect(served.folder / "xiaoka.sqlite3")) as database:
            database.backup(empty)
        yield served, empty
    served.stop()
    _log_is_clean(served.printed())


@pytest.fixture
def first_link(_first_start: tuple[ServeProcess, sqlite3.Connection]) -> Iterator[str]:
    """The one-time link of a product that nobody has used yet; after the test it is unused again."""
    served, empty = _first_start
    match = re.search(r"http://127\.0\.0\.1:\d+/welcome/\S+/", served.printed())
    assert match
    yield match[0]
    with closing(sqlite3.connect(served.folder / "xiaoka.sqlite3", timeout=20)) as database:
        empty.backup(database)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a product with made-up cases in every state."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    for command in (["migrate"], ["load_demo", "--cases", "90"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment(DATA_DIR=str(folder)),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    served = ServeProcess(folder, free_port(), ADMIN_SECOND_FACTOR="false")  # as `serve --demo` has it
    served.wait_until_well()
    yield f"http://127.0.0.1:{served.port}"
    served.stop()
    _log_is_clean(served.printed())


@dataclass
class Window:
    """A browser window that notes what a careful person would see in the developer's tools."""

    context: BrowserContext
    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("requestfailed", self._failed)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._said(said.type, said.text))

    def _failed(self, request: Request) -> None:
        # A download, and what a new page cuts short, count as aborted.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.complaints.append(f"{request.url}: {request.failure}")

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {text}")

    def check(self, site: str) -> None:
        """Nothing was asked of another host, no address held a number, and the browser had nothing to complain of."""
        assert [url for url in self.asked if not url.startswith((f"{site}/", "data:", "blob:"))] == []
        assert [url for url in self.asked if "/static/" not in url and _NUMBER.search(url)] == []
        assert self.complaints == []


@pytest.fixture
def open_window() -> Iterator[Callable[..., Window]]:
    """Opens a window: `open_window(width=390, java_script_enabled=False)`."""
    # Begun and ended with each test: while it runs, nothing else of this process may use Django's database.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def opened(width: int = 1280, height: int = 900, **options: Any) -> Window:
            # The browser prefers German: the product speaks Chinese until its reader chooses.
            context = browser.new_context(viewport={"width": width, "height": height}, locale="de-DE", **options)
            context.set_default_timeout(20_000)
            window = Window(context, context.new_page())
            window.watch()
            return window

        yield opened
        browser.close()
