"""What each service takes over HTTP, and how it accepts.

Known from the services' public documents; nothing was tried against the services themselves (docs/channels.md). The
texts are sent as they are: where a service reads marks of formatting, they are turned off or escaped, so that the
asterisks of a masked number stay what they are and nobody is mentioned.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from uuid import UUID

from cases.domain.json_values import Json, JsonObject
from cases.formats import channel_urls
from cases.models.choices import ChannelKind


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """A message to send: the notice's id, the same at every attempt, its subject and its text."""

    id: UUID
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A request with JSON; its address, its headers or its data hold the key. `public_only`: a person named the
    host."""

    url: str = field(repr=False)
    data: JsonObject = field(repr=False)
    public_only: bool = False
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


def utf8_size(text: str) -> int:
    return len(text.encode())


def utf16_size(text: str) -> int:
    """Never less than the number of characters, however a service counts them."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Service:
    """How one kind of channel is sent to.

    `accepts`: whether the text of a response with a status from 200 to 299 says that the message was accepted.
    `max_size`: of subject and text together, as `size` measures them.
    """

    build_request: Callable[[Mapping[str, str], OutgoingText], ServiceRequest]
    accepts: Callable[[str], bool]
    max_size: int
    size: Callable[[str], int] = utf8_size


# The answers


def _answers(name: str, value: Json = None) -> Callable[[str], bool]:
    """A response is a JSON object with this value in this field; without a value, with anything in it."""

    def is_accepted(text: str) -> bool:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return False
        answer = data.get(name) if isinstance(data, dict) else None
        return bool(answer) if value is None else type(answer) is type(value) and answer == value

    return is_accepted


# The requests


def _full_text(message: OutgoingText) -> str:
    return f"{message.subject}\n\n{message.text}".strip()


def _signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()


