"""What a letter must say before it is final: a complaint to the carrier, or an appeal (申诉书).

Source: Measures on the Handling of Telecom Users' Appeals, article 12 (facts.md, 'Rules'): name, address, telephone and
postcode of the user; name and address of the carrier; request, reasons and facts; date.
"""

from collections.abc import Mapping

from cases.domain.errors import LetterIncomplete
from cases.domain.id_numbers import refuse_identity_number

#: The fields of a letter beside its text, by kind, and which of them it must have.
FIELDS = ("name", "address", "postcode", "phone", "carrier_name", "carrier_address", "province", "signed_on")
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "complaint": ("name", "phone", "carrier_name", "signed_on"),
    "appeal": FIELDS,
}


def missing(kind: str, fields: Mapping[str, str], body: str) -> list[str]:
    """Which fields the letter still lacks, its text as 'body'."""
    lacking = [name for name in REQUIRED[kind] if not fields.get(name, "").strip()]
    return lacking if body.strip() else [*lacking, "body"]


def check_final(kind: str, fields: Mapping[str, str], body: str) -> None:
    """Raise LetterIncomplete, or IdentityNumber, unless the letter can be final."""
    check_draft(fields, body)
    lacking = missing(kind, fields, body)
    if lacking:
        raise LetterIncomplete(missing=lacking)


def check_draft(fields: Mapping[str, str], body: str) -> None:
    """Raise IdentityNumber when a field or the text holds one: not even a draft keeps it."""
    for text in (*fields.values(), body):
        refuse_identity_number(text)
