"""`make bench ARGS=--pages`: how quick the pages are, with ten thousand cases and with a million; as tables."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: People at once; each for so many seconds.
CONNECTIONS, SECONDS = (8, 64), 8
IMPORTED = 100_000
LOADED = ["/", "/cases/", "/cases/?standing=overdue&sort=reply_by", "/cards/"]


Found = dict[int, dict[str, dict[str, Any]]]


def measure(name: str, folder: Path, url: str | None, sizes: tuple[int, ...], imported: int = IMPORTED) -> Found:
    """Print the tables of one database, and give what stands in them, by size and page; without an address SQLite,
    a file for each size."""
    found: Found = {}
    for size in sizes:
        its = url or f"sqlite:///{folder / f'pages-{size}.sqlite3'}"
        _run(its, folder, "bench.steps", "populate", str(size))
        lines = _run(its, folder, "bench.pages").splitlines()
        found[size] = {row["name"]: row for row in map(json.loads, lines)}
    _table(name, found, sizes)
    its = url or f"sqlite:///{folder / f'pages-{sizes[-1]}.sqlite3'}"
    _throughput(its, folder)
    done = json.loads(_run(its, folder, "bench.steps", "bring_in", str(imported)))
    print(
        f"\n`manage.py import_cards`, {imported:,} rows: {done['seconds']:.1f} s, of it our CPU {done['busy']:.1f} s, "
        f"{done['peak']:.0f} MB.",
        flush=True,
    )
    return found


def _table(name: str, found: Found, sizes: tuple[int, ...]) -> None:
    print(f"\n### Pages on {name}, milliseconds: median (our CPU)\n")
    print(f"| | queries | {' | '.join(f'{size:,}' for size in sizes)} | p95 | times as long |")
    print(f"|---|--:|{'--:|' * (len(sizes) + 2)}")
    least, most = found[sizes[0]], found[sizes[-1]]
    floor = most["a bare view"]["busy"]
    for page in (page for page in most if page):
        cells = [f"{found[size][page]['p50']:.0f} ({found[size][page]['busy']:.0f})" for size in sizes]
        more = most[page]["busy"] / max(least[page]["busy"], 0.1)
        print(f"| {page} | {most[page]['queries']} | {' | '.join(cells)} | {most[page]['p95']:.0f} | {more:.2f} |")
    of_floor = {page: most[page]["busy"] / floor for page in ("case", "case list: first page")}
    print("\nOf the bare view's CPU: " + ", ".join(f"{page} {n:.0f} times" for page, n in of_floor.items()) + ".")
    print(f"The most memory that the process held: {most['']['peak']:.0f} MB.", flush=True)


def _throughput(url: str, folder: Path) -> None:
    """The real server, `manage.py serve` with two web workers, under people who do not wait between pages."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cookie = _run(url, folder, "bench.pages", "cookie").strip()
    environment = _environment(url, folder) | {"PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _await(port, server)
        print("\n| connections | pages a second | median, ms | p95, ms | failed |\n|--:|--:|--:|--:|--:|")
        for connections in CONNECTIONS:
            # First unmeasured: each worker reads its templates and texts with its first pages.
            _run(url, folder, "bench.load", str(port), cookie, str(connections), str(SECONDS / 4), *LOADED)
            given = [str(port), cookie, str(connections), str(SECONDS), *LOADED]
            its = json.loads(_run(url, folder, "bench.load", *given))
            print(
                f"| {connections} | {its['rate']:.0f} | {its['p50']:.0f} | {its['p95']:.0f} | {its['failed']} |",
                flush=True,
            )
    finally:
        server.terminate()
        server.wait()


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def _environment(url: str, folder: Path) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": url, "DATA_DIR": str(folder), "EMAIL_URL": "smtp://127.0.0.1:1"}


def _run(url: str, folder: Path, module: str, *given: str) -> str:
    command = [sys.executable, "-m", module, *given]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(url, folder), stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout
