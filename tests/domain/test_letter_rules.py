"""What a letter needs before it is final, and that no identity number gets into one."""

import pytest

from cases.domain.errors import IdentityNumber, LetterIncomplete, UnknownProvince
from cases.domain.id_numbers import redact_identity_numbers, refuse_identity_number
from cases.domain.letter_rules import (
    appeal_recipient,
    check_draft,
    check_final,
    check_province,
    identity_number_errors,
)

WHOLE = {
    "name": "演示公司",
    "address": "某省某市某路 1 号",
    "postcode": "310000",
    "phone": "0571-00000000",
    "carrier_name": "中国移动",
    "carrier_address": "某市某街 2 号",
    "province": "浙江",
    "signed_on": "2026-10-16",
}
# Made up: the digits of a place that is none, a birthday, three more and a check digit.
MADE_UP = "999999199001011234"


@pytest.mark.parametrize("field", list(WHOLE))
def test_an_appeal_needs_all_that_article_12_asks_for(field: str) -> None:
    check_final("appeal", WHOLE, "一、申诉请求")
    with pytest.raises(LetterIncomplete) as caught:
        check_final("appeal", {**WHOLE, field: " "}, "一、申诉请求")
    assert caught.value.params == {"missing": [field]}


def test_a_complaint_needs_less_but_a_text_too() -> None:
    fields = {"name": "演示公司", "phone": "0571-00000000", "carrier_name": "中国移动", "signed_on": "2026-10-16"}
    check_final("complaint", fields, "一、事实经过")
    with pytest.raises(LetterIncomplete) as caught:
        check_final("complaint", {}, " \n")
    assert caught.value.params == {"missing": ["name", "phone", "carrier_name", "signed_on", "body"]}


@pytest.mark.parametrize(
    ("province", "typed", "recipient"),
    [
        ("浙江", "", "浙江中心"),
        ("浙江", "  ", "浙江中心"),
        ("浙江", "浙江中心", "浙江中心"),
        ("浙江", "湖北中心", "浙江中心"),  # the province was chosen anew
        ("浙江", " 另一机构 ", "另一机构"),
        ("", "另一机构", "另一机构"),
        ("", "", ""),
        ("西藏", "", ""),  # which is not in the directory any more
        ("西藏", "湖北中心", "湖北中心"),
    ],
)
def test_whom_an_appeal_is_addressed_to(province: str, typed: str, recipient: str) -> None:
    names = {"浙江": "浙江中心", "湖北": "湖北中心"}
    assert appeal_recipient(province, typed, names) == recipient


@pytest.mark.parametrize(
    "text",
    [
        MADE_UP,
        "99999919900101123X",
        "999999190001011234",
        "999999209901011234",
        "身份证号:99999919900101123x。",
        "９９９９９９１９９００１０１１２３４",
        "999999 19900101 1234",
        "999999-19900101-1234",
    ],
)
def test_what_looks_like_an_identity_number_is_refused_and_hidden(text: str) -> None:
    with pytest.raises(IdentityNumber):
        refuse_identity_number(f"我的号码{text}，请查")
    assert "0101" not in redact_identity_numbers(f"我的号码{text}，请查")
    with pytest.raises(IdentityNumber):
        check_draft({"name": "演示公司"}, text)
    with pytest.raises(IdentityNumber):
        check_final("appeal", {**WHOLE, "address": text}, "x")


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "SL202610161234567890",
        "999999199013011234",  # no thirteenth month
        "999999179001011234",
        "1999999199001011234",  # nineteen digits
        "2026-09-30 15:00 2026-10-13",
        "8986001234567890123",  # an ICCID
        "999999189912311234",  # born before 1900
        "999999210001011234",  # or after 2099
    ],
)
def test_other_numbers_are_taken(text: str) -> None:
    refuse_identity_number(text)
    assert redact_identity_numbers(text) == text


def test_the_error_names_the_last_digits_and_the_part() -> None:
    (error,) = identity_number_errors({"name": "演示公司", "address": f"某路 {MADE_UP}"}, "无")
    assert (error.params, error.part) == ({"tail": "…1234"}, "address")
    assert [error.part for error in identity_number_errors({"name": MADE_UP}, MADE_UP)] == ["name", "body"]


def test_a_credit_code_that_looks_like_an_identity_number_stands_in_its_own_field() -> None:
    code = "911101199001011021"  # made up, with a valid check character
    assert identity_number_errors({"credit_code": code}, "") == []
    assert [error.part for error in identity_number_errors({"name": code}, code)] == ["name", "body"]


@pytest.mark.parametrize(
    ("kind", "province", "is_known"),
    [
        ("appeal", "浙江", True),
        ("appeal", "", True),
        ("complaint", "", True),
        ("appeal", "西藏", False),
        ("complaint", "浙江", False),  # a complaint goes to no appeal body
    ],
)
def test_the_province_of_an_appeal_has_an_appeal_body(kind: str, province: str, is_known: bool) -> None:
    if is_known:
        check_province(kind, province, ["浙江", "湖北"])
        return
    with pytest.raises(UnknownProvince) as caught:
        check_province(kind, province, ["浙江", "湖北"])
    assert caught.value.params["provinces"] == ["浙江", "湖北"]
