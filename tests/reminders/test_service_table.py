"""What goes over the wire to each service that is new here, and what of it no answer may show again."""

from typing import Any
from uuid import UUID

import pytest

from cases.formats.channel_urls import parse_address
from cases.outgoing import ChannelError
from cases.reminders.channels.service_table import OutgoingText
from cases.reminders.channels.services import send
from tests import fake_services
from tests.fake_network import FakeNetwork
from tests.fake_services import Got, Homeserver

ID = UUID("12345678-1234-4234-8234-123456789abc")
TEXT = "138****8000 · A & B\n<!channel> @everyone *x* [a](b)\nhttps://xiaoka.example/cases/XK_2*3/\n"
MESSAGE = OutgoingText(ID, "销卡：1 个案件需要你", TEXT)
#: Kind, host, address, what has a field of its own, and all that must never be seen.
SECRETS: list[tuple[str, str, str, dict[str, str], list[str]]] = [
    ("slack", "hooks.slack.com", "T0AAAAAAA/B0BBBBBBB/s3cr3tkey", {}, ["s3cr3tkey"]),
    ("telegram", "api.telegram.org", f"123456789:{'A' * 35}", {"chat": "-1001234567890"}, ["A" * 35]),
    ("discord", "discord.com", f"223704706495545344/{'d' * 68}", {}, ["d" * 68]),
    ("ntfy", "ntfy.sh", "secret-topic", {"token": "tk_AgQdq7mVBoFD"}, ["secret-topic", "tk_AgQdq7mVBoFD"]),
    ("gotify", "push.example", "https://push.example", {"token": "A3bcD_efGhij-K."}, ["A3bcD_efGhij-K."]),
    ("matrix", "push.example", "https://push.example", {"room": "!r:e.example", "token": "syt_abcdef"}, ["syt_abcdef"]),
    ("bark", "push.example", "https://push.example/bark", {"key": "my-own-key"}, ["my-own-key"]),
]


@pytest.fixture
def own_servers(settings: Any) -> None:
    """Servers that a person names may be on this machine."""
    settings.ALLOW_PRIVATE_HOSTS = True


def parts(kind: str, address: str, **extras: str) -> dict[str, str]:
    return dict(parse_address(kind, address, **extras).parts)


def accept(got: Got) -> fake_services.Reply:
    return 200, {"ok": True, "id": "1", "event": "message", "event_id": "$1", "code": 200}


@pytest.mark.parametrize(
    ("kind", "host", "address", "extras", "path", "data"),
    [
        (
            "slack",
            "hooks.slack.com",
            "T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx",
            {},
            "/services/T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx",
            {
                "text": "销卡：1 个案件需要你\n\n138****8000 · A &amp; B\n&lt;!channel&gt; @everyone *x* [a](b)\n"
                "https://xiaoka.example/cases/XK_2*3/",
                "mrkdwn": False,
            },
        ),
        (
            "telegram",
            "api.telegram.org",
            f"123456789:{'A' * 35}",
            {"chat": "@company"},
            f"/bot123456789:{'A' * 35}/sendMessage",
            {
                "chat_id": "@company",
                "text": "销卡：1 个案件需要你\n\n138****8000 · A & B\n<!channel> @everyone *x* [a](b)\n"
                "https://xiaoka.example/cases/XK_2*3/",
                "link_preview_options": {"is_disabled": True},
            },
        ),
        (
            "discord",
            "discord.com",
            f"223704706495545344/{'d' * 68}",
            {},
            f"/api/webhooks/223704706495545344/{'d' * 68}",
            {
                "content": "销卡：1 个案件需要你\n\n138\\*\\*\\*\\*8000 · A & B\n"
                "\\<!channel\\> @everyone \\*x\\* \\[a\\](b)\nhttps://xiaoka.example/cases/XK_2*3/",
                "allowed_mentions": {"parse": []},
                "flags": 4,
            },
        ),
        (
            "ntfy",
            "push.example",
            "https://push.example/team-3f9a1c",
            {},
            "/",
            {"topic": "team-3f9a1c", "title": "销卡：1 个案件需要你", "message": TEXT.strip()},
        ),
        (
            "gotify",
            "push.example",
            "https://push.example/deep/gotify/",
            {"token": "A3bcD_efGhij-K."},
            "/deep/gotify/message",
            {"title": "销卡：1 个案件需要你", "message": TEXT.strip(), "priority": 5},
        ),
        (
            "matrix",
            "push.example",
            "https://push.example/",
            {"room": "!a/b%:example.com", "token": "syt_abcdef"},
            "/_matrix/client/v3/rooms/%21a%2Fb%25%3Aexample.com/send/m.room.message/12345678-1234-4234-8234-123456789abc",
            {"msgtype": "m.text", "body": f"销卡：1 个案件需要你\n\n{TEXT.strip()}", "m.mentions": {}},
        ),
        (
            "bark",
            "push.example",
            "https://push.example/bark/abcdefghijkmnopqrstuvw/推送内容",
            {},
            "/bark/push",
            {
                "device_key": "abcdefghijkmnopqrstuvw",
                "title": "销卡：1 个案件需要你",
                "body": TEXT.strip(),
                "group": "Xiaoka",
            },
        ),
    ],
)
@pytest.mark.usefixtures("own_servers")
def test_the_request_is_what_the_service_reads(
    kind: str,
    host: str,
    address: str,
    extras: dict[str, str],
    path: str,
    data: dict[str, Any],
    network: FakeNetwork,
) -> None:
    receiver = network.connect(host, (lambda got: (200, b"ok")) if kind == "slack" else accept)
    send(kind, parts(kind, address, **extras), MESSAGE)
    (got,) = receiver.got
    assert (got.path, got.data) == (path, data)
    assert got.method == ("PUT" if kind == "matrix" else "POST")
    assert got.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.usefixtures("own_servers")