def _bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _wecom(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data: dict[str, Json] = {"msgtype": "text", "text": {"content": _full_text(message)}}
    return ServiceRequest(f"{channel_urls.WECOM}?{urlencode({'key': parts['key']})}", data)


def _dingtalk(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    query = {"access_token": parts["key"]}
    if secret := parts.get("secret"):
        stamp = str(round(time.time() * 1000))
        query |= {"timestamp": stamp, "sign": _signature(secret, f"{stamp}\n{secret}")}
    data: dict[str, Json] = {"msgtype": "text", "text": {"content": _full_text(message)}}
    return ServiceRequest(f"{channel_urls.DINGTALK}?{urlencode(query)}", data)


def _feishu(parts: Mapping[str, str], message: OutgoingText, service: str = channel_urls.FEISHU) -> ServiceRequest:
    data: dict[str, Json] = {"msg_type": "text", "content": {"text": _full_text(message)}}
    if secret := parts.get("secret"):
        stamp = str(int(time.time()))
        # Not a slip: there the text is the key, and what is signed is empty.
        data |= {"timestamp": stamp, "sign": _signature(f"{stamp}\n{secret}", "")}
    return ServiceRequest(f"{service}{parts['key']}", data)


def _lark(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    return _feishu(parts, message, channel_urls.LARK)


def _bark(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data = {"device_key": parts["key"], "title": message.subject, "body": message.text.strip(), "group": "Xiaoka"}
    return ServiceRequest(f"{parts['server']}/push", data, public_only=parts["server"] != channel_urls.BARK)


def _serverchan(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    key = parts["key"]
    # Titles of more than 32 characters are refused; the text is Markdown, where a single line break is none.
    data = {"title": message.subject[:32], "desp": message.text.strip().replace("\n", "\n\n")}
    if key.startswith("sctp"):
        user = key.removeprefix("sctp").partition("t")[0]
        return ServiceRequest(f"https://{user}.{channel_urls.SERVERCHAN_3}/send/{key}.send", data)
    return ServiceRequest(f"{channel_urls.SERVERCHAN}/{key}.send", data)


def _pushplus(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data = {"token": parts["key"], "title": message.subject, "content": message.text.strip(), "template": "txt"}
    return ServiceRequest(channel_urls.PUSHPLUS, data)


def _escape_slack(text: str) -> str:
    """The three characters that Slack reads even where Markdown is off: '<!channel>' would call everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data: dict[str, Json] = {"text": _escape_slack(_full_text(message)), "mrkdwn": False}
    return ServiceRequest(f"{channel_urls.SLACK}{parts['key']}", data)


def _telegram(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data: dict[str, Json] = {
        "chat_id": parts["chat"],
        "text": _full_text(message),
        # Otherwise Telegram itself fetches the links, for a picture of them.
        "link_preview_options": {"is_disabled": True},
    }
    return ServiceRequest(f"{channel_urls.TELEGRAM}{parts['key']}/sendMessage", data)


_DISCORD_MARKS = re.compile(r"(https?://\S+)|([\\*_~|`<>#\[\]])")


def _escape_discord(text: str) -> str:
    """Discord reads Markdown in every text. Links stay as they are."""
    return _DISCORD_MARKS.sub(lambda match: match[1] or f"\\{match[2]}", text)


def _discord(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data: dict[str, Json] = {
        "content": _escape_discord(_full_text(message)),
        "allowed_mentions": {"parse": []},
        "flags": 1 << 2,  # no previews of links
    }
    # Without `wait`, a message that is not stored is no error.
    return ServiceRequest(f"{channel_urls.DISCORD}{parts['key']}?wait=true", data)


def _ntfy(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    # As JSON, which goes to the root of the server: in headers, a title could hold no Chinese.
    data = {"topic": parts["key"], "title": message.subject, "message": message.text.strip()}
    is_own_server = parts["server"] != channel_urls.NTFY
    return ServiceRequest(f"{parts['server']}/", data, is_own_server, _bearer(parts.get("token")))


def _gotify(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    # 5: with a sound. An application's own priority is 0 unless somebody set it, which its app hardly shows.
    data: dict[str, Json] = {"title": message.subject, "message": message.text.strip(), "priority": 5}
    return ServiceRequest(f"{parts['server']}/message", data, True, {"X-Gotify-Key": parts["token"]})


def _matrix(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    path = f"_matrix/client/v3/rooms/{quote(parts['room'], safe='')}/send/m.room.message/{message.id}"
    # Not m.notice, which is meant for programs: by the standard rules nobody is notified of it.
    data: dict[str, Json] = {"msgtype": "m.text", "body": _full_text(message), "m.mentions": {}}
    return ServiceRequest(f"{parts['server']}/{path}", data, True, _bearer(parts["token"]), "PUT")


def _webhook(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data = {"id": str(message.id), "title": message.subject, "text": message.text}
    return ServiceRequest(parts["url"], data, public_only=True)


SERVICES: dict[str, Service] = {
    ChannelKind.WECOM: Service(_wecom, _answers("errcode", 0), 2048),
    ChannelKind.DINGTALK: Service(_dingtalk, _answers("errcode", 0), 18_000),
    ChannelKind.FEISHU: Service(_feishu, _answers("code", 0), 18_000),
    # Apple takes 4 KB in all.
    ChannelKind.BARK: Service(_bark, _answers("code", 200), 3_000),
    ChannelKind.SERVERCHAN: Service(_serverchan, _answers("code", 0), 30_000),
    ChannelKind.PUSHPLUS: Service(_pushplus, _answers("code", 200), 18_000),
    ChannelKind.LARK: Service(_lark, _answers("code", 0), 18_000),
    # It takes 40,000, but shows more than 4,000 as several messages.
    ChannelKind.SLACK: Service(
        _slack, lambda text: text.strip() == "ok", 4_000, lambda text: utf16_size(_escape_slack(text))
    ),
    ChannelKind.TELEGRAM: Service(_telegram, _answers("ok", True), 4_096, utf16_size),
    ChannelKind.DISCORD: Service(_discord, _answers("id"), 2_000, lambda text: utf16_size(_escape_discord(text))),
    # Of what is longer than 4,096 bytes ntfy makes a file.
    ChannelKind.NTFY: Service(_ntfy, _answers("event", "message"), 4_000),
    ChannelKind.GOTIFY: Service(_gotify, _answers("id"), 18_000),
    # An event is 65,536 bytes at most, with all that the homeserver adds to it.
    ChannelKind.MATRIX: Service(_matrix, _answers("event_id"), 30_000),
    ChannelKind.WEBHOOK: Service(_webhook, lambda text: True, 1_000_000),
}
