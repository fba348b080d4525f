"""The key that signs dossiers: made once, its owner's alone, or given by the environment."""

import base64
import stat
from pathlib import Path
from typing import Any

from cases.formats.dossier_manifest import fingerprint
from cases.models.keyrings import signing_key
from tests.helpers import run_concurrently


def test_it_is_made_once_and_readable_for_its_owner_alone(receipts_folder: Path, settings: Any) -> None:
    marks = {fingerprint(signing_key().public_key()) for _ in range(3)}
    assert len(marks) == 1
    assert stat.S_IMODE(settings.SIGNING_KEY_FILE.stat().st_mode) == 0o600


def test_processes_that_come_first_together_agree(receipts_folder: Path) -> None:
    marks = run_concurrently(*[lambda: fingerprint(signing_key().public_key())] * 8)
    assert len(set(marks)) == 1


def test_one_that_is_given_wins_and_no_file_is_made(receipts_folder: Path, settings: Any) -> None:
    settings.SIGNING_KEY = [base64.urlsafe_b64encode(bytes(range(32))).decode()]
    # By openssl from the same 32 bytes in PKCS 8.
    assert fingerprint(signing_key().public_key()) == "a050837d85070582ccf7394b0988847cc312cb88259b894899f6f239cf1791a5"
    assert not settings.SIGNING_KEY_FILE.exists()
