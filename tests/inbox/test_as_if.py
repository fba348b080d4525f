"""What would be done with any text that names a card of an open case. Every text is synthetic."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.formats.sms import reader
from cases.formats.sms.types import CarrierIdentifiers, Sms
from cases.inbox import as_if
from cases.inbox.as_if import read_as_if_open
from tests.helpers import at

CARRIERS = [CarrierIdentifiers("china-mobile", ("10086",), ("中国移动",))]
NAMED = st.sampled_from(
    [
        "号码13800138000，",
        "您的138****8000号码，",
        "尾号8000，",
        "号码138 0013 8000，",
        "号码138…8000，",
        "受理单号YD20261009001，",
    ]
)
WORDS = st.sampled_from(
    [
        "【中国移动】",
        "您的销户申请",
        "已受理",
        "审核中",
        "已销户",
        "未",
        "如需",
        "验证码604112",
        "(1/2)",
        "专属优惠流量包9元起，回复TD退订",
        "上月消费18.00元",
        "【某银行】",
        "宽带",
        "？",
        "。",
        "\n",
        "预计10月13日前办结",
        "http://t.example/x",
        "锟斤拷",
    ]
)
SENDERS = st.sampled_from(["10086", "10010", "1065800810086", "13900139000", "95588", "", "小王", "+8524000"])


@settings(max_examples=250, deadline=None)
@given(st.lists(WORDS | st.text(max_size=8), max_size=10), NAMED, st.lists(WORDS, max_size=5), SENDERS)
def test_what_names_the_card_of_an_open_case_stays_in_sight(
    before: list[str], named: str, after: list[str], sender: str
) -> None:
    text = "".join([*before, "，", named, *after])
    reading, would = read_as_if_open(Sms(sender, text, at("2026-10-09T10:20")), CARRIERS)
    assert would.value in ("record", "propose", "ask")
    if would.value == "record":
        assert reading.meaning.value in ("registered", "under_review")
        assert (reading.is_agreed, reading.is_whole, reading.carrier) == (True, True, "china-mobile")


@pytest.mark.parametrize(
    ("sender", "is_agreed", "would"),
    [("10086", True, "record"), ("10086", False, "propose"), ("", True, "propose"), ("小王", True, "propose")],
)
def test_only_the_carrier_s_own_sms_is_recorded_and_only_when_both_readers_agree(
    sender: str, is_agreed: bool, would: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reader.read_sms
    monkeypatch.setattr(as_if, "read_sms", lambda *args: replace(read(*args), is_agreed=is_agreed))
    text = "尊敬的客户,您的号码13800138000的销户申请已受理。"
    assert read_as_if_open(Sms(sender, text, at("2026-10-09T10:20")), CARRIERS)[1].value == would


DONE = "的销户申请已受理"
OFFER = "专属优惠流量包9元起，回复TD退订"


@pytest.mark.parametrize(
    ("sender", "text", "would"),
    [
        # One case: by a number, or by a reference where no number stands beside it.
        ("10086", f"您的号码13800138000{DONE}。", "record"),
        ("10086", f"尾号8000{DONE},受理单号YD20261009001。", "record"),
        ("10086", "您的销户申请已受理,受理单号YD20261009001。", "record"),
        ("10086", f"您的号码13800138000和13900139000{DONE},受理单号YD20261009001。", "propose"),
        ("10086", "您的销户申请已受理。", "propose"),
        ("95588", f"您的号码13800138000{DONE}。", "propose"),  # no line of a carrier on record
        ("10086", f"(1/2)您的号码13800138000{DONE}。", "propose"),
        # What is not about a cancellation, and what speaks of one, or names a request or a card all the same.
        ("10086", f"【中国移动】{OFFER}", "set_aside"),
        ("10086", "【中国移动】您上月消费18.00元，余额20.00元。", "set_aside"),
        ("10086", "【中国移动】您上月消费18.00元，如需销户请到营业厅。", "ask"),
        ("10086", f"【中国移动】工单专享，{OFFER}", "ask"),
        ("10086", f"【中国移动】受理单号YD20261009001，{OFFER}", "ask"),
        ("10086", f"【中国移动】尾号8000，{OFFER}", "ask"),
        ("10086", f"(1/2)【中国移动】{OFFER}", "ask"),
        # Codes, and what is nobody's business.
        ("10086", "验证码604112，请勿告诉他人。", "drop"),
        ("10086", "(1/2)验证码604112，请勿告诉他人。", "ask"),
        ("13900139000", "晚上一起吃饭吗", "drop"),
        ("13900139000", "晚上一起吃饭吗，我的号码13800138000", "ask"),
        ("小王", "晚上一起吃饭吗", "ask"),
        ("", "晚上一起吃饭吗", "ask"),
    ],
)
def test_what_would_be_done_with_a_text(sender: str, text: str, would: str) -> None:
    assert read_as_if_open(Sms(sender, text, at("2026-10-09T10:20")), CARRIERS)[1].value == would


def test_a_part_is_read_without_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    read = reader.read_sms
    monkeypatch.setattr(as_if, "read_sms", lambda sms, *rest: texts.append(sms.text) or read(sms, *rest))
    read_as_if_open(Sms("10086", "(1/2)您的号码已受理", at("2026-10-09T10:20")), CARRIERS)
    assert texts == ["您的号码已受理"]
