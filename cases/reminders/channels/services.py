"""What each service wants to hear over HTTP, and how it says yes.

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
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.formats import channel_urls
from cases.models.choices import ChannelKind
from cases.reminders.channels.http import Answer, ChannelError, post

#: Characters of an answer that are shown.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said: the notice's id, the same at every attempt, its subject and its text."""

    id: UUID
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """A POST of JSON; its address holds the key. `guarded`: a person named the host."""

    url: str = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """How one kind is spoken to. `yes`: which value of which field in its answer means that it took the message.

    `most`: bytes of text that it takes.
    """

    request: Callable[[Mapping[str, str], Message], Request]
    yes: tuple[str, int] | None
    most: int


def send(kind: str, parts: Mapping[str, str], message: Message) -> str:
    """Send over a channel with these secret parts; returns the service's answer, raises ChannelError with it."""
    service = SERVICES[kind]
    request = service.request(parts, _fitting(message, service.most))
    body = json.dumps(request.data, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Xiaoka"}
    answer = post(request.url, body, headers, guarded=request.guarded)
    said = _told(answer, parts)
    if not _taken(answer, service.yes):
        raise ChannelError(said)
    return said


def _taken(answer: Answer, yes: tuple[str, int] | None) -> bool:
    if not 200 <= answer.status < 300:
        return False
    if yes is None:
        return True
    try:
        data = json.loads(answer.text)
    except (ValueError, RecursionError):
        return False
    name, value = yes
    return isinstance(data, dict) and data.get(name) == value


def _told(answer: Answer, parts: Mapping[str, str]) -> str:
    """The answer in one line; services like to repeat the key that they refuse, and it is blotted out."""
    text = answer.text
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False)  # so that no secret hides behind \\u escapes
    for secret in sorted(_secrets(parts), key=len, reverse=True):
        text = text.replace(secret, "••••")
    if 300 <= answer.status < 400:
        text = _("a redirect, which is not followed")
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"HTTP {answer.status} {text[:SHOWN]}".strip()


def _secrets(parts: Mapping[str, str]) -> set[str]:
    """The parts, and of a whole address also what it consists of, long enough to be a key."""
    found = set(parts.values())
    if "url" in parts:
        url = urlsplit(parts["url"])
        pieces = [url.path, url.query, *url.path.split("/"), *(value for _name, value in parse_qsl(url.query))]
        found |= {text for piece in pieces for text in (piece, unquote(piece)) if len(text) >= 6}
    return found


def _fitting(message: Message, most: int) -> Message:
    """As many of the message's paragraphs as fit into so many bytes, and where the rest is."""
    if len(f"{message.subject}\n\n{message.text}".encode()) <= most:
        return message
    rest = _("The rest is in the work list: %(link)s") % {"link": f"{settings.SITE_URL}{reverse('work_list')}"}
    left = most - len(f"{message.subject}\n\n{rest}".encode())
    kept: list[str] = []
    for paragraph in message.text.strip().split("\n\n"):
        left -= len(paragraph.encode()) + 2
        if left < 0:
            break
        kept.append(paragraph)
    return Message(message.id, message.subject, "\n\n".join([*kept, rest]))


def _whole(message: Message) -> str:
    return f"{message.subject}\n\n{message.text}".strip()


def _wecom(parts: Mapping[str, str], message: Message) -> Request:
    data = {"msgtype": "text", "text": {"content": _whole(message)}}
    return Request(f"{channel_urls.WECOM}?{urlencode({'key': parts['key']})}", data)


def _dingtalk(parts: Mapping[str, str], message: Message) -> Request:
    query = {"access_token": parts["key"]}
    if secret := parts.get("secret"):
        stamp = str(round(time.time() * 1000))
        query |= {"timestamp": stamp, "sign": _signature(secret, f"{stamp}\n{secret}")}
    data = {"msgtype": "text", "text": {"content": _whole(message)}}
    return Request(f"{channel_urls.DINGTALK}?{urlencode(query)}", data)


def _feishu(parts: Mapping[str, str], message: Message) -> Request:
    data: dict[str, Any] = {"msg_type": "text", "content": {"text": _whole(message)}}
    if secret := parts.get("secret"):
        stamp = str(int(time.time()))
        # Not a slip: there the text is the key, and what is signed is empty.
        data |= {"timestamp": stamp, "sign": _signature(f"{stamp}\n{secret}", "")}
    return Request(f"{channel_urls.FEISHU}{parts['key']}", data)


def _bark(parts: Mapping[str, str], message: Message) -> Request:
    data = {"device_key": parts["key"], "title": message.subject, "body": message.text.strip(), "group": "Xiaoka"}
    return Request(f"{parts['server']}/push", data, guarded=parts["server"] != channel_urls.BARK)


def _serverchan(parts: Mapping[str, str], message: Message) -> Request:
    key = parts["key"]
    # Titles of more than 32 characters are refused; the text is Markdown, where a single line break is none.
    data = {"title": message.subject[:32], "desp": message.text.strip().replace("\n", "\n\n")}
    if key.startswith("sctp"):
        user = key.removeprefix("sctp").partition("t")[0]
        return Request(f"https://{user}.{channel_urls.SERVERCHAN_3}/send/{key}.send", data)
    return Request(f"{channel_urls.SERVERCHAN}/{key}.send", data)


def _pushplus(parts: Mapping[str, str], message: Message) -> Request:
    data = {"token": parts["key"], "title": message.subject, "content": message.text.strip(), "template": "txt"}
    return Request(channel_urls.PUSHPLUS, data)


def _webhook(parts: Mapping[str, str], message: Message) -> Request:
    data = {"id": str(message.id), "title": message.subject, "text": message.text}
    return Request(parts["url"], data, guarded=True)


def _signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()


SERVICES: dict[str, Service] = {
    ChannelKind.WECOM: Service(_wecom, ("errcode", 0), most=2048),
    ChannelKind.DINGTALK: Service(_dingtalk, ("errcode", 0), most=18_000),
    ChannelKind.FEISHU: Service(_feishu, ("code", 0), most=18_000),
    # Apple takes 4 KB in all.
    ChannelKind.BARK: Service(_bark, ("code", 200), most=3_000),
    ChannelKind.SERVERCHAN: Service(_serverchan, ("code", 0), most=30_000),
    ChannelKind.PUSHPLUS: Service(_pushplus, ("code", 200), most=18_000),
    ChannelKind.WEBHOOK: Service(_webhook, None, most=1_000_000),
}
