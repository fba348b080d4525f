"""The secret address of a person's calendar: created, renewed, revoked."""

import secrets

from cases.models import CalendarAddress, User
from cases.models.encryption import encrypt_values
from cases.operations.secret_digest import digest_secret

#: Random bytes in the secret: 256 bits.
_BYTES = 32


def create_calendar_address(user: User) -> str:
    """A new secret for the person's calendar; the one before it opens nothing any more."""
    secret = secrets.token_urlsafe(_BYTES)
    CalendarAddress.objects.update_or_create(
        user=user, defaults={"digest": digest_secret(secret), "encrypted": encrypt_values({"secret": secret})}
    )
    return secret


def revoke_calendar_address(user: User) -> None:
    """The person's calendar can no longer be fetched."""
    CalendarAddress.objects.filter(user=user).delete()
