"""`make lock`: writes requirements.lock and requirements-dev.lock, with the hashes of every file of every package.

From the pins in requirements.txt and requirements-dev.txt, for Python 3.11 to 3.14 and every platform at once. uv does
it, in an environment of its own, so that this works when .venv cannot be made because a lock is out of date. With
``--check`` nothing is written; the status is 1 if a lock does not have what its pins say, and no index is asked.
"""

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("requirements", "requirements-dev")
OLDEST_PYTHON = "3.11"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)


def pins(path: Path) -> "dict[str, str]":
    """The version of each package in a requirements file or a lock, by its normalised name, inclusions included."""
    text = path.read_text(encoding="utf-8")
    own_pins = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in _PIN.findall(text)}
    for included in re.findall(r"^-r (\S+)", text, re.MULTILINE):
        own_pins = pins(path.parent / included) | own_pins
    return own_pins


def is_current(name: str, root: Path = ROOT) -> bool:
    """Whether the lock has every pin of its requirements file, at the same version."""
    lock = root / f"{name}.lock"
    return lock.exists() and pins(root / f"{name}.txt").items() <= pins(lock).items()


def write_locks() -> None:
    """Asks the package index that pip and uv are set up for; its address is written nowhere."""
    version = pins(ROOT / "requirements-dev.txt")["uv"]
    with tempfile.TemporaryDirectory(prefix="xiaoka-lock-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        subprocess.run(
            [python, "-m", "pip", "-qq", "--disable-pip-version-check", "install", f"uv=={version}"], check=True
        )
        for name in NAMES:
            command = [python, "-m", "uv", "--quiet", "pip", "compile", "--universal", "--generate-hashes"]
            command += ["--python-version", OLDEST_PYTHON, "--no-annotate", "--no-header"]
            command += ["--output-file", f"{name}.lock", f"{name}.txt"]
            subprocess.run(command, cwd=ROOT, check=True)
            print(f"{name}.lock: {len(pins(ROOT / f'{name}.lock'))} packages")


def main() -> None:
    if "--check" in sys.argv:
        outdated = [name for name in NAMES if not is_current(name)]
        sys.exit("".join(f"{name}.lock does not go with {name}.txt: run make lock.\n" for name in outdated) or 0)
    write_locks()


if __name__ == "__main__":
    main()
