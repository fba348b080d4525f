"""Unified social credit identifiers (统一社会信用代码), which name a company or another body.

Source: GB 32100-2015: eighteen characters without I, O, S, V and Z; the last one is a check character modulo 31.
"""

from cases.domain.errors import CaseError, gettext_noop

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_BASE, _MODULUS = 3, 31


class InvalidCreditCode(CaseError):
    code = "invalid_credit_code"
    message = gettext_noop(
        "This is not a unified social credit identifier. Check its 18 characters against the licence."
    )


def normalize_credit_code(text: str) -> str:
    """The code as it is written on a licence, without spaces and in capitals; empty stays empty.

    Raises InvalidCreditCode where it is none.
    """
    code = "".join(text.split()).upper()
    if code and not is_credit_code(code):
        raise InvalidCreditCode()
    return code


def is_credit_code(code: str) -> bool:
    """Whether the text is such a code, its check character included."""
    if len(code) != _LENGTH or any(character not in _CHARACTERS for character in code):
        return False
    values = [_CHARACTERS.index(character) for character in code]
    weighted = sum(value * pow(_BASE, place, _MODULUS) for place, value in enumerate(values[:-1]))
    return values[-1] == -weighted % _MODULUS
