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
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote

from cases.domain.business_days import SHANGHAI
from cases.domain.errors import CaseError, gettext_noop
from cases.domain.text_encoding import UTF_8_THEN_GB, decode

#: Bytes of a body; the longest SMS there is has some 17,000 characters.
MAX_BODY_BYTES = 64 * 1024
MAX_SENDER_LENGTH = 40
#: Before this no carrier's message can be about a case.
_EARLIEST_MOMENT = datetime(2004, 1, 1, tzinfo=UTC)

_SENDER_FIELDS = ("from", "sender", "address", "phone")
# SmsForwarder's own formatted text is `content` too; a template that names the raw one goes before it.
_TEXT_FIELDS = ("org_content", "text", "content", "message", "body", "msg")
_MOMENT_FIELDS = ("received_at", "receivedStamp", "timestamp", "sentStamp", "receive_time", "time", "date")
_GB_CHARSET = re.compile(r"charset\s*=\s*\"?gb", re.IGNORECASE)
_SIM_LINE = re.compile(r"SIM\s?\d", re.IGNORECASE)


class MessageRefused(CaseError):
    """What was sent cannot be taken; the subclasses say why. `code` is stored as the forwarder's last refusal."""

    code = "message_refused"
    message = gettext_noop("This SMS cannot be accepted.")


class PayloadUnreadable(MessageRefused):
    code = "not_readable"
    message = gettext_noop("The request is neither a form nor a JSON object in UTF-8 or GB18030.")


class SenderMissing(MessageRefused):
    code = "no_sender"
    message = gettext_noop("Sender missing or longer than 40 characters: set “from” or “sender”.")


class TextMissing(MessageRefused):
    code = "no_text"
    message = gettext_noop("Text missing: set “content”, “text” or “message”.")


class TimestampInvalid(MessageRefused):
    code = "no_moment"
    message = gettext_noop("The time received could not be read. Use milliseconds since 1970, or 2026-10-09 10:20:00.")


class SignatureInvalid(MessageRefused):
    code = "bad_signature"
    message = gettext_noop(
        "The signature is missing or incorrect. Check that the secret in the app is the one shown here."
    )


@dataclass(frozen=True)
class ForwardedMessage:
    """A message as it was sent on; `received_at` as its forwarder reports it (aware), None where it reports none."""

    sender: str
    text: str
    received_at: datetime | None


def parse_fields(body: bytes, content_type: str = "") -> dict[str, object]:
    """The fields of a form or a JSON object in UTF-8 or GB18030, whichever the bytes are; raises PayloadUnreadable."""
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        try:
            data = json.loads(_decode(body, content_type))
        except (ValueError, RecursionError):
            raise PayloadUnreadable from None
        if not isinstance(data, dict):
            raise PayloadUnreadable
        return data
    try:
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=50)
        return {name: _decode(value.encode("latin-1"), content_type) for name, value in pairs}
    except ValueError:
        raise PayloadUnreadable from None


def _decode(data: bytes, content_type: str) -> str:
    text = decode(data, tuple(reversed(UTF_8_THEN_GB)) if _GB_CHARSET.search(content_type) else UTF_8_THEN_GB)
    if text is None:
        raise PayloadUnreadable
    return text


def parse_message(fields: Mapping[str, object]) -> ForwardedMessage:
    """Sender, text and moment from a forwarder's fields; raises SenderMissing, TextMissing or TimestampInvalid."""
    sender = " ".join(_first_text(fields, _SENDER_FIELDS).split())
    if not sender or len(sender) > MAX_SENDER_LENGTH:
        raise SenderMissing
    text = unwrap_text(sender, _first_text(fields, _TEXT_FIELDS))
    if not text.strip():
        raise TextMissing
    # SmsForwarder's signature covers its timestamp alone: beside a signature no other moment counts.
    names = ("timestamp",) if "sign" in fields else _MOMENT_FIELDS
    timestamp = next((fields[name] for name in names if fields.get(name) not in (None, "")), None)
    return ForwardedMessage(sender, text, None if timestamp is None else parse_moment(timestamp))


def _first_text(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    """The first of these fields that holds something, as text that every database can keep."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**40 else ""
        if isinstance(value, str) and value.strip():
            return strip_unstorable(value)
    return ""


def strip_unstorable(text: str) -> str:
    """Without what no database keeps: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def unwrap_text(sender: str, text: str) -> str:
    """The raw message out of SmsForwarder's own wording of it, which it sends where no template is set.

    That is the sender, the message, the SIM's slot ('SIM1_…', perhaps with its number), time and device, one a line.
    The slot's number would else be taken for the one that the message is about. Any other text stays as it is.
    """
    first, _, rest = text.partition("\n")
    lines = rest.splitlines()
    slot_lines = [number for number, line in enumerate(lines) if _SIM_LINE.match(line)]
    if first.strip() != sender or not slot_lines or not slot_lines[-1]:
        return text
    return "\n".join(lines[: slot_lines[-1]])


def parse_moment(value: object) -> datetime:
    """An aware moment: milliseconds or seconds since 1970, or a date and time by the clock of Shanghai unless it
    carries its own offset. Raises TimestampInvalid for anything else, and for what lies before 2004."""
    text = str(value).strip()[:40] if not isinstance(value, bool) else ""
    try:
        if re.fullmatch(r"[0-9]{14}", text):
            text = f"{text[:8]}T{text[8:]}"
        if re.fullmatch(r"[0-9]{9,13}(\.[0-9]*)?", text):
            number = float(text)
            result = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        else:
            result = datetime.fromisoformat(text.replace("/", "-"))
            result = result if result.tzinfo else result.replace(tzinfo=SHANGHAI)
        result = result.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise TimestampInvalid from None
    if result < _EARLIEST_MOMENT:
        raise TimestampInvalid
    return result


# Signatures


def sms_forwarder_sign(timestamp: str, secret: str) -> str:
    """SmsForwarder's signature, in Base64: HMAC-SHA256 under the secret of timestamp, line feed, secret."""
    mac = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(mac).decode()


def check_signature(secret: str, fields: Mapping[str, object], body: bytes, header: str) -> None:
    """Raise SignatureInvalid unless X-Signature (`header`) or the field `sign` proves knowledge of the secret."""
    if header:
        expected, signature = hmac.digest(secret.encode(), body, hashlib.sha256).hex(), header.strip().lower()
    else:
        timestamp, sign = str(fields.get("timestamp", "")), fields.get("sign")
        expected, signature = (
            sms_forwarder_sign(strip_unstorable(timestamp), secret),
            _decode_sign(sign if isinstance(sign, str) else ""),
        )
    if not hmac.compare_digest(expected.encode(), strip_unstorable(signature).encode()):
        raise SignatureInvalid


def _decode_sign(text: str) -> str:
    """SmsForwarder percent-encodes its signature once by itself, within whatever encoding the body has. In Base64
    there is no space: one that a form made of a plus is a plus."""
    return unquote(text).strip().replace(" ", "+")
