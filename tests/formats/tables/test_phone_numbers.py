"""Numbers in cells, in every way that people type them (all invented)."""

import pytest

from cases.formats.tables.phone_numbers import read_numbers


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        " 138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "(138)00138000",
        "13800138000.0",
        "13,800,138,000",
        "+86 138 0013 8000",
        "0086-13800138000",
        "8613800138000",
        "013800138000",
        "１３８００１３８０００",
        "\u200b13800138000\ufeff",
        "138\u00a00013\u00a08000",
        "'13800138000",
        '="13800138000"',
        "13800138000\t",
    ],
)
def test_one_number_in_many_spellings(text: str) -> None:
    read = read_numbers(text)
    assert (read.numbers, read.words, read.problem) == (("13800138000",), "", None)


@pytest.mark.parametrize(
    ("text", "numbers", "words"),
    [
        ("19800138000(副卡)", ["19800138000"], "副卡"),
        ("手机：13800138000", ["13800138000"], "手机"),
        ("13800138000 - 王芳", ["13800138000"], "王芳"),
        ("13800138000转8001", ["13800138000"], "转8001"),
        ("13800138000/13900139000", ["13800138000", "13900139000"], ""),
        ("13800138000 13900139000", ["13800138000", "13900139000"], ""),
        ("13800138000\n13900139000", ["13800138000", "13900139000"], ""),
        ("13800138000和13900139000", ["13800138000", "13900139000"], ""),
        ("13800138000、13900139000（备用）", ["13800138000", "13900139000"], "备用"),
        ("13800138000,13800138000", ["13800138000"], ""),
        ("1064800000001", ["1064800000001"], ""),
        ("86 1440 0000 00001", ["1440000000001"], ""),
        ("13800138000-13800138002", ["13800138000", "13800138001", "13800138002"], ""),
        ("13800138000至13800138001", ["13800138000", "13800138001"], ""),
        ("13800138000-02", ["13800138000", "13800138001", "13800138002"], ""),
        ("13800138008～9", ["13800138008", "13800138009"], ""),
    ],
)
def test_several_numbers_and_what_stands_beside_them(text: str, numbers: list[str], words: str) -> None:
    read = read_numbers(text)
    assert (list(read.numbers), read.words, read.problem) == (numbers, words, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Number missing."),
        ("--", "Number missing."),
        ("1.80869E+10", "was rounded by the spreadsheet"),
        ("138****8000", "hides some of its digits"),
        ("138xxxx8000", "hides some of its digits"),
        ("0755-26881234", "is a landline number"),
        ("400-800-1234", "is a landline number"),
        ("1553904809", "has 10 digits"),
        ("440300199001010000", "has 18 digits"),
        ("1065000000001", "has 13 digits"),
        ("12345678901", "has 11 digits"),
        ("1380013800O", "is not a mobile number"),
        ("见附件", "is not a mobile number"),
        ("13800138000-2", "may be a range"),
        ("13800138009-13800138000", "is not a range"),
        ("13800138000-13800139999", "more than 1000 numbers"),
    ],
)
def test_what_is_no_number_is_refused_in_words_that_help(text: str, problem: str) -> None:
    read = read_numbers(text)
    assert read.numbers == ()
    assert problem in str(read.problem)


@pytest.mark.parametrize("text", ["13800138000/8001", "13800138000;139****0000", "13800138000,1390013900"])
def test_a_part_that_is_not_understood_is_named(text: str) -> None:
    read = read_numbers(text)
    assert read.numbers == ("13800138000",)
    assert read.words == text.removeprefix("13800138000")[1:]
    assert read.problem is not None


def test_a_range_is_no_longer_than_a_thousand() -> None:
    assert len(read_numbers("13800138000-13800138999").numbers) == 1000
    assert read_numbers("13800138000-13800139000").numbers == ()
