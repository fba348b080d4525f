"""For comparison: django-helpdesk's `escalate_tickets`, from its package, in an environment of its own."""

import json
import subprocess
import venv
from pathlib import Path

PACKAGE = "django-helpdesk==2.6.1"


def measure(folder: Path, *, due: int, runs: int) -> None:
    """Install it where that was not done yet, and print how quickly it escalates so many tickets that are due."""
    home = folder / "helpdesk"
    python = home / "bin" / "python"
    if not _installed(python):
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "-qq", "--disable-pip-version-check", "install", PACKAGE], check=True)
    results = []
    for _ in range(runs):
        done = subprocess.run(
            [python, Path(__file__).with_name("helpdesk_run.py"), home / "bench.sqlite3", str(due)],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        results.append(json.loads(done.stdout.splitlines()[-1]))
    best = min(results, key=lambda run: run["seconds"])
    print(
        f"\n### {PACKAGE}, SQLite, mail into memory\n\n`escalate_tickets` with {best['count']:,} tickets due: "
        f"{best['seconds']:.2f} s, {best['count'] / best['seconds']:.0f} tickets per second, {best['peak']:.0f} MB.",
        flush=True,
    )


def _installed(python: Path) -> bool:
    """Whether it is there whole: an installation may have been broken off."""
    if not python.exists():
        return False
    shown = subprocess.run([python, "-m", "pip", "show", "-q", PACKAGE.partition("==")[0]], stderr=subprocess.DEVNULL)
    return shown.returncode == 0
