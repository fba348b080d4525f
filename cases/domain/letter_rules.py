"""What a letter must say before it is final: a complaint to the carrier, or an appeal (申诉书).

Source: Measures on the Handling of Telecom Users' Appeals, article 12 (facts.md, 'Rules'): name, address, telephone and
postcode of the user; name and address of the carrier; request, reasons and facts; date.
"""

from collections.abc import Collection, Mapping

from cases.domain.credit_codes import is_credit_code
from cases.domain.errors import IdentityNumber, LetterIncomplete, UnknownProvince
from cases.domain.id_numbers import refuse_identity_number

#: The fields of a letter beside its text, by kind, and which of them it must have.
_ARTICLE_12_FIELDS = (
    "name",
    "address",
    "postcode",
    "phone",
    "carrier_name",
    "carrier_address",
    "province",
    "signed_on",
)
LETTER_FIELDS = (*_ARTICLE_12_FIELDS, "recipient", "contact", "credit_code")
#: Those that say who writes; a team keeps them.
SENDER_FIELDS = ("name", "address", "postcode", "phone", "contact", "credit_code")
#: Those of an appeal that a complaint does not have.
APPEAL_FIELDS = ("province", "recipient")
REQUIRED_FIELDS: Mapping[str, tuple[str, ...]] = {
    "complaint": ("name", "phone", "carrier_name", "signed_on"),
    "appeal": _ARTICLE_12_FIELDS,  # the province has an appeal body, whose name is the recipient where none is typed
}


def missing_letter_fields(kind: str, fields: Mapping[str, str], body: str) -> list[str]:
    """Which fields the letter still lacks, its text as 'body'."""
    missing_names = [name for name in REQUIRED_FIELDS[kind] if not fields.get(name, "").strip()]
    return missing_names if body.strip() else [*missing_names, "body"]


def check_final(kind: str, fields: Mapping[str, str], body: str) -> None:
    """Raise LetterIncomplete, or IdentityNumber, unless the letter can be final."""
    check_draft(fields, body)
    missing_names = missing_letter_fields(kind, fields, body)
    if missing_names:
        raise LetterIncomplete(missing=missing_names)


def identity_number_errors(fields: Mapping[str, str], body: str) -> list[IdentityNumber]:
    """An error for each field, and for the text as 'body', that holds an identity number: not even a draft keeps it."""
    errors = []
    for part, text in (*fields.items(), ("body", body)):
        if part == "credit_code" and is_credit_code(text):
            continue  # eighteen digits, too, and never a person's
        try:
            refuse_identity_number(text, part)
        except IdentityNumber as error:
            errors.append(error)
    return errors


def check_draft(fields: Mapping[str, str], body: str) -> None:
    """Raise IdentityNumber when a field or the text holds one."""
    for error in identity_number_errors(fields, body):
        raise error


def appeal_recipient(province: str, typed: str, names: Mapping[str, str]) -> str:
    """Whom an appeal is addressed to; `names`: the appeal bodies by province.

    What was typed, unless that is nothing, or the name of another province's body: the province was chosen anew.
    """
    listed_name = names.get(province, "")
    typed_name = typed.strip()
    if listed_name and (not typed_name or typed_name in names.values()):
        return listed_name
    return typed_name


def check_province(kind: str, province: str, provinces: Collection[str]) -> None:
    """Raise UnknownProvince unless an appeal names one of the provinces that have an appeal body, or none yet."""
    if province and (kind != "appeal" or province not in provinces):
        raise UnknownProvince(provinces=list(provinces))
