"""Secrets at rest: small texts encrypted with the keys of `cases.models.keyrings.CHANNEL_KEYS`."""

import json
from collections.abc import Mapping

from cryptography.fernet import InvalidToken
from django.utils.translation import gettext, gettext_noop

from cases.models.keyrings import CHANNEL_KEYS


class SecretUnreadable(Exception):
    """What was encrypted cannot be read with the keys there are, or was altered."""

    msgid = gettext_noop(
        "The address of this reminder channel cannot be decrypted because its key is missing. Enter the address again."
    )

    def __str__(self) -> str:
        return gettext(self.msgid)


def encrypt_values(values: Mapping[str, str]) -> str:
    """The values as one encrypted text."""
    return CHANNEL_KEYS.encrypt(json.dumps(dict(values)).encode()).decode()


def decrypt_values(encrypted: str) -> dict[str, str]:
    """What was encrypted; raises SecretUnreadable. The empty text holds nothing."""
    if not encrypted:
        return {}
    try:
        values: dict[str, str] = json.loads(CHANNEL_KEYS.decrypt(encrypted.encode()))
    except InvalidToken:
        raise SecretUnreadable from None
    return values


def is_encrypted_with_newest(encrypted: str) -> bool:
    """Whether the newest key reads it."""
    try:
        CHANNEL_KEYS.decrypt_newest(encrypted.encode())
    except InvalidToken:
        return False
    return True
