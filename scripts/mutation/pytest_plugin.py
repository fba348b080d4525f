"""What happens within pytest: recording which test runs what, and running tests in forks with one fault each."""

import contextlib
import functools
import gc
import os
import select
import shutil
import signal
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from scripts.mutation import loading, nearness

#: Not run for a fault: they look at files, texts or a browser, not at what the rules do.
LEFT_OUT = ("tests/browser", "tests/project", "tests/wording", "tests/tracker")
#: Seconds after which a record is saved, so that a run that is ended early was not for nothing.
_SAVE_EVERY = 60
#: Seconds for which a test may be silent, besides what it took when it was recorded: other work may be going on.
_PATIENCE = 60


class Recorder:
    """Notes which statements each test runs; tests that fail or are skipped are left out."""

    def __init__(self, hits: set[int], target: Path) -> None:
        self._hits, self._target = hits, target
        self._runs: list[nearness.TestRun] = []
        self._passed = True
        self._saved_at = time.monotonic()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        self._hits.clear()
        self._passed = True
        start = time.perf_counter()
        result = yield
        if self._passed:
            seconds = time.perf_counter() - start
            lines = array("I", sorted(self._hits))
            self._runs.append(nearness.TestRun(item.nodeid, seconds, lines, _is_transactional(item)))
        if time.monotonic() - self._saved_at > _SAVE_EVERY:
            self.pytest_sessionfinish()
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._passed = self._passed and report.passed

    def pytest_sessionfinish(self) -> None:
        nearness.save(self._runs, self._target)
        self._saved_at = time.monotonic()


@dataclass(frozen=True)
class Verdict:
    """What the tests said of one fault. `found_by`: the test that failed, or 'time' where one ran on and on."""

    found_by: str
    tests_run: int
    seconds: float


class ForkServer:
    """Collects the tests once, makes the database once, and then runs chosen tests in a fork for each fault."""

    def __init__(self, work: Callable[["ForkServer"], None]) -> None:
        self._work = work
        self._items: dict[str, pytest.Item] = {}
        self._functions: dict[tuple[str, str, int], list[FunctionType]] = {}
        self._caches: list[Any] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        self._warm_up(session.items)
        for found in gc.get_objects():
            if isinstance(found, FunctionType):
                code = found.__code__
                self._functions.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(found)
            elif isinstance(found, functools._lru_cache_wrapper) and found.__module__.startswith("cases."):
                self._caches.append(found)
        gc.collect()
        gc.freeze()
        self._work(self)
        return True

    def _warm_up(self, items: list[pytest.Item]) -> None:
        """Runs one test with a database, so that what is made once a session is there for each fork."""
        from django.db import connections

        first = next(item for item in items if item.nodeid.startswith("tests/selectors/"))
        other = next(item for item in items if not item.nodeid.startswith("tests/selectors/"))
        first.config.hook.pytest_runtest_protocol(item=first, nextitem=other)
        connections.close_all()

    @property
    def tests(self) -> set[str]:
        return set(self._items)

    def can_patch(self, path: Path, function: str, code: CodeType) -> bool:
        """Whether this function's code can be exchanged where it stands."""
        return bool(self._pairs(path, function, code))

    def _pairs(self, path: Path, function: str, code: CodeType) -> list[tuple[FunctionType, CodeType]]:
        new = _code_of(code, function)
        if new is None:
            return []
        standing = self._functions.get((str(loading.ROOT / path), function, new.co_firstlineno), [])
        return [(each, new) for each in standing if each.__code__.co_freevars == new.co_freevars]

    def run(
        self, tests: list[nearness.TestRun], patch: tuple[Path, str, CodeType] | None, *, seconds: float
    ) -> Verdict:
        """Run tests in a fork until one fails, or `seconds` of the processor are used; with a function's code exchanged
        before."""
        start = time.monotonic()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._be_child([run.test for run in tests], patch, writing)
        os.close(writing)
        try:
            return self._watch(tests, reading, start, seconds)
        finally:
            os.close(reading)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _watch(self, tests: list[nearness.TestRun], reading: int, start: float, seconds: float) -> Verdict:
        """Reads one line for each test: p for passed, f for failed, and the processor's time so far. Silence is a test
        that runs on and on."""
        waiting, used = b"", 0.0
        for number, run in enumerate(tests):
            if used > seconds:
                return Verdict("", number, time.monotonic() - start)
            patience = _PATIENCE + 20 * run.seconds
            while b"\n" not in waiting:
                ready, _, _ = select.select([reading], [], [], patience)
                more = os.read(reading, 4096) if ready else b""
                if not more:
                    reason = "time" if not ready else "end of the process"
                    return Verdict(f"{reason}: {run.test}", number + 1, time.monotonic() - start)
                waiting += more
            line, _, waiting = waiting.partition(b"\n")
            verdict, _, clock = line.partition(b" ")
            used = float(clock)
            if verdict == b"f":
                return Verdict(run.test, number + 1, time.monotonic() - start)
        return Verdict("", len(tests), time.monotonic() - start)

    def _be_child(self, tests: list[str], patch: tuple[Path, str, CodeType] | None, writing: int) -> None:
        """Never returns."""
        os.setpgid(0, 0)
        folder = Path(os.environ["DATA_DIR"]) / f"fork-{os.getpid()}"
        try:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            folder.mkdir()
            _own_database(folder)
            for cache in self._caches:
                cache.cache_clear()
            for function, code in self._pairs(*patch) if patch else []:
                function.__code__ = code
            self._run_tests(tests, writing)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)

    def _run_tests(self, tests: list[str], writing: int) -> None:
        has_failed = False

        class Watcher:
            def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
                nonlocal has_failed
                has_failed = has_failed or report.failed

        start = time.process_time()
        items = [self._items[test] for test in tests]
        plugins = items[0].config.pluginmanager
        plugins.register(Watcher())
        plugins.unregister(name="terminalreporter")
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            os.write(writing, b"%s %f\n" % (b"f" if has_failed else b"p", time.process_time() - start))
            if has_failed:
                return


def _own_database(folder: Path) -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    shared = Path(connection.settings_dict["NAME"])
    own = folder / shared.name
    shutil.copy(shared, own)
    connection.settings_dict["NAME"] = str(own)


def _code_of(module: CodeType, function: str) -> CodeType | None:
    for constant in module.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == function:
                return constant
            if function.startswith(f"{constant.co_qualname}."):
                return _code_of(constant, function)
    return None


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in getattr(item, "fixturenames", ()) or bool(marker and marker.kwargs.get("transaction"))


def run_pytest(arguments: list[str], *plugins: object) -> int:
    """pytest in this process over all tests that can find a fault, quietly; its exit code."""
    ignored = [f"--ignore={folder}" for folder in LEFT_OUT]
    options = ["-q", "--no-header", "-p", "no:cacheprovider", "-m", "not drill and not postgresql", *ignored]
    return int(pytest.main([*options, *arguments], plugins=list(plugins)))
