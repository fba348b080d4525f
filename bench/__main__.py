"""`make bench`: how quickly reminders are found and sent, as tables.

    --full              also with a million cases (some ten minutes and 1 GB more)
    --postgresql URL    on this empty PostgreSQL database too
    --helpdesk          and, for comparison, django-helpdesk from its package, in an environment of its own

Everything lies in var/bench, and can be deleted.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from bench import comparison

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
SIZES, FULL = (10_000, 100_000), (10_000, 100_000, 1_000_000)
#: Of each, the quickest counts: whatever else the machine does only makes it slower.
RUNS = 3


def main() -> None:
    asked = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--full", action="store_true")
    asked.add_argument("--postgresql", metavar="URL")
    asked.add_argument("--helpdesk", action="store_true")
    options = asked.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    databases = {"SQLite": f"sqlite:///{FOLDER / 'bench.sqlite3'}"}
    if options.postgresql:
        databases["PostgreSQL"] = options.postgresql
    for file in FOLDER.glob("bench.sqlite3*"):
        file.unlink()
    for name, url in databases.items():
        measure(name, url, FULL if options.full else SIZES)
    if options.helpdesk:
        comparison.measure(FOLDER, due=1000, runs=RUNS)


def measure(name: str, url: str, sizes: tuple[int, ...]) -> None:
    """Print the tables of one database."""
    print(f"\n### {name}\n\n| stored | due | sweep, s | due cases per s | first notice, s | peak memory, MB |")
    print("|--:|--:|--:|--:|--:|--:|")
    for stored in sizes:
        step(url, "fill", stored)
        for due in sorted({stored // 100, 1000, stored // 10}):
            best = min((step(url, "sweep", due) for _ in range(RUNS)), key=lambda run: run["seconds"])
            cells = [
                f"{stored:,}",
                f"{due:,}",
                f"{best['seconds']:.2f}",
                f"{due / best['seconds']:,.0f}",
                f"{best['first']:.2f}",
                f"{best['peak']:.0f}",
            ]
            print(f"| {' | '.join(cells)} |", flush=True)
    best = min((step(url, "deliver", 1000) for _ in range(RUNS)), key=lambda run: run["seconds"])
    count, seconds = best["count"], best["seconds"]
    print(
        f"\nDelivery to a local mail server: {count:.0f} messages with {1000 / count:.0f} cases each in "
        f"{seconds:.2f} s, {count / seconds:.0f} messages per second, {best['peak']:.0f} MB."
    )
    best = min((step(url, "first_message", 10_000) for _ in range(RUNS)), key=lambda run: run["seconds"])
    print(
        f"With {sizes[-1]:,} stored and 10,000 due at once, one worker (`qcluster`): the first message has arrived "
        f"{best['seconds']:.2f} s after the sweep was put in the queue."
    )


def step(url: str, name: str, number: int) -> dict[str, float]:
    """One measurement in a process of its own (bench/steps.py)."""
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(FOLDER), "EMAIL_URL": "smtp://127.0.0.1:1"}
    command = [sys.executable, "-m", "bench.steps", name, str(number)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    main()
