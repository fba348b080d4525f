"""Signatures of forwarders. The vector of SmsForwarder is that of facts.md; the others were made with openssl."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from cases.formats.forwarders.body import parse_fields
from cases.formats.forwarders.refusals import SignatureExpired, SignatureInvalid
from cases.formats.forwarders.signatures import (
    Delivery,
    SignatureHeaders,
    check_signature,
    feishu_sign,
    sms_forwarder_sign,
)
from tests.moments import at

SIGN = "jRhQKmcWDB38YUNeCEXp9yo/I5OBM7UP81cpTrETHUw="
NOW = at("2026-10-16T10:00")  # 1792116000
BODY = b'{"event":"sms:received","payload":{"message":"x","sender":"10086"}}'


def check(key: str, body: bytes, fields: dict[str, Any] | None = None, **headers: str) -> None:
    delivery = Delivery(body, parse_fields(body) if fields is None else fields, SignatureHeaders(**headers))
    check_signature(key, delivery, address="AdDrEsS", now=NOW)


def test_the_vector_of_sms_forwarder() -> None:
    assert sms_forwarder_sign("1700000000000", "s3cr3t") == SIGN


@pytest.mark.parametrize("sign", [SIGN, quote(SIGN, safe="")])
def test_the_signature_comes_plain_or_encoded_once_more(sign: str) -> None:
    fields = {"from": "10086", "content": "您好", "timestamp": "1700000000000", "sign": sign}
    check("s3cr3t", urlencode(fields).encode())
    check("s3cr3t", json.dumps(fields).encode())
    check("s3cr3t", json.dumps(fields | {"timestamp": 1700000000000}).encode())


def test_a_plus_in_a_signature_is_never_a_space() -> None:
    sign = sms_forwarder_sign("1700000000000", "k4")
    assert "+" in sign
    for sent in (sign, quote(sign, safe=""), quote(quote(sign, safe=""), safe="")):
        check("k4", f"from=10086&content=x&timestamp=1700000000000&sign={sent}".encode())


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
    fields = {"from": "10086", "content": "您好", "timestamp": "1700000000000", "sign": SIGN} | changed
    with pytest.raises(SignatureInvalid):
        check("s3cr3t", b"", fields)


def test_the_signature_of_a_robot_of_feishu() -> None:
    # printf '' | openssl dgst -sha256 -hmac "$(printf '1792116000\ns3cr3t')" -binary | base64
    sign = "LYNncfIBaAUkP8tn/P+Myz8nV1b2xK/XboMW994Zneo="
    assert feishu_sign("1792116000", "s3cr3t") == sign
    fields = {"msg_type": "text", "content": {"text": "x"}, "timestamp": 1792116000, "sign": sign}
    check("s3cr3t", json.dumps(fields).encode())
    with pytest.raises(SignatureInvalid):
        check("s3cr3t", json.dumps(fields | {"timestamp": 1792116001}).encode())


def test_a_signature_in_the_header_covers_the_body() -> None:
    # printf '%s' '{"from":"10086","text":"x"}' | openssl dgst -sha256 -hmac s3cr3t
    body, good = b'{"from":"10086","text":"x"}', "2a4a1aa8f25f8623e644361f9e761df8e518d24af46a7a1b192303c336bb5c82"
    check("s3cr3t", body, signature=good)
    check("s3cr3t", body, signature=good.upper())
    for body_then, header in ((body + b" ", good), (body, good[:-1]), (body, "x"), (body, f"0{good}")):
        with pytest.raises(SignatureInvalid):
            check("s3cr3t", body_then, {}, signature=header)


def test_a_gateway_s_signature_covers_body_and_timestamp() -> None:
    # printf '%s1792116000' "$BODY" | openssl dgst -sha256 -hmac s3cr3t
    good = "c308ba723e1a12661979d3ebc5e822391c56d69406bac0677846ab992f5d099e"
    check("s3cr3t", BODY, signature=good, timestamp="1792116000")
    for timestamp in ("1792116001", "", "1792116000 1", "now", "-1", "１７９２１１６０００"):
        with pytest.raises(SignatureInvalid):
            check("s3cr3t", BODY, signature=good, timestamp=timestamp)


@pytest.mark.parametrize(
    ("timestamp", "is_good"),
    [(1792115700, True), (1792115699, False), (1792116300, True), (1792116301, False), (0, False)],
)
def test_a_gateway_s_signature_is_good_for_five_minutes(timestamp: int, is_good: bool) -> None:
    signature = hmac.new(b"s3cr3t", BODY + str(timestamp).encode(), hashlib.sha256).hexdigest()
    if is_good:
        check("s3cr3t", BODY, signature=signature, timestamp=str(timestamp))
    else:
        with pytest.raises(SignatureExpired):
            check("s3cr3t", BODY, signature=signature, timestamp=str(timestamp))


def token(claims: dict[str, Any], *, key: str = "s3cr3t", **head: str) -> str:
    """As RFC 7515 makes it, by its own words."""

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    signed = f"{part(json.dumps({'alg': 'HS256', 'typ': 'JWT'} | head).encode())}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{part(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())}"


#: By openssl: {"alg":"HS256","typ":"JWT"} . {"exp":1792116600}
SHORT_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE3OTIxMTY2MDB9.BdOYRrakdHSyp5p0-gE29OvHnLoPUuF2mr4ZfLhiU3E"
)
CLAIMS = {
    "iss": "api.httpsms.com",
    "sub": "WB7DRDWrJZRGbYrv2CKGkqbzvqdC",
    "aud": ["https://xiaoka.example/in/AdDrEsS/"],
    "exp": 1792116600,
    "nbf": 1792115400,
    "iat": 1792116000,
}


def test_the_token_of_httpsms() -> None:
    check("s3cr3t", BODY, authorization=f"Bearer {token(CLAIMS)}")
    check("s3cr3t", BODY, authorization=f"bearer {token(CLAIMS | {'aud': 'https://x.example/in/AdDrEsS'})}")
    check(
        "s3cr3t",
        BODY,
        authorization=f"Bearer {SHORT_TOKEN}",
    )


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (token(CLAIMS, key="another"), SignatureInvalid),
        (token(CLAIMS, alg="none"), SignatureInvalid),
        (token(CLAIMS, alg="HS512"), SignatureInvalid),
        (token(CLAIMS).rpartition(".")[0] + ".", SignatureInvalid),
        (token(CLAIMS | {"aud": ["https://xiaoka.example/in/another/"]}), SignatureInvalid),
        (token({"nbf": 1792115400}), SignatureInvalid),
        (token(CLAIMS | {"exp": "tomorrow"}), SignatureInvalid),
        (token(CLAIMS | {"exp": 1792115939}), SignatureExpired),
        (token(CLAIMS | {"nbf": 1792116061}), SignatureExpired),
        ("", SignatureInvalid),
        ("a.b.c", SignatureInvalid),
        ("签.名.x", SignatureInvalid),
    ],
)
def test_a_token_that_is_wrong_or_old(sent: str, error: type[SignatureInvalid]) -> None:
    with pytest.raises(error) as refused:
        check("s3cr3t", BODY, authorization=f"Bearer {sent}")
    assert refused.type is error


def test_a_gateway_s_request_cannot_be_sent_again_with_its_timestamp_in_the_body() -> None:
    # The signature is good for these bytes, which are no JSON.
    signature = hmac.new(b"s3cr3t", BODY + b"1792116000", hashlib.sha256).hexdigest()
    check("s3cr3t", BODY + b"1792116000", {}, signature=signature)
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded", ""):
        with pytest.raises(Exception, match="request is neither"):
            parse_fields(BODY + b"1792116000", content_type)
