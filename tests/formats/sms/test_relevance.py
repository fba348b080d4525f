"""Which messages are kept. Every message here is synthetic."""

import pytest

from cases.formats.sms.reader import matching_numbers
from cases.formats.sms.relevance import is_from_carrier, mentioned_numbers, normalize_sender
from cases.formats.sms.types import CarrierIdentifiers

CARRIERS = [
    CarrierIdentifiers("china-mobile", ("10086", "10080"), ("中国移动",)),
    CarrierIdentifiers("xiaomi-mobile", ("4009223838",), ("小米移动",)),
]
NUMBER = "13800138000"


def names(text: str) -> bool:
    """Whether the text names the number."""
    return any(matching_numbers(form, [NUMBER]) for form in mentioned_numbers(text))


@pytest.mark.parametrize(
    "sender",
    ["10086", "+8610086", "008610086", "86 10086", "１００８６", "10080", "1008611", "10086999", "400-922-3838"],
)
def test_a_carrier_s_own_numbers(sender: str) -> None:
    assert is_from_carrier(sender, "您好", CARRIERS)


@pytest.mark.parametrize("sender", ["10011", "110086", "13800138000", "+110086", "", "10086x", "955881008600"])
def test_other_senders_are_none_whatever_they_sign_with(sender: str) -> None:
    assert not is_from_carrier(sender, "【中国移动】您的号码已销户", CARRIERS)


@pytest.mark.parametrize(
    ("text", "is_its"),
    [
        ("【中国移动】您好", True),
        ("您好【广东移动】", True),
        ("[中国移动] 您好", True),
        ("【某某银行】中国移动充值", False),
        ("您好", False),
        ("【" * 5000, False),
    ],
)
def test_a_company_s_number_needs_a_carrier_s_signature(text: str, is_its: bool) -> None:
    assert is_from_carrier("1065800810086", text, CARRIERS) is is_its


@pytest.mark.parametrize(
    "text",
    [
        "您的号码13800138000已受理",
        "号码138 0013 8000。",
        "138-0013-8000",
        "+86 13800138000",
        "8613800138000",
        "１３８００１３８０００",
        "138\u200b00138000",
        "138****8000",
        "138XXXX8000",
        "138＊＊＊＊8000",
        "138*****000",
        "尾号8000的号码",
        "手机末四位为8000",
        "尾号为：8000",
    ],
)
def test_a_card_is_named(text: str) -> None:
    assert names(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8000元",
        "138001380001",
        "9138001380000",
        "13900138000",
        "139****8000",
        "138****8001",
        "尾号80001",
        "尾号8001",
        "单号SL13800138000123",
    ],
)
def test_another_one_or_none_is_named(text: str) -> None:
    assert not names(text)


def test_a_long_text_is_looked_at_quickly() -> None:
    for text in ("1" * 1_000_000, "138*" * 250_000, "尾号" * 500_000, "138 0013 800" * 90_000):
        assert not names(text)


def test_the_same_sender_is_known_again() -> None:
    assert {normalize_sender(sender) for sender in ("10086", "+8610086", " 1 00-86", "008610086")} == {"10086"}
    assert normalize_sender("Bank") == "bank"
