"""What identifies a person is made unreadable, and nothing else is."""

from typing import Any

import pytest

from cases.domain.masking import mask_json, mask_name, mask_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800138000", "138****8000"),
        ("您的号码13800138000已销户", "您的号码138****8000已销户"),
        ("138 0013 8000, +86-138-0013-8000, 8613800138000", "138****8000, 138****8000, 138****8000"),
        ("1400000000000", "140******0000"),
        ("140 0000 000000", "140******0000"),
        ("10086", "10086"),
        ("SL261023813648", "SL261023813648"),
        ("单号 20261013123456", "单号 20261013123456"),
        ("2026-10-13 15:00", "2026-10-13 15:00"),
        ("身份证 110101199003070011", "身份证 （证件号码略）"),  # synthetic
        ("", ""),
    ],
)
def test_numbers(text: str, shown: str) -> None:
    assert mask_text(text) == shown


@pytest.mark.parametrize(("name", "shown"), [("王小明", "王**"), ("李四", "李*"), ("演示公司", "演**"), ("", "")])
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_every_text_in_a_value_but_digests() -> None:
    value: dict[str, Any] = {"a": ["13800138000", {"b": "13800138000"}], "sha256": "x13800138000x", "n": 1, "z": None}
    assert mask_json(value) == {
        "a": ["138****8000", {"b": "138****8000"}],
        "sha256": "x13800138000x",
        "n": 1,
        "z": None,
    }
