"""The refund that an SMS names. Every text here is synthetic; each came on Thursday 2026-11-05 at 10:00."""

from datetime import date
from decimal import Decimal

import pytest

from cases.domain.message_meaning import Meaning
from cases.formats.sms.refund import read_refund
from cases.formats.sms.types import Reading, Sms
from cases.models.choices import RefundWay
from tests.helpers import at


def refund(
    text: str, meaning: Meaning = Meaning.DONE, candidates: tuple[Meaning, ...] = ()
) -> tuple[str, str | None, str, str, str | None] | None:
    """Kind, amount, way, ending and day of the refund in a message."""
    mention = read_refund(Sms("10086", text, at("2026-11-05T10:00")), Reading(meaning, candidates=candidates))
    if mention is None:
        return None
    amount, day = mention.amount, mention.due_on
    return (
        mention.kind.value,
        None if amount is None else str(amount),
        mention.way,
        mention.account_ending,
        None if day is None else day.isoformat(),
    )


@pytest.mark.parametrize(
    ("text", "way", "ending", "due_on"),
    [
        ("余额36.50元将退至您尾号6217的银行卡,预计15个工作日内到账。", "bank_card", "6217", "2026-11-26"),
        (
            "您尾号8000的号码已销户，账户余额36.50元将于11月20日前退至您尾号6217的银行卡。",
            "bank_card",
            "6217",
            "2026-11-20",
        ),
        ("您尾号8000的号码余额36.50元将退至您尾号为6217的储蓄卡", "bank_card", "6217", None),
        ("余额¥36.50将于月底前退至工商银行(6217)。", "bank_card", "6217", "2026-11-30"),
        ("余额36元5角将退还至卡号6217 0000 1234 5678的银行卡。", "bank_card", "5678", None),
        ("您的退费申请已受理，余额36.50元预计次月20日前到账，详询营业厅。", "unknown", "", "2026-12-20"),
        (
            "您的退款36.50元已提交银行处理，预计1-3个工作日到账，具体以银行到账时间为准。",
            "unknown",
            "",
            "2026-11-10",
        ),
        ("余额36.50元，其中赠款10元不退。可退36.50元将于11月30日前原路退回。", "original", "", "2026-11-30"),
        ("剩余话费36.5元将在15个工作日内退回支付宝。", "wallet", "", "2026-11-26"),
        ("余额36.50元，请于2026年12月31日前持身份证到营业厅领取现金。", "cash", "", None),
        ("余额36.50元将转至您指定的号码13900139000。", "another_number", "9000", None),
        ("余额待退36.50元，退费方式：原路退回；预计到账：2026-11-20。", "original", "", "2026-11-20"),
        (
            "您的退费申请已受理，号码13800138000余额36.50元将于11月20日前退至您尾号6217的银行卡。",
            "bank_card",
            "6217",
            "2026-11-20",
        ),
        ("您的退费申请已受理，号码13800138000余额36.50元将原路退回。", "original", "", None),
        ("13800138000退款处理延期，预计11月9日前退至您的银行卡，金额36.50元。", "bank_card", "", "2026-11-09"),
        ("余额36.50元将于次月1日至5日原路退还。", "original", "", "2026-12-05"),
        ("余额36.50元将退还，关注微信公众号查询进度。", "unknown", "", None),
        (
            "Your balance of CNY 36.50 will be refunded to your bank card ending 6217 within 15 working days.",
            "bank_card",
            "6217",
            "2026-11-26",
        ),
    ],
)
def test_one_that_is_still_to_come(text: str, way: str, ending: str, due_on: str | None) -> None:
    assert refund(text) == ("expected", "36.50", way, ending, due_on)


@pytest.mark.parametrize(
    ("text", "way", "ending"),
    [
        ("您的号码已销户，余额36.50元已退至您登记的银行卡(尾号6602)。", "bank_card", "6602"),
        ("话费余额36.50元已于11月4日转入您指定号码139****1234。", "another_number", "1234"),
        ("退费36.50元已到账，请查收。", "unknown", ""),
        ("结余36.5元已原路退回。", "original", ""),
        ("您的号码13800138000的话费余额36.5元已原路退回。", "original", ""),
        ("注销成功\n号码:17190027743\n退款:36.50元(已退至微信零钱)", "wallet", ""),
        ("已为您将余额36.50元退至尾号6217的招商银行卡", "bank_card", "6217"),
        ("Your balance of CNY 36.50 has been refunded to your bank card ending in 6217.", "bank_card", "6217"),
    ],
)
def test_one_that_came(text: str, way: str, ending: str) -> None:
    assert refund(text) == ("received", "36.50", way, ending, None)


