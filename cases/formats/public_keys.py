"""Public keys as they are given to others: PEM, and the fingerprint by which people compare them."""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from cases.domain.errors import CaseError, gettext_noop


class InvalidPublicKey(CaseError):
    code = "key_refused"
    message = gettext_noop("This is not an Ed25519 public key in PEM form (-----BEGIN PUBLIC KEY-----).")


def public_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(key: Ed25519PublicKey) -> str:
    """Hex SHA-256 of the key's DER form, as `openssl pkey -pubin -outform DER | sha256sum` gives it."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def read_key(pem: str) -> Ed25519PublicKey:
    """A public key from its PEM form; raises InvalidPublicKey."""
    try:
        key = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm, UnicodeEncodeError):
        raise InvalidPublicKey() from None
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidPublicKey()
    return key
