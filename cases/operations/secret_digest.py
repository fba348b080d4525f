"""The digest under which a secret is stored: of tokens, invitations, calendar addresses and forwarders."""

import hashlib


def digest_secret(secret: str) -> str:
    """Hex SHA-256 of any text, also one that is not valid Unicode. No salt: our secrets are random throughout."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
