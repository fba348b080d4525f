"""Addresses of channels: what people paste is read, what is something else is refused, and no key is shown."""

import pytest

from cases.domain.errors import CaseError
from cases.formats.channel_urls import ChannelAddress, parse_address
from cases.formats.channel_urls.refusals import (
    AddressRefused,
    ChatRefused,
    DeviceKeyRefused,
    DeviceKeyUnclear,
    RoomRefused,
    SecretRefused,
    ServerRefused,
    TokenRefused,
    TopicRefused,
    WebAddressRefused,
)

KEY = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5bbb"
#: As a Bark server makes them.
BARK_KEY = "kR7vQ2mZp9sT4wXyabcdef"
BOT_TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz0123456"
SLACK_KEY = "T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx"
DISCORD_KEY = "223704706495545344/" + "d" * 64 + "wxyz"


@pytest.mark.parametrize(
    ("kind", "pasted", "parts", "shown"),
    [
        ("wecombot", KEY, {"key": KEY}, "••••5bbb"),
        ("wecombot", f" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}\n", {"key": KEY}, "••••5bbb"),
        (
            "wecombot",
            f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?debug=1&key={KEY}&x=1",
            {"key": KEY},
            "••••5bbb",
        ),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=" + "a1" * 32, {"key": "a1" * 32}, "••••a1a1"),
        ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}", {"key": KEY}, "••••5bbb"),
        ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}/", {"key": KEY}, "••••5bbb"),
        (
            "bark",
            "https://api.day.app/kR7vQ2mZp9sT4wXy/",
            {"server": "https://api.day.app", "key": "kR7vQ2mZp9sT4wXy"},
            "api.day.app ••••4wXy",
        ),
        (
            "bark",
            "https://api.day.app/kR7vQ2mZp9sT4wXy/推送标题/这里改成你自己的推送内容?sound=minuet",
            {"server": "https://api.day.app", "key": "kR7vQ2mZp9sT4wXy"},
            "api.day.app ••••4wXy",
        ),
        (
            "bark",
            "kR7vQ2mZp9sT4wXy",
            {"server": "https://api.day.app", "key": "kR7vQ2mZp9sT4wXy"},
            "api.day.app ••••4wXy",
        ),
        (
            "bark",
            "http://192.168.1.5:8080/short-key",
            {"server": "http://192.168.1.5:8080", "key": "short-key"},
            "192.168.1.5:8080 ••••",
        ),
        ("schan", "SCT123456TAbCdEfGhIjKlMnOp", {"key": "SCT123456TAbCdEfGhIjKlMnOp"}, "••••MnOp"),
        ("schan", "https://sctapi.ftqq.com/SCT123456TAbCdEf.send", {"key": "SCT123456TAbCdEf"}, "••••CdEf"),
        (
            "schan",
            "https://4711.push.ft07.com/send/sctp4711tabcdefghijkl.send",
            {"key": "sctp4711tabcdefghijkl"},
            "••••ijkl",
        ),
        ("pushplus", "c" * 32, {"key": "c" * 32}, "••••cccc"),
        ("pushplus", "https://www.pushplus.plus/send?token=" + "c" * 32, {"key": "c" * 32}, "••••cccc"),
        (
            "webhook",
            "https://hooks.example:8443/a/b?token=s3cret#part",
            {"url": "https://hooks.example:8443/a/b?token=s3cret"},
            "https://hooks.example:8443/…",
        ),
        ("webhook", "http://[2400:3200::1]/x", {"url": "http://[2400:3200::1]/x"}, "http://[2400:3200::1]/…"),
        ("lark", f"https://open.larksuite.com/open-apis/bot/v2/hook/{KEY}", {"key": KEY}, "••••5bbb"),
        ("lark", KEY, {"key": KEY}, "••••5bbb"),
        ("slack", f"https://hooks.slack.com/services/{SLACK_KEY}", {"key": SLACK_KEY}, "••••uvwx"),
        ("slack", SLACK_KEY, {"key": SLACK_KEY}, "••••uvwx"),
        ("discord", f"https://discord.com/api/webhooks/{DISCORD_KEY}", {"key": DISCORD_KEY}, "••••wxyz"),
        ("discord", f"https://canary.discordapp.com/api/v10/webhooks/{DISCORD_KEY}/", {"key": DISCORD_KEY}, "••••wxyz"),
        ("discord", DISCORD_KEY, {"key": DISCORD_KEY}, "••••wxyz"),
        ("ntfy", "team-3f9a1c", {"server": "https://ntfy.sh", "key": "team-3f9a1c"}, "ntfy.sh ••••"),
        (
            "ntfy",
            "http://ntfy.example:8080/a_topic_with_a_long_name/",
            {"server": "http://ntfy.example:8080", "key": "a_topic_with_a_long_name"},
            "ntfy.example:8080 ••••name",
        ),
    ],
)
def test_what_is_pasted_is_read(kind: str, pasted: str, parts: dict[str, str], shown: str) -> None:
    address = parse_address(kind, pasted)
    assert (dict(address.parts), address.label) == (parts, shown)


