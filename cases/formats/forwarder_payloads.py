"""What forwarders send: their formats, their signatures and their clocks (facts.md, 'SMS forwarders').

SmsForwarder posts a form or JSON with `from`, `content`, `timestamp` and `sign`; android_income_sms_gateway_webhook
JSON with `from`, `text`, `sentStamp`, `receivedStamp` and the header X-Signature; anything else JSON. All are read by
one reader: whoever chose the wrong kind on the page loses no message.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote

from cases.domain.business_days import SHANGHAI
from cases.domain.errors import CaseError, gettext_noop

#: Bytes of a body; the longest SMS there is has some 17,000 characters.
LARGEST = 64 * 1024
LONGEST_SENDER = 40
#: What was received longer ago than this came late, and nothing follows from it without a person.
LATE_AFTER = timedelta(hours=1)
#: Before this no carrier's message can be about a case.
_EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)

_SENDERS = ("from", "sender", "address", "phone")
# SmsForwarder's own formatted text is `content` too; a template that names the raw one goes before it.
_TEXTS = ("org_content", "text", "content", "message", "body", "msg")
_MOMENTS = ("received_at", "receivedStamp", "timestamp", "sentStamp", "receive_time", "time", "date")
_CHINESE = re.compile(r"charset\s*=\s*\"?gb", re.IGNORECASE)
_SIM_LINE = re.compile(r"SIM\s?\d", re.IGNORECASE)


class MessageRefused(CaseError):
    """What was sent cannot be taken; the subclasses say why. `code` is kept as the forwarder's last refusal."""

    code = "message_refused"
    message = gettext_noop("This message cannot be taken.")
    status: ClassVar[int] = 400


class NotReadable(MessageRefused):
    code = "not_readable"
    message = gettext_noop("This is neither a form nor a JSON object in UTF-8 or GB18030.")
    field = "body"


class NoSender(MessageRefused):
    code = "no_sender"
    message = gettext_noop("It does not say, in 40 characters at most, who sent the message: “from” or “sender”.")
    field = "from"


class NoText(MessageRefused):
    code = "no_text"
    message = gettext_noop("There is no text in it: “content”, “text” or “message”.")
    field = "content"


class NoMoment(MessageRefused):
    code = "no_moment"
    message = gettext_noop(
        "It is not understood when the message was received: milliseconds since 1970, or 2026-10-09 10:20:00."
    )
    field = "timestamp"


class BadSignature(MessageRefused):
    code = "bad_signature"
    message = gettext_noop("The signature is missing or wrong: compare the secret in the app with the one shown here.")
    field = "sign"
    status = 403


class TooLarge(MessageRefused):
    code = "too_large"
    message = gettext_noop("This is larger than any message: 64 KB are taken.")
    field = "body"
    status = 413


class SwitchedOff(MessageRefused):
    code = "switched_off"
    message = gettext_noop("This address is switched off.")
    status = 410


class TooMany(MessageRefused):
    code = "too_many"
    message = gettext_noop("More messages come from here than any phone receives. Try again in some minutes.")
    status = 429


class KeyMissing(MessageRefused):
    code = "key_missing"
    message = gettext_noop("The signature cannot be checked: the key that this address was kept under is missing.")
    status = 503


#: What is said of a forwarder's last refusal.
REFUSALS = {
    error.code: error.message
    for error in (NotReadable, NoSender, NoText, NoMoment, BadSignature, TooLarge, SwitchedOff, TooMany, KeyMissing)
}


@dataclass(frozen=True)
class Forwarded:
    """A message as it was sent on; `at` as its forwarder says it was received (aware), None where it does not say."""

    sender: str
    text: str
    at: datetime | None


def read_fields(body: bytes, content_type: str = "") -> dict[str, Any]:
    """The fields of a form or a JSON object in UTF-8 or GB18030, whichever the bytes are; raises NotReadable."""
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        try:
            data = json.loads(_decoded(body, content_type))
        except (ValueError, RecursionError):
            raise NotReadable from None
        if not isinstance(data, dict):
            raise NotReadable
        return data
    try:
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=50)
        return {name: _decoded(value.encode("latin-1"), content_type) for name, value in pairs}
    except ValueError:
        raise NotReadable from None


