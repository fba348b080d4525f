"""Changing the keys of receipts while the product runs."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from cases.models import CardImport, ReceiptAltered, Team, User
from cases.models.receipt_store import ReceiptStore, receipt_store
from tests.moments import NOW

pytestmark = pytest.mark.django_db
TEXTS = [f"synthetic {i}".encode() for i in range(5)]


@pytest.fixture(autouse=True)
def kept(receipts_folder: Path) -> list[str]:
    return [receipt_store.write(1 + i % 2, text) for i, text in enumerate(TEXTS)]


def rotate(*flags: str) -> str:
    out = StringIO()
    call_command("rotate_receipt_keys", *flags, stdout=out)
    return out.getvalue()


def counts(said: str) -> list[str]:
    return re.findall(r"\d+", said)


def read_receipts(kept: list[str]) -> list[bytes]:
    return [receipt_store.read(1 + i % 2, sha256) for i, sha256 in enumerate(kept)]


def test_everything_is_encrypted_anew_and_then_the_old_key_can_go(receipts_folder: Path, kept: list[str]) -> None:
    file = receipts_folder.parent / "receipt-keys"
    before = file.read_text()
    assert "5" in rotate("--new-key")
    rotate("--forget-old")
    assert before not in file.read_text()
    assert len(file.read_text().split()) == 1
    assert read_receipts(kept) == TEXTS


def test_receipts_from_before_there_were_keys_are_taken_along(receipts_folder: Path, kept: list[str]) -> None:
    path = next(path for path in receipt_store.paths() if path.name == kept[0])
    path.write_bytes(TEXTS[0])
    assert "1" in rotate()
    assert TEXTS[0] not in path.read_bytes()
    assert read_receipts(kept) == TEXTS


def test_tables_that_were_handed_in_are_taken_along(team: Team, manager: User) -> None:
    table = CardImport(team=team, made_by=manager, made_at=NOW, name="cards.csv")
    table.store_sheets([{"name": None, "rows": [["号码"], ["13800138000"]], "merges": [], "hidden": False}])
    table.save()
    before = bytes(table.encrypted)
    assert counts(rotate("--new-key")) == ["6", "0"]
    rotate("--forget-old")
    table.refresh_from_db()
    assert bytes(table.encrypted) != before
    assert table.load_rows() == [["号码"], ["13800138000"]]


def test_stopped_anywhere_it_goes_on(kept: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = ReceiptStore.reencrypt, []

    def stopped(self: ReceiptStore, path: Path) -> bool | None:
        calls.append(path)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, path)

    with monkeypatch.context() as patch:
        patch.setattr(ReceiptStore, "reencrypt", stopped)
        with pytest.raises(KeyboardInterrupt):
            rotate("--new-key")
    assert read_receipts(kept) == TEXTS
    assert counts(rotate()) == ["3", "0"]
    assert counts(rotate()) == ["0", "0"]


def test_keys_stay_while_something_cannot_be_read(receipts_folder: Path, kept: list[str]) -> None:
    next(receipt_store.paths()).write_bytes(b"altered")
    rotate("--new-key")
    with pytest.raises(CommandError):
        rotate("--forget-old")
    assert len((receipts_folder.parent / "receipt-keys").read_text().split()) == 2


def test_without_its_key_a_receipt_is_not_given_out(kept: list[str], settings: Any) -> None:
    settings.RECEIPT_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ReceiptAltered):
        receipt_store.read(1, kept[0])
