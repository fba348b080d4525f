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
    """Print how quickly it escalates N due tickets."""
    python = _environment(folder)
    best = min((_run(python, "escalates", due)[0] for _ in range(runs)), key=lambda run: run["seconds"])
    print(
        f"\n### {PACKAGE}, SQLite, mail into memory\n\n`escalate_tickets` with {best['count']:,} tickets due: "
        f"{best['seconds']:.2f} s, {best['count'] / best['seconds']:.0f} tickets per second, {best['peak']:.0f} MB.",
        flush=True,
    )


def pages(folder: Path, ours: dict[int, dict[str, dict[str, Any]]]) -> None:
    """Print its pages beside ours (by number of cases, and name), with the same number of tickets on SQLite."""
    python = _environment(folder)
    print(f"\n### Compared with {PACKAGE}, SQLite, milliseconds: median (CPU), 95th percentile, queries\n")
    print("| stored | | django-helpdesk | Xiaoka | CPU, times Xiaoka's |\n|--:|---|--:|--:|--:|")
    for size, page_results in ours.items():
        for row in _run(python, "pages", size):
            our_row = page_results.get(COUNTERPARTS.get(row["name"], row["name"]))
            times = f"{row['busy'] / our_row['busy']:.1f}" if our_row else ""
            print(
                f"| {size:,} | {row['name']} | {_cell(row)} | {_cell(our_row) if our_row else ''} | {times} |",
                flush=True,
            )


def _cell(row: dict[str, Any]) -> str:
    return f"{row['p50']:.0f} ({row['busy']:.0f}), {row['p95']:.0f}, {row['queries']}"


def _run(python: Path, script: str, number: int) -> list[dict[str, Any]]:
    command = [python, "-m", f"bench.helpdesk_{script}", python.parents[1] / "bench.sqlite3", str(number)]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def _environment(folder: Path) -> Path:
    """The Python of its environment; installs it first where it is missing."""
    home = folder / "helpdesk"
    python = home / "bin" / "python"
    if not _installed(python):
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "-qq", "--disable-pip-version-check", "install", PACKAGE], check=True)
    return python


def _installed(python: Path) -> bool:
    """Whether the installation is complete: it may have been interrupted."""
    if not python.exists():
        return False
    result = subprocess.run([python, "-m", "pip", "show", "-q", PACKAGE.partition("==")[0]], stderr=subprocess.DEVNULL)
    return result.returncode == 0