def test_the_tokens_go_in_headers(network: FakeNetwork) -> None:
    receiver = network.connect("push.example", accept)
    send("ntfy", parts("ntfy", "https://push.example/t", token="tk_AgQdq7mVBoFD"), MESSAGE)
    send("ntfy", parts("ntfy", "https://push.example/t"), MESSAGE)
    send("matrix", parts("matrix", "https://push.example", room="!room:e", token="syt_abcdef"), MESSAGE)
    send("gotify", parts("gotify", "https://push.example", token="A3bcD_efGhij-K."), MESSAGE)
    assert [(got.headers.get("Authorization"), got.headers.get("X-Gotify-Key")) for got in receiver.got] == [
        ("Bearer tk_AgQdq7mVBoFD", None),
        (None, None),
        ("Bearer syt_abcdef", None),
        (None, "A3bcD_efGhij-K."),
    ]


@pytest.mark.usefixtures("own_servers")
def test_a_homeserver_that_gets_the_same_message_again_shows_it_once(network: FakeNetwork) -> None:
    homeserver = Homeserver()
    network.connect("push.example", homeserver)
    address = parts(
        "matrix",
        "https://push.example",
        room="!AbCdEfGh:example.com",
        token="syt_eGlhb2th_abcdefghijklmnopqrst_0aBcDe",
    )
    answers = [send("matrix", address, MESSAGE) for _ in range(2)]
    assert answers == ['HTTP 200 {"event_id": "$event0"}'] * 2
    other = OutgoingText(UUID("12345678-1234-4234-8234-000000000000"), "另一条", "")
    assert send("matrix", address, other) == 'HTTP 200 {"event_id": "$event1"}'


def test_an_answer_that_repeats_a_long_chinese_message_is_read_to_its_end(network: FakeNetwork) -> None:
    """Telegram writes each character as six: 24 KB. Cut off it would be no JSON, and the message sent again."""
    network.connect("api.telegram.org", fake_services.telegram)
    address = parts("telegram", "123456789:AAEabcdefghijklmnopqrstuvwxyz0123456", chat="-1001234567890")
    long = OutgoingText(ID, "销卡", "字" * 4092)
    assert send("telegram", address, long).startswith('HTTP 200 {"ok": true, "result": {"message_id": 7')


