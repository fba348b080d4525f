"""docs/evidence.md: a stranger checks a dossier with openssl and sha256sum alone, by exactly the commands there."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from cases.documents.dossier import DossierOptions, write_dossier
from cases.formats.dossier_manifest import fingerprint, public_pem
from cases.models.keyrings import signing_key
from cases.operations import FollowUp, ReceiptUpload, attach_receipts
from cases.operations.anchors import make_anchor
from cases.reminders.anchor_delivery import send_waiting_anchors
from tests import ROOT
from tests.helpers import CaseDriver, at
from tests.time_stamping import needs_openssl, time_stamp_service

pytestmark = [
    pytest.mark.django_db,
    needs_openssl,
    pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed"),
]

NOW = at("2026-10-09T03:30")
SCRIPT = "\n".join(re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/evidence.md").read_text(), re.MULTILINE | re.DOTALL))


@pytest.fixture
def folder(receipts_folder: Path, tmp_path: Path, new_driver: Callable[..., CaseDriver], settings: Any) -> Path:
    """A dossier of two cases of five as a stranger has it: unpacked, with the key and the service's certificate."""
    drivers = [new_driver(f"1390013900{n}", submitted="2026-09-30T15:00") for n in range(5)]
    upload = ReceiptUpload("sms", [("短信 1.txt", "合成短信".encode())])
    attach_receipts(drivers[1].case, upload, by=drivers[1].by, now=at("2026-10-08T10:00"))
    (tmp_path / "tsa").mkdir()
    with time_stamp_service(tmp_path / "tsa") as service:
        settings.TIMESTAMP_URL = service.url
        make_anchor(NOW)
        send_waiting_anchors(NOW)
    drivers[1].do(FollowUp(at("2026-10-09T10:00"), words="催办"), "2026-10-09T10:00")
    data, options = io.BytesIO(), DossierOptions(full_numbers=True)
    with translation.override("en"):
        write_dossier([drivers[1].case, drivers[4].case], data, options=options, now=NOW + timedelta(days=1))
    unpacked = tmp_path / "dossier"
    with zipfile.ZipFile(data) as archive:
        archive.extractall(unpacked)
    (unpacked / "key.pem").write_text(public_pem(signing_key().public_key()))
    shutil.copy(service.root, unpacked / "tsa-root.pem")
    return unpacked


def run_commands(folder: Path, script: str = SCRIPT) -> list[str]:
    """What the commands print, errors among it."""
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60
    )
    return done.stdout.splitlines()


def test_every_command_says_yes(folder: Path) -> None:
    printed = run_commands(folder)
    proofs = sorted(path.stem for path in (folder / "proofs").iterdir())
    assert len(proofs) == 2
    assert printed[0] == fingerprint(signing_key().public_key())
    assert printed.count("Signature Verified Successfully") == 2
    assert [line for line in printed if "FAILED" in line] == []
    assert (
        sum("/" in line and line.endswith(": OK") for line in printed) == 7
    )  # receipt, 2 timelines, 2 proofs, anchor, stamp
    assert "dossier.pdf: OK" in printed
    in_the_anchor = [line.split()[:2] for line in printed if line.endswith(": in the anchor")]
    assert sorted(reference for reference, _count in in_the_anchor) == proofs
    assert sorted(count for _reference, count in in_the_anchor) == ["2", "3"]
    assert "Verification: OK" in printed
    assert re.search(r"Time stamp: \w+ +\d+ [\d:]+ \d{4} GMT", printed[-1])


def test_the_shell_of_debian_runs_them_too(folder: Path) -> None:
    done = subprocess.run(["sh", "-eu", "-c", SCRIPT], cwd=folder, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.count(": in the anchor")) == (0, 2)


def altered(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_they_say_no_to_what_was_altered(folder: Path) -> None:
    (line,) = (folder / "anchors").glob("*.json")
    (proof, other) = sorted((folder / "proofs").iterdir())
    altered(line, '"count":5', '"count":6')
    printed = run_commands(folder)
    assert printed.count("Signature Verified Successfully") == 1
    assert "Verification: OK" not in printed
    assert not [text for text in printed if text.endswith(": in the anchor")]
    altered(line, '"count":6', '"count":5')
    count = re.search(r'"count":\d', proof.read_text())
    assert count
    altered(proof, count[0], '"count":4')
    printed = run_commands(folder)
    assert f"proofs/{proof.name}: FAILED" in printed
    in_the_anchor = [text for text in printed if text.endswith(": in the anchor")]
    assert len(in_the_anchor) == 1
    assert in_the_anchor[0].startswith(other.stem)
