"""The benchmark's steps run, on a few cases: what is measured by hand must not have gone stale by then."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., str]:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bench.sqlite3'}",
        "DATA_DIR": str(tmp_path),
        "BENCH_SECONDS": "0",
    }

    def step(module: str, *given: str) -> str:
        command = [sys.executable, "-m", module, *given]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return step


def test_pages_verbs_and_import_are_measured(run: Callable[..., str]) -> None:
    assert set(json.loads(run("bench.steps", "populate", "400"))) == {"seconds"}
    found = {row["name"]: row for row in map(json.loads, run("bench.pages").splitlines())}
    assert found.pop("")["peak"] > 0
    for name in ("a bare view", "work list", "case list: deep inside", "case", "admin: overdue", "verb: follow-up"):
        assert found[name]["p50"] > 0, name
    assert max(row["queries"] for name, row in found.items() if "list" in name) <= 12
    assert json.loads(run("bench.steps", "bring_in", "50"))["peak"] > 0
    assert "sessionid" in run("bench.pages", "cookie")
