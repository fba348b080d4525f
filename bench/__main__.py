"""`make bench`: measures how quickly reminders are found and sent, and prints tables.

    --pages             measure the pages, the API, verbs, an import and the server under load instead
    --full              also with a million cases (some minutes and 1 GB more for each database)
    --postgresql URL    also on this PostgreSQL database: an empty one, or that of an earlier run
    --helpdesk          also, for comparison, django-helpdesk from its package, in a separate environment: how quickly
                        it escalates; with --pages its list, a ticket's page and saving a follow-up

All data is in var/bench and can be deleted.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import comparison, speed

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
SIZES, FULL = (10_000, 100_000), (10_000, 100_000, 1_000_000)
#: The quickest run counts: whatever else the machine does only makes it slower.
RUNS, LONG_RUN = 3, 10_000


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--postgresql", metavar="URL")
    parser.add_argument("--helpdesk", action="store_true")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    machine, day = platform.processor() or platform.machine(), datetime.now(UTC).date()
    print(
        f"{machine}, {os.cpu_count()} cores, Python {platform.python_version()}, {day}, load {os.getloadavg()[0]:.1f}"
    )
    databases = {"SQLite": f"sqlite:///{FOLDER / 'bench.sqlite3'}"}
    if options.postgresql:
        databases["PostgreSQL"] = options.postgresql
    if options.pages:
        results = speed.measure("SQLite", FOLDER, None, FULL if options.full else SIZES)
        if options.helpdesk:
            comparison.pages(FOLDER, {size: results[size] for size in SIZES})
        if options.postgresql:
            speed.measure("PostgreSQL", FOLDER, options.postgresql, FULL if options.full else SIZES)
        return
    for file in FOLDER.glob("bench.sqlite3*"):
        file.unlink()
    for name, url in databases.items():
        measure(name, url, FULL if options.full else SIZES)
    if options.helpdesk:
        comparison.escalation(FOLDER, due=1000, runs=RUNS)


def measure(name: str, url: str, sizes: tuple[int, ...]) -> None:
    """Print the tables of one database."""
    print(f"\n### {name}\n\n| stored | due | sweep, s | CPU, s | due per s | first notices, s | peak, MB |")
    print("|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    of_a_thousand = {}
    for stored in sizes:
        run_step(url, "fill", stored)
        for due in sorted({stored // 100, 1000, stored // 10}):
            best = quickest(url, "sweep", due)
            cells = [
                f"{stored:,}",
                f"{due:,}",
                f"{best['seconds']:.2f}",
                f"{best['busy']:.2f}",
                f"{due / best['seconds']:,.0f}",
                f"{best['first']:.2f}",
                f"{best['peak']:.0f}",
            ]
            print(f"| {' | '.join(cells)} |", flush=True)
            if due == 1000:
                of_a_thousand[stored] = best["seconds"]
    smallest, *_, largest = sizes
    longer = of_a_thousand[largest] / of_a_thousand[smallest] - 1
    print(f"\n1,000 due cases took {longer:+.0%} with {largest:,} stored, compared with {smallest:,}.\n")
    for people in (1000, 10):
        best = quickest(url, "deliver", people)
        print(
            f"To a local mail server: {people:,} emails of {1000 // people} case(s) each in {best['seconds']:.2f} s, "
            f"{people / best['seconds']:.0f} per second ({best['busy']:.2f} s of CPU, {best['peak']:.0f} MB)."
        )
    best = quickest(url, "first_message", 10_000)
    print(
        f"With {sizes[-1]:,} stored and 10,000 due at once, one worker (`qcluster`): the first email arrived "
        f"{best['seconds']:.2f} s after the sweep was queued.",
        flush=True,
    )


def quickest(url: str, name: str, number: int) -> dict[str, float]:
    """The quickest of several measurements; a long one, in which variation evens out, is run once."""
    runs = RUNS if number <= LONG_RUN else 1
    return min((run_step(url, name, number) for _ in range(runs)), key=lambda run: run["seconds"])


def run_step(url: str, name: str, number: int) -> dict[str, float]:
    """One measurement in a process of its own (bench/steps.py)."""
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(FOLDER), "EMAIL_URL": "smtp://127.0.0.1:1"}
    command = [sys.executable, "-m", "bench.steps", name, str(number)]
    process = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    result: dict[str, float] = json.loads(process.stdout)
    return result


if __name__ == "__main__":
    main()
