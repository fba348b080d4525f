"""Plants faults in the rules, one at a time, and sees whether a test fails for each: what no test notices is listed.

    make mutants ARGS="--seed 7 --count 300"

A fault is a small change of the syntax tree: a filter that is left out, another comparison, a statement that is not
run. Which faults there are depends on the source, which of them are tried on the seed. Each is planted in a process of
its own, in memory, which runs on a copy: no file of the project changes. First it records which test runs which
statement (once, then only for test files that changed); then it runs, for each fault, the tests that run the faulty
statement, the best ones first, until one fails or `--limit` seconds are over. The survivors are written to
var/mutants/, with the place, the change and what was run. Survivors that change nothing that anybody could see are
known by scripts/mutation/same.toml, each with the reason.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.mutation import campaign, recording, single_fault
from scripts.mutation.loading import ROOT

#: What the tests that are run for a fault do without.
_NOT_COPIED = (
    ".git",
    ".venv",
    "var",
    "test-results",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    "pictures",
    "baselines",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], prog="make mutants")
    parser.add_argument("--seed", type=int, default=1, help="chooses the faults (default: 1)")
    parser.add_argument("--count", type=int, default=200, help="how many faults (default: 200)")
    parser.add_argument("--minutes", type=float, default=60, help="stop after this time (default: 60)")
    parser.add_argument("--limit", type=float, default=40, help="seconds of tests for one fault (default: 40)")
    parser.add_argument("--only", default="", help="only modules whose path contains this: operations/erasure")
    parser.add_argument("--again", type=Path, help="try the survivors of a list again: var/mutants/seed-1.jsonl")
    parser.add_argument("--fresh", action="store_true", help="record again what each test runs")
    parser.add_argument("--step", choices=("record", "single"), help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.chdir(ROOT)
    if options.step == "record":
        sys.exit(recording.record(Path(options.rest[0]), options.rest[1:]))
    if options.step == "single":
        sys.exit(single_fault.run(Path(options.rest[0])))
    if recording.HOME == ROOT:
        sys.exit(_run_on_copy())
    runs = recording.up_to_date(fresh=options.fresh)
    campaign.run(options, folder=Path(os.environ["TMPDIR"]), runs=runs)


def _run_on_copy() -> int:
    """The same on a copy of the project, in memory if possible: it stays as it is, whatever is edited meanwhile."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        (copy / ".venv").symlink_to(ROOT / ".venv")
        environment = os.environ | {"TMPDIR": folder, "DATABASE_URL": "", recording.HOME_VARIABLE: str(ROOT)}
        return subprocess.run(
            [sys.executable, "-m", "scripts.mutants", *sys.argv[1:]], cwd=copy, env=environment
        ).returncode


if __name__ == "__main__":
    main()
