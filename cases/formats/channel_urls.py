"""Where a channel's messages go: read from what a person pasted, which may be a whole address or the key alone.

Pure reading: nothing is asked of the network. What of an address may be shown is decided here as well.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit

from cases.domain.errors import CaseError, gettext_noop

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
DINGTALK = "https://oapi.dingtalk.com/robot/send"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/"
BARK = "https://api.day.app"
SERVERCHAN = "https://sctapi.ftqq.com"
#: The newer edition has a host for each user, whose number stands in the key.
SERVERCHAN_3 = "push.ft07.com"
PUSHPLUS = "https://www.pushplus.plus/send"

_KEY_PATTERN = re.compile(r"[A-Za-z0-9_-]{8,128}")
_SENDKEY_PATTERN = re.compile(r"(?:SCT|sctp\d{1,10}t)[A-Za-z0-9_-]{6,128}")
_HOST_PATTERN = re.compile(r"[^\s/?#@:\\\[\]]+|\[[0-9A-Fa-f:.]+\]")
_MAX_LENGTH = 500


class AddressRefused(CaseError):
    code = "address_refused"
    message = gettext_noop(
        "This is not a valid address or key for this service. The address should start with: %(begins)s"
    )


class WebAddressRefused(CaseError):
    code = "web_address_refused"
    message = gettext_noop("Enter an address starting with https:// or http://, without a user name.")


class SecretRefused(CaseError):
    code = "secret_refused"
    message = gettext_noop(
        "This is not a valid signing secret. Paste all of it and nothing else, or leave the field blank."
    )


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    """The parts of an address by name, all of them secret, and what pages may show of it."""

    parts: Mapping[str, str] = field(repr=False)
    label: str


def parse_address(kind: str, text: str, secret: str = "") -> ChannelAddress:
    """Read what was pasted for a kind of channel (a `ChannelKind` that has an address), with the secret for
    signatures where the service has one; raises AddressRefused, WebAddressRefused or SecretRefused."""
    text, secret = text.strip(), secret.strip()
    if len(text) > _MAX_LENGTH or not text.isprintable() or " " in text:
        raise WebAddressRefused() if kind == "webhook" else AddressRefused(begins=URL_PREFIXES[kind])
    if secret and not _KEY_PATTERN.fullmatch(secret):
        raise SecretRefused()
    address = _PARSERS[kind](text)
    if not secret:
        return address
    return ChannelAddress({**address.parts, "secret": secret}, address.label)


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


def _query_parser(kind: str, service: str, name: str) -> Callable[[str], ChannelAddress]:
    def parse(text: str) -> ChannelAddress:
        if "://" not in text:
            return _address_with_key(kind, text)
        url = _parse_service_url(text, service)
        return _address_with_key(kind, parse_qs(url.query).get(name, [None])[0] if url else None)

    return parse


def _parse_feishu(text: str) -> ChannelAddress:
    if "://" not in text:
        return _address_with_key("feishu", text)
    url = _parse_service_url(text, FEISHU)
    return _address_with_key("feishu", url.path.removeprefix(urlsplit(FEISHU).path).rstrip("/") if url else None)


def _parse_serverchan(text: str) -> ChannelAddress:
    if url := _parse_url(text):
        if url.hostname != urlsplit(SERVERCHAN).hostname and not (url.hostname or "").endswith(f".{SERVERCHAN_3}"):
            raise AddressRefused(begins=URL_PREFIXES["schan"])
        text = url.path.rpartition("/")[2].removesuffix(".send")
    return _address_with_key("schan", text, _SENDKEY_PATTERN)


def _parse_bark(text: str) -> ChannelAddress:
    """As the app shows it: the server, then the key, then perhaps words to try it with."""
    url = _parse_url(text if "://" in text else f"{BARK}/{text}")
    assert url is not None
    key = url.path.strip("/").partition("/")[0]
    label = f"{url.netloc} {_address_with_key('bark', key).label}"
    return ChannelAddress({"server": f"{url.scheme}://{url.netloc}", "key": key}, label)


def _parse_webhook(text: str) -> ChannelAddress:
    url = _parse_url(text)
    if url is None:
        raise WebAddressRefused()
    full_url = url._replace(fragment="").geturl()
    return ChannelAddress({"url": full_url}, f"{url.scheme}://{url.netloc}/…"[:80])


_PARSERS: dict[str, Callable[[str], ChannelAddress]] = {
    "wecombot": _query_parser("wecombot", WECOM, "key"),
    "dingtalk": _query_parser("dingtalk", DINGTALK, "access_token"),
    "feishu": _parse_feishu,
    "bark": _parse_bark,
    "schan": _parse_serverchan,
    "pushplus": _query_parser("pushplus", PUSHPLUS, "token"),
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
    "webhook": "https://",
}
#: Kinds with a secret of their own for signatures.
KINDS_WITH_SECRET = frozenset({"dingtalk", "feishu"})
