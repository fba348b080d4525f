"""Secrets at rest: encrypted with keys of their own, apart from SECRET_KEY and from the database.

Fernet (AES-128-CBC with HMAC-SHA256). The newest key encrypts, every key decrypts, so that keys can be changed while
the product runs. They come from CHANNEL_KEYS (newest first) or else from a file that is made once, readable for its
owner alone. The file is read at every use: a key that another process has just added is known at once.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _


class Unreadable(Exception):
    """What was encrypted cannot be read with the keys there are, or was altered."""

    def __str__(self) -> str:
        return _("The secret of this channel cannot be read: its key is missing. Enter its address again.")


def seal(values: Mapping[str, str]) -> str:
    """The values as one encrypted text."""
    return _keys()[0].encrypt(json.dumps(dict(values)).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """What was sealed; raises Unreadable. The empty text holds nothing."""
    if not sealed:
        return {}
    try:
        values: dict[str, str] = json.loads(MultiFernet(_keys()).decrypt(sealed))
    except InvalidToken:
        raise Unreadable from None
    return values


def is_newest(sealed: str) -> bool:
    """Whether the newest key reads it."""
    try:
        _keys()[0].decrypt(sealed)
    except InvalidToken:
        return False
    return True


def add_key() -> None:
    """Puts a new key before those in the file."""
    _keys()  # makes the file
    _replace([_new_key(), *_kept()])


def forget_older_keys() -> int:
    """Leaves only the newest key in the file; returns how many went."""
    kept = _kept()
    _replace(kept[:1])
    return len(kept) - 1


def _keys() -> list[Fernet]:
    given: list[str] = settings.CHANNEL_KEYS
    if not given and not _file().exists():
        _make_file()
    return [Fernet(key) for key in given or _kept()]


def _file() -> Path:
    return Path(settings.CHANNEL_KEYS_FILE)


def _kept() -> list[str]:
    return _file().read_text().split()


def _new_key() -> str:
    return Fernet.generate_key().decode()


def _make_file() -> None:
    """Two processes that come first together agree on one key: a hard link to an existing name fails."""
    draft = _draft([_new_key()])
    try:
        os.link(draft, _file())
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(keys: list[str]) -> None:
    _draft(keys).replace(_file())


def _draft(keys: list[str]) -> Path:
    draft = _file().with_name(f"{_file().name}.{token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return draft
