"""Anchors in a backup, and what verify_timeline says after a restore.

Every command is a process of its own, as in test_backup.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from cases.management.backup_archive import BackupError, put_anchors
from cases.models.anchor_store import anchor_store
from cases.operations.anchors import make_anchor
from tests.helpers import CaseDriver, at
from tests.management.test_backup import Installation

#: A follow-up on one case.
FOLLOW_UP = """
from django.utils import timezone
from cases import operations as ops
from cases.models import Case, User
case = Case.objects.filter(status="submitted").earliest("id")
verb = ops.FollowUp(timezone.now(), words="synthetic")
ops.perform_one(verb, case, by=User.objects.earliest("id"), now=timezone.now())
print(case.reference)
"""


@pytest.mark.drill
@pytest.mark.sqlite  # the database is a file of the test's own
def test_a_restored_backup_is_intact_and_an_older_one_is_called_that(tmp_path: Path) -> None:
    product = Installation(tmp_path / "a", f"sqlite:///{tmp_path / 'a.sqlite3'}")
    product.do("migrate", "--verbosity=0")
    product.do("load_demo", "--cases", "15")
    product.do("make_anchor")
    backup = tmp_path / "backups" / "one.tar"
    backup.parent.mkdir()
    product.do("backup", str(backup))
    keys = [path for path in (tmp_path / "a").iterdir() if path.name.endswith(("-key", "-keys"))]

    def restored(name: str) -> Installation:
        other = Installation(tmp_path / name, f"sqlite:///{tmp_path / name}.sqlite3")
        for key in keys:
            (tmp_path / name).mkdir(exist_ok=True)
            shutil.copy(key, tmp_path / name)
        return other

    same = restored("b")
    same.do("restore", str(backup))
    assert json.loads(same.do("verify_timeline", "--json"))["anchors"] | {"newest": ""} == {
        "count": 1,
        "compared": 1,
        "newest": "",
        "compared_from": None,
        "flaws": [],
    }

    reference = product.do("shell", "--verbosity=0", "-c", FOLLOW_UP).split()[-1]
    product.do("make_anchor")
    # The folder of the anchors outlived the database.
    older = restored("c")
    shutil.copytree(tmp_path / "a" / "anchors", tmp_path / "c" / "anchors")
    older.do("restore", str(backup))
    done = older.run("verify_timeline", "--json")
    found = json.loads(done.stdout)["anchors"]
    assert (done.returncode, found["count"], found["compared"]) == (1, 2, 2)
    assert [flaw["case"] for flaw in found["flaws"]] == [None, reference]
    assert "an older backup of the database was restored" in found["flaws"][0]["flaw"]
    assert "its record was set back: anchor 2 of" in found["flaws"][1]["flaw"]
    older.do("make_anchor", "--accept", "restored the backup")
    assert json.loads(older.do("verify_timeline", "--json"))["anchors"]["flaws"] == []


@pytest.fixture
def unpacked(receipts_folder: Path, submitted: CaseDriver, tmp_path: Path) -> Path:
    """A backup with one anchor, as `restore` unpacks it; the installation has made another since."""
    make_anchor(at("2026-10-09T03:30"))
    shutil.copytree(anchor_store.folder, tmp_path / "unpacked" / "anchors")
    make_anchor(at("2026-10-10T03:30"))
    return tmp_path / "unpacked"


@pytest.mark.django_db
def test_lines_that_go_on_from_the_backup_are_kept(unpacked: Path) -> None:
    there = anchor_store.lines()
    put_anchors(unpacked)
    assert anchor_store.lines() == there
    assert len(there) == 2


@pytest.mark.django_db
def test_an_empty_folder_and_a_shorter_file_get_those_of_the_backup(unpacked: Path, settings: Any) -> None:
    whole = anchor_store.lines()
    backup = unpacked.parent / "whole"
    shutil.copytree(anchor_store.folder, backup / "anchors")
    settings.ANCHORS_ROOT = unpacked.parent / "empty"
    put_anchors(unpacked)
    assert (anchor_store.lines(), anchor_store.with_leaves()) == (whole[:1], [1])
    put_anchors(backup)
    assert (anchor_store.lines(), anchor_store.with_leaves()) == (whole, [1, 2])


@pytest.mark.django_db
def test_those_of_another_server_are_refused(unpacked: Path) -> None:
    lines = anchor_store.folder / "anchors.jsonl"
    lines.write_bytes(lines.read_bytes().replace(b'"count":1', b'"count":2'))
    with translation.override("en"), pytest.raises(BackupError, match="has anchors of another server"):
        put_anchors(unpacked)
