"""Numbers in a pasted list."""

import pytest

from cases.formats.number_list import parse_number_list


@pytest.mark.parametrize(
    "text",
    [
        "13800138001\n13800138002\n13800138003",
        "13800138001, 13800138002，13800138003",
        "13800138001、13800138002；13800138003\n",
        "138 0013 8001\n138-0013-8002\n+86 138 0013 8003",
        "13800138001 13800138002 13800138003",
        "13800138001\t13800138002\r\n13800138003\n13800138001",
        "１３８００１３８００１\n8613800138002\n0086 13800138003",
        "号码\n13800138001\n13800138002\n\n13800138003\n",
    ],
)
def test_in_every_shape(text: str) -> None:
    found = parse_number_list(text)
    assert (found.numbers, found.invalid) == (["13800138001", "13800138002", "13800138003"], [])


def test_words_beside_a_number_are_its_own() -> None:
    found = parse_number_list("13800138001 欠费 12 元\n2. 13800138002：合约未到期\n13800138003\t\n")
    assert found.notes == {"13800138001": "欠费 12 元", "13800138002": "合约未到期", "13800138003": ""}


def test_what_is_no_number_is_told() -> None:
    found = parse_number_list("13800138001\n1380013800\n010-88886666\n完成\n")
    assert (found.numbers, found.invalid) == (["13800138001"], ["1380013800", "010-88886666"])


def test_nothing_is_nothing() -> None:
    assert parse_number_list("  \n ").numbers == []
