"""Unified social credit codes."""

import pytest

from cases.domain.credit_codes import InvalidCreditCode, is_credit_code, normalize_credit_code
from cases.domain.letter_rules import identity_number_errors


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("91350100M000100Y43", True),  # the example of GB 32100-2015
        ("91350100M000100Y44", False),  # another check character
        ("91350100M000100Y4", False),
        ("91350100I000100Y43", False),  # no I in any
        ("", False),
    ],
)
def test_the_check_character_decides(code: str, is_one: bool) -> None:
    assert is_credit_code(code) is is_one


def test_it_is_kept_as_on_the_licence() -> None:
    assert normalize_credit_code(" 91350100 m000100y43 ") == "91350100M000100Y43"
    assert normalize_credit_code("") == ""
    with pytest.raises(InvalidCreditCode):
        normalize_credit_code("91350100M000100Y44")


def test_an_identity_number_in_its_place_is_refused() -> None:
    assert [error.part for error in identity_number_errors({"credit_code": "310101199001011234"}, "")] == [
        "credit_code"
    ]
