"""The submit tokens of an act over many cases: one for each part of it, so that the act is found again as a whole.

An entry holds the token of the form it came from, once for each case; an act that writes several entries on a case
needs a token for each. All follow from that of the act.
"""

from uuid import UUID, uuid5

#: The parts of acts that write more than one entry on a case, beside the one with the token of the act itself.
PARTS = ("open", "submit", "receipts", "letter", "refund", "received")
#: The namespace (RFC 9562) of the acts that have no form: imported tables.
_IMPORTS = UUID("0d7cf0a1-8f0f-4f7a-9a54-6f5f8b0c2f61")


def part_token(token: UUID | None, part: str) -> UUID | None:
    """The token of one of the PARTS of an act; None for an act without a token."""
    assert part in PARTS
    return uuid5(token, part) if token else None


def tokens_of_act(token: UUID) -> list[UUID]:
    """Every token under which entries of this act may stand, its own first."""
    return [token, *(uuid5(token, part) for part in PARTS)]


def import_token(pk: int) -> UUID:
    """The token of the import of a table (its key)."""
    return uuid5(_IMPORTS, str(pk))
