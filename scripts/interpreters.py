"""`make pythons`: sets the product up, runs it and tests a part of it on each supported Python that can be had.

    --only 3.14     on these alone (may be given several times); by default on all but the one that runs this
    --all           on the one that runs this, too
    --quick         without the tests: set-up, start, a page, and the end

Each gets a copy of this tree, as a person would clone it, and what a person would type: `make test` with a part of the
tests, and `make run`. A Python is looked for on the PATH, among pyenv's versions, in /opt/python-3.x, and by uv, which
brings it where it may download one. One that cannot be had is named, with the reason; that is no failure.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
#: What a Python may do otherwise than another: annotations, dates, archives, the parsing of requests, processes.
PART = ["tests/api", "tests/formats", "tests/models", "tests/project", "tests/tracker"]
#: Seconds.
START_PATIENCE, PART_PATIENCE = 180, 1800
_TELL = "import sys; print('%d.%d' % sys.version_info[:2])"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make pythons", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", choices=VERSIONS)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    versions = options.only or [version for version in VERSIONS if options.all or version != own]
    passed = failed = missing = 0
    for version in versions:
        python = find(version)
        if python is None:
            print(f"Python {version}: not tested. It is not on this machine, and uv could not bring it.", flush=True)
            missing += 1
        elif problem := try_out(version, python, quick=options.quick):
            print(f"Python {version} ({python}): {problem}", flush=True)
            failed += 1
        else:
            print(f"Python {version} ({python}): all is well.", flush=True)
            passed += 1
    print(f"pythons: {passed} passed, {failed} failed, {missing} skipped")
    return 1 if failed else 0


def find(version: str) -> str | None:
    """The path of a Python of that version ('3.14') that runs, or None."""
    for path in _candidates(version):
        if _prints(version, path):
            return path
    return None


def _candidates(version: str) -> Iterator[str]:
    """Where one may be; uv is asked to bring one only when the others were no use."""
    yield from filter(None, [shutil.which(f"python{version}")])
    yield from map(str, sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True))
    yield from map(str, sorted(Path(f"/opt/python-{version}").glob(f"**/bin/python{version}")))
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv and _run([uv, "--quiet", "python", "install", version], seconds=300) is not None:
        yield (_run([uv, "python", "find", version], seconds=60) or "").strip()


def _prints(version: str, path: str) -> bool:
    return (_run([path, "-c", _TELL], seconds=60) or "").strip() == version


def _run(command: list[str], *, seconds: float) -> str | None:
    """What a command prints; None where it fails or there is none."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def try_out(version: str, python: str, *, quick: bool) -> str:
    """What went wrong on this Python; empty where nothing did."""
    with tempfile.TemporaryDirectory(prefix=f"xiaoka-python-{version}-") as folder:
        tree = Path(folder, "xiaoka")
        _copy_tree(tree)
        environment = _environment(Path(folder, "data"))
        if not quick:
            arguments = f"-q -p no:cacheprovider {' '.join(PART)}"
            command = ["make", "test", f"PYTHON={python}", f"ARGS={arguments}"]
            try:
                status = subprocess.run(
                    command, cwd=tree, env=environment, timeout=PART_PATIENCE, check=False
                ).returncode
            except subprocess.TimeoutExpired:
                return f"the tests took more than {PART_PATIENCE} seconds"
            if status:
                return "the tests failed; see above"
        return _smoke(tree, python, environment)


def _copy_tree(target: Path) -> None:
    """What git knows of, as it is on the disk."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    # Tests ask git what it knows of.
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=target, check=True)


def _environment(data: Path) -> dict[str, str]:
    ours = {
        "DATA_DIR",
        "DATABASE_URL",
        "HOST",
        "HTTPS",
        "PORT",
        "SECRET_KEY",
        "VIRTUAL_ENV",
        "XIAOKA_TEST",
        "MAKEFLAGS",
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    return {name: value for name, value in os.environ.items() if name not in ours} | {
        "DATA_DIR": str(data),
        "PORT": port,
    }


def _smoke(tree: Path, python: str, environment: dict[str, str]) -> str:
    """Runs `make run` until it is well, opens the page on which one signs in, and ends it as Ctrl-C does."""
    log = tree.parent / "run.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            ["make", "run", f"PYTHON={python}"],
            cwd=tree,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{environment['PORT']}"
        deadline = time.monotonic() + START_PATIENCE + 600  # the packages are installed first
        while _status(f"{address}/healthz") != 200:
            if process.poll() is not None or time.monotonic() > deadline:
                return f"make run does not come up: {log.read_text()[-2000:]}"
            time.sleep(0.5)
        if (status := _status(f"{address}/sign-in/")) != 200:
            return f"/sign-in/ answers {status}: {log.read_text()[-2000:]}"
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    printed = log.read_text()
    return f"make run said: {printed[-2000:]}" if "Traceback" in printed or "Stopping…" not in printed else ""


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
