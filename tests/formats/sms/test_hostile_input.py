"""Whatever is sent: no error, no number or reference that does not stand in the text, and no long time."""

import re
import time
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.domain.message_meaning import Meaning
from cases.formats.sms.reader import contains_code, matching_numbers, read_by_rules
from cases.formats.sms.types import Reading, Sms
from cases.formats.sms.vocabulary import WORDS_BY_KIND
from tests.formats.sms.corpus import CARRIERS, corpus

RECEIVED = datetime(2026, 10, 9, 2, 20, tzinfo=UTC)
TEXTS = [labelled.sms.text for labelled in corpus()]
#: What a message may say of a case: nothing of it may come out of one that cannot be read.
TELLING = {"registered", "under_review", "promised", "precancelled", "done"}
WORDS = sorted({word for words in WORDS_BY_KIND.values() for word in words.split()})
PIECES = st.sampled_from(
    [
        *WORDS,
        "13800138000",
        "138****8000",
        "尾号8000",
        "10月13日前",
        "3个工作日内",
        "12.5元",
        *"，。；！？（）【】：、 \n",
    ]
)


def check(text: str, sender: str = "10086") -> Reading:
    got = read_by_rules(Sms(sender, text, RECEIVED), CARRIERS)
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isascii() and c.isalnum())
    if got.number is not None and got.number.isdigit():
        assert got.number in seen
    elif got.number is not None:
        assert got.number in text
    assert got.reference is None or re.sub("[^A-Za-z0-9]", "", got.reference) in seen
    assert all(word in text for word in got.words)
    assert (got.promised is None) or got.meaning in (Meaning.PROMISED, Meaning.PRECANCELLED)
    assert contains_code(text) == (got.meaning is Meaning.CODE)
    return got


@settings(max_examples=150)
@given(st.text(max_size=200), st.text(max_size=30))
def test_any_text(text: str, sender: str) -> None:
    check(text, sender)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_words_in_any_order(text: str) -> None:
    check(text)


@settings(max_examples=150)
@given(st.sampled_from(TEXTS), st.data())
def test_a_message_cut_mangled_or_mixed_with_another(text: str, data: st.DataObject) -> None:
    cut = text[data.draw(st.integers(0, 20)) : len(text) - data.draw(st.integers(0, 40))]
    check(cut)
    check(cut + data.draw(st.sampled_from(TEXTS)))
    place = data.draw(st.integers(0, len(text)))
    check(text[:place] + data.draw(st.text(max_size=5)) + text[place:])


@settings(max_examples=60)
@given(st.sampled_from(TEXTS), st.sampled_from(["gb18030", "utf-16-le", "latin-1", "big5", "cp1252"]))
def test_a_message_decoded_by_the_wrong_table_says_nothing(text: str, table: str) -> None:
    got = check(text.encode("utf-8").decode(table, "replace"))
    assert got.meaning not in TELLING


@pytest.mark.parametrize("place", range(0, len(TEXTS), 9))
def test_invisible_characters_spaces_and_full_width_change_nothing(place: int) -> None:
    labelled = corpus()[place]
    text = labelled.sms.text
    disguised = "\u200b".join(chr(ord(c) + 0xFEE0) if c.isdigit() and c.isascii() else c for c in text)
    before, after = (
        read_by_rules(Sms(labelled.sms.sender, it, labelled.sms.received_at), CARRIERS) for it in (text, disguised)
    )
    assert after.meaning == before.meaning
    assert (after.promised, after.amount, after.reference) == (before.promised, before.amount, before.reference)


@pytest.mark.parametrize(
    "text",
    [
        "【" * 50_000,
        "【中国移动】" * 20_000,
        "1" * 100_000,
        "1380013800" * 10_000,
        "1 3 8-" * 20_000,
        "工单号" * 40_000,
        "已" * 100_000 + "销户",
        "已成功为您办理完成" * 10_000,
        "验证码" * 30_000,
        "10月13日前" * 20_000,
        "如" * 50_000 + "已销户",
        "a." * 50_000,
        "138****" * 20_000,
        "(如" * 30_000,
        "\u0301" * 100_000,
        "\U000e0001" * 50_000 + "已销户",
        "ﷺ" * 10_000,
        "已销户" * 3_500_000,  # ten million characters
    ],
    ids=lambda text: f"{text[:6]}…",
)
def test_a_huge_text_is_left_to_a_person_and_takes_no_time(text: str) -> None:
    began = time.process_time()
    got = check_quickly(text)
    # Generous: these take some milliseconds each; what grows faster than the text would take minutes.
    assert time.process_time() - began < 5
    assert got.meaning not in TELLING | {"refused", "more_papers"}


def check_quickly(text: str) -> Reading:
    contains_code(text)
    matching_numbers(text, ["13800138000"])
    return read_by_rules(Sms(text, text, RECEIVED), CARRIERS)