def _decoded(data: bytes, content_type: str) -> str:
    for encoding in ("gb18030", "utf-8-sig") if _CHINESE.search(content_type) else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    raise NotReadable


def read_message(fields: Mapping[str, Any]) -> Forwarded:
    """Sender, text and moment of the fields that a forwarder sent; raises NoSender, NoText or NoMoment."""
    sender = " ".join(_first(fields, _SENDERS).split())
    if not sender or len(sender) > LONGEST_SENDER:
        raise NoSender
    text = unwrapped(sender, _first(fields, _TEXTS))
    if not text.strip():
        raise NoText
    # SmsForwarder's signature covers its timestamp alone: beside a signature no other moment counts.
    names = ("timestamp",) if "sign" in fields else _MOMENTS
    given = next((fields[name] for name in names if fields.get(name) not in (None, "")), None)
    return Forwarded(sender, text, None if given is None else moment(given))


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of these fields that holds something, as text that every database can keep."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**40 else ""
        if isinstance(value, str) and value.strip():
            return storable(value)
    return ""


def storable(text: str) -> str:
    """Without what no database keeps: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def unwrapped(sender: str, text: str) -> str:
    """The raw message out of SmsForwarder's own wording of it, which it sends where no template is set.

    That is the sender, the message, the SIM's slot ('SIM1_…', perhaps with its number), time and device, one a line.
    The slot's number would else be taken for the one that the message is about. Any other text stays as it is.
    """
    first, _, rest = text.partition("\n")
    lines = rest.splitlines()
    ends = [number for number, line in enumerate(lines) if _SIM_LINE.match(line)]
    if first.strip() != sender or not ends or not ends[-1]:
        return text
    return "\n".join(lines[: ends[-1]])


def moment(given: Any) -> datetime:
    """An aware moment: milliseconds or seconds since 1970, or a date and time by the clock of Shanghai unless it
    carries its own offset. Raises NoMoment for anything else, and for what lies before 2004."""
    text = str(given).strip()[:40] if not isinstance(given, bool) else ""
    try:
        if re.fullmatch(r"[0-9]{14}", text):
            text = f"{text[:8]}T{text[8:]}"
        if re.fullmatch(r"[0-9]{9,13}(\.[0-9]*)?", text):
            number = float(text)
            found = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        else:
            found = datetime.fromisoformat(text.replace("/", "-"))
            found = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise NoMoment from None
    if found < _EARLIEST:
        raise NoMoment
    return found


def received(at: datetime | None, now: datetime) -> tuple[datetime, bool]:
    """When a message counts as received, and whether it came late; both moments aware.

    Not said: now. A phone's clock that is ahead is set right; one that is ahead by more than LATE_AFTER knows nothing
    about when, so that the message counts as late.
    """
    if at is None:
        return now, False
    return min(at, now), abs(now - at) > LATE_AFTER


# Signatures


def sms_forwarder_sign(timestamp: str, secret: str) -> str:
    """SmsForwarder's signature, in Base64: HMAC-SHA256 under the secret of timestamp, line feed, secret."""
    mac = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(mac).decode()


def check_signature(secret: str, fields: Mapping[str, Any], body: bytes, header: str) -> None:
    """Raises BadSignature unless X-Signature (`header`) or the field `sign` shows that the sender knows the secret."""
    if header:
        wanted, given = hmac.digest(secret.encode(), body, hashlib.sha256).hex(), header.strip().lower()
    else:
        stamp, sign = str(fields.get("timestamp", "")), fields.get("sign")
        wanted, given = sms_forwarder_sign(storable(stamp), secret), _plain_sign(sign if isinstance(sign, str) else "")
    if not hmac.compare_digest(wanted.encode(), storable(given).encode()):
        raise BadSignature


def _plain_sign(text: str) -> str:
    """SmsForwarder percent-encodes its signature once by itself, within whatever encoding the body has. In Base64
    there is no space: one that a form made of a plus is a plus."""
    return unquote(text).strip().replace(" ", "+")
