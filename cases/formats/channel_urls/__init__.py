"""Where a channel's messages go: read from what a person pasted, which may be a whole address or the key alone, and
from what stands in fields of its own (`EXTRA_PARTS`).

Pure reading: nothing is asked of the network. What of an address may be shown is decided here as well.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit

from cases.domain.errors import CaseError
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

__all__ = [
    "EXTRA_PARTS",
    "URL_PREFIXES",
    "AddressRefused",
    "ChannelAddress",
    "ExtraPart",
    "WebAddressRefused",
    "parse_address",
]

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
DINGTALK = "https://oapi.dingtalk.com/robot/send"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/"
LARK = "https://open.larksuite.com/open-apis/bot/v2/hook/"
BARK = "https://api.day.app"
SERVERCHAN = "https://sctapi.ftqq.com"
#: The newer edition has a host for each user, whose number stands in the key.
SERVERCHAN_3 = "push.ft07.com"
PUSHPLUS = "https://www.pushplus.plus/send"
SLACK = "https://hooks.slack.com/services/"
TELEGRAM = "https://api.telegram.org/bot"
DISCORD = "https://discord.com/api/webhooks/"
NTFY = "https://ntfy.sh"

_KEY_PATTERN = re.compile(r"[A-Za-z0-9_-]{8,128}")
_SENDKEY_PATTERN = re.compile(r"(?:SCT|sctp\d{1,10}t)[A-Za-z0-9_-]{6,128}")
#: What a Bark server calls the phones that register with it (shortuuid): 22 characters of 57.
_BARK_KEY_PATTERN = re.compile(r"[2-9A-HJ-NP-Za-km-z]{22}")
_SLACK_PATTERN = re.compile(r"T[A-Z0-9]{2,20}/B[A-Z0-9]{2,20}/[A-Za-z0-9]{8,64}")
_TELEGRAM_PATTERN = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{30,64}")
_DISCORD_PATTERN = re.compile(r"[0-9]{5,25}/[A-Za-z0-9_-]{30,128}")
_DISCORD_URL_PATTERN = re.compile(r"https://(?:[a-z]+\.)?discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/([^?#]+)")
_TOPIC_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HOST_PATTERN = re.compile(r"[^\s/?#@:\\\[\]]+|\[[0-9A-Fa-f:.]+\]")
_MAX_LENGTH = 500
#: Characters of what is shown of an address.
_MAX_LABEL = 120


@dataclass(frozen=True, slots=True)
class ExtraPart:
    """A part of an address that has a field of its own: its name, whether the service needs it, what one looks like,
    and the error that says that it does not."""

    name: str
    is_required: bool
    pattern: re.Pattern[str]
    refusal: type[CaseError]


_SIGNING_SECRET = ExtraPart("secret", False, _KEY_PATTERN, SecretRefused)
#: By kind of channel, in the order in which they are asked for.
EXTRA_PARTS: Mapping[str, tuple[ExtraPart, ...]] = {
    "dingtalk": (_SIGNING_SECRET,),
    "feishu": (_SIGNING_SECRET,),
    "lark": (_SIGNING_SECRET,),
    "bark": (ExtraPart("key", False, _KEY_PATTERN, DeviceKeyRefused),),
    "telegram": (ExtraPart("chat", True, re.compile(r"-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31}"), ChatRefused),),
    "ntfy": (ExtraPart("token", False, re.compile(r"tk_[A-Za-z0-9]{8,120}"), TokenRefused),),
    "gotify": (ExtraPart("token", True, re.compile(r"[A-Za-z0-9._-]{8,128}"), TokenRefused),),
    "matrix": (
        ExtraPart("room", True, re.compile(r"![!-~]{4,254}"), RoomRefused),
        # Whatever a header may hold.
        ExtraPart("token", True, re.compile(r"[!-~]{8,500}"), TokenRefused),
    ),
}


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    """The parts of an address by name, to be stored as secrets, and what pages may show of it."""

    parts: Mapping[str, str] = field(repr=False)
    label: str


def parse_address(kind: str, text: str, **extra_parts: str) -> ChannelAddress:
    """Read what was pasted for a kind of channel (a `ChannelKind` that has an address), with the kind's extra parts by
    name; raises AddressRefused, another of the errors above for the address, or the refusal of an extra part."""
    text = text.strip()
    if len(text) > _MAX_LENGTH or not text.isprintable() or " " in text:
        raise WebAddressRefused() if kind == "webhook" else AddressRefused(begins=URL_PREFIXES[kind])
    extras: dict[str, str] = {}
    for part in EXTRA_PARTS.get(kind, ()):
        value = extra_parts.get(part.name, "").strip()
        if (value or part.is_required) and not part.pattern.fullmatch(value):
            raise part.refusal()
        if value:
            extras[part.name] = value
    address = _PARSERS[kind](text, extras)
    return ChannelAddress({**address.parts, **extras}, address.label[:_MAX_LABEL])


def _address_with_key(kind: str, key: str | None, pattern: re.Pattern[str] = _KEY_PATTERN) -> ChannelAddress:
    if key is None or not pattern.fullmatch(key):
        raise AddressRefused(begins=URL_PREFIXES[kind])
    return ChannelAddress({"key": key}, _mask_key(key))


def _mask_key(key: str) -> str:
    """The last four characters of a key that is long enough to spare them."""
    return f"••••{key[-4:]}" if len(key) >= 16 else "••••"


def _parse_url(text: str) -> SplitResult | None:
    """A web address, or None for what is none: then it may be a key."""
    if "://" not in text:
        return None
    try:
        url = urlsplit(text)
        url.port  # noqa: B018  a wrong one raises
    except ValueError as error:
        raise WebAddressRefused() from error
    if url.scheme not in ("http", "https") or "@" in url.netloc or not _HOST_PATTERN.fullmatch(_host_of(url)):
        raise WebAddressRefused()
    return url


def _host_of(url: SplitResult) -> str:
    return url.netloc if url.port is None else url.netloc.rpartition(":")[0]


def _parse_service_url(text: str, service: str) -> SplitResult | None:
    """The pasted address where it is one of this service (same host, path that begins alike), otherwise None."""
    url, service_url = _parse_url(text), urlsplit(service)
    return url if url and url.hostname == service_url.hostname and url.path.startswith(service_url.path) else None


def _server_of(url: SplitResult, path: str = "") -> str:
    return f"{url.scheme}://{url.netloc}{path}"


_Parser = Callable[[str, Mapping[str, str]], ChannelAddress]


def _query_parser(kind: str, service: str, name: str) -> _Parser:
    """For addresses with the key in their query."""

    def parse(text: str, extras: Mapping[str, str]) -> ChannelAddress:
        if "://" not in text:
            return _address_with_key(kind, text)
        url = _parse_service_url(text, service)
        return _address_with_key(kind, parse_qs(url.query).get(name, [None])[0] if url else None)

    return parse


def _path_parser(kind: str, service: str, pattern: re.Pattern[str] = _KEY_PATTERN) -> _Parser:
    """For addresses with the key at the end of their path."""

    def parse(text: str, extras: Mapping[str, str]) -> ChannelAddress:
        if "://" not in text:
            return _address_with_key(kind, text, pattern)
        url = _parse_service_url(text, service)
        key = url.path.removeprefix(urlsplit(service).path).rstrip("/") if url else None
        return _address_with_key(kind, key, pattern)

    return parse


def _parse_serverchan(text: str, extras: Mapping[str, str]) -> ChannelAddress:
    if url := _parse_url(text):
        if url.hostname != urlsplit(SERVERCHAN).hostname and not (url.hostname or "").endswith(f".{SERVERCHAN_3}"):
            raise AddressRefused(begins=URL_PREFIXES["schan"])
        text = url.path.rpartition("/")[2].removesuffix(".send")
    return _address_with_key("schan", text, _SENDKEY_PATTERN)


def _parse_bark(text: str, extras: Mapping[str, str]) -> ChannelAddress:
    """As the app shows it: the server, which may stand under a path, then the key, then perhaps words to try it with.

    Bark's own server stands under no path. In an address of another with several parts, the one that looks like a key
    that a server made is the key; where none does, or several, the person says which, in the field of the key.
    """
    url = _parse_url(text if "://" in text else f"{BARK}/{text}")
    assert url is not None
    is_own_server = url.hostname != urlsplit(BARK).hostname
    segments = [segment for segment in url.path.split("/") if segment]
    likely = [n for n, segment in enumerate(segments) if _BARK_KEY_PATTERN.fullmatch(segment)]
    if key := extras.get("key"):
        position = segments.index(key) if key in segments else len(segments)
    elif not is_own_server or len(segments) == 1:
        position = 0
    else:
        position = likely[0] if len(likely) == 1 else -1
    if position < 0 or (position > 0 and not is_own_server):
        raise DeviceKeyUnclear()
    path = "".join(f"/{segment}" for segment in segments[:position])
    address = _address_with_key("bark", key or "".join(segments[position : position + 1]))
    return ChannelAddress({"server": _server_of(url, path), **address.parts}, f"{url.netloc}{path} {address.label}")


def _parse_telegram(text: str, extras: Mapping[str, str]) -> ChannelAddress:
    if url := _parse_service_url(text, TELEGRAM) if "://" in text else None:
        text = url.path.removeprefix(urlsplit(TELEGRAM).path).partition("/")[0]
    address = _address_with_key("telegram", text, _TELEGRAM_PATTERN)
    return ChannelAddress(address.parts, f"{address.label} · {extras['chat']}")


def _parse_discord(text: str, extras: Mapping[str, str]) -> ChannelAddress:
    if "://" in text:
        # The site has had several names, and versions of its API.
        match = _DISCORD_URL_PATTERN.fullmatch(text)
        return _address_with_key("discord", match[1].rstrip("/") if match else None, _DISCORD_PATTERN)
    return _address_with_key("discord", text, _DISCORD_PATTERN)


def _parse_ntfy(text: str, extras: Mapping[str, str]) -> ChannelAddress:
    """A topic; its server stands under no path (ntfy refuses to), so that the address has one part."""
    url = _parse_url(text if "://" in text else f"{NTFY}/{text}")
    assert url is not None
    topic = url.path.strip("/")
    if url.query or url.fragment or not _TOPIC_PATTERN.fullmatch(topic):
        raise TopicRefused()
    return ChannelAddress({"server": _server_of(url), "key": topic}, f"{url.netloc} {_mask_key(topic)}")


def _parse_server(text: str) -> tuple[str, str]:
    """A person's own server, perhaps under a path, and how pages show it."""
    url = _parse_url(text)
    if url is None or url.query or url.fragment:
        raise ServerRefused()
    server = _server_of(url, url.path.rstrip("/"))
    return server, server.partition("://")[2]


