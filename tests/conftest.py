"""What every test stands on: settings of its own, in a data folder that goes away with the run."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from typing import Any

import hypothesis
import pytest

from tests import ROOT

_folder = tempfile.TemporaryDirectory(prefix="xiaoka-test-")
# Set before the settings are read, and whatever the person who runs the tests has in the environment:
# only DATABASE_URL is theirs to give, and tests make a database of their own beside it.
_THEIRS = ("ALLOWED_HOSTS", "ALLOW_PRIVATE_HOSTS", "CHANNEL_KEYS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "HOST", "HTTPS")
_MAIL = ("EMAIL_CA_FILE", "EMAIL_FROM", "EMAIL_URL", "SITE_URL")
for _name in (*_THEIRS, *_MAIL, "METRICS_TOKEN", "PORT", "PROMETHEUS_MULTIPROC_DIR", "RECEIPT_KEYS", "SIGNING_KEY"):
    os.environ.pop(_name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "tracker.settings",
    "DATA_DIR": _folder.name,
    "SECRET_KEY": "a-key-for-tests-that-signs-nothing-anyone-would-want-to-forge",
    "XIAOKA_TEST": "1",
    "SESSION_HOURS": "336",  # tests move the clock by days
}

from cases.management.compile_messages import compile_catalogues  # noqa: E402

# Before Django loads: it keeps the catalogues that it has read, and a fresh clone has none.
compile_catalogues([ROOT / "locale", ROOT / "locale" / "libraries"])

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

pytest_plugins = ["tests.fixtures", "tests.bystanders", "tests.fake_network", "tests.replay_check"]

# Property tests try the same examples in every run, and no clock decides them.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.hookimpl(tryfirst=True)  # before -m "not drill" looks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks browser tests, skips by name those whose tool is missing, and leaves those of SQLite to its run."""
    if connection.vendor != "sqlite" and (of_sqlite := [item for item in items if _is_of_sqlite(item)]):
        items[:] = [item for item in items if item not in of_sqlite]
        config.hook.pytest_deselected(items=of_sqlite)
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "browser"):
            item.add_marker("browser")
            item.add_marker("drill")
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))
        if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="PostgreSQL is not given: DATABASE_URL names none"))


def _is_of_sqlite(item: pytest.Item) -> bool:
    return item.get_closest_marker("sqlite") is not None and item.get_closest_marker("postgresql") is None


DRILLS_LEFT_OUT = pytest.StashKey[int]()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    drills = sum(item.get_closest_marker("drill") is not None for item in items)
    if drills and "not drill" in items[0].config.option.markexpr:
        stash = items[0].config.stash
        stash[DRILLS_LEFT_OUT] = stash.get(DRILLS_LEFT_OUT, 0) + drills


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist, each of which collects all tests, hands its count over."""
    node.config.stash[DRILLS_LEFT_OUT] = getattr(node, "workeroutput", {}).get("drills", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if drills := config.stash.get(DRILLS_LEFT_OUT, 0):
        terminalreporter.write_line(f"drills: {drills} tests left out, run by .ci/run or make drills")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where every tool is at hand (XIAOKA_NO_SKIP=1, set by .ci/run) a skipped test is a failed run."""
    if output := getattr(session.config, "workeroutput", None):
        output["drills"] = session.config.stash.get(DRILLS_LEFT_OUT, 0)
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("XIAOKA_NO_SKIP") and terminal and terminal.stats.get("skipped"):
        terminal.write_line("\nTests were skipped, and nothing may be skipped here.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
