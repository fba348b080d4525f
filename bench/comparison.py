"""For comparison: django-helpdesk from its package, in an environment of its own: its escalation, and its pages."""

import json
import subprocess
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "django-helpdesk==2.6.1"
#: What it calls so, and what is the same with us.
COUNTERPARTS = {
    "list": "case list: first page",
    "one": "case",
}


def escalation(folder: Path, *, due: int, runs: int) -> None:
    """Print how quickly it escalates so many tickets that are due."""
    python = _environment(folder)
    best = min((_run(python, "escalates", due)[0] for _ in range(runs)), key=lambda run: run["seconds"])
    print(
        f"\n### {PACKAGE}, SQLite, mail into memory\n\n`escalate_tickets` with {best['count']:,} tickets due: "
        f"{best['seconds']:.2f} s, {best['count'] / best['seconds']:.0f} tickets per second, {best['peak']:.0f} MB.",
        flush=True,
    )


def pages(folder: Path, ours: dict[int, dict[str, dict[str, Any]]]) -> None:
    """Print its pages beside ours (by how many cases, and name), with as many tickets on SQLite."""
    python = _environment(folder)
    print(f"\n### Beside {PACKAGE}, SQLite, milliseconds: median (CPU), 95th percentile, queries\n")
    print("| stored | | django-helpdesk | ours | times our CPU |\n|--:|---|--:|--:|--:|")
    for size, found in ours.items():
        for its in _run(python, "pages", size):
            mine = found.get(COUNTERPARTS.get(its["name"], its["name"]))
            times = f"{its['busy'] / mine['busy']:.1f}" if mine else ""
            print(f"| {size:,} | {its['name']} | {_cell(its)} | {_cell(mine) if mine else ''} | {times} |", flush=True)


def _cell(its: dict[str, Any]) -> str:
    return f"{its['p50']:.0f} ({its['busy']:.0f}), {its['p95']:.0f}, {its['queries']}"


def _run(python: Path, what: str, number: int) -> list[dict[str, Any]]:
    command = [python, "-m", f"bench.helpdesk_{what}", python.parents[1] / "bench.sqlite3", str(number)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _environment(folder: Path) -> Path:
    """Its Python; installs it where that was not done yet."""
    home = folder / "helpdesk"
    python = home / "bin" / "python"
    if not _installed(python):
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "-qq", "--disable-pip-version-check", "install", PACKAGE], check=True)
    return python


def _installed(python: Path) -> bool:
    """Whether it is there whole: an installation may have been broken off."""
    if not python.exists():
        return False
    shown = subprocess.run([python, "-m", "pip", "show", "-q", PACKAGE.partition("==")[0]], stderr=subprocess.DEVNULL)
    return shown.returncode == 0
