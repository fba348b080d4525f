"""Addresses of channels: what people paste is read, what is something else is refused, and no key is shown."""

import pytest

from cases.formats.channel_urls import AddressRefused, ChannelAddress, SecretRefused, WebAddressRefused, parse_address

KEY = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5bbb"


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
    ],
)
def test_what_is_pasted_is_read(kind: str, pasted: str, parts: dict[str, str], shown: str) -> None:
    address = parse_address(kind, pasted)
    assert (dict(address.parts), address.label) == (parts, shown)


def test_a_secret_for_signatures_goes_with_it() -> None:
    address = parse_address("dingtalk", "a1" * 32, " SECabcdef0123456789 ")
    assert dict(address.parts) == {"key": "a1" * 32, "secret": "SECabcdef0123456789"}


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
        parse_address("dingtalk", "a1" * 32, secret)


def test_neither_an_address_nor_a_refusal_shows_the_key() -> None:
    assert KEY not in repr(parse_address("wecombot", KEY))
    assert repr(ChannelAddress({"key": KEY}, "••••")) == "ChannelAddress(label='••••')"
    with pytest.raises(AddressRefused) as refused:
        parse_address("wecombot", f"https://evil.example/?key={KEY}")
    assert KEY not in str(refused.value)
    with pytest.raises(SecretRefused) as wrong:
        parse_address("dingtalk", "a1" * 32, "wrong secret!")
    assert "wrong" not in str(wrong.value)
