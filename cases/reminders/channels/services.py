"""Sending over the services that take messages by HTTP.

Many answer 200 to what they refuse, too, and say so in the text: that text decides.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.outgoing import ChannelError, HttpAnswer, HttpRequest, exchange
from cases.reminders.channels.service_table import SERVICES, OutgoingText, Service

#: Characters of an answer that pages show.
MAX_ANSWER_CHARS = 200
#: Bytes of an answer that are read. Some services repeat the message, with six bytes for each Chinese character:
#: of Telegram's 4,096 that is 24 KB, and an answer cut off would be taken for a refusal.
MAX_ANSWER_BYTES = 64 * 1024
#: Parts of an address that pages show: a server, and whom it is to tell.
_DISPLAYED_PARTS = frozenset({"server", "chat", "room"})


def send(kind: str, parts: Mapping[str, str], message: OutgoingText) -> str:
    """Send over a channel with these secret parts; returns the service's answer, raises ChannelError with it."""
    service = SERVICES[kind]
    request = service.build_request(parts, _truncated(message, service))
    body = json.dumps(request.data, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Xiaoka", **request.headers}
    answer = exchange(
        HttpRequest(request.url, body, headers, request.method),
        public_only=request.public_only,
        max_bytes=MAX_ANSWER_BYTES,
    )
    answer_text = _redacted_answer(answer, parts)
    if not (200 <= answer.status < 300 and service.accepts(answer.text)):
        raise ChannelError(answer_text)
    return answer_text


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
    """The secret parts, and what keys and a whole address consist of, long enough to be a key."""
    # A topic of ntfy may be a single letter, which is in every word of an answer.
    secrets = {value for name, value in parts.items() if name not in _DISPLAYED_PARTS and len(value) >= 4}
    pieces = re.split("[/:]", parts.get("key", ""))
    if "url" in parts:
        url = urlsplit(parts["url"])
        pieces += [url.path, url.query, *url.path.split("/"), *(value for _name, value in parse_qsl(url.query))]
    return secrets | {text for piece in pieces for text in (piece, unquote(piece)) if len(text) >= 6}


def _truncated(message: OutgoingText, service: Service) -> OutgoingText:
    """The first paragraphs of the message that the service takes, and a link to the rest."""
    if service.size(f"{message.subject}\n\n{message.text}") <= service.max_size:
        return message
    rest = _("See the rest in your work list: %(link)s") % {"link": f"{settings.SITE_URL}{reverse('work_list')}"}
    remaining = service.max_size - service.size(f"{message.subject}\n\n{rest}")
    paragraphs: list[str] = []
    for paragraph in message.text.strip().split("\n\n"):
        remaining -= service.size(paragraph) + 2
        if remaining < 0:
            break
        paragraphs.append(paragraph)
    return OutgoingText(message.id, message.subject, "\n\n".join([*paragraphs, rest]))
