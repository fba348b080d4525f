"""Creates .venv and installs a requirements file into it by its lock, once per content of the lock.

Takes the file's name: ``python3 scripts/install.py requirements.txt``. Quiet and quick when there is nothing to do.
Runs on whatever Python 3 the machine has, so that an unsupported one is refused in one line: annotations that an
old one could not parse are quoted.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

import lock  # beside this file

MIN_VERSION, BELOW_VERSION = (3, 11), (3, 15)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PIP = [str(VENV / "bin" / "python"), "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input"]


def main(name: str) -> None:
    """Makes what is missing; exits with one line and status 1 where that is not possible."""
    if not MIN_VERSION <= sys.version_info[:2] < BELOW_VERSION:
        version = ".".join(str(part) for part in sys.version_info[:2])
        sys.exit(f"xiaoka: Python {version} is not supported; use 3.11 to 3.14 (PYTHON=python3.12).")
    if not lock.is_current(name.removesuffix(".txt")):
        sys.exit(f"xiaoka: {lock_path(name).name} does not have what {name} pins; run make lock.")
    if not venv_is_usable():
        create_venv()
    if not is_installed(name):
        install(name)


def venv_is_usable() -> bool:
    """Whether .venv exists, is complete (pip is installed last), and has this Python's version."""
    config = VENV / "pyvenv.cfg"
    if not (config.exists() and (VENV / "bin" / "pip").exists() and (VENV / "bin" / "python").exists()):
        return False
    values = dict(line.split(" = ", 1) for line in config.read_text().splitlines() if " = " in line)
    return values.get("version", "").split(".")[:2] == [str(part) for part in sys.version_info[:2]]


def create_venv() -> None:
    """Replaces .venv by a new one."""
    print("Making .venv …", flush=True)
    try:
        venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"xiaoka: .venv cannot be made (is the package python3-venv installed?): {error}")


def lock_path(name: str) -> Path:
    """What is installed for a requirements file: its pins with the hashes of all files (scripts/lock.py)."""
    return (ROOT / name).with_suffix(".lock")


def locks_of(name: str) -> "list[str]":
    """The requirements file and those it includes with -r: its lock has their packages, too."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [name] + [other for line in lines if line.startswith("-r ") for other in locks_of(line[3:].strip())]


def digest(name: str) -> str:
    """Changes when the requirements file's lock does."""
    return hashlib.sha256(lock_path(name).read_bytes()).hexdigest()


def stamp_path(name: str) -> Path:
    """The file that holds the digest of what was installed."""
    return VENV / f"installed-{name}"


def is_installed(name: str) -> bool:
    """Whether the file's lock was installed with its current content."""
    return stamp_path(name).exists() and stamp_path(name).read_text() == digest(name)


def install(name: str) -> None:
    """Installs what the lock lists, each file checked by its hash, and stores the digests."""
    print(f"Installing {name} (once) …", flush=True)
    if subprocess.call([*PIP, "install", "--require-hashes", "-r", str(lock_path(name))]) != 0:
        sys.exit(f"xiaoka: {name} could not be installed; see above.")
    for included in locks_of(name):
        stamp_path(included).write_text(digest(included))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("xiaoka: stopped; the next start installs what is missing.")
