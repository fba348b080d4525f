"""One meaning out of two readings: what a mistake costs decides. All texts are synthetic."""

from datetime import date, datetime

import pytest

from cases.domain.business_days import SHANGHAI
from cases.domain.message_meaning import Meaning
from cases.formats.sms import reader
from cases.formats.sms.combine import combine
from cases.formats.sms.reader import read_sms
from cases.formats.sms.types import Reading, Sms
from tests.formats.sms.corpus import CARRIERS

RECEIVED = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)


def certain(meaning: Meaning, certainty: float, second: Meaning | None = None) -> dict[Meaning, float]:
    """Probabilities with one likeliest meaning; the rest goes to a second, or evenly to all others."""
    others = [each for each in Meaning if each is not meaning]
    rest = 1 - certainty
    spread = {each: rest / len(others) for each in others}
    if second is not None:
        spread = dict.fromkeys(others, 0.0) | {second: rest}
    return {meaning: certainty} | spread


@pytest.mark.parametrize("meaning", [each for each in Meaning if each is not Meaning.AMBIGUOUS])
def test_what_both_read_with_certainty_is_agreed(meaning: Meaning) -> None:
    both = combine(meaning, certain(meaning, 0.95))
    assert (both.meaning, both.is_agreed, both.candidates, both.certainty) == (meaning, True, (), 0.95)


def test_agreement_without_certainty_is_only_proposed() -> None:
    both = combine(Meaning.REGISTERED, certain(Meaning.REGISTERED, 0.6))
    assert (both.meaning, both.is_agreed) == (Meaning.REGISTERED, False)


def test_two_readings_of_like_weight_are_ambiguous_and_both_offered_rules_first() -> None:
    by_classifier = dict.fromkeys(Meaning, 0.0) | {
        Meaning.PROMISED: 0.55,
        Meaning.UNDER_REVIEW: 0.33,
        Meaning.REFUSED: 0.07,
        Meaning.DONE: 0.05,
    }
    both = combine(Meaning.REFUSED, by_classifier)
    assert both.meaning is Meaning.AMBIGUOUS
    assert both.candidates == (Meaning.REFUSED, Meaning.PROMISED)
    assert not both.is_agreed


@pytest.mark.parametrize("rules", [Meaning.REGISTERED, Meaning.UNDER_REVIEW, Meaning.AMBIGUOUS, Meaning.UNRELATED])
def test_done_by_the_classifier_alone_needs_more_than_another_meaning(rules: Meaning) -> None:
    assert combine(rules, certain(Meaning.DONE, 0.7, Meaning.PROMISED)).meaning is not Meaning.DONE
    assert combine(rules, certain(Meaning.PROMISED, 0.8, Meaning.REGISTERED)).is_agreed is False


@pytest.mark.parametrize("rules", [Meaning.REGISTERED, Meaning.REFUSED, Meaning.PROMISED])
@pytest.mark.parametrize("aside", [Meaning.UNRELATED, Meaning.MARKETING])
def test_a_reply_that_one_reader_found_is_not_put_away_for_a_likelihood(rules: Meaning, aside: Meaning) -> None:
    assert combine(rules, certain(aside, 0.8, rules)).meaning not in (Meaning.UNRELATED, Meaning.MARKETING)


def test_done_against_another_statement_of_the_rules_is_not_believed() -> None:
    assert combine(Meaning.PROMISED, certain(Meaning.DONE, 0.97, Meaning.AMBIGUOUS)).meaning is Meaning.PROMISED
    assert combine(Meaning.UNRELATED, certain(Meaning.DONE, 0.78, Meaning.REGISTERED)).meaning is Meaning.AMBIGUOUS


def test_what_is_ambiguous_for_a_reason_in_the_message_stays_so() -> None:
    both = combine(Meaning.AMBIGUOUS, certain(Meaning.DONE, 0.99), is_doubted=True)
    assert (both.meaning, both.candidates, both.is_agreed) == (Meaning.AMBIGUOUS, (Meaning.DONE,), False)
    assert combine(Meaning.AMBIGUOUS, certain(Meaning.DONE, 0.99)).meaning is Meaning.DONE


def test_received_and_under_review_are_told_apart_by_the_likelier() -> None:
    both = combine(Meaning.REGISTERED, certain(Meaning.UNDER_REVIEW, 0.97, Meaning.REGISTERED))
    assert (both.meaning, both.is_agreed) == (Meaning.UNDER_REVIEW, False)


def test_a_code_that_the_rules_found_stays_one() -> None:
    assert combine(Meaning.CODE, certain(Meaning.REGISTERED, 0.99)).meaning is Meaning.CODE


def test_without_a_classifier_the_rules_stand_and_nothing_is_agreed() -> None:
    both = combine(Meaning.DONE, {})
    assert (both.meaning, both.is_agreed, both.certainty) == (Meaning.DONE, False, None)


def read(text: str, sender: str = "10086") -> Reading:
    return read_sms(Sms(sender, text, RECEIVED), CARRIERS)


def test_a_plain_acknowledgement_is_read_alike_and_whole() -> None:
    reading = read("【中国移动】您的号码13912345678销户申请已受理，工单号HX20261009，请耐心等待。")
    assert (reading.meaning, reading.is_agreed) == (Meaning.REGISTERED, True)
    assert reading.certainty is not None
    assert reading.certainty > 0.9


def test_day_and_sum_follow_the_meaning_that_was_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "【中国移动】13912345678：预计10月20日销户"
    monkeypatch.setattr(reader, "read_by_rules", lambda *_: Reading(Meaning.UNRELATED, "13912345678"))
    monkeypatch.setattr(reader, "probabilities", lambda *_: certain(Meaning.PROMISED, 0.999))
    reading = read(text)
    assert (reading.meaning, reading.promised, reading.is_agreed) == (Meaning.PROMISED, date(2026, 10, 20), False)
    monkeypatch.setattr(
        reader, "read_by_rules", lambda *_: Reading(Meaning.PROMISED, "13912345678", promised=date(2026, 10, 20))
    )
    monkeypatch.setattr(reader, "probabilities", lambda *_: certain(Meaning.UNDER_REVIEW, 0.999))
    reading = read(text)
    assert (reading.meaning, reading.promised) == (Meaning.UNDER_REVIEW, None)


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("10086", "【中国移动】您的号码13912345678已成功销户。上条系误发，请忽略。"),
        ("10086", "【中国移动】您的号码13912345678已于2026年11月31日成功销户。"),
        ("13700001111", "【中国移动】您的号码13912345678已成功销户。"),
    ],
)
def test_taken_back_impossible_or_forged_is_not_done(sender: str, text: str) -> None:
    assert read(text, sender).meaning is Meaning.AMBIGUOUS


@pytest.mark.parametrize("text", ["【中国移动】您的号码已成功销户。" * 200, "您的号码\ufffd\ufffd\ufffd已成功销户"])
def test_what_is_too_long_or_garbled_stays_ambiguous(text: str) -> None:
    assert read(text).meaning is Meaning.AMBIGUOUS
