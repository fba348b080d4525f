"""`make bench ARGS=--pages`: the speed of the pages with ten thousand cases and with a million, as tables."""

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


Results = dict[int, dict[str, dict[str, Any]]]


def measure(name: str, folder: Path, url: str | None, sizes: tuple[int, ...], imported: int = IMPORTED) -> Results:
    """Print the tables of one database and return their figures, by size and page; without an address SQLite, a file
    for each size."""
    results: Results = {}
    for size in sizes:
        database_url = url or f"sqlite:///{folder / f'pages-{size}.sqlite3'}"
        _run(database_url, folder, "bench.steps", "populate", str(size))
        lines = _run(database_url, folder, "bench.pages").splitlines()
        results[size] = {row["name"]: row for row in map(json.loads, lines)}
    _table(name, results, sizes)
    database_url = url or f"sqlite:///{folder / f'pages-{sizes[-1]}.sqlite3'}"
    _throughput(database_url, folder)
    import_result = json.loads(_run(database_url, folder, "bench.steps", "import_cards", str(imported)))
    print(
        f"\n`manage.py import_cards`, {imported:,} rows: {import_result['seconds']:.1f} s, "
        f"of which {import_result['busy']:.1f} s CPU, "
        f"{import_result['peak']:.0f} MB.",
        flush=True,
    )
    return results


def _table(name: str, results: Results, sizes: tuple[int, ...]) -> None:
    print(f"\n### Pages on {name}, milliseconds: median (CPU)\n")
    print(f"| | queries | {' | '.join(f'{size:,}' for size in sizes)} | 95% | factor |")
    print(f"|---|--:|{'--:|' * (len(sizes) + 2)}")
    smallest, largest = results[sizes[0]], results[sizes[-1]]
    baseline = largest["a bare view"]["busy"]
    for page in (page for page in largest if page):
        cells = [f"{results[size][page]['p50']:.0f} ({results[size][page]['busy']:.0f})" for size in sizes]
        more = largest[page]["busy"] / max(smallest[page]["busy"], 0.1)
        print(
            f"| {page} | {largest[page]['queries']} | {' | '.join(cells)} | {largest[page]['p95']:.0f} | {more:.2f} |"
        )
    of_baseline = {page: largest[page]["busy"] / baseline for page in ("case", "case list: first page")}
    print(
        "\nCPU compared with the bare view: "
        + ", ".join(f"{page} {n:.0f} times" for page, n in of_baseline.items())
        + "."
    )
    print(f"Peak memory of the process: {largest['']['peak']:.0f} MB.", flush=True)


def _throughput(url: str, folder: Path) -> None:
    """The real server, `manage.py serve` with two web workers, under people who do not wait between pages."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cookie = _run(url, folder, "bench.pages", "cookie").strip()
    environment = _environment(url, folder) | {"PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for_port(port, server)
        print("\n| connections | pages per second | median, ms | 95%, ms | failed |\n|--:|--:|--:|--:|--:|")
        for connections in CONNECTIONS:
            # First unmeasured: each worker reads its templates and texts with its first pages.
            _run(url, folder, "bench.load_generator", str(port), cookie, str(connections), str(SECONDS / 4), *LOADED)
            arguments = [str(port), cookie, str(connections), str(SECONDS), *LOADED]
            result = json.loads(_run(url, folder, "bench.load_generator", *arguments))
            print(
                f"| {connections} | {result['rate']:.0f} | {result['p50']:.0f} | {result['p95']:.0f} "
                f"| {result['failed']} |",
                flush=True,
            )
    finally:
        server.terminate()
        server.wait()


def _wait_for_port(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def _environment(url: str, folder: Path) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": url, "DATA_DIR": str(folder), "EMAIL_URL": "smtp://127.0.0.1:1"}


def _run(url: str, folder: Path, module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    result = subprocess.run(
        command, cwd=ROOT, env=_environment(url, folder), stdout=subprocess.PIPE, check=True, text=True
    )
    return result.stdout