def _parse_gotify(text: str, extras: Mapping[str, str]) -> ChannelAddress:
    server, label = _parse_server(text)
    return ChannelAddress({"server": server}, f"{label} {_mask_key(extras['token'])}")


def _parse_matrix(text: str, extras: Mapping[str, str]) -> ChannelAddress:
    server, label = _parse_server(text)
    return ChannelAddress({"server": server}, f"{label} {extras['room']}")


def _parse_webhook(text: str, extras: Mapping[str, str]) -> ChannelAddress:
    url = _parse_url(text)
    if url is None:
        raise WebAddressRefused()
    full_url = url._replace(fragment="").geturl()
    return ChannelAddress({"url": full_url}, f"{_server_of(url)}/…"[:80])


_PARSERS: dict[str, _Parser] = {
    "wecombot": _query_parser("wecombot", WECOM, "key"),
    "dingtalk": _query_parser("dingtalk", DINGTALK, "access_token"),
    "feishu": _path_parser("feishu", FEISHU),
    "bark": _parse_bark,
    "schan": _parse_serverchan,
    "pushplus": _query_parser("pushplus", PUSHPLUS, "token"),
    "lark": _path_parser("lark", LARK),
    "slack": _path_parser("slack", SLACK, _SLACK_PATTERN),
    "telegram": _parse_telegram,
    "discord": _parse_discord,
    "ntfy": _parse_ntfy,
    "gotify": _parse_gotify,
    "matrix": _parse_matrix,
    "webhook": _parse_webhook,
}
#: How an address of each service begins, for its form.
URL_PREFIXES = {
    "wecombot": f"{WECOM}?key=",
    "dingtalk": f"{DINGTALK}?access_token=",
    "feishu": FEISHU,
    "bark": f"{BARK}/",
    "schan": f"{SERVERCHAN}/",
    "pushplus": f"{PUSHPLUS}?token=",
    "lark": LARK,
    "slack": SLACK,
    "telegram": TELEGRAM,
    "discord": DISCORD,
    "ntfy": f"{NTFY}/",
    "gotify": "https://",
    "matrix": "https://",
    "webhook": "https://",
}
