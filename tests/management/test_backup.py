"""A backup made while the product is written to, and an empty installation that becomes what was backed up.

Every command is a process of its own, on a data folder and a database of its own.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cases.management.backup_archive import BackupError, unpack
from tests import ROOT
from tests.processes import empty_postgresql, environment

pytestmark = pytest.mark.drill

#: Hands in receipts and follows up, over and over, as an agent would.
WRITER = """
import sys, time
from datetime import timedelta
from django.utils import timezone
from cases import operations as ops
from cases.models import Case, User
by, cases = User.objects.earliest("id"), list(Case.objects.filter(status="submitted"))
print("writing", flush=True)
for number in range(10_000):
    case, now = cases[number % len(cases)], timezone.now()
    upload = ops.ReceiptUpload("sms", [(f"{number}.txt", f"synthetic {number}".encode())])
    ops.attach_receipts(case, upload, by=by, now=now)
"""

#: Everything of an installation, as one JSON: the rows of every table, the bytes of every receipt, what is broken.
LOOK = """
import hashlib, json
from django.apps import apps
from cases.models import Case, Receipt
from cases.operations.integrity import first_chain_flaw
rows = {m._meta.label: sorted(map(repr, m._base_manager.values_list())) for m in apps.get_models()}
files = {r.sha256: hashlib.sha256(r.read()).hexdigest() for r in Receipt.objects.select_related("case")}
broken = [c.reference for c in Case.objects.all() if first_chain_flaw(c)]
print(json.dumps({"rows": rows, "files": files, "broken": broken}))
"""


class Installation:
    """A data folder and a database, and commands run there."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.environment = environment(DATA_DIR=str(folder), DATABASE_URL=url)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def do(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def look(self) -> Any:
        return json.loads(self.do("shell", "--verbosity=0", "-c", LOOK).splitlines()[-1])


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Addresses of four empty databases of the kind that the suite runs on."""
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("databases")
        yield [f"sqlite:///{folder / name}.sqlite3" for name in "abcd"]
        return
    with ExitStack() as stack:
        yield [stack.enter_context(empty_postgresql(f"backup_{name}")) for name in "abcd"]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, databases: list[str]) -> Installation:
    product = Installation(tmp_path_factory.mktemp("product") / "a", databases[0])
    product.do("migrate", "--verbosity=0")
    product.do("load_demo", "--cases", "15")
    return product


@pytest.fixture(scope="module")
def backup(product: Installation) -> Path:
    """A backup in a folder, to be copied and harmed."""
    target = product.folder.parent / "backup"
    product.do("backup", str(target))
    return target


def test_what_was_backed_up_while_written_to_comes_back(
    product: Installation, tmp_path: Path, databases: list[str]
) -> None:
    command = [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", WRITER]
    with subprocess.Popen(command, cwd=ROOT, env=product.environment, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        assert "writing" in writer.stdout.readline()
        product.do("backup", str(tmp_path / "live.tar"), "--with-keys")
        assert writer.poll() is None  # it wrote all the while
        writer.kill()
    live = Installation(tmp_path / "b", databases[1])
    live.do("restore", str(tmp_path / "live.tar"))
    found = live.look()
    assert found["broken"] == []
    assert found["files"]
    assert all(name == digest for name, digest in found["files"].items())

    product.do("backup", str(tmp_path / "still"), "--with-keys")
    still = Installation(tmp_path / "c", databases[2])
    assert "Not" not in still.do("restore", str(tmp_path / "still"))
    assert still.look() == product.look()
    assert still.run("restore", str(tmp_path / "still")).returncode == 1  # it is in use now


@pytest.mark.parametrize("harm", ["altered", "missing", "added", "no manifest", "escaping", "cut"])
def test_a_harmed_backup_is_refused(backup: Path, tmp_path: Path, harm: str) -> None:
    folder = source = tmp_path / "backup"
    shutil.copytree(backup, folder)
    receipt = next(path for path in sorted(folder.rglob("*")) if len(path.name) == 64)
    if harm == "altered":
        receipt.write_bytes(receipt.read_bytes()[:-1] + b"!")
    elif harm == "missing":
        receipt.unlink()
    elif harm == "added":
        (folder / "more").write_text("more")
    elif harm == "no manifest":
        (folder / "manifest.json").unlink()
    elif harm == "escaping":
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["files"]["../escaped"] = manifest["files"].pop(receipt.relative_to(folder).as_posix())
        (folder / "manifest.json").write_text(json.dumps(manifest))
        source = packed(folder, tmp_path, {receipt: "../escaped"})
    else:
        source = packed(folder, tmp_path, {})
        os.truncate(source, source.stat().st_size // 2)
    (tmp_path / "into").mkdir()
    with pytest.raises(BackupError):
        unpack(source, tmp_path / "into")
    assert not (tmp_path / "escaped").exists()


def packed(folder: Path, into: Path, names: dict[Path, str]) -> Path:
    """The folder as a tar file, some files under other names."""
    target = into / "packed.tar"
    with tarfile.open(target, "w") as tar:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            tar.add(path, names.get(path, path.relative_to(folder).as_posix()))
    return target


def test_a_refused_restore_leaves_nothing(backup: Path, tmp_path: Path, databases: list[str]) -> None:
    shutil.copytree(backup, tmp_path / "backup")
    receipt = next(path for path in sorted((tmp_path / "backup").rglob("*")) if len(path.name) == 64)
    receipt.write_bytes(b"altered")
    refused = Installation(tmp_path / "b", databases[3]).run("restore", str(tmp_path / "backup"))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    by_every_command = {"secret-key", "cache", "uploads"}
    assert {path.name for path in (tmp_path / "b").iterdir()} <= by_every_command


def test_a_name_that_is_taken_is_refused(product: Installation, tmp_path: Path) -> None:
    (tmp_path / "taken.tar").write_text("mine")
    assert product.run("backup", str(tmp_path / "taken.tar")).returncode == 1
    assert (tmp_path / "taken.tar").read_text() == "mine"


def test_keys_are_in_it_only_when_asked_for(product: Installation, backup: Path, tmp_path: Path) -> None:
    shutil.copytree(backup, tmp_path / "with.partial")  # what an ended run left behind is in nobody's way
    product.do("backup", str(tmp_path / "with"), "--with-keys")
    assert not (tmp_path / "with.partial").exists()
    assert not (backup / "keys").exists()
    assert {"secret-key", "receipt-keys"} <= {path.name for path in (tmp_path / "with" / "keys").iterdir()}
    assert (tmp_path / "with").stat().st_mode & 0o077 == 0
