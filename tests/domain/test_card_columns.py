"""What a column of cards may hold, and how what somebody types into one is read."""

import pytest

from cases.domain.card_columns import (
    ColumnRule,
    Kind,
    NotAChoice,
    NotADay,
    NotAnAmount,
    NotANumber,
    TextTooLong,
    ValueMissing,
    ValueRefused,
    is_own_key,
    own_rule,
    parse_value,
)

NUMBER, DAY, AMOUNT = (ColumnRule("列", kind) for kind in (Kind.NUMBER, Kind.DATE, Kind.AMOUNT))


@pytest.mark.parametrize(
    ("rule", "typed", "stored"),
    [
        (ColumnRule("列"), "  分机 8021 ", "分机 8021"),
        (ColumnRule("列"), "两行\r\n话\0", "两行\n话"),
        (NUMBER, "１,234.50", "1234.5"),
        (NUMBER, "-0.0", "0"),
        (NUMBER, "007", "7"),
        (DAY, "2026-09-30", "2026-09-30"),
        (DAY, "2026/9/3", "2026-09-03"),
        (DAY, "2026年9月30日", "2026-09-30"),
        (DAY, "20260930", "2026-09-30"),
        (AMOUNT, "19", "19.00"),
        (AMOUNT, "¥1,019.9元", "1019.90"),
        (NUMBER, "   ", ""),
        (NUMBER, "1" * 20, "1" * 20),
        (NUMBER, "1,000" + "0" * 14 + ".0", "1000" + "0" * 14),
        (AMOUNT, "0", "0.00"),
        (AMOUNT, "999999.99", "999999.99"),
        (ColumnRule("列", most=4), "四个字呀", "四个字呀"),
    ],
)
def test_what_is_read(rule: ColumnRule, typed: str, stored: str) -> None:
    assert parse_value(rule, typed) == stored
    assert parse_value(rule, stored) == stored


@pytest.mark.parametrize(
    ("rule", "typed", "error"),
    [
        (NUMBER, "十二", NotANumber),
        (NUMBER, "1e9", NotANumber),
        (NUMBER, "NaN", NotANumber),
        (NUMBER, "1_000", NotANumber),
        (NUMBER, "1" * 21, NotANumber),
        (DAY, "2026-02-30", NotADay),
        (DAY, "明年", NotADay),
        (AMOUNT, "-1", NotAnAmount),
        (AMOUNT, "0.001", NotAnAmount),
        (AMOUNT, "1000000", NotAnAmount),
        (AMOUNT, "Infinity", NotAnAmount),
        (ColumnRule("列", most=3), "四个字呀", TextTooLong),
        (ColumnRule("列", is_required=True), " ", ValueMissing),
    ],
)
def test_what_is_refused_names_the_column_and_the_value(
    rule: ColumnRule, typed: str, error: type[ValueRefused]
) -> None:
    with pytest.raises(error) as refused:
        parse_value(rule, typed)
    assert refused.value.params["title"] == "列"


def test_a_choice_is_found_by_its_name_and_others_are_listed() -> None:
    rule = own_rule("设备", "choice", ["Phone", "网关"])
    assert [parse_value(rule, typed) for typed in ("phone", "网关", "")] == ["Phone", "网关", ""]
    with pytest.raises(NotAChoice) as refused:
        parse_value(rule, "座机")
    assert str(refused.value) == "设备: “座机” is not one of its choices: Phone, 网关."


def test_only_keys_of_own_columns_may_be_part_of_a_query() -> None:
    assert [key for key in ("c1", "c12", "c0", "c", "d1", "c1'", "custom", "") if is_own_key(key)] == ["c1", "c12"]