@pytest.mark.parametrize(
    "text",
    [
        "您的号码已销户，余额36.50元。",
        "如有余额，将于15个工作日内原路退回。",
        "如账户有余额,可于6个月内持本人证件到营业厅领取。",
        "余额为0.00元，无需退费。",
        "余额0.00元将原路退回。",
        "赠送余额不予退还。",
        "余额36.50元尚未退还。",
        "余额36.50元已结转至次月。",
        "退款失败，请提供正确的银行卡号。",
        "您的余额36.50元是否已到账？",
        "您投诉的多扣5.00元已退回。",
        "您充值的50元已到账，余额61.27元。",
        "请点击链接领取余额36.50元。",
        "您的申请已退回，资料不全。",
        "If there is any balance, it will be refunded.",
        "",
    ],
)
def test_what_names_none(text: str) -> None:
    assert refund(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "您的iTV机顶盒押金100.00元已退还。",
        "订单取消成功，退款1280元预计3个工作日到账。",
        "您家水表销户手续办结，押金50元请到营业厅领取。",
        "宽带拆机办结，光猫已回收，预存款12元退至原渠道。",
    ],
)
def test_a_bill_or_another_shop_s_refund_is_none_of_the_number(text: str) -> None:
    assert refund(text, Meaning.UNRELATED) is None


def test_the_part_that_is_refunded_counts_and_not_the_balance() -> None:
    text = "余额36.50元，其中赠款10元不退，可退26.50元将于11月30日前原路退回。"
    assert refund(text) == ("expected", "26.50", "original", "", "2026-11-30")


def test_a_sum_that_is_not_named_is_not_known() -> None:
    assert refund("预存款余额将按规定退还。") == ("expected", None, "unknown", "", None)


@pytest.mark.parametrize("meaning", list(Meaning))
def test_it_is_believed_but_beside_codes_offers_and_refusals(meaning: Meaning) -> None:
    is_read = refund("您的号码已销户，余额36.50元将原路退回。", meaning) is not None
    assert is_read == (meaning.value not in ("code", "marketing", "refused"))


def test_none_of_two_readings_may_be_an_offer() -> None:
    text = "您的号码销户退费36.50元已到账，请查收。"
    assert refund(text, Meaning.AMBIGUOUS, (Meaning.DONE, Meaning.UNRELATED)) is not None
    assert refund(text, Meaning.AMBIGUOUS, (Meaning.DONE, Meaning.MARKETING)) is None


@pytest.mark.parametrize(
    "text",
    ["您的退款8元已打款至您的支付宝账户。", "话费返还4.5元处理成功。", "余额8元已完成银行转账。"],
)
def test_paid_in_other_words(text: str) -> None:
    mention = refund(text)
    assert mention is not None
    assert mention[0] == "received"


@pytest.mark.parametrize("text", ["退费经核实不符合退费条件，故无法为您退还。", "本月返还预存话费15元赠送已到账。"])
def test_refused_or_given_away_is_none(text: str) -> None:
    assert refund(text) is None


def test_an_account_is_never_more_than_four_digits() -> None:
    for number in ("6217000012345678", "6217 0000 1234 5678", "6217-0000-1234-5678", "6217000012345675678"):
        mention = read_refund(
            Sms("10086", f"余额5元将退至银行卡{number}。", at("2026-11-05T10:00")), Reading(Meaning.DONE)
        )
        assert mention is not None
        assert mention.account_ending == "5678"
        assert "1234" not in repr(mention)


def test_every_way_is_one_that_a_refund_can_have() -> None:
    ways = {"original", "wallet", "bank_card", "another_number", "cash", "unknown"}
    assert ways == set(RefundWay.values)


def test_a_long_or_hostile_text_is_read_in_time() -> None:
    for text in ("余额" * 900 + "退" * 100, "退款," * 400, "余额1元将退至" + "1" * 1500, "如余额,将退还。" * 200):
        refund(text)
    assert refund("余额36.50元将原路退回。" + "。" * 1900 + "x" * 200) is None  # cut off: for a person


def test_the_amount_and_the_day_are_values() -> None:
    mention = read_refund(
        Sms("10086", "余额1,036.5元将于11月20日前退还。", at("2026-11-05T10:00")), Reading(Meaning.DONE)
    )
    assert mention is not None
    assert (mention.amount, mention.due_on) == (Decimal("1036.50"), date(2026, 11, 20))
