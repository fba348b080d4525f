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

_KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")
_SENDKEY = re.compile(r"(?:SCT|sctp\d{1,10}t)[A-Za-z0-9_-]{6,128}")
_HOST = re.compile(r"[^\s/?#@:\\\[\]]+|\[[0-9A-Fa-f:.]+\]")
_LONGEST = 500


class AddressRefused(CaseError):
    code = "address_refused"
    message = gettext_noop("This is not the address or the key that is asked for. An address of it begins: %(begins)s")
    field = "address"


class WebAddressRefused(CaseError):
    code = "web_address_refused"
    message = gettext_noop("Enter an address that begins with https:// or http://, without a user name in it.")
    field = "address"


class SecretRefused(CaseError):
    code = "secret_refused"
    message = gettext_noop("This is not the secret for signatures: paste it whole and alone, or leave the field empty.")
    field = "secret"


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address by name, all of them secret, and what of it may be shown."""

    parts: Mapping[str, str] = field(repr=False)
    shown: str


def read(kind: str, pasted: str, secret: str = "") -> Address:
    """Read what was pasted for a kind of channel (a `ChannelKind` that has an address), with the secret for
    signatures where the service has one; raises AddressRefused, WebAddressRefused or SecretRefused."""
    pasted, secret = pasted.strip(), secret.strip()
    if len(pasted) > _LONGEST or not pasted.isprintable() or " " in pasted:
        raise WebAddressRefused() if kind == "webhook" else AddressRefused(begins=BEGINNINGS[kind])
    if secret and not _KEY.fullmatch(secret):
        raise SecretRefused()
    address = _READERS[kind](pasted)
    if not secret:
        return address
    return Address({**address.parts, "secret": secret}, address.shown)


def _keyed(kind: str, key: str | None, pattern: re.Pattern[str] = _KEY) -> Address:
    if key is None or not pattern.fullmatch(key):
        raise AddressRefused(begins=BEGINNINGS[kind])
    return Address({"key": key}, _masked(key))


def _masked(key: str) -> str:
    """The last four characters of a key that is long enough to spare them."""
    return f"••••{key[-4:]}" if len(key) >= 16 else "••••"


def _url(pasted: str) -> SplitResult | None:
    """A web address, or None for what is none: then it may be a key."""
    if "://" not in pasted:
        return None
    try:
        url = urlsplit(pasted)
        url.port  # noqa: B018  a wrong one raises
    except ValueError as error:
        raise WebAddressRefused() from error
    if url.scheme not in ("http", "https") or "@" in url.netloc or not _HOST.fullmatch(_bare(url)):
        raise WebAddressRefused()
    return url


def _bare(url: SplitResult) -> str:
    return url.netloc if url.port is None else url.netloc.rpartition(":")[0]


def _of_service(pasted: str, service: str) -> SplitResult | None:
    """The pasted address where it is one of this service (same host, path that begins alike), otherwise None."""
    url, known = _url(pasted), urlsplit(service)
    return url if url and url.hostname == known.hostname and url.path.startswith(known.path) else None


def _in_query(kind: str, service: str, name: str) -> Callable[[str], Address]:
    def read_it(pasted: str) -> Address:
        if "://" not in pasted:
            return _keyed(kind, pasted)
        url = _of_service(pasted, service)
        return _keyed(kind, parse_qs(url.query).get(name, [None])[0] if url else None)

    return read_it


def _feishu(pasted: str) -> Address:
    if "://" not in pasted:
        return _keyed("feishu", pasted)
    url = _of_service(pasted, FEISHU)
    return _keyed("feishu", url.path.removeprefix(urlsplit(FEISHU).path).rstrip("/") if url else None)


def _serverchan(pasted: str) -> Address:
    if url := _url(pasted):
        if url.hostname != urlsplit(SERVERCHAN).hostname and not (url.hostname or "").endswith(f".{SERVERCHAN_3}"):
            raise AddressRefused(begins=BEGINNINGS["schan"])
        pasted = url.path.rpartition("/")[2].removesuffix(".send")
    return _keyed("schan", pasted, _SENDKEY)


def _bark(pasted: str) -> Address:
    """As the app shows it: the server, then the key, then perhaps words to try it with."""
    url = _url(pasted if "://" in pasted else f"{BARK}/{pasted}")
    assert url is not None
    key = url.path.strip("/").partition("/")[0]
    shown = f"{url.netloc} {_keyed('bark', key).shown}"
    return Address({"server": f"{url.scheme}://{url.netloc}", "key": key}, shown)


def _webhook(pasted: str) -> Address:
    url = _url(pasted)
    if url is None:
        raise WebAddressRefused()
    whole = url._replace(fragment="").geturl()
    return Address({"url": whole}, f"{url.scheme}://{url.netloc}/…"[:80])


_READERS: dict[str, Callable[[str], Address]] = {
    "wecombot": _in_query("wecombot", WECOM, "key"),
    "dingtalk": _in_query("dingtalk", DINGTALK, "access_token"),
    "feishu": _feishu,
    "bark": _bark,
    "schan": _serverchan,
    "pushplus": _in_query("pushplus", PUSHPLUS, "token"),
    "webhook": _webhook,
}
#: How an address of each service begins, for its form.
BEGINNINGS = {
    "wecombot": f"{WECOM}?key=",
    "dingtalk": f"{DINGTALK}?access_token=",
    "feishu": FEISHU,
    "bark": f"{BARK}/",
    "schan": f"{SERVERCHAN}/",
    "pushplus": f"{PUSHPLUS}?token=",
    "webhook": "https://",
}
#: Kinds with a secret of their own for signatures.
SIGNED = frozenset({"dingtalk", "feishu"})
