"""Numbers as people type and paste them (facts.md, 'Carriers')."""

import pytest

from cases.domain import masking, phones
from cases.domain.errors import NumberRefused


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        " 138-0013-8000 ",
        "138\u00a00013\u00a08000",
        "138\u30000013\u30008000",
        "138.0013.8000",
        "(138)00138000",
        "（138）0013 8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "(+86) 13800138000",
        "＋８６　１３８００１３８０００",
        "0086 138 0013 8000",
        "008613800138000",
        "86 13800138000",
        "１３８００１３８０００",
        "138‐0013–8000",
        "13800138000\n",
        "\u202d138 0013 8000\u202c",  # as an address book copies it: marked as left to right
        "\u200b13800138000\ufeff",
    ],
)
def test_one_number_in_many_spellings(typed: str) -> None:
    assert phones.parse(typed) == "13800138000"


@pytest.mark.parametrize(
    "number",
    [
        "16200000001",  # virtual, unknown to the package
        "16500000001",
        "16700000001",
        "17000000001",
        "17100000001",
        "13490000000",  # 1349, satellite
        "19200000001",
        "1400000000000",  # 13 digits: IoT
        "1499999999999",
        "1064800000000",  # the same, of the other range
        "1064900000000",
    ],
)
def test_numbers_that_are_accepted_whatever_the_package_thinks(number: str) -> None:
    assert phones.parse(number) == number


def test_an_iot_number_with_the_country_code() -> None:
    assert phones.parse("+86 1410 0000 00001") == "1410000000001"
    assert phones.parse("861410000000001") == "1410000000001"
    assert phones.parse("+86 10648 00000001") == "1064800000001"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "hello",
        "10086",
        "1380013800",
        "138001380000",
        "23800138000",
        "010 8888 8888",
        "1380013800a",
        "13800138000 x12",
        "+852 9123 4567",
        "+1 380 013 8000",
        "1500000000000",  # 13 digits, but not 140-149
        "1065000000000",  # 13 digits, but a sender of SMS
        "٠١٣٨٠٠١٣٨٠٠٠",
        "1３８00138００",
        "13800138000;13900139000",
        "13800138000\x00",
        "1" * 200,
        "1 " * 4000,
    ],
)
def test_garbage_is_refused_by_name(typed: str) -> None:
    with pytest.raises(NumberRefused) as caught:
        phones.parse(typed)
    assert len(caught.value.params["typed"]) <= 40


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("10086", "10086"),
        ("027-1234 5678 转 8", "02712345678"),
        ("（０２１）6234－5678", "02162345678"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("客服 12300、12315", "12300"),
        ("–", ""),
        ("无", ""),
        ("", ""),
    ],
)
def test_what_a_phone_dials(written: str, dialled: str) -> None:
    assert phones.dialled(written) == dialled


def test_shown_and_masked() -> None:
    assert phones.format_number("13800138000") == "138 0013 8000"
    assert masking.mask_number("13800138000") == "138****8000"
    assert phones.format_number("1410000012345") == "141 0000 012345"
    assert masking.mask_number("1410000012345") == "141******2345"


@pytest.mark.parametrize(
    ("number", "slug"),
    [
        ("13800138000", "china-mobile"),
        ("18612341234", "china-unicom"),
        ("13312341234", "china-telecom"),
        ("19212341234", "china-broadnet"),
        ("16212341234", None),
        ("16512341234", None),
        ("16712341234", None),  # the package names the host network
        ("17012341234", None),
        ("17112341234", None),
        ("13491234567", None),
    ],
)
def test_a_prefix_guesses_the_carrier_and_never_a_host_network(number: str, slug: str | None) -> None:
    assert phones.guess_carrier(number) == slug


@pytest.mark.parametrize(
    ("number", "slug"),
    [
        ("1440000000001", "china-mobile"),
        ("1480000000001", "china-mobile"),
        ("1064700000001", "china-mobile"),
        ("1064800000001", "china-mobile"),
        ("1460000000001", "china-unicom"),
        ("1400000000001", "china-unicom"),
        ("1064600000001", "china-unicom"),
        ("1410000000001", "china-telecom"),
        ("1064900000001", "china-telecom"),
        ("1064000000001", None),
        ("1420000000001", None),
    ],
)
def test_an_iot_number_tells_its_carrier_where_the_range_is_known(number: str, slug: str | None) -> None:
    assert phones.guess_carrier(number) == slug


@pytest.mark.parametrize(("number", "virtual"), [("17012341234", True), ("16212341234", True), ("13800138000", False)])
def test_virtual_prefixes(number: str, virtual: bool) -> None:
    assert phones.is_virtual(number) is virtual


def test_no_more_is_read_than_anybody_types() -> None:
    assert phones.parse("13800138000" + " " * 29) == "13800138000"  # 40 characters
    with pytest.raises(NumberRefused):
        phones.parse("13800138000" + " " * 30)
