"""What is run first in a fresh clone passes the first time: nothing is read before it is made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.processes import environment

#: Not part of a clone: what is installed, what runs leave, and what is compiled.
_LEFT_BEHIND = (".git", ".venv", "var", "test-results", "*.mo", "__pycache__", ".*_cache", ".hypothesis")


@pytest.mark.drill
def test_the_texts_are_compiled_before_anything_reads_them(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(ROOT, clone, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
    assert not list(clone.rglob("*.mo"))
    files = ["tests/reminders/test_mail.py", "tests/reminders/test_channel_delivery.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files],
        cwd=clone,
        env=environment(PATH=os.environ["PATH"]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert (clone / "locale/zh_Hans/LC_MESSAGES/django.mo").exists()
