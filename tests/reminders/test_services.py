"""Each service over the wire: its protocol kept, its yes believed, its no told in its own words."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from cases.formats import channel_urls
from cases.outgoing import ChannelError
from cases.reminders.channels.service_table import OutgoingText
from cases.reminders.channels.services import send
from tests import fake_services
from tests.fake_network import FakeNetwork
from tests.fake_services import Got, Reply

ID = UUID("12345678-1234-4234-8234-123456789abc")
MESSAGE = OutgoingText(ID, "销卡：1 个案件需要你", "138****8000 · 中国移动\n超期 1 个工作日\n")

#: What is entered: the address, and what has a field of its own.
Entered = tuple[str, dict[str, str]]
TELEGRAM_TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz0123456"
MATRIX_TOKEN = "syt_eGlhb2th_abcdefghijklmnopqrst_0aBcDe"
LARK_SECRET = {"secret": "feishusecret"}
ROOM = "!AbCdEfGh:example.com"
#: Kind, host, the service, what is entered, something wrong, and what it says to that.
SERVICES: list[tuple[str, str, Callable[[Got], Reply], Entered, Entered, str]] = [
    (
        "wecombot",
        "qyapi.weixin.qq.com",
        fake_services.wecom,
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", {}),
        ("693a91f6-7xxx-4bc4-97a0-wrong", {}),
        'HTTP 200 {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1700000000]"}',
    ),
    (
        "dingtalk",
        "oapi.dingtalk.com",
        fake_services.dingtalk,
        ("https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 64, {"secret": "SEC" + "b" * 64}),
        ("a" * 64, {"secret": "SECwrong"}),
        'HTTP 200 {"errcode": 310000, "errmsg": "sign not match, more: [https://ding.example/doc]"}',
    ),
    (
        "feishu",
        "open.feishu.cn",
        fake_services.feishu,
        (
            "https://open.feishu.cn/open-apis/bot/v2/hook/0c6d7a1e-0000-4000-8000-00000000beef",
            {"secret": "feishusecret"},
        ),
        ("0c6d7a1e-0000-4000-8000-00000000beef", {}),
        'HTTP 200 {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}',
    ),
    (
        "bark",
        "api.day.app",
        fake_services.bark,
        ("https://api.day.app/kR7vQ2mZp9sT4wXy/推送内容", {}),
        ("wrongwrongwrong1", {}),
        'HTTP 400 {"code": 400, "message": "failed to get device token: failed to get [••••] device token from '
        'database", "timestamp": 1700000000}',
    ),
    (
        "schan",
        "sctapi.ftqq.com",
        fake_services.serverchan,
        ("SCT123456TAbCdEfGhIjKlMnOp", {}),
        ("SCT000000TAbCdEfGhIjKlMnOp", {}),
        'HTTP 400 {"message": "[AUTH]错误的Key", "code": 40001, "info": "错误的Key", "args": [null]}',
    ),
    (
        "schan",
        "4711.push.ft07.com",
        fake_services.serverchan,
        ("sctp4711tabcdefghijklmnop", {}),
        ("sctp4711tzzzzzzzzzzz", {}),
        'HTTP 400 {"message": "[AUTH]错误的Key", "code": 40001, "info": "错误的Key", "args": [null]}',
    ),
    (
        "pushplus",
        "www.pushplus.plus",
        fake_services.pushplus,
        ("c" * 32, {}),
        ("d" * 32, {}),
        'HTTP 200 {"code": 903, "msg": "无效的用户令牌", "data": null}',
    ),
    (
        "lark",
        "open.larksuite.com",
        fake_services.lark,
        ("https://open.larksuite.com/open-apis/bot/v2/hook/0c6d7a1e-0000-4000-8000-00000000beef", LARK_SECRET),
        ("0c6d7a1e-0000-4000-8000-00000000dead", LARK_SECRET),
        'HTTP 400 {"code": 19001, "msg": "param invalid: incoming webhook access token invalid", "data": {}}',
    ),
    (
        "slack",
        "hooks.slack.com",
        fake_services.slack,
        ("https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx", {}),
        ("T0AAAAAAA/B0BBBBBBB/wrongwrongwrong", {}),
        "HTTP 403 invalid_token",
    ),
    (
        "telegram",
        "api.telegram.org",
        fake_services.telegram,
        (TELEGRAM_TOKEN, {"chat": "-1001234567890"}),
        (TELEGRAM_TOKEN, {"chat": "@nobody"}),
        'HTTP 400 {"ok": false, "error_code": 400, "description": "Bad Request: chat not found"}',
    ),
    (
        "discord",
        "discord.com",
        fake_services.discord,
        ("https://discord.com/api/webhooks/223704706495545344/" + "d" * 68, {}),
        ("223704706495545344/" + "e" * 68, {}),
        'HTTP 401 {"message": "Invalid Webhook Token", "code": 50027}',
    ),
    (
        "ntfy",
        "ntfy.sh",
        fake_services.ntfy,
        ("protected-topic", {"token": "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"}),
        ("protected-topic", {}),
        'HTTP 403 {"code": 40301, "http": 403, "error": "forbidden", '
        '"link": "https://ntfy.sh/docs/publish/#authentication"}',
    ),
    (
        "gotify",
        "push.example",
        fake_services.gotify,
        ("https://push.example/gotify/", {"token": "A3bcD_efGhij-K."}),
        ("https://push.example/gotify/", {"token": "C3bcD_efGhij-K."}),
        'HTTP 401 {"error": "Unauthorized", "errorCode": 401, "errorDescription": "you need to provide a valid access '
        'token or user credentials to access this api"}',
    ),
    (
        "matrix",
        "push.example",
        fake_services.Homeserver(),
        ("https://push.example", {"room": ROOM, "token": MATRIX_TOKEN}),
        ("https://push.example", {"room": ROOM, "token": "syt_expired"}),
        'HTTP 401 {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token passed.", "soft_logout": false}',
    ),
]
EACH = pytest.mark.parametrize(
    ("kind", "host", "service", "right", "wrong", "no"), SERVICES, ids=[f"{s[0]}-{s[1]}" for s in SERVICES]
)


@pytest.fixture(autouse=True)
def _own_servers(settings: Any) -> None:
    """Those that a person names are on this machine here."""
    settings.ALLOW_PRIVATE_HOSTS = True


def parts(kind: str, entered: Entered) -> dict[str, str]:
    address, extras = entered
    return dict(channel_urls.parse_address(kind, address, **extras).parts)


@EACH
def test_its_yes_is_believed_and_its_no_is_told(
    kind: str, host: str, service: Any, right: Entered, wrong: Entered, no: str, network: FakeNetwork
) -> None:
    receiver = network.connect(host, service)
    assert send(kind, parts(kind, right), MESSAGE).startswith("HTTP 200 ")
    (got,) = receiver.got
    assert got.headers["Host"] == host
    text = got.raw.decode().replace("\\", "")
    assert "销卡：1 个案件需要你" in text
    assert "超期 1 个工作日" in text
    with pytest.raises(ChannelError) as refused:
        send(kind, parts(kind, wrong), MESSAGE)
    assert str(refused.value) == no


@EACH
def test_a_long_message_is_cut_to_what_it_takes(
    kind: str, host: str, service: Any, right: Entered, wrong: Entered, no: str, network: FakeNetwork
) -> None:
    receiver = network.connect(host, service)
    case = "138****8000 · 中国移动 · 超期 3 个工作日\n打 10086 催办\nhttps://xiaoka.example/cases/XK-23456789/"
    long = OutgoingText(ID, "销卡：300 个案件需要你", "\n\n".join([case] * 300))
    send(kind, parts(kind, right), long)
    text = receiver.got[0].raw.decode().replace("\\", "")
    assert case.partition("\n")[0] in text
    assert text.count("XK-23456789") < 300
    assert "https://xiaoka.example/" in text.rpartition("XK-23456789")[2]


@EACH
def test_without_anything_readable_in_its_answer_it_was_not_taken(
    kind: str, host: str, service: Any, right: Entered, wrong: Entered, no: str, network: FakeNetwork
) -> None:
    for status, body in ((200, b"<html>ok</html>"), (200, b"[" * 8000), (200, b"[]"), (200, b""), (502, b"{}")):
        network.connect(host, lambda got, reply=(status, body): reply)  # type: ignore[misc]
        with pytest.raises(ChannelError, match=f"HTTP {status}"):
            send(kind, parts(kind, right), MESSAGE)


def test_a_robot_with_a_signature_refuses_a_message_without_one(network: FakeNetwork) -> None:
    network.connect("oapi.dingtalk.com", fake_services.dingtalk)
    with pytest.raises(ChannelError, match="310000"):
        send("dingtalk", {"key": "a" * 64}, MESSAGE)


def test_a_webhook_gets_the_same_id_at_every_attempt(network: FakeNetwork) -> None:
    receiver = network.connect("hooks.example", fake_services.anything)
    for _ in range(2):
        assert send("webhook", {"url": "https://hooks.example/a?token=s3cr3t-token"}, MESSAGE) == "HTTP 204"
    assert [got.data for got in receiver.got] == [
        {
            "id": "12345678-1234-4234-8234-123456789abc",
            "title": "销卡：1 个案件需要你",
            "text": "138****8000 · 中国移动\n超期 1 个工作日\n",
        }
    ] * 2
    assert receiver.got[0].query == {"token": "s3cr3t-token"}


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
def test_a_webhook_that_answers_anything_else_did_not_take_it(status: int, network: FakeNetwork) -> None:
    network.connect("hooks.example", lambda got: (status, {"why": "no"}))
    with pytest.raises(ChannelError, match=f'HTTP {status} {{"why": "no"}}'):
        send("webhook", {"url": "https://hooks.example/a"}, MESSAGE)


def test_what_a_webhook_repeats_of_its_own_address_is_blotted_out(network: FakeNetwork) -> None:
    network.connect("hooks.example", lambda got: (403, f"no entry: {got.path} {got.query['t']} s\\u0033cret-".encode()))
    with pytest.raises(ChannelError) as refused:
        send("webhook", {"url": "https://hooks.example/services/T0SECRET1/x?t=a%2Bb-s3cret"}, MESSAGE)
    assert "T0SECRET1" not in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_line_breaks_and_control_characters_of_an_answer_stay_out(network: FakeNetwork) -> None:
    network.connect("hooks.example", lambda got: (500, b"a\r\nb\x1b[31m\x00c" + b"x" * 10_000))
    with pytest.raises(ChannelError) as refused:
        send("webhook", {"url": "https://hooks.example/"}, MESSAGE)
    assert str(refused.value).startswith("HTTP 500 a b [31m cxxx")
    assert len(str(refused.value)) == len("HTTP 500 ") + 200
