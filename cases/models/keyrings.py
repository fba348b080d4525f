"""Keys for encrypted data: rings of their own, apart from SECRET_KEY and from the database.

Fernet (AES-128-CBC with HMAC-SHA256). The newest key encrypts, every key decrypts, so that keys can be changed while
the product runs. They come from a setting (newest first) or else from a file that is created once, readable for its
owner alone. The file is read at every use, so that a key that another process has just added counts at once.
"""

import base64
import os
from pathlib import Path
from secrets import token_hex

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


class KeyRing:
    """The keys of one purpose; `name` is the setting that may give them, `<name>_FILE` the one with the
    path of their file otherwise. What cannot be decrypted raises cryptography's InvalidToken."""

    def __init__(self, name: str) -> None:
        self.name = name

    def encrypt(self, data: bytes) -> bytes:
        return self._keys()[0].encrypt(data)

    def decrypt(self, token: bytes) -> bytes:
        return MultiFernet(self._keys()).decrypt(token)

    def decrypt_newest(self, token: bytes) -> bytes:
        """With the newest key alone."""
        return self._keys()[0].decrypt(token)

    def newest_key_bytes(self) -> bytes:
        """The 32 bytes of the newest key, for what is not Fernet."""
        return base64.urlsafe_b64decode(self._key_texts()[0])

    def add_key(self) -> None:
        """Puts a new key before those in the file."""
        self._keys()  # makes the file
        self._replace([_new_key(), *self._file_keys()])

    def drop_older_keys(self) -> int:
        """Leaves only the newest key in the file; returns how many went."""
        keys = self._file_keys()
        self._replace(keys[:1])
        return len(keys) - 1

    @property
    def is_from_setting(self) -> bool:
        """The keys come from the setting, and the file plays no part."""
        return bool(getattr(settings, self.name))

    def _keys(self) -> list[Fernet]:
        return [Fernet(key) for key in self._key_texts()]

    def _key_texts(self) -> list[str]:
        setting_keys: list[str] = getattr(settings, self.name)
        if not setting_keys and not self._file().exists():
            self._make_file()
        return setting_keys or self._file_keys()

    def _file(self) -> Path:
        return Path(getattr(settings, f"{self.name}_FILE"))

    def _file_keys(self) -> list[str]:
        return self._file().read_text().split()

    def _make_file(self) -> None:
        """Two processes that come first together agree on one key: a hard link to an existing name fails."""
        draft = self._write_draft([_new_key()])
        try:
            os.link(draft, self._file())
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def _replace(self, keys: list[str]) -> None:
        self._write_draft(keys).replace(self._file())

    def _write_draft(self, keys: list[str]) -> Path:
        draft = self._file().with_name(f"{self._file().name}.{token_hex(8)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        return draft


def _new_key() -> str:
    return Fernet.generate_key().decode()


#: For the secrets of channels, calendars and forwarders.
CHANNEL_KEYS = KeyRing("CHANNEL_KEYS")
#: For the bytes of receipts.
RECEIPT_KEYS = KeyRing("RECEIPT_KEYS")
#: The installation's Ed25519 key, by which it signs dossiers; one only.
SIGNING_KEY = KeyRing("SIGNING_KEY")


def signing_key() -> Ed25519PrivateKey:
    """The key by which this installation signs; made once."""
    return Ed25519PrivateKey.from_private_bytes(SIGNING_KEY.newest_key_bytes())
