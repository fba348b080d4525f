"""What forwarders send, and what is refused of it. Every message here is synthetic; the vector is that of facts.md."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.formats.forwarder_payloads import (
    ForwardedMessage,
    MessageRefused,
    PayloadUnreadable,
    SenderMissing,
    SignatureInvalid,
    TextMissing,
    TimestampInvalid,
    check_signature,
    parse_fields,
    parse_message,
    parse_moment,
    sms_forwarder_sign,
)
from cases.inbox.errors import REFUSAL_MESSAGES
from tests.moments import at

SIGN = "jRhQKmcWDB38YUNeCEXp9yo/I5OBM7UP81cpTrETHUw="
TEXT = "【中国移动】您的号码138****8000销户申请已受理，受理单号SL4711。"
FEW = settings(max_examples=150, deadline=None, derandomize=True)


def read_payload(body: bytes, content_type: str = "") -> ForwardedMessage:
    return parse_message(parse_fields(body, content_type))


def as_json(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def test_the_vector_of_sms_forwarder() -> None:
    assert sms_forwarder_sign("1700000000000", "s3cr3t") == SIGN


@pytest.mark.parametrize("sign", [SIGN, quote(SIGN, safe="")])
def test_the_signature_comes_plain_or_encoded_once_more(sign: str) -> None:
    form = urlencode({"from": "10086", "content": TEXT, "timestamp": "1700000000000", "sign": sign}).encode()
    check_signature("s3cr3t", parse_fields(form), form, "")
    for stamp in ("1700000000000", 1700000000000):
        body = as_json(**{"from": "10086"}, content=TEXT, timestamp=stamp, sign=sign)
        check_signature("s3cr3t", parse_fields(body), body, "")


def test_a_plus_in_a_signature_is_never_a_space() -> None:
    sign = sms_forwarder_sign("1700000000000", "k4")
    assert "+" in sign
    for sent in (sign, quote(sign, safe=""), quote(quote(sign, safe=""), safe="")):
        form = f"from=10086&content=x&timestamp=1700000000000&sign={sent}".encode()
        check_signature("k4", parse_fields(form), form, "")


@pytest.mark.parametrize(
    "changed",
    [
        {"sign": ""},
        {"sign": None},
        {"sign": 5},
        {"sign": SIGN[:-2]},
        {"sign": "jRhQKmcWDB38YUNeCEXp9yo/I5OBM7UP81cpTrETHUx="},
        {"sign": "签名"},
        {"timestamp": "1700000000001"},
        {"timestamp": None},
    ],
)
def test_a_wrong_signature_is_none(changed: dict[str, Any]) -> None:
    fields = {"from": "10086", "content": TEXT, "timestamp": "1700000000000", "sign": SIGN} | changed
    with pytest.raises(SignatureInvalid):
        check_signature("s3cr3t", fields, b"", "")


def test_the_gateway_s_signature_covers_the_body() -> None:
    body = as_json(**{"from": "10086"}, text=TEXT, sentStamp=1, receivedStamp=1700000000000, sim="sim1")
    good = hmac.new(b"s3cr3t", body, hashlib.sha256).hexdigest()
    check_signature("s3cr3t", parse_fields(body), body, good)
    check_signature("s3cr3t", parse_fields(body), body, good.upper())
    for body_then, header in ((body + b" ", good), (body, good[:-1]), (body, "x"), (body, f"0{good}")):
        with pytest.raises(SignatureInvalid):
            check_signature("s3cr3t", {}, body_then, header)


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
    for other in (f"10010\n{TEXT}\nSIM1", f"10086\n{TEXT}", "10086\nSIM1_x", f"{TEXT}\nSIM1_x"):
        assert read_payload(as_json(**{"from": "10086"}, content=other)).text == other


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
        (as_json(content=TEXT), SenderMissing),
        (as_json(sender="", content=TEXT), SenderMissing),
        (as_json(sender=True, content=TEXT), SenderMissing),
        (as_json(sender="1" * 41, content=TEXT), SenderMissing),
        (as_json(sender=["10086"], content=TEXT), SenderMissing),
        (as_json(sender="10086"), TextMissing),
        (as_json(sender="10086", text="  "), TextMissing),
        (as_json(sender="10086", text=None), TextMissing),
        (as_json(sender="10086", text="\0"), TextMissing),
        (as_json(sender="10086", text=TEXT, timestamp="[timestamp]"), TimestampInvalid),
        (as_json(sender="10086", text=TEXT, timestamp=True), TimestampInvalid),
        (as_json(sender="10086", text=TEXT, timestamp=-1), TimestampInvalid),
        (as_json(sender="10086", text=TEXT, timestamp=1e400), TimestampInvalid),
        (as_json(sender="10086", text=TEXT, timestamp="0001-01-01T00:00:00+14:00"), TimestampInvalid),
        (as_json(sender="10086", text=TEXT, timestamp="2003-12-31"), TimestampInvalid),
    ],
)
def test_what_is_wrong_is_named(body: bytes, error: type[MessageRefused]) -> None:
    with pytest.raises(error):
        read_payload(body)


def test_no_half_characters_and_no_nul_come_through() -> None:
    body = b'{"from": "10086", "text": "\\ud83d a\\u0000b \\ud83d\\ude00"}'
    assert read_payload(body).text == "? ab 😀"


def test_moments_in_milliseconds_and_seconds() -> None:
    assert parse_moment("1791512400000") == parse_moment(1791512400) == at("2026-10-09T10:20")


def test_each_refusal_is_told_in_one_sentence() -> None:
    assert set(REFUSAL_MESSAGES) == {
        *("not_readable", "no_sender", "no_text", "no_moment", "bad_signature"),
        *("too_large", "too_many", "switched_off", "key_missing"),
    }


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)),
    max_leaves=6,
)
FIELDS = st.dictionaries(
    st.sampled_from(["from", "sender", "content", "text", "timestamp", "received_at", "sign", "date"]), ANYTHING
)


@FEW
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda b: b"{" + b), FIELDS), st.text(max_size=9))
def test_whatever_is_sent_is_read_or_refused(sent: Any, header: str) -> None:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    try:
        fields = parse_fields(body, header)
        found = parse_message(fields)
        assert found.sender.strip()
        assert found.text.strip()
        assert len(found.sender) <= 40
        (found.sender + found.text).encode()
        assert "\0" not in found.sender + found.text
        check_signature("key", fields, body, header)
    except MessageRefused:
        pass