def test_a_secret_for_signatures_goes_with_it() -> None:
    address = parse_address("dingtalk", "a1" * 32, secret=" SECabcdef0123456789 ")
    assert dict(address.parts) == {"key": "a1" * 32, "secret": "SECabcdef0123456789"}


@pytest.mark.parametrize(
    ("kind", "pasted", "extras", "parts", "shown"),
    [
        ("telegram", BOT_TOKEN, {"chat": " -1001 "}, {"key": BOT_TOKEN, "chat": "-1001"}, "••••3456 · -1001"),
        (
            "telegram",
            f"https://api.telegram.org/bot{BOT_TOKEN}/getUpdates",
            {"chat": "@company"},
            {"key": BOT_TOKEN, "chat": "@company"},
            "••••3456 · @company",
        ),
        (
            "ntfy",
            "https://ntfy.example/team",
            {"token": "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"},
            {"server": "https://ntfy.example", "key": "team", "token": "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"},
            "ntfy.example ••••",
        ),
        (
            "gotify",
            "https://example.com/a/gotify/",
            {"token": "A3bcD_efGhij-K."},
            {"server": "https://example.com/a/gotify", "token": "A3bcD_efGhij-K."},
            "example.com/a/gotify ••••",
        ),
        (
            "matrix",
            "https://matrix.example.com",
            {"room": "!AbCdEfGh:example.com", "token": "syt_abcdefgh"},
            {"server": "https://matrix.example.com", "room": "!AbCdEfGh:example.com", "token": "syt_abcdefgh"},
            "matrix.example.com !AbCdEfGh:example.com",
        ),
        (
            "matrix",
            "http://localhost:8008/",
            {"room": "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM", "token": "mct_abcdefgh"},
            {
                "server": "http://localhost:8008",
                "room": "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM",
                "token": "mct_abcdefgh",
            },
            "localhost:8008 !31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM",
        ),
    ],
)
def test_what_has_a_field_of_its_own_goes_with_the_address(
    kind: str, pasted: str, extras: dict[str, str], parts: dict[str, str], shown: str
) -> None:
    address = parse_address(kind, pasted, **extras)
    assert (dict(address.parts), address.label) == (parts, shown)


@pytest.mark.parametrize(
    ("pasted", "key", "server", "read_key"),
    [
        # A server of one's own: with the key alone, whatever it looks like; with a path, or words, or both.
        ("https://own.example/short-key", "", "https://own.example", "short-key"),
        (f"https://own.example/bark/{BARK_KEY}", "", "https://own.example/bark", BARK_KEY),
        (f"https://own.example/bark/{BARK_KEY}/", "", "https://own.example/bark", BARK_KEY),
        (f"https://own.example/{BARK_KEY}/推送内容", "", "https://own.example", BARK_KEY),
        (f"https://own.example/a/b/{BARK_KEY}/推送标题/推送内容?sound=minuet", "", "https://own.example/a/b", BARK_KEY),
        # Said in its own field.
        ("https://own.example/bark", "short-key", "https://own.example/bark", "short-key"),
        ("https://own.example/bark/", "short-key", "https://own.example/bark", "short-key"),
        ("https://own.example/", "short-key", "https://own.example", "short-key"),
        ("https://own.example/bark/short-key/words", "short-key", "https://own.example/bark", "short-key"),
        (f"https://own.example/{BARK_KEY}/short-key", "short-key", f"https://own.example/{BARK_KEY}", "short-key"),
        # Bark's own server stands under no path.
        ("https://api.day.app/", BARK_KEY, "https://api.day.app", BARK_KEY),
        (f"https://api.day.app/short-key/{BARK_KEY}", "", "https://api.day.app", "short-key"),
    ],
)
def test_the_key_of_bark_is_found_in_its_address(pasted: str, key: str, server: str, read_key: str) -> None:
    assert dict(parse_address("bark", pasted, key=key).parts) == {"server": server, "key": read_key}


