"""Records which test runs which statement, and keeps it in var/ until the code or a test file changes."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.mutation import loading, nearness
from scripts.mutation.loading import ROOT
from scripts.mutation.pytest_plugin import LEFT_OUT, Recorder, run_pytest

#: The project whose copy this is; it keeps what was recorded and the lists of survivors.
HOME_VARIABLE = "XIAOKA_MUTANTS_HOME"
HOME = Path(os.environ.get(HOME_VARIABLE, ROOT))
FOLDER = HOME / "var" / "mutants"
_RUNS, _DIGESTS = FOLDER / "runs", FOLDER / "digests.json"


def up_to_date(*, fresh: bool) -> list[nearness.TestRun]:
    """What each test runs. Recorded for all tests if the product changed, otherwise for those files that did.

    A changed fixture does not count: ask for a fresh record."""
    known = json.loads(_DIGESTS.read_text()) if _DIGESTS.exists() and _RUNS.exists() and not fresh else {}
    current = {str(path.relative_to(ROOT)): _digest([path]) for path in _test_files()}
    current["cases"] = _digest(sorted((ROOT / "cases").rglob("*.py")))
    if known.get("cases") != current["cases"]:
        known = {}
    changed = [name for name, digest in current.items() if name != "cases" and known.get(name) != digest]
    runs = nearness.load(_RUNS) if known else []
    if changed:
        print(f"Recording what the tests of {len(changed)} files run.", flush=True)
        runs = [run for run in runs if (file := run.test.partition("::")[0]) in current and file not in changed]
        runs += _record_elsewhere(changed)
        nearness.save(runs, _RUNS)
        _DIGESTS.write_text(json.dumps(current))
    return runs


def _test_files() -> list[Path]:
    paths = sorted((ROOT / "tests").rglob("test_*.py"))
    return [path for path in paths if not str(path.relative_to(ROOT)).startswith(LEFT_OUT)]


def _digest(paths: list[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _record_elsewhere(files: list[str]) -> list[nearness.TestRun]:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        target = Path(folder) / "runs"
        command = [sys.executable, "-m", "scripts.mutants", "--step", "record", str(target), *files]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": ""}, check=False)
        if not target.exists():
            sys.exit(f"The tests did not run (exit code {done.returncode}); see above.")
        return nearness.load(target)


def record(target: Path, files: list[str]) -> int:
    """Run these test files and save what each test ran. To be called before any module of the product is imported."""
    return run_pytest(files, Recorder(loading.load_recording(), target))
