"""The bytes of requests as fields."""

import pytest

from cases.formats.forwarders.body import load_json, parse_fields
from cases.formats.forwarders.refusals import PayloadUnreadable


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        # A template that puts the message in as it is.
        ('{"from":"10086","text":"您好\n\t第二行"}', {"from": "10086", "text": "您好\n\t第二行"}),
        ('{"from":"10086","text":"a,]}",}', {"from": "10086", "text": "a,]}"}),
        ('{\n  "from": "10086",\n  "text": "a, }\\", }",\n}\n', {"from": "10086", "text": 'a, }", }'}),
        ('{"a":[1,2,],}', {"a": [1, 2]}),
    ],
)
def test_json_as_people_write_it(body: str, fields: dict[str, object]) -> None:
    assert parse_fields(body.encode(), "application/json") == fields


@pytest.mark.parametrize(
    "text",
    ["{", "{}x", "{} {}", '{"from":"1"}1792116000', '{"a":,}', "{'a':1}", '{"a" "b"}', "[1", '{"a":"b}', ",", ""],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(PayloadUnreadable):
        load_json(text)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        # SmsForwarder escapes a text as in JSON, for HTML.
        (r"10086\n【中国移动】A\u0026B\u003d\"C\"", '10086\n【中国移动】A&B="C"'),
        (r"\ud83d\ude00\\n", "😀\\n"),
        ("10086\n【中国移动】您好", "10086\n【中国移动】您好"),
        ("[中国移动]您好", "[中国移动]您好"),
        (r"C:\temp\x", r"C:\temp\x"),  # a person's backslash
        ("100%25", "100%25"),
    ],
)
def test_a_text_is_the_content(body: str, content: str) -> None:
    assert parse_fields(body.encode(), "text/plain; charset=utf-8") == {"content": content}
    assert parse_fields(body.encode("gb18030"), "text/plain;charset=GBK") == {"content": content}


def test_a_form_in_a_text() -> None:
    body = r"from=10086&content=您好\nA\u0026B&C=1&timestamp=1792116000000&sign=a%2Bb%3D"
    assert parse_fields(body.encode(), "text/plain") == {
        "from": "10086",
        "content": "您好\nA&B",
        "C": "1",
        "timestamp": "1792116000000",
        "sign": "a+b=",
    }
    assert parse_fields("from=10086&content=优惠50%25".encode(), "text/plain")["content"] == "优惠50%25"
    assert parse_fields(b"from=10086&content=A & B", "text/html")["content"] == "A & B"


def test_a_text_that_starts_like_json_must_be_json() -> None:
    with pytest.raises(PayloadUnreadable):
        parse_fields(b'{"from":"10086","text":"x"}1792116000', "text/plain")
