"""What leaves of a message for a reader outside: no number, name, reference, sum, link or address; days stay."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.formats.sms.redaction import has_digits_left, redact

# All texts, numbers and names are synthetic.
CASES = [
    (
        "【中国移动】尊敬的王小明先生，您的号码138****8000已于2026年11月28日销户，受理编号HX1123-0091，退款128.50元。",
        "【中国移动】尊敬的[NAME_1]先生,您的号码[NUMBER_1]已于2026年11月28日销户,受理编号[REFERENCE_1],退款[AMOUNT_1]。",
    ),
    (
        "您好李女士,您13800138000的销户工单 0571-20261123-33 已受理,24小时内联系您,详情 http://10086.cn/a?b=1234",
        "您好[NAME_1]女士,您[NUMBER_1]的销户工单 [REFERENCE_1] 已受理,24小时内联系您,详情 [LINK_1]",
    ),
    (
        "机主张三已办理销户,联系人:欧阳娜娜,电话 138 0013 8000 或 010-8001-2345",
        "机主[NAME_1]已办理销户,联系人:[NAME_2],电话 [NUMBER_1] 或 [NUMBER_2]",
    ),
    ("机主本人需携带身份证11010119900307123X办理", "机主本人需携带身份证[REFERENCE_1]办理"),
    (
        "Dear Zhang Wei, your number ending 8000 was cancelled on 2026-11-28. Ref no. LT-77. "
        "Balance RMB 12. a.b@c.example",
        "Dear [NAME_1], your number ending [NUMBER_1] was cancelled on 2026-11-28. Ref no. [REFERENCE_1]. "
        "Balance [AMOUNT_1]. [EMAIL_1]",
    ),
    ("尾号８０００的卡20261128注销成功", "尾号[REFERENCE_1]的卡20261128注销成功"),
    ("号码一三八零零一三八零零零已受理", "号码[NUMBER_1]已受理"),
    ("工号88为您服务,余额十二元,5G套餐,3个工作日", "工号[REFERENCE_1]为您服务,余额[AMOUNT_1],5G套餐,3个工作日"),
    ("预计2026/11/30前办结,2026年12月底生效,12月1日上午9:30", "预计2026/11/30前办结,2026年12月底生效,12月1日上午9:30"),
    ("卡138\u200b0013\u200b8000", "卡[NUMBER_1]"),
    ("单号2026-11-28-0091", "单号[REFERENCE_1]"),
    ("尊敬的先生,您的申请已登记", "尊敬的先生,您的申请已登记"),
    ("尊敬的赵六,您好", "尊敬的[NAME_1],您好"),
    ("联系人陈已受理", "联系人[NAME_1]已受理"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_leaves(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_what_is_known_of_the_case_is_replaced_wherever_it_stands() -> None:
    text = "请勿告知钱多多,档案甲字七号,钱多多已办"
    assert redact(text, names=["钱多多"], references=["甲字七号"]) == "请勿告知[NAME_1],档案[REFERENCE_1],[NAME_2]已办"


def test_a_name_of_one_character_is_no_name_to_look_for() -> None:
    assert redact("已受理", names=["已", ""]) == "已受理"


NUMBER = "13800138000"
_FORMS = st.sampled_from(
    [
        NUMBER,
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "+86 138 0013 8000",
        "１３８００１３８０００",
        "138\n0013\n8000",
        "1-3-8-0-0-1-3-8-0-0-0",
        "(138)00138000",
        "138,0013,8000",
        "138_0013_8000",
        "一三八〇〇一三八〇〇〇",
        "1三8零0一3八零零零",
        "A13800138000B",
        "HX-13800138000",
        "￥13800138000",
        "13800138000元",
        "138****8000",
        "https://a.example/13800138000",
        "13800138000@b.example",
    ]
)


@given(st.text(max_size=30), _FORMS, st.text(max_size=30))
def test_no_four_digits_of_a_number_leave_whatever_stands_beside(before: str, number: str, after: str) -> None:
    sent = redact(f"{before} {number} {after}")
    if sent is None:
        return
    digits = re.sub(r"\[[A-Z]+_\d+\]", "~", sent)
    for start in range(len(NUMBER) - 3):
        assert NUMBER[start : start + 4] not in digits
        assert NUMBER[start : start + 4] not in re.sub(r"[\s-]", "", digits) or NUMBER[start : start + 4] in re.sub(
            r"[\s-]", "", before + after
        )


@given(st.text(alphabet="0123456789０１٣一二*-/. :年月日元号单【】,abA\n\u200b", max_size=60))
def test_no_group_of_four_digits_leaves_that_is_no_day(text: str) -> None:
    sent = redact(text)
    assert sent is None or not has_digits_left(sent)


@given(st.text(max_size=300))
def test_no_text_is_an_error(text: str) -> None:
    redact(text)


def test_the_last_look_finds_what_was_missed() -> None:
    assert has_digits_left("号码8000")
    assert has_digits_left("2026-11-28-0091")
    assert not has_digits_left("2026-11-28, 20261128, 2026年, 24小时, [NUMBER_1]")


def test_only_the_beginning_of_a_long_text_leaves() -> None:
    sent = redact("销户" * 5000)
    assert sent is not None
    assert len(sent) == 2000
