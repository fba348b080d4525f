"""Secrets at rest: not to be read without their key, the key file for its owner alone, keys changed while in use."""

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from cases.models.encryption import Unreadable, is_newest, seal, unseal
from cases.models.keyrings import CHANNEL_KEYS

SECRET = {"key": "693a91f6-7aaa-4bc4", "secret": "签名"}


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Any) -> Path:
    settings.CHANNEL_KEYS, settings.CHANNEL_KEYS_FILE = [], tmp_path / "channel-keys"
    return tmp_path / "channel-keys"


def test_what_is_sealed_is_read_again_and_says_nothing_by_itself() -> None:
    sealed = seal(SECRET)
    assert unseal(sealed) == SECRET
    assert "693a91f6" not in sealed
    assert sealed != seal(SECRET)


def test_the_empty_text_holds_nothing() -> None:
    assert unseal("") == {}


def test_the_key_file_is_made_once_for_its_owner_alone(key_file: Path) -> None:
    sealed = seal(SECRET)
    first = key_file.read_text()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    seal(SECRET)
    assert key_file.read_text() == first
    assert unseal(sealed) == SECRET
    assert [path.name for path in key_file.parent.iterdir()] == ["channel-keys"]


def test_without_its_key_it_cannot_be_read(key_file: Path) -> None:
    sealed = seal(SECRET)
    key_file.unlink()
    with pytest.raises(Unreadable):
        unseal(sealed)


@pytest.mark.parametrize("position", [0, 10, 40, -1])
def test_what_was_altered_cannot_be_read(position: int) -> None:
    sealed = list(seal(SECRET))
    sealed[position] = "A" if sealed[position] != "A" else "B"
    with pytest.raises(Unreadable):
        unseal("".join(sealed))


def test_a_new_key_reads_the_old_and_writes_the_new(key_file: Path) -> None:
    old = seal(SECRET)
    CHANNEL_KEYS.add()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    new = seal(SECRET)
    assert (unseal(old), unseal(new)) == (SECRET, SECRET)
    assert (is_newest(old), is_newest(new)) == (False, True)
    assert CHANNEL_KEYS.forget_older() == 1
    assert unseal(new) == SECRET
    with pytest.raises(Unreadable):
        unseal(old)


def test_keys_of_the_environment_go_before_the_file(key_file: Path, settings: Any) -> None:
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode()]
    sealed = seal(SECRET)
    assert not key_file.exists()
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode(), *settings.CHANNEL_KEYS]
    assert unseal(sealed) == SECRET
    assert not is_newest(sealed)
