"""The door as each program comes to it, by its public source. Every message here is synthetic."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from django.test import Client

from cases.formats.forwarders.signatures import sms_forwarder_sign
from cases.inbox.process import process_stored
from cases.models import Card, Carrier, CarrierMessage, Team
from tests.helpers import at, local_str
from tests.inbox.senders import TEXT, Phone
from tests.web.html_client import Person

NOW = 1792116000  # 2026-10-16 10:00
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.fixture
def open_phone(team: Team, mobile: Carrier) -> Phone:
    return Phone(team)


@pytest.fixture
def signed_phone(team: Team, mobile: Carrier) -> Phone:
    return Phone(team, signed=True)


def stored() -> list[tuple[str, str, str, str]]:
    rows = CarrierMessage.objects.order_by("pk").values_list("sender", "text", "received_at", "receiver")
    return [(sender, text, local_str(moment), receiver) for sender, text, moment, receiver in rows]


def gateway_body(event: str = "sms:received", text: str = TEXT) -> bytes:
    payload = {
        **{"message": text, "receivedAt": "2026-10-16T09:58:00.000+08:00", "messageId": "a1", "phoneNumber": "10086"},
        **{"recipient": "+8613900139000", "sender": "10086", "simNumber": 1},
    }
    return json.dumps({"deviceId": "d", "event": event, "id": "i", "payload": payload, "webhookId": "w"}).encode()


def gateway_headers(key: str, body: bytes, timestamp: int = NOW) -> dict[str, str]:
    signature = hmac.new(key.encode(), body + str(timestamp).encode(), hashlib.sha256).hexdigest()
    return {"X-Timestamp": str(timestamp), "X-Signature": signature}


def test_the_gateway_of_capcom6_signs_always(open_phone: Phone, signed_phone: Phone) -> None:
    for phone, text in ((open_phone, TEXT), (signed_phone, f"{TEXT}2")):
        body = gateway_body(text=text)
        answer = phone.client.post(phone.path, body, JSON, headers=gateway_headers(phone.key or "other", body))
        assert (answer.status_code, answer.json()["outcome"]) == (200, "kept")
    assert stored() == [
        ("10086", TEXT, "2026-10-16 09:58", "13900139000"),
        ("10086", f"{TEXT}2", "2026-10-16 09:58", "13900139000"),
    ]


def test_what_the_gateway_sent_earlier_cannot_be_sent_again(signed_phone: Phone) -> None:
    body = gateway_body()
    old = gateway_headers(signed_phone.key, body, NOW - 301)
    answer = signed_phone.client.post(signed_phone.path, body, JSON, headers=old)
    assert (answer.status_code, answer.json()["field"]) == (403, "sign")
    assert signed_phone.row.last_refusal == "old_signature"
    # Nor with its timestamp moved into the body.
    whole = body + str(NOW - 301).encode()
    for content_type in (JSON, FORM, "text/plain", "multipart/form-data; boundary=x"):
        answer = signed_phone.client.post(
            signed_phone.path, whole, content_type, headers={"X-Signature": old["X-Signature"]}
        )
        assert answer.status_code == 400, content_type
    assert stored() == []


def test_events_that_are_no_sms_are_counted_and_not_stored(open_phone: Phone) -> None:
    for event in ("sms:sent", "sms:delivered", "system:ping"):
        answer = open_phone.client.post(open_phone.path, gateway_body(event), JSON)
        assert (answer.status_code, answer.json()) == (200, {"ok": True, "kept": False, "outcome": "strangers"})
    assert open_phone.counts == (0, 0, 0, 3, 0)
    assert open_phone.row.last_seen_at is None  # no SMS came
    assert stored() == []


def httpsms_body(kind: str = "message.phone.received") -> bytes:
    data = {
        **{"message_id": "m", "user_id": "u", "owner": "+8613900139000", "encrypted": False, "contact": "10086"},
        **{"timestamp": "2026-10-16T01:58:00Z", "content": TEXT, "sim": "SIM1", "attachments": []},
    }
    event = {"specversion": "1.0", "id": "e", "source": "/v1", "type": kind, "datacontenttype": JSON, "data": data}
    return json.dumps(event | {"time": "2026-10-16T02:00:00Z"}, ensure_ascii=False).encode()


def token(key: str, address: str, expires: int) -> str:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    claims = {"aud": [f"https://xiaoka.example/in/{address}/"], "exp": expires, "nbf": NOW - 600, "iat": NOW}
    head = part(b'{"alg":"HS256","typ":"JWT"}')
    signed = f"{head}.{part(json.dumps(claims).encode())}"
    return f"Bearer {signed}.{part(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())}"


def test_httpsms_and_its_token(signed_phone: Phone, team: Team) -> None:
    def post(authorization: str, body: bytes = httpsms_body()) -> int:
        headers = {"Authorization": authorization, "X-Event-Type": "message.phone.received"}
        return signed_phone.client.post(signed_phone.path, body, JSON, headers=headers).status_code

    address, key = signed_phone.secret, signed_phone.key
    assert post(token(key, address, NOW - 61)) == 403
    assert post(token("other", address, NOW + 600)) == 403
    assert post(token(key, Phone(team).secret, NOW + 600)) == 403
    assert post("") == 403
    assert stored() == []
    assert post(token(key, address, NOW + 600)) == 200
    assert post(token(key, address, NOW + 600), httpsms_body("message.phone.sent")) == 200
    assert stored() == [("10086", TEXT, "2026-10-16 09:58", "13900139000")]
    assert signed_phone.counts == (1, 0, 0, 1, 4)


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_sms_forwarder_by_each_method_and_as_text(signed_phone: Phone, method: str) -> None:
    send, path = getattr(signed_phone.client, method), f"{signed_phone.path}?timeStamp=1792116000123"
    stamp = str(NOW * 1000)
    sign = sms_forwarder_sign(stamp, signed_phone.key)
    frame = "SIM1_+8613900139000\nSubId：1\n2026-10-16 09:59:59\nmi 9"
    fields = {"from": "10086", "content": f"10086\n{TEXT}\n{frame}", "timestamp": stamp, "sign": sign}
    assert send(path, json.dumps(fields).encode(), JSON).status_code == 200
    form = urlencode(fields | {"content": f"10086\n{TEXT}2\n{frame}"}).encode()
    assert send(path, form, FORM).status_code == 200
    escaped = json.dumps(f"{TEXT}3\n{frame}", ensure_ascii=False)[1:-1]
    text = "&".join(f"{name}={value}" for name, value in (fields | {"content": escaped}).items()).encode()
    assert send(path, text, "text/plain; charset=utf-8").status_code == 200
    assert send(path, text.replace(b"3", b"4", 1) + b"x", "text/plain").status_code == 403
    assert stored() == [("10086", f"{TEXT}{n}", "2026-10-16 10:00", "13900139000") for n in ("", "2", "3")]


def test_an_sms_in_the_address_is_refused_with_the_reason(open_phone: Phone) -> None:
    """SmsForwarder with PUT or PATCH and no template: XHttp2 puts the fields into the address."""
    query = urlencode({"from": "10086", "content": TEXT, "timestamp": "1792116000000", "timeStamp": "1792116000123"})
    for send in (open_phone.client.put, open_phone.client.patch):
        answer = send(f"{open_phone.path}?{query}")
        assert (answer.status_code, answer.json()["field"]) == (400, "body")
        assert "POST" in answer.json()["error"]
    assert open_phone.row.last_refusal == "in_address"
    assert stored() == []


def test_a_robot_s_message_without_a_sender_goes_by_its_signature(open_phone: Phone, mobile: Carrier) -> None:
    def post(text: str) -> str:
        body = json.dumps({"msgtype": "text", "text": {"content": text}}).encode()
        return str(Client().post(open_phone.path, body, JSON).json().get("outcome"))

    assert post("【中国移动】您的销户申请已受理") == "kept"
    assert post("【某某银行】您的账户") == "strangers"
    Card.objects.create(team=open_phone.row.team, carrier=mobile, number="13800138000")
    assert post("【某某银行】13800138000") == "kept"
    assert post("您的销户申请已受理") == "None"
    assert [row[0] for row in stored()] == ["", ""]


def test_an_encrypted_text_is_refused_with_the_reason(open_phone: Phone) -> None:
    body = httpsms_body().replace(b'"encrypted": false', b'"encrypted": true')
    answer = open_phone.client.post(open_phone.path, body, JSON)
    assert (answer.status_code, open_phone.row.last_refusal) == (400, "encrypted_text")


def test_an_unknown_sender_is_named_so_on_pages(me: Person, open_phone: Phone) -> None:
    body = json.dumps({"msgtype": "text", "text": {"content": "【中国移动】您的套餐已变更"}}).encode()
    assert open_phone.client.post(open_phone.path, body, JSON).status_code == 200
    process_stored(at("2026-10-16T10:01"))
    message = CarrierMessage.objects.get()
    assert "SMS from unknown sender" in me.get(f"/messages/{message.pk}/").text
