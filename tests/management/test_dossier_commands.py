"""``manage.py make_dossier`` and ``verify_dossier``: from a case to a file, and from a file to a yes or no."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.formats.dossier_manifest import fingerprint, public_pem
from cases.models.keyrings import signing_key
from tests.conftest import ROOT
from tests.helpers import CaseDriver


def run_command(command: str, *words: str) -> tuple[str, str]:
    """What was printed, and the error it ended with."""
    out = StringIO()
    with translation.override("en"):
        try:
            call_command(command, *words, stdout=out)
        except CommandError as error:
            return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.fixture
def file(submitted: CaseDriver, receipts_folder: Path, tmp_path: Path) -> Path:
    out = tmp_path / "dossier.zip"
    assert run_command("make_dossier", submitted.case.reference.lower(), "--out", str(out)) == (f"Written: {out}\n", "")
    return out


def test_a_dossier_is_made_and_checked(submitted: CaseDriver, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    out, error = run_command("verify_dossier", str(file))
    assert error == ""
    assert out.startswith("Unchanged: 2 files, created at 20")
    assert f"signed with the key {fingerprint(signing_key().public_key())}." in out
    assert f"{submitted.case.reference}: 2 entries, last hash {submitted.fresh().entry_head}." in out
    said = json.loads(run_command("verify_dossier", str(file), "--json")[0])
    assert said["flaws"] == []
    assert said["cases"] == [{"reference": submitted.case.reference, "head": submitted.fresh().entry_head, "count": 2}]


def test_what_was_altered_is_named(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[data.index(b"%PDF-1.7") + 100] ^= 1
    file.write_bytes(data)
    assert run_command("verify_dossier", str(file)) == (
        "“dossier.pdf” was altered\n",
        "This dossier has been changed since it was signed.",
    )
    out, error = run_command("verify_dossier", str(file), "--json")
    assert (json.loads(out)["flaws"], error) == (
        ["“dossier.pdf” was altered"],
        "This dossier has been changed since it was signed.",
    )


def test_another_installation_checks_with_the_key(file: Path, tmp_path: Path) -> None:
    pem = tmp_path / "key.pem"
    pem.write_text(public_pem(signing_key().public_key()))
    other = public_pem(Ed25519PrivateKey.generate().public_key())
    for key in (str(pem), pem.read_text()):
        assert run_command("verify_dossier", str(file), "--key", key)[1] == ""
    out, error = run_command("verify_dossier", str(file), "--key", other)
    assert out.startswith("it was signed with a different key, fingerprint ")
    assert error == "This dossier has been changed since it was signed."
    assert "not an Ed25519 public key" in run_command("verify_dossier", str(file), "--key", str(file))[1]
    assert "No such file" in run_command("verify_dossier", str(file), "--key", "nowhere.pem")[1]


def test_no_database_is_needed(file: Path, tmp_path: Path) -> None:
    """In a process of its own, on another machine: an empty data folder, a database that does not answer."""
    pem = tmp_path / "key.pem"
    pem.write_text(public_pem(signing_key().public_key()))
    env = {
        "DATA_DIR": str(tmp_path / "empty"),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "XIAOKA_TEST": "1",
    }
    command = [sys.executable, "manage.py", "verify_dossier", str(file), "--key", str(pem)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    file.write_bytes(file.read_bytes()[:-1])
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1


def test_several_cases_with_everything(
    new_driver: Callable[..., CaseDriver], receipts_folder: Path, tmp_path: Path
) -> None:
    references = [new_driver(f"1390013900{n}").case.reference for n in range(3)]
    out = tmp_path / "all.zip"
    assert run_command("make_dossier", *references, "--full-numbers", "--without-receipts", "--out", str(out))[1] == ""
    said = json.loads(run_command("verify_dossier", str(out), "--json")[0])
    assert ([each["reference"] for each in said["cases"]], said["full_numbers"]) == (references, True)


def test_what_cannot_be_made_leaves_nothing(submitted: CaseDriver, receipts_folder: Path, tmp_path: Path) -> None:
    reference, out = submitted.case.reference, tmp_path / "x.zip"
    assert run_command("make_dossier", reference, "XK-22222222", "--out", str(out)) == (
        "",
        "Case not found: XK-22222222.",
    )
    assert "No such file" in run_command("make_dossier", reference, "--out", str(tmp_path / "none" / "x.zip"))[1]
    assert [path.name for path in tmp_path.iterdir() if "x.zip" in path.name] == []
    assert "No such file" in run_command("verify_dossier", str(out))[1]