@pytest.mark.parametrize(("characters", "is_cut"), [(4092, False), (4093, True)])
def test_what_telegram_counts_are_utf_16_units(characters: int, is_cut: bool, network: FakeNetwork) -> None:
    """Subject and blank line are 4 of the 4,096."""
    receiver = network.connect("api.telegram.org", fake_services.telegram)
    address = parts("telegram", "123456789:AAEabcdefghijklmnopqrstuvwxyz0123456", chat="-1001234567890")
    emoji = "😀" * (characters // 2) + "字" * (characters % 2)  # two units each
    send("telegram", address, OutgoingText(ID, "销卡", emoji))
    assert ("😀" not in receiver.got[0].data["text"]) is is_cut


def test_discord_counts_what_was_escaped(network: FakeNetwork) -> None:
    receiver = network.connect("discord.com", fake_services.discord)
    address = parts("discord", f"223704706495545344/{'d' * 68}")
    text = "\n\n".join(["138****8000 超期"] * 200)
    send("discord", address, OutgoingText(ID, "销卡", text))
    content = receiver.got[0].data["content"]
    assert 1900 < len(content) <= 2000
    assert content.startswith("销卡\n\n138\\*\\*\\*\\*8000 超期\n\n")


@pytest.mark.usefixtures("own_servers")
def test_a_message_that_discord_did_not_confirm_was_not_sent(network: FakeNetwork) -> None:
    network.connect("discord.com", lambda got: (204, b""))
    with pytest.raises(ChannelError, match="HTTP 204"):
        send("discord", parts("discord", f"223704706495545344/{'d' * 68}"), MESSAGE)


@pytest.mark.parametrize(
    "reply",
    [{"ok": 1}, {"ok": "true"}, {"ok": False, "result": {}}, {"ok": None}, {"result": True}, ["ok"], "ok"],
)
def test_only_telegram_s_own_yes_is_one(reply: Any, network: FakeNetwork) -> None:
    network.connect("api.telegram.org", lambda got: (200, reply))
    with pytest.raises(ChannelError, match="HTTP 200"):
        send("telegram", parts("telegram", f"123456789:{'A' * 35}", chat="1"), MESSAGE)


@pytest.mark.parametrize(("kind", "host", "address", "extras", "secrets"), SECRETS, ids=[row[0] for row in SECRETS])
@pytest.mark.usefixtures("own_servers")
def test_no_answer_shows_a_secret_again(
    kind: str, host: str, address: str, extras: dict[str, str], secrets: list[str], network: FakeNetwork
) -> None:
    def repeat(got: Got) -> fake_services.Reply:
        return 429, {"path": got.path, "headers": [got.headers.get("Authorization"), got.headers.get("X-Gotify-Key")]}

    def repeat_data(got: Got) -> fake_services.Reply:
        return 429, got.data

    for answer in (repeat, repeat_data):
        receiver = network.connect(host, answer)
        with pytest.raises(ChannelError) as refused:
            send(kind, parts(kind, address, **extras), OutgoingText(ID, "s", "t"))
        assert str(refused.value).startswith("HTTP 429 {")
        got = receiver.got[0]
        sent = f"{got.path} {got.headers} {got.data}"
        for secret in secrets:
            assert secret in sent
            assert secret not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "address", "extras"),
    [
        ("bark", "https://push.example/bark", {"key": "my-own-key"}),
        ("ntfy", "https://push.example/topic", {"token": "tk_AgQdq7mVBoFD"}),
        ("gotify", "https://push.example", {"token": "A3bcD_efGhij-K."}),
        ("matrix", "https://push.example", {"room": "!r:e.example", "token": "syt_abcdef"}),
    ],
)
def test_a_server_that_a_person_names_is_in_no_private_network(
    kind: str, address: str, extras: dict[str, str], network: FakeNetwork
) -> None:
    receiver = network.connect("push.example", accept)
    with pytest.raises(ChannelError) as refused:
        send(kind, parts(kind, address, **extras), MESSAGE)
    assert "内网" in str(refused.value)
    assert receiver.got == []


def test_a_topic_of_one_letter_does_not_blot_out_the_answer(network: FakeNetwork) -> None:
    network.connect("ntfy.sh", fake_services.ntfy)
    answer = send("ntfy", parts("ntfy", "e"), OutgoingText(ID, "s", "t"))
    assert answer.startswith('HTTP 200 {"id": "hwQ2YpKdmg", "time": 1700000000, "event": "message"')


def test_an_error_of_the_connection_shows_no_token(network: FakeNetwork, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    for kind, _host, address, extras, secrets in SECRETS:
        with pytest.raises(ChannelError) as failed:
            send(kind, parts(kind, address, **extras), MESSAGE)
        assert not any(secret in str(failed.value) for secret in secrets)
