"""The counters of the parts of one long SMS. Every text is synthetic."""

import pytest

from cases.formats.sms.parts import parse_part


@pytest.mark.parametrize(
    ("text", "index", "total", "body"),
    [
        ("(1/2)【中国移动】您好", 1, 2, "【中国移动】您好"),
        ("（2/2）已销户", 2, 2, "已销户"),
        ("[1/3] 您好", 1, 3, "您好"),
        ("【2/3】您好", 2, 3, "您好"),
        ("1/2 您的号码", 1, 2, "您的号码"),
        ("2/2您的号码", 2, 2, "您的号码"),
        ("您的号码(1/2)", 1, 2, "您的号码"),
        ("您的号码 (2/2)【中国移动】", 2, 2, "您的号码 【中国移动】"),
        ("【中国移动】(1/2)您好", 1, 2, "【中国移动】您好"),
        ("您好 1/2", 1, 2, "您好"),
        ("(1 of 2) Hello", 1, 2, "Hello"),
        ("第1条/共2条 您好", 1, 2, "您好"),
    ],
)
def test_a_part(text: str, index: int, total: int, body: str) -> None:
    part = parse_part(text)
    assert part is not None
    assert (part.index, part.total, part.body) == (index, total, body)
    assert text[part.start : part.end] in body


@pytest.mark.parametrize(
    "text",
    [
        "",
        "您好",
        "12/3 18点前完成",
        "1/5前办结",
        "1/5日前",
        "预计1/2",
        "(3/2)您好",
        "(0/2)您好",
        "10月1/2",
        "进度(1/2)已审",
    ],
)
def test_no_part(text: str) -> None:
    assert parse_part(text) is None
