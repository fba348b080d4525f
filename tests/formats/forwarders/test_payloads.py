"""What forwarders send, and what is refused of it. Every message here is synthetic."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.formats.forwarders.body import parse_fields
from cases.formats.forwarders.payloads import ForwardedMessage, parse_message
from cases.formats.forwarders.refusals import (
    MessageRefused,
    PayloadUnreadable,
    SenderMissing,
    TextMissing,
)
from cases.formats.forwarders.shapes import is_other_event
from cases.formats.forwarders.signatures import Delivery, SignatureHeaders, check_signature
from cases.inbox.errors import REFUSAL_MESSAGES
from tests.moments import at

SIGN = "jRhQKmcWDB38YUNeCEXp9yo/I5OBM7UP81cpTrETHUw="
TEXT = "【中国移动】您的号码138****8000销户申请已受理，受理单号SL4711。"
FEW = settings(max_examples=150, deadline=None, derandomize=True)


def read_payload(body: bytes, content_type: str = "") -> ForwardedMessage:
    return parse_message(parse_fields(body, content_type))


def as_json(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (urlencode({"from": "10086", "content": TEXT, "timestamp": "1791512400000"}).encode(), ""),
        (urlencode({"from": "10086", "content": TEXT, "timestamp": "1791512400000"}, encoding="gb18030").encode(), ""),
        (f"from=10086&content={TEXT}&timestamp=1791512400".encode("gb18030"), "text/plain; charset=GBK"),
        (f"from=10086&content={TEXT}&timestamp=1791512400".encode(), ""),
        (as_json(**{"from": "10086"}, content=TEXT, timestamp="1791512400000", card_slot="SIM1"), "application/json"),
        (as_json(**{"from": "10086"}, text=TEXT, sentStamp=5, receivedStamp=1791512400000, sim="sim1"), ""),
        (as_json(sender="10086", text=TEXT, received_at="2026-10-09T10:20:00+08:00"), ""),
        (as_json(sender=10086, message=TEXT, received_at="2026-10-09 10:20:00"), ""),
        (as_json(sender="10086", content=TEXT, received_at="2026/10/09 10:20"), ""),
        (as_json(sender="10086", content=TEXT, timestamp="20261009102000"), ""),
        (b"\xef\xbb\xbf" + json.dumps({"from": "10086", "text": TEXT, "time": 1791512400}).encode(), ""),
        (json.dumps({"from": "10086", "text": TEXT, "time": 1791512400}, ensure_ascii=False).encode("gb18030"), ""),
    ],
)
def test_every_form_says_the_same(body: bytes, content_type: str) -> None:
    assert read_payload(body, content_type) == ForwardedMessage("10086", TEXT, at("2026-10-09T10:20"))


def test_without_a_moment_there_is_none() -> None:
    assert read_payload(as_json(sender="10086", text=TEXT)) == ForwardedMessage("10086", TEXT, None)


def test_beside_a_signature_only_the_signed_moment_counts() -> None:
    body = as_json(sender="10086", text=TEXT, received_at="2026-10-09 10:20", timestamp="1791513000000", sign=SIGN)
    assert read_payload(body).received_at == at("2026-10-09T10:30")
    assert (
        read_payload(as_json(sender="10086", text=TEXT, received_at="2026-10-09 10:20", sign=SIGN)).received_at is None
    )


def test_the_raw_message_is_taken_out_of_the_app_s_own_wording() -> None:
    told = f"10086\n{TEXT}\n第二行\nSIM1_中国移动_13900139000\nSubId：1\n2026-10-09 10:20:00\nmi 9"
    assert read_payload(as_json(**{"from": "10086"}, content=told)).text == f"{TEXT}\n第二行"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", SenderMissing),
        (b"{}", SenderMissing),
        (b"{", PayloadUnreadable),
        (b"[]", PayloadUnreadable),
        (b'[{"from": 1}]', PayloadUnreadable),
        (b"{" * 60_000, PayloadUnreadable),
        (b'{"a":' + b"[" * 60_000, PayloadUnreadable),
        (b'{"timestamp": ' + b"9" * 5_000 + b"}", PayloadUnreadable),
        (b"from=1&content=%ff%fe%fd", PayloadUnreadable),
        (b"a=1&" * 100, PayloadUnreadable),
        (b"\xff\xff", SenderMissing),
        (as_json(content="您好"), SenderMissing),
        (as_json(sender="", content="您好"), SenderMissing),
        (as_json(sender=True, content="您好"), SenderMissing),
        (as_json(sender="1" * 41, content=TEXT), SenderMissing),
        (as_json(sender=["10086"], content="您好"), SenderMissing),
        (as_json(sender="10086"), TextMissing),
        (as_json(sender="10086", text="  "), TextMissing),
        (as_json(sender="10086", text=None), TextMissing),
        (as_json(sender="10086", text="\0"), TextMissing),
    ],
)
def test_what_is_wrong_is_named(body: bytes, error: type[MessageRefused]) -> None:
    with pytest.raises(error):
        read_payload(body)


def test_a_text_that_is_signed_needs_no_sender() -> None:
    assert read_payload(as_json(content=TEXT)) == ForwardedMessage("", TEXT, None)
    assert read_payload(as_json(content="您的申请已受理【中国移动】")).sender == ""
    with pytest.raises(SenderMissing):
        read_payload(as_json(content="您的申请【SL4711】已受理"))


@pytest.mark.parametrize(
    "moment",
    [
        "[timestamp]",
        "%receivedStamp%",
        True,
        -1,
        1e400,
        "0001-01-01T00:00:00+14:00",
        "2003-12-31",
        "昨天",
        [],
        {"a": 1},
    ],
)
def test_a_moment_that_cannot_be_read_loses_no_message(moment: Any) -> None:
    message = read_payload(as_json(sender="10086", text=TEXT, timestamp=moment))
    assert message == ForwardedMessage("10086", TEXT, None, is_moment_unknown=True)


def test_the_number_of_the_sim_is_the_receiver_s() -> None:
    for fields in (
        {"card_slot": "SIM1_中国移动_13900139000"},
        {"title": "SIM2_+8613900139000"},
        {"to": "+86 139 0013 9000"},
        {"本机号码": "13900139000"},
    ):
        assert read_payload(as_json(sender="10086", text=TEXT, **fields)).receiver == "13900139000", fields
    for fields in ({"sim": "sim1"}, {"to": "+15551234567"}, {"card_slot": "SIM1_主卡"}, {"title": "13900139000"}):
        assert read_payload(as_json(sender="10086", text=TEXT, **fields)).receiver == "", fields


def test_no_half_characters_and_no_nul_come_through() -> None:
    body = b'{"from": "10086", "text": "\\ud83d a\\u0000b \\ud83d\\ude00"}'
    assert read_payload(body).text == "? ab 😀"


def test_each_refusal_is_told_in_one_sentence() -> None:
    assert set(REFUSAL_MESSAGES) == {
        *("not_readable", "no_sender", "no_text", "encrypted_text", "no_moment", "in_address"),
        *("bad_signature", "old_signature"),
        *("too_large", "too_many", "switched_off", "key_missing"),
    }


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)),
    max_leaves=6,
)
NAMES = ["from", "sender", "content", "text", "timestamp", "received_at", "sign", "date", "title", "sim"]
NESTED = {
    "event": st.sampled_from(["sms:received", "mms:downloaded", "system:ping"]),
    "payload": st.dictionaries(st.sampled_from(["sender", "message", "body", "receivedAt", "recipient"]), ANYTHING),
    "specversion": st.just("1.0"),
    "type": st.sampled_from(["message.phone.received", "message.phone.sent"]),
    "data": st.dictionaries(st.sampled_from(["contact", "content", "timestamp", "owner", "encrypted"]), ANYTHING),
    "msgtype": st.sampled_from(["text", "markdown", "at"]),
    "msg_type": st.sampled_from(["text", "post", "interactive"]),
    "content": st.dictionaries(st.sampled_from(["text", "post", "zh_cn", "content", "title"]), ANYTHING),
    "card": st.dictionaries(st.sampled_from(["elements", "header"]), ANYTHING),
}
FIELDS = st.one_of(
    st.dictionaries(st.sampled_from(NAMES), ANYTHING), st.fixed_dictionaries({}, optional={**NESTED, "text": ANYTHING})
)
BODIES = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=300).map(lambda body: b"{" + body),
    st.text(max_size=200).map(lambda text: f"10086\n{text}\nSIM1_x".encode("utf-8", "replace")),
    FIELDS.map(lambda fields: json.dumps(fields).encode()),
)
TYPES = st.one_of(st.sampled_from(["application/json", "text/plain", "text/plain; charset=gbk"]), st.text(max_size=9))
HEADERS = st.builds(
    SignatureHeaders,
    st.one_of(st.just(""), st.text(max_size=70)),
    st.one_of(st.just(""), st.text(max_size=12), st.integers().map(str)),
    st.one_of(st.just(""), st.text(max_size=40).map(lambda text: f"Bearer {text}")),
)


@FEW
@given(BODIES, TYPES, HEADERS)
def test_whatever_is_sent_is_read_or_refused(body: bytes, content_type: str, headers: SignatureHeaders) -> None:
    try:
        fields = parse_fields(body, content_type)
        is_other_event(fields)
        found = parse_message(fields)
        assert found.text.strip()
        assert len(found.sender) <= 40
        assert len(found.receiver) <= 20
        (found.sender + found.text).encode()
        assert "\0" not in found.sender + found.text
        now = datetime(2026, 11, 29, tzinfo=UTC)
        check_signature("key", Delivery(body, fields, headers), address="address", now=now)
    except MessageRefused:
        pass
