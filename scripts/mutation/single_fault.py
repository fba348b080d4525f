"""Runs tests in a process that imports a module with a fault, for faults in what a module runs at import."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.mutation import faults, loading, nearness
from scripts.mutation.pytest_plugin import Verdict, run_pytest

_MAX_FILES = 12
#: Of starting Python, collecting the tests and looking at the database, in seconds.
_START = 90


def run_elsewhere(path: Path, number: int, tests: list[nearness.TestRun], folder: Path, *, seconds: float) -> Verdict:
    """Import the module with this fault and run tests: as many as take `seconds`, of at most 12 files."""
    chosen, files, total = [], set[str](), 0.0
    for run_ in tests:
        file = run_.test.partition("::")[0]
        if (file in files or len(files) < _MAX_FILES) and total + run_.seconds <= seconds:
            chosen.append(run_.test)
            files.add(file)
            total += run_.seconds
    order = folder / "single.json"
    result = folder / "single-result"
    result.unlink(missing_ok=True)
    order.write_text(json.dumps({"path": str(path), "number": number, "tests": chosen, "result": str(result)}))
    command = [sys.executable, "-m", "scripts.mutants", "--step", "single", str(order)]
    environment = os.environ | {"XIAOKA_MUTANTS_DATABASE": str(folder / "template.sqlite3")}
    try:
        quiet = subprocess.DEVNULL
        done = subprocess.run(command, stdout=quiet, stderr=quiet, env=environment, timeout=_START + 3 * seconds)
    except subprocess.TimeoutExpired:
        return Verdict("time", len(chosen), _START + 3 * seconds)
    noticed_by = result.read_text() if result.exists() else ""
    if not noticed_by and done.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        noticed_by = "the import"
    return Verdict(noticed_by, len(chosen), total)


class _FirstFailure:
    """Writes down which test failed; gives the tests a copy of the database, so that no migration runs."""

    def __init__(self, result: Path) -> None:
        self._result = result

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        from django.conf import settings

        template = Path(os.environ["XIAOKA_MUTANTS_DATABASE"])
        if template.exists():
            shutil.copy(template, settings.DATABASES["default"]["TEST"]["NAME"])
            session.config.option.reuse_db = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._result.write_text(report.nodeid)


def run(order: Path) -> int:
    """What the process does that `run_elsewhere` starts."""
    fault_order = json.loads(order.read_text())
    path = Path(fault_order["path"])

    def planted(_: Path, tree: ast.Module) -> ast.Module:
        faults.faults(tree)[fault_order["number"]].apply()
        return ast.fix_missing_locations(tree)

    loading.load_changed(planted, [path])
    return run_pytest(["-x", *fault_order["tests"]], _FirstFailure(Path(fault_order["result"])))
