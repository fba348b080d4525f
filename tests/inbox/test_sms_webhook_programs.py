"""Each program's request, byte for byte, to a real ``manage.py serve``; and what it gets when the database is away.

Every message here is synthetic. What the programs send is in tests/formats/forwarders/test_shapes.py, by their sources.
"""

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.formats.forwarders.signatures import sms_forwarder_sign
from tests.inbox.test_sms_webhook import FORM, JSON, Phones
from tests.processes import PATIENCE

pytestmark = [pytest.mark.drill, pytest.mark.sqlite]  # its products are on SQLite

GSON_ESCAPED = r"【中国移动】1\u003d2\u0026\u0027\n"
MESSAGES = """
import json
from cases.models import CarrierMessage
print(json.dumps(list(CarrierMessage.objects.order_by("pk").values_list("sender", "text", "receiver"))))
"""


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Phones]:
    phones = Phones(tmp_path / "data")
    yield phones
    phones.served.stop()


def gateway_request(key: str, text: str) -> tuple[bytes, dict[str, str]]:
    """As capcom6's gateway signs it, now."""
    stamp = str(int(time.time()))
    payload = {"messageId": "a1", "message": text, "sender": "10086", "phoneNumber": "10086", "simNumber": 1}
    payload["recipient"] = "+8613900139000"
    payload["receivedAt"] = time.strftime("%Y-%m-%dT%H:%M:%S.000+08:00", time.gmtime(time.time() + 8 * 3600))
    event = {"deviceId": "d", "event": "sms:received", "id": "i", "payload": payload, "webhookId": "w"}
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    signature = hmac.new(key.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    return body, {"X-Timestamp": stamp, "X-Signature": signature, "User-Agent": "me.capcom.smsgateway/1.60.0"}


def test_each_program_reaches_the_inbox(phones: Phones) -> None:
    own, signed = f"/in/{phones.open}/", f"/in/{phones.signed}/"
    body, headers = gateway_request(phones.key, "【中国移动】capcom6")
    assert phones.send("POST", signed, body, "application/json; charset=UTF-8", **headers) == 200
    stamp = str(int(time.time() * 1000))
    sign = sms_forwarder_sign(stamp, phones.key).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    text = f"from=10086&content=10086\n{GSON_ESCAPED}\nSIM1_+8613900139000\nSubId：1&timestamp={stamp}&sign={sign}"
    for method in ("POST", "PUT", "PATCH"):
        sent = text.replace("1\\u003d2", method).encode()
        assert phones.send(method, f"{signed}?timeStamp={stamp}", sent, "text/plain; charset=utf-8") == 200
        json_body = f'{{"from":"10086","content":"【中国移动】json {method}","timestamp":"{stamp}","sign":"{sign}",}}'
        assert phones.send(method, f"{signed}?timeStamp={stamp}", json_body.encode(), JSON) == 200
    robots = [
        '{"msgtype":"text","text":{"content":"10086\\n【中国移动】企业微信\\nSIM1_+8613900139000\\nSubId：1"}}',
        '{"timestamp":1,"sign":"Kg==","msg_type":"text","content":{"text":"【中国移动】飞书"}}',
        '{"title":"10086","body":"【中国移动】Bark","isArchive":1}',
        '{"number":"10086","message":"【中国移动】Tasker\n"}',
    ]
    for robot in robots:
        assert phones.send("POST", own, robot.encode(), "application/json; charset=utf-8") == 200
    gotify = "title=10086&message=%E3%80%90%E4%B8%AD%E5%9B%BD%E7%A7%BB%E5%8A%A8%E3%80%91Gotify&priority=5"
    assert phones.send("POST", f"{own}?timeStamp={stamp}", gotify.encode(), FORM) == 200
    assert phones.send("PUT", f"{own}?from=10086&content=x&timeStamp={stamp}") == 400
    assert phones.run_script(MESSAGES) == [
        ["10086", "【中国移动】capcom6", "13900139000"],
        *(
            row
            for method in ("POST", "PUT", "PATCH")
            for row in (
                ["10086", f"【中国移动】{method}&'", "13900139000"],
                ["10086", f"【中国移动】json {method}", ""],
            )
        ),
        ["10086", "【中国移动】企业微信", "13900139000"],
        ["", "【中国移动】飞书", ""],
        ["10086", "【中国移动】Bark", ""],
        ["10086", "【中国移动】Tasker\n", ""],
        ["10086", "【中国移动】Gotify", ""],
    ]


def answer(phones: Phones, text: str) -> tuple[int, str | None]:
    body, headers = gateway_request(phones.key, text)
    connection = http.client.HTTPConnection("127.0.0.1", phones.served.port, timeout=60)
    connection.request("POST", f"/in/{phones.signed}/", body, {"Content-Type": JSON, **headers})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.getheader("Retry-After")


def test_with_the_database_away_a_message_waits_and_is_taken_in(phones: Phones) -> None:
    database, spool = phones.served.folder / "xiaoka.sqlite3", phones.served.folder / "spool"
    away = database.rename(database.with_name("away"))
    database.mkdir()
    try:
        assert answer(phones, "【中国移动】一") == (503, "60")
        assert answer(phones, "【中国移动】验证码 123456") == (503, "60")
    finally:
        database.rmdir()
        away.rename(database)
    (file,) = spool.glob("*.sms")
    assert (file.stat().st_mode & 0o777, b"capcom" in file.read_bytes()) == (0o600, False)
    assert answer(phones, "【中国移动】二") == (200, None)  # its task takes in what waits
    give_up = time.monotonic() + PATIENCE
    while list(spool.glob("*.sms")) and time.monotonic() < give_up:
        time.sleep(0.2)
    assert list(spool.glob("*.sms")) == []
    texts = {text for _, text, _ in phones.run_script(MESSAGES)}
    assert texts == {"【中国移动】一", "【中国移动】二"}
    assert phones.open not in phones.served.printed()
    assert phones.signed not in phones.served.printed()
