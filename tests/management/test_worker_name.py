"""Each worker has a name of its own, also where several run on one machine, and has it again when it is restarted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cases.management.worker_name import claim_worker_name
from tests import ROOT
from tests.processes import wait_until

#: Claims a name, tells it and stays.
HOLDER = """
import sys, time
from pathlib import Path
from cases.management.worker_name import claim_worker_name
print(claim_worker_name("north", Path(sys.argv[1]))[0], flush=True)
time.sleep(600)
"""


def test_the_second_worker_of_a_machine_has_a_name_of_its_own_and_the_first_keeps_its(tmp_path: Path) -> None:
    folder = tmp_path / "workers"
    first, second, other = (claim_worker_name(name, folder) for name in ("north", "north", "south"))
    assert [first[0], second[0], other[0]] == ["north", "north-2", "south"]
    assert first[1] is not None
    os.close(first[1])  # it ends
    assert claim_worker_name("north", folder)[0] == "north"  # and starts again
    assert claim_worker_name("north", folder)[0] == "north-3"


def test_a_worker_that_was_killed_leaves_its_name(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "workers")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "north\n"
        assert claim_worker_name("north", tmp_path / "workers")[0] == "north-2"
        holder.kill()
    wait_until(lambda: claim_worker_name("north", tmp_path / "workers")[0] == "north", "the name is free")


def test_a_name_with_a_slash_is_a_file_all_the_same(tmp_path: Path) -> None:
    assert claim_worker_name("a/../b", tmp_path / "workers")[0] == "a/../b"
    assert [path.name for path in (tmp_path / "workers").iterdir()] == ["a%2F..%2Fb"]


def test_where_no_name_can_be_claimed_it_works_under_the_given_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "workers").write_text("not a folder")
    assert claim_worker_name("north", tmp_path / "workers") == ("north", None)
    assert "cannot be claimed" in caplog.text
