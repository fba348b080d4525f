"""What each service takes over HTTP, and how it accepts.

All of them answer 200 to what they refuse, too, and say so in the text: that text decides. (Known from the services'
public documents; nothing was tried against the services themselves, see docs/channels.md.)
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.domain.json_values import Json, JsonObject
from cases.formats import channel_urls
from cases.models.choices import ChannelKind
from cases.outgoing import ChannelError, HttpAnswer, post

#: Characters of an answer that pages show.
MAX_ANSWER_CHARS = 200


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """A message to send: the notice's id, the same at every attempt, its subject and its text."""

    id: UUID
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A POST of JSON; its address holds the key. `public_only`: a person named the host."""

    url: str = field(repr=False)
    data: JsonObject = field(repr=False)
    public_only: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """How one kind of channel is sent to.

    `success_field`: the field of the response and its value when the message was accepted; None: the status alone.
    `max_bytes`: the longest text.
    """

    build_request: Callable[[Mapping[str, str], OutgoingText], ServiceRequest]
    success_field: tuple[str, int] | None
    max_bytes: int


def send(kind: str, parts: Mapping[str, str], message: OutgoingText) -> str:
    """Send over a channel with these secret parts; returns the service's answer, raises ChannelError with it."""
    service = SERVICES[kind]
    request = service.build_request(parts, _truncated(message, service.max_bytes))
    body = json.dumps(request.data, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Xiaoka"}
    answer = post(request.url, body, headers, public_only=request.public_only)
    answer_text = _redacted_answer(answer, parts)
    if not _is_accepted(answer, service.success_field):
        raise ChannelError(answer_text)
    return answer_text


def _is_accepted(answer: HttpAnswer, success_field: tuple[str, int] | None) -> bool:
    if not 200 <= answer.status < 300:
        return False
    if success_field is None:
        return True
    try:
        data = json.loads(answer.text)
    except (ValueError, RecursionError):
        return False
    name, value = success_field
    return isinstance(data, dict) and data.get(name) == value


def _redacted_answer(answer: HttpAnswer, parts: Mapping[str, str]) -> str:
    """The answer in one line; services like to repeat the key that they refuse, and it is blotted out."""
    text = answer.text
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False)  # so that no secret hides behind \\u escapes
    for secret in sorted(_secrets(parts), key=len, reverse=True):
        text = text.replace(secret, "••••")
    if 300 <= answer.status < 400:
        text = _("the service redirected the request; redirects are not followed")
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"HTTP {answer.status} {text[:MAX_ANSWER_CHARS]}".strip()


def _secrets(parts: Mapping[str, str]) -> set[str]:
    """The parts, and of a whole address also what it consists of, long enough to be a key."""
    secrets = set(parts.values())
    if "url" in parts:
        url = urlsplit(parts["url"])
        pieces = [url.path, url.query, *url.path.split("/"), *(value for _name, value in parse_qsl(url.query))]
        secrets |= {text for piece in pieces for text in (piece, unquote(piece)) if len(text) >= 6}
    return secrets


def _truncated(message: OutgoingText, max_bytes: int) -> OutgoingText:
    """The first paragraphs of the message that fit into `max_bytes`, and a link to the rest."""
    if len(f"{message.subject}\n\n{message.text}".encode()) <= max_bytes:
        return message
    rest = _("See the rest in your work list: %(link)s") % {"link": f"{settings.SITE_URL}{reverse('work_list')}"}
    remaining = max_bytes - len(f"{message.subject}\n\n{rest}".encode())
    paragraphs: list[str] = []
    for paragraph in message.text.strip().split("\n\n"):
        remaining -= len(paragraph.encode()) + 2
        if remaining < 0:
            break
        paragraphs.append(paragraph)
    return OutgoingText(message.id, message.subject, "\n\n".join([*paragraphs, rest]))


def _full_text(message: OutgoingText) -> str:
    return f"{message.subject}\n\n{message.text}".strip()


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


def _feishu(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data: dict[str, Json] = {"msg_type": "text", "content": {"text": _full_text(message)}}
    if secret := parts.get("secret"):
        stamp = str(int(time.time()))
        # Not a slip: there the text is the key, and what is signed is empty.
        data |= {"timestamp": stamp, "sign": _signature(f"{stamp}\n{secret}", "")}
    return ServiceRequest(f"{channel_urls.FEISHU}{parts['key']}", data)


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


def _webhook(parts: Mapping[str, str], message: OutgoingText) -> ServiceRequest:
    data = {"id": str(message.id), "title": message.subject, "text": message.text}
    return ServiceRequest(parts["url"], data, public_only=True)


def _signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()


SERVICES: dict[str, Service] = {
    ChannelKind.WECOM: Service(_wecom, ("errcode", 0), max_bytes=2048),
    ChannelKind.DINGTALK: Service(_dingtalk, ("errcode", 0), max_bytes=18_000),
    ChannelKind.FEISHU: Service(_feishu, ("code", 0), max_bytes=18_000),
    # Apple takes 4 KB in all.
    ChannelKind.BARK: Service(_bark, ("code", 200), max_bytes=3_000),
    ChannelKind.SERVERCHAN: Service(_serverchan, ("code", 0), max_bytes=30_000),
    ChannelKind.PUSHPLUS: Service(_pushplus, ("code", 200), max_bytes=18_000),
    ChannelKind.WEBHOOK: Service(_webhook, None, max_bytes=1_000_000),
}
