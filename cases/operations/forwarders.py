"""The phones that forward their SMS: their addresses created, renamed, given their cards, switched, renewed,
deleted."""

import secrets
from collections.abc import Iterable

from django.utils.crypto import constant_time_compare

from cases.models import Card, Forwarder, Team
from cases.models.encryption import decrypt_values, encrypt_values
from cases.operations.secret_digest import digest_secret

#: Random bytes in the secret of an address: 192 bits, and no longer than a person can paste.
_BYTES = 24
#: Random bytes in the key that signs; SmsForwarder takes any text.
_KEY_BYTES = 18


def _new_secret(*, signed: bool) -> dict[str, str]:
    secret = secrets.token_urlsafe(_BYTES)
    key = secrets.token_urlsafe(_KEY_BYTES) if signed else ""
    return {"digest": digest_secret(secret), "encrypted": encrypt_values({"secret": secret, "key": key})}


def add_forwarder(team: Team, kind: str, *, name: str, signed: bool = True) -> Forwarder:
    """A new phone of the team, with an address and, unless it is not to sign, a key for signatures."""
    return Forwarder.objects.create(team=team, kind=kind, name=name, **_new_secret(signed=signed))


def replace_address(forwarder: Forwarder, *, signed: bool) -> None:
    """Another address and another key; what knows only those from before is refused from now on."""
    for field, value in _new_secret(signed=signed).items():
        setattr(forwarder, field, value)
    forwarder.save(update_fields=["digest", "encrypted"])


def rename_forwarder(forwarder: Forwarder, name: str) -> None:
    forwarder.name = name
    forwarder.save(update_fields=["name"])


def set_forwarder_cards(forwarder: Forwarder, cards: Iterable[Card]) -> bool:
    """The SIM cards that are in the phone, all of its team; returns whether they are others now."""
    before = set(forwarder.cards.values_list("pk", flat=True))
    forwarder.cards.set(cards)
    return set(forwarder.cards.values_list("pk", flat=True)) != before


def switch_forwarder(forwarder: Forwarder, *, on: bool) -> None:
    """On or off; what comes to an address that is off is refused."""
    forwarder.is_on = on
    forwarder.save(update_fields=["is_on"])


def remove_forwarder(forwarder: Forwarder) -> None:
    """Delete it with its counters; the messages that came from it stay."""
    forwarder.delete()


def find_forwarder(secret: str) -> Forwarder | None:
    """The phone whose address has this secret, switched on or not."""
    return find_forwarder_by_digest(digest_secret(secret))


def find_forwarder_by_digest(address_digest: str) -> Forwarder | None:
    """The phone whose address has the secret with this digest."""
    forwarder = Forwarder.objects.select_related("team").filter(digest=address_digest).first()
    # The database compared digests in variable time, from which nothing can be guessed.
    return forwarder if forwarder and constant_time_compare(forwarder.digest, address_digest) else None


def secrets_of(forwarder: Forwarder) -> tuple[str, str]:
    """The secret of the address, and the key for signatures (empty: it does not sign).

    Raises SecretUnreadable.
    """
    values = decrypt_values(forwarder.encrypted)
    return values["secret"], values.get("key", "")
