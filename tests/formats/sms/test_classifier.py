"""The classifier: its weights, what it sees of a message, and that it holds for any text. All texts are synthetic."""

import time
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.domain.business_days import SHANGHAI
from cases.domain.message_meaning import Meaning
from cases.formats.sms import classifier
from cases.formats.sms.classifier import WEIGHTS, Weights, probabilities, shipped_weights
from cases.formats.sms.ngrams import features
from cases.formats.sms.types import Sms
from scripts.reader_corpus import digest_of, load_corpus, load_writers

RECEIVED = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)


def sms(text: str, sender: str = "10086") -> Sms:
    return Sms(sender, text, RECEIVED)


@pytest.mark.parametrize(
    ("meaning", "text"),
    [
        ("registered", "【中国移动】您的号码13912345678销户申请已受理，工单号HX20261009。"),
        ("under_review", "尊敬的客户，您的拆机申请正在审核中，请耐心等待。"),
        ("more_papers", "您的销户申请缺少身份证反面照片，请补充上传后继续办理。"),
        ("refused", "您的号码13912345678有合约未到期，暂无法办理销户，申请已驳回。"),
        ("promised", "您的号码将于10月15日前完成销户，请耐心等待。"),
        ("precancelled", "您的号码已进入预销户状态，90天内可恢复使用。"),
        ("done", "【中国联通】您的号码18612345678已成功销户，感谢使用。"),
        ("code", "您的验证码是482913，5分钟内有效，请勿告知他人。"),
        ("marketing", "国庆特惠！办理99元套餐送100GB流量，退订回T。"),
        ("unrelated", "您本月话费账单共计58.20元，请按时缴纳。"),
    ],
)
def test_plain_messages(meaning: str, text: str) -> None:
    by_meaning = probabilities(sms(text))
    assert max(by_meaning, key=lambda each: by_meaning[each]) == meaning
    assert sum(by_meaning.values()) == pytest.approx(1)


def test_the_weights_are_small_and_of_the_messages_here() -> None:
    weights = shipped_weights()
    assert weights is not None
    assert WEIGHTS.stat().st_size < 500_000
    assert list(weights.hashes) == sorted(set(weights.hashes))
    assert set(weights.meanings) == set(Meaning)
    assert weights.corpus == digest_of(load_corpus()), "python -m scripts.train_reader"


def test_weights_come_back_as_they_were_written() -> None:
    content = WEIGHTS.read_bytes()
    assert Weights.from_bytes(content).to_bytes() == content


@pytest.mark.parametrize("damaged", [b"", b"XKW1", b"XKW1\xff\xff\xff\xff", b"PK\x03\x04 something else"])
def test_other_files_are_no_weights(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        Weights.from_bytes(damaged)


def test_weights_that_were_cut_off_are_refused() -> None:
    with pytest.raises(ValueError, match="cut off"):
        Weights.from_bytes(WEIGHTS.read_bytes()[:-1])


def test_without_weights_it_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "shipped_weights", lambda: None)
    assert probabilities(sms("您的号码已销户")) == {}


def test_no_digits_are_learned() -> None:
    one = features(sms("您的号码13912345678销户申请已受理，工单号20261009001，余额12.50元。"))
    other = features(sms("您的号码15800001111销户申请已受理，工单号77261101234，余额99.00元。"))
    assert one == other
    assert not any(char.isdigit() for feature in one if not feature.startswith("#") for char in feature)


def test_what_ends_a_number_and_who_the_carrier_is_makes_no_difference() -> None:
    assert features(sms("中国移动：您的销户申请已受理")) == features(sms("中国电信：您的拆机申请已受理"))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("将于10月13日销户", "Ⓕ"),
        ("将于2026-10-13销户", "Ⓕ"),
        ("将于20261013销户", "Ⓕ"),
        ("closed on 13 October", "Ⓕ"),
        ("将于1月5日销户", "Ⓕ"),
        ("已于10月8日销户", "Ⓑ"),
        ("已于10月9日销户", "Ⓑ"),
        ("已于2026年11月31日销户", "Ⓘ"),
    ],
)
def test_days_to_come_past_and_impossible_ones_differ(text: str, sign: str) -> None:
    assert {feature for feature in features(sms(text)) if feature in "ⒻⒷⒾ"} == {sign}


def test_english_becomes_what_carriers_write_in_chinese() -> None:
    assert {"已受理", "审核中"} & features(sms("Your request has been registered")) == {"已受理"}
    assert {"已受理", "审核中"} & features(sms("Your request is under review")) == {"审核中"}


@settings(max_examples=100)
@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_has_probabilities(text: str, sender: str) -> None:
    assert sum(probabilities(sms(text, sender)).values()) == pytest.approx(1)


def test_a_usual_message_takes_less_than_two_milliseconds() -> None:
    messages = [message.sms for message in load_writers()["writer-1"][:100]]
    probabilities(messages[0])
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for message in messages:
            probabilities(message)
        best = min(best, (time.process_time() - start) / len(messages))
    assert best < 0.002


def test_the_longest_message_is_read_in_linear_time() -> None:
    long = replace(sms("您的号码13912345678的销户申请已受理，感谢使用！" * 400))
    start = time.process_time()
    probabilities(long)
    assert time.process_time() - start < 0.2
