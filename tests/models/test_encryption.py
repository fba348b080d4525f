"""Secrets at rest: not to be read without their key, the key file for its owner alone, keys changed while in use."""

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from cases.models.encryption import SecretUnreadable, decrypt_values, encrypt_values, is_encrypted_with_newest
from cases.models.keyrings import CHANNEL_KEYS

SECRET = {"key": "693a91f6-7aaa-4bc4", "secret": "签名"}


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Any) -> Path:
    settings.CHANNEL_KEYS, settings.CHANNEL_KEYS_FILE = [], tmp_path / "channel-keys"
    return tmp_path / "channel-keys"


def test_what_is_sealed_is_read_again_and_says_nothing_by_itself() -> None:
    sealed = encrypt_values(SECRET)
    assert decrypt_values(sealed) == SECRET
    assert "693a91f6" not in sealed
    assert sealed != encrypt_values(SECRET)


def test_the_empty_text_holds_nothing() -> None:
    assert decrypt_values("") == {}


def test_the_key_file_is_made_once_for_its_owner_alone(key_file: Path) -> None:
    sealed = encrypt_values(SECRET)
    first = key_file.read_text()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    encrypt_values(SECRET)
    assert key_file.read_text() == first
    assert decrypt_values(sealed) == SECRET
    assert [path.name for path in key_file.parent.iterdir()] == ["channel-keys"]


def test_without_its_key_it_cannot_be_read(key_file: Path) -> None:
    sealed = encrypt_values(SECRET)
    key_file.unlink()
    with pytest.raises(SecretUnreadable):
        decrypt_values(sealed)


@pytest.mark.parametrize("position", [0, 10, 40, -1])
def test_what_was_altered_cannot_be_read(position: int) -> None:
    sealed = list(encrypt_values(SECRET))
    sealed[position] = "A" if sealed[position] != "A" else "B"
    with pytest.raises(SecretUnreadable):
        decrypt_values("".join(sealed))


def test_a_new_key_reads_the_old_and_writes_the_new(key_file: Path) -> None:
    old = encrypt_values(SECRET)
    CHANNEL_KEYS.add_key()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    new = encrypt_values(SECRET)
    assert (decrypt_values(old), decrypt_values(new)) == (SECRET, SECRET)
    assert (is_encrypted_with_newest(old), is_encrypted_with_newest(new)) == (False, True)
    assert CHANNEL_KEYS.drop_older_keys() == 1
    assert decrypt_values(new) == SECRET
    with pytest.raises(SecretUnreadable):
        decrypt_values(old)


def test_keys_of_the_environment_go_before_the_file(key_file: Path, settings: Any) -> None:
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode()]
    sealed = encrypt_values(SECRET)
    assert not key_file.exists()
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode(), *settings.CHANNEL_KEYS]
    assert decrypt_values(sealed) == SECRET
    assert not is_encrypted_with_newest(sealed)
