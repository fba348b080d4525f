"""What carriers' messages say (facts.md, 'Carrier SMS'). All texts are synthetic."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from cases.domain.business_days import SHANGHAI
from cases.formats.sms.reader import contains_code, matching_numbers, read_by_rules
from cases.formats.sms.types import Reading, Sms
from tests.formats.sms.corpus import CARRIERS, CORPUS, Labelled, corpus

RECEIVED = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)


def reading(text: str, sender: str = "10086", received_at: datetime = RECEIVED) -> Reading:
    return read_by_rules(Sms(sender, text, received_at), CARRIERS)


@pytest.mark.parametrize("labelled", corpus(), ids=lambda one: one.sms.text[:30])
def test_the_corpus(labelled: Labelled) -> None:
    got = read_by_rules(labelled.sms, CARRIERS)
    assert got.meaning == labelled.meaning
    assert (got.number, got.reference) == (labelled.number, labelled.reference)
    assert (got.promised, got.amount) == (labelled.promised, labelled.amount)


LINES = {"移动": "10086", "联通": "10010", "电信": "10000", "广电": "10099"}
WORDINGS = [
    line.split("|", 1)
    for line in (CORPUS.with_name("wordings.txt")).read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("meaning", "text"), WORDINGS)
def test_wordings(meaning: str, text: str) -> None:
    meaning, _, day = meaning.partition(",")
    got = reading(text, LINES.get(text[3:5], "10086"))
    assert got.meaning == meaning
    if day:
        assert str(got.promised) == day


def test_everything_that_a_message_tells() -> None:
    text = "【中国移动】您号码１３８ ００１３ ８０００已销户,余额３５．６元,工单号YD-2026。"
    assert reading(text).number == "13800138000"
    done = reading("【中国移动】您的号码138****8000已成功销户，余额35.6元，工单号YD-2026。")
    assert done.number == "138****8000"
    assert (done.meaning, done.reference, done.amount) == ("done", "YD-2026", Decimal("35.60"))
    assert (done.words, done.carrier, done.promised) == (("已成功销户",), "china-mobile", None)


@pytest.mark.parametrize(
    ("form", "fits"),
    [
        ("13800138000", ["13800138000"]),
        ("+86 138 0013 8000", ["13800138000"]),
        ("138****8000", ["13800138000", "13811118000"]),
        ("138XXXX8000", ["13800138000", "13811118000"]),
        ("138*****000", ["13800138000", "13811118000"]),
        ("1380013****", []),
        ("8000", ["13800138000", "13811118000"]),
        ("８０００", ["13800138000", "13811118000"]),
        ("1380****000", ["13800138000"]),
        ("138***8000", ["13800138000", "13811118000"]),
        ("****8000", ["13800138000", "13811118000"]),
        ("138****800", []),  # cut
        ("138****8001", []),
        ("****", []),
        ("", []),
        ("000", []),
        ("13800138000138", []),
    ],
)
def test_which_numbers_a_form_fits(form: str, fits: list[str]) -> None:
    assert matching_numbers(form, ["13800138000", "13811118000", "18600001111"]) == fits


@pytest.mark.parametrize(
    "text",
    [
        "【中国移动】您的验证码是123456，请勿泄露。",
        "123456（销户验证码），5分钟内有效",
        "校验码：12 34 56",
        "【中国联通】您正在办理销户，短信验证码 ８８２０１３",
        "您的驗證碼為 4821",
        "验\u200b证\u200b码1234",
        "Your verification code is 123456.",
        "【中国电信】动态密码Ab12c9，请在页面输入",
        "验证码为……（请在10分钟内输入）",
        "【中国移动】本次操作密码：339201",
    ],
)
def test_codes_are_codes(text: str) -> None:
    assert contains_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "【中国移动】您的号码13800138000已销户。谨防诈骗，切勿将验证码告诉他人。详询10086",
        "【中国移动】验证码校验通过，工单号12345678已受理。",
        "【中国移动】您的销户申请已受理，受理单号20261009。",
        "",
        "10086",
    ],
)
def test_what_carries_no_code(text: str) -> None:
    assert not contains_code(text)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("10月13日前", date(2026, 10, 13)),
        ("2026-10-13前", date(2026, 10, 13)),
        ("2026年10月13日18:00前", date(2026, 10, 13)),
        ("10/13前", date(2026, 10, 13)),
        ("10-13", date(2026, 10, 13)),
        ("13日前", date(2026, 10, 13)),
        ("8日前", date(2026, 11, 8)),
        ("十月十三日前", date(2026, 10, 13)),
        ("1月5日前", date(2027, 1, 5)),
        ("今日内", date(2026, 10, 9)),
        ("明天", date(2026, 10, 10)),
        ("后天", date(2026, 10, 11)),
        ("本月底前", date(2026, 10, 31)),
        ("下周三前", date(2026, 10, 14)),
        ("3个工作日内", date(2026, 10, 13)),  # Saturday the 10th works
        ("三天内", date(2026, 10, 12)),
        ("48小时内", date(2026, 10, 11)),
    ],
)
def test_a_promised_day_is_counted_from_the_day_of_receiving(said: str, day: date) -> None:
    got = reading(f"【中国移动】您号码13800138000的销户申请，我们承诺于{said}办结。")
    assert (got.meaning, got.promised) == ("promised", day)


@pytest.mark.parametrize("said", ["13月45日前", "2月30日前", "2026-13-01前", "0日前"])
def test_a_day_that_is_none_is_no_promise(said: str) -> None:
    assert reading(f"【中国移动】您号码13800138000的销户申请，预计{said}办结。").promised is None


def test_main_and_secondary_card_are_two_cards() -> None:
    got = reading("【中国移动】主卡13800138000的副卡13900139000已销户。")
    assert (got.meaning, got.number) == ("done", None)


def test_a_number_in_groups_that_may_be_cut_is_no_reference() -> None:
    assert reading("【中国移动】您13800138000的销户申请已受理（流水号：2026 1009 0001）。").reference is None