def test_the_path_of_a_bark_server_is_shown_and_its_key_is_not() -> None:
    assert parse_address("bark", f"https://own.example/bark/{BARK_KEY}").label == "own.example/bark ••••cdef"


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("https://own.example/", ""),
        ("https://own.example/bark/short-key", ""),
        ("https://own.example/short-key/words", ""),
        (f"https://own.example/{BARK_KEY}/{BARK_KEY}", ""),
        (f"https://api.day.app/{BARK_KEY}", "another-key"),
    ],
)
def test_where_the_key_of_bark_is_not_clear_it_is_asked_for(pasted: str, key: str) -> None:
    with pytest.raises(DeviceKeyUnclear):
        parse_address("bark", pasted, key=key)


@pytest.mark.parametrize(
    ("kind", "pasted", "extras", "refusal"),
    [
        ("bark", "https://own.example/bark", {"key": "short"}, DeviceKeyRefused),
        ("telegram", BOT_TOKEN, {}, ChatRefused),
        ("telegram", BOT_TOKEN, {"chat": "company"}, ChatRefused),
        ("telegram", BOT_TOKEN, {"chat": "１２３"}, ChatRefused),
        ("telegram", "123456789", {"chat": "1"}, AddressRefused),
        ("telegram", f"https://evil.example/bot{BOT_TOKEN}", {"chat": "1"}, AddressRefused),
        ("telegram", "１２３４５６:" + "A" * 35, {"chat": "1"}, AddressRefused),
        ("slack", "https://hooks.slack.com/triggers/T0AAAAAAA/123/abcdefgh", {}, AddressRefused),
        ("slack", "https://hooks.slack.com/services/T0AAAAAAA/abcdefgh", {}, AddressRefused),
        ("slack", f"https://evil.example/services/{SLACK_KEY}", {}, AddressRefused),
        ("slack", f"{SLACK_KEY}?x", {}, AddressRefused),
        ("discord", f"https://discord.com.evil.example/api/webhooks/{DISCORD_KEY}", {}, AddressRefused),
        ("discord", f"https://discord.com/api/webhooks/{DISCORD_KEY}/slack", {}, AddressRefused),
        ("discord", f"https://discord.com/api/webhooks/{DISCORD_KEY}?thread_id=1", {}, AddressRefused),
        ("discord", "https://discord.com/channels/1/2", {}, AddressRefused),
        ("lark", f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}", {}, AddressRefused),
        ("lark", KEY, {"secret": "short"}, SecretRefused),
        ("ntfy", "https://ntfy.sh/", {}, TopicRefused),
        ("ntfy", "https://example.com/ntfy/topic", {}, TopicRefused),
        ("ntfy", "topic?x=1", {}, TopicRefused),
        ("ntfy", "topic#1", {}, TopicRefused),
        ("ntfy", "主题", {}, TopicRefused),
        ("ntfy", "t" * 65, {}, TopicRefused),
        ("ntfy", "two words", {}, AddressRefused),
        ("ntfy", "https://me:secret@ntfy.example/topic", {}, WebAddressRefused),
        ("ntfy", "topic", {"token": "AgQdq7mVBoFD"}, TokenRefused),
        ("gotify", "https://push.example", {}, TokenRefused),
        ("gotify", "gotify.internal", {"token": "A3bcD_efGhij-K."}, ServerRefused),
        ("gotify", "https://push.example/message?token=A3bcD_efGhij-K.", {"token": "A3bcD_efGhij-K."}, ServerRefused),
        ("gotify", "ftp://push.example", {"token": "A3bcD_efGhij-K."}, WebAddressRefused),
        (
            "matrix",
            "https://app.element.io/#/room/!r:e.example",
            {"room": "!r:e.example", "token": "syt_abcdefgh"},
            ServerRefused,
        ),
        ("matrix", "https://matrix.org", {"room": "#room:e.example", "token": "syt_abcdefgh"}, RoomRefused),
        ("matrix", "https://matrix.org", {"room": "!r:e.example"}, TokenRefused),
        ("matrix", "https://matrix.org", {"room": "!r:e.example", "token": "syt_a\r\nHost: x"}, TokenRefused),
        ("matrix", "https://matrix.org", {"room": "!r:e.example", "token": "syt_ü_abcdefgh"}, TokenRefused),
    ],
)
def test_what_is_wrong_is_refused_by_the_part_that_it_is_in(
    kind: str, pasted: str, extras: dict[str, str], refusal: type[CaseError]
) -> None:
    with pytest.raises(refusal) as refused:
        parse_address(kind, pasted, **extras)
    assert type(refused.value) is refusal
    for entered in (pasted, *extras.values()):
        assert len(entered) < 10 or entered not in str(refused.value)


