"""The request that a language model gets, and what is believed of its answer."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.errors import CaseError
from cases.domain.message_meaning import Meaning
from cases.formats.language_model import AnswerRefused, ModelReading, parse_answer, parse_endpoint, question


def answer(content: Any) -> bytes:
    """A response of the chat completions with this content."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


@pytest.mark.parametrize(
    ("pasted", "base", "shown"),
    [
        ("https://api.deepseek.com/v1", "https://api.deepseek.com/v1", "https://api.deepseek.com/…"),
        ("https://api.deepseek.com/v1/", "https://api.deepseek.com/v1", "https://api.deepseek.com/…"),
        ("http://10.0.0.5:11434/v1/chat/completions", "http://10.0.0.5:11434/v1", "http://10.0.0.5:11434/…"),
    ],
)
def test_an_address(pasted: str, base: str, shown: str) -> None:
    assert parse_endpoint(pasted) == (base, shown)


@pytest.mark.parametrize(
    "pasted",
    ["", "api.deepseek.com", "ftp://a.example", "https://me:secret@a.example/v1", "https://a.example/v1?key=x"],
)
def test_what_is_no_address(pasted: str) -> None:
    with pytest.raises(CaseError):
        parse_endpoint(pasted)


def test_the_question_asks_for_json_at_temperature_0() -> None:
    body = json.loads(question("qwen3:8b", "号码[NUMBER_1]已受理", [Meaning.DONE, Meaning.REGISTERED]))
    assert (body["model"], body["temperature"], body["stream"]) == ("qwen3:8b", 0, False)
    assert body["response_format"] == {"type": "json_object"}
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert json.loads(body["messages"][1]["content"]) == {
        "message": "号码[NUMBER_1]已受理",
        "readings_so_far": ["done", "registered"],
    }
    assert all(meaning.value in body["messages"][0]["content"] for meaning in Meaning)


@pytest.mark.parametrize(
    "content",
    [
        '{"meaning": "done", "reason": "已销户"}',
        ' \n{"reason": "已销户", "meaning": "done", "more": 1}',
        '```json\n{"meaning": "done", "reason": "已销户"}\n```',
        '<think>It says {"meaning": "refused"}…</think>\n{"meaning": "done", "reason": "已\\n销户"}',
    ],
)
def test_a_good_answer(content: str) -> None:
    reading = parse_answer(answer(content))
    assert reading.meaning is Meaning.DONE
    assert reading.reason in ("已销户", "已 销户")


def test_words_of_reason_are_one_short_line() -> None:
    reason = "为" * 300 + "\n\u202e\u0000\ud800"
    reading = parse_answer(answer(json.dumps({"meaning": "refused", "reason": reason})))
    assert reading == ModelReading(Meaning.REFUSED, "为" * 199 + "…")
    assert parse_answer(answer('{"meaning": "done"}')).reason == ""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"<html>", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"{}", "not_json"),
        (b"[]", "not_json"),
        (b'{"choices": []}', "not_json"),
        (b"[" * 60_000, "not_json"),
        (answer(None), "not_json"),
        (answer("It is done."), "not_json"),
        (answer('"done"'), "not_json"),
        (answer('["done"]'), "not_json"),
        (answer('{"meaning": ["done"]}'), "not_json"),
        (answer('{"meaning": "done", "reason": 5}'), "not_json"),
        (answer('{"meaning": "cancelled", "reason": ""}'), "unknown_meaning"),
        (answer('{"meaning": "DONE", "reason": ""}'), "unknown_meaning"),
        (answer('{"meaning": "", "reason": ""}'), "unknown_meaning"),
        (answer('{"meaning": "done", "reason": "' + "x" * 70_000 + '"}'), "too_long"),
    ],
)
def test_what_is_not_believed(body: bytes, code: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        parse_answer(body)
    assert refused.value.code == code


@given(st.binary(max_size=200) | st.text(max_size=200).map(answer))
def test_no_answer_is_another_error(body: bytes) -> None:
    with suppress(AnswerRefused):
        parse_answer(body)