def test_what_is_shown_has_room_in_its_column() -> None:
    address = parse_address("matrix", f"https://{'m' * 100}.example", room=f"!{'r' * 200}", token="syt_abcdefgh")
    assert len(address.label) == 120


@pytest.mark.parametrize(
    ("kind", "pasted"),
    [
        ("wecombot", ""),
        ("wecombot", "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=" + KEY),
        ("wecombot", "https://evil.example/cgi-bin/webhook/send?key=" + KEY),
        ("wecombot", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
        ("wecombot", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a/../b&key=c"),
        ("wecombot", KEY + "?verify=no"),
        ("wecombot", KEY + "/../../x"),
        ("wecombot", KEY + " " + KEY),
        ("wecombot", KEY + "\r\nHost: evil"),
        ("wecombot", "k" * 501),
        ("dingtalk", f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/"),
        ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}/../x"),
        ("schan", "0123456789abcdef"),
        ("schan", "sctp4711.evil.example#tabcdefghij"),
        ("schan", "sctp99999999999999999tabcdef"),
        ("schan", "https://evil.example/SCT123456TAbCdEf.send"),
        ("pushplus", "token with spaces"),
        ("bark", "https://api.day.app/"),
        ("bark", "https://api.day.app/short"),
    ],
)
def test_what_is_no_address_of_the_service_is_refused(kind: str, pasted: str) -> None:
    with pytest.raises(AddressRefused):
        parse_address(kind, pasted)


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "hooks.example/a",
        "ftp://hooks.example/a",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://me:secret@hooks.example/a",
        "https://hooks.example@evil.example/",
        "https://hooks.example:99999/",
        "https://hooks.example:x/",
        "https://hooks .example/",
        "https://hooks.example\\@evil.example/",
        "https://hooks.example/a\tb",
        "https://[::1/",
    ],
)
def test_what_is_no_web_address_is_refused(pasted: str) -> None:
    with pytest.raises(WebAddressRefused):
        parse_address("webhook", pasted)


@pytest.mark.parametrize("secret", ["short", "with space inside", "ü" * 20, "s" * 129])
def test_what_is_no_secret_is_refused(secret: str) -> None:
    with pytest.raises(SecretRefused):
        parse_address("dingtalk", "a1" * 32, secret=secret)


def test_neither_an_address_nor_a_refusal_shows_the_key() -> None:
    assert KEY not in repr(parse_address("wecombot", KEY))
    assert repr(ChannelAddress({"key": KEY}, "••••")) == "ChannelAddress(label='••••')"
    with pytest.raises(AddressRefused) as refused:
        parse_address("wecombot", f"https://evil.example/?key={KEY}")
    assert KEY not in str(refused.value)
    with pytest.raises(SecretRefused) as wrong:
        parse_address("dingtalk", "a1" * 32, secret="wrong secret!")
    assert "wrong" not in str(wrong.value)
