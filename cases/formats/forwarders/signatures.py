"""Whether who sends a message knows the secret of the phone's address.

Each program has its own way: SmsForwarder (WebhookUtils.kt) and 飞书 sign a timestamp, in the fields; programs for
JSON the body, in X-Signature; capcom6's gateway (PayloadSingingPlugin.kt) body and X-Timestamp together; httpSMS
(webhook_service.go) sends a JSON Web Token. A gateway's signature that is older than MAX_AGE is refused, so that a
request that somebody recorded cannot be sent again later.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from cases.formats.forwarders.body import load_json
from cases.formats.forwarders.payloads import strip_unstorable
from cases.formats.forwarders.refusals import PayloadUnreadable, SignatureExpired, SignatureInvalid

#: How far a signed X-Timestamp may be from our clock.
MAX_AGE = timedelta(minutes=5)
#: How far the clock of httpSMS may be ahead of ours or behind it.
_TOKEN_LEEWAY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignatureHeaders:
    """The headers that may carry a signature, empty where there are none: X-Signature, X-Timestamp, Authorization."""

    signature: str = ""
    timestamp: str = ""
    authorization: str = ""


@dataclass(frozen=True)
class Delivery:
    """A request to an address: its bytes, the fields in them, and the headers that may sign it."""

    body: bytes
    fields: Mapping[str, object]
    signature_headers: SignatureHeaders = field(default_factory=SignatureHeaders)


def check_signature(key: str, delivery: Delivery, *, address: str, now: datetime) -> None:
    """Raise SignatureInvalid unless the delivery proves knowledge of the key, or SignatureExpired when it did once.

    `address` is the secret of the phone's address, for which a token must have been made; `now` is aware.
    """
    headers = delivery.signature_headers
    if headers.signature:
        _check_body(key, delivery.body, headers, now)
    elif headers.authorization[:7].lower() == "bearer ":
        _check_token(key, headers.authorization[7:].strip(), address, now)
    else:
        _check_field(key, delivery.fields)


def _check_body(key: str, body: bytes, headers: SignatureHeaders, now: datetime) -> None:
    timestamp = headers.timestamp.strip()
    expected = hmac.digest(key.encode(), body + strip_unstorable(timestamp).encode(), hashlib.sha256).hex()
    _compare(expected, headers.signature.strip().lower())
    if not timestamp:
        return
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        raise SignatureInvalid
    if abs(datetime.fromtimestamp(int(timestamp), UTC) - now) > MAX_AGE:
        raise SignatureExpired


def _check_token(key: str, token: str, address: str, now: datetime) -> None:
    """A JSON Web Token (RFC 7519) by HS256 and by no other algorithm, of this address and of now."""
    signed, _, signature = token.rpartition(".")
    head, _, claims = signed.partition(".")
    if _json_part(head).get("alg") != "HS256":
        raise SignatureInvalid
    expected = base64.urlsafe_b64encode(hmac.digest(key.encode(), signed.encode("utf-8", "replace"), hashlib.sha256))
    _compare(expected.decode().rstrip("="), signature.rstrip("="))
    values = _json_part(claims)
    audience = values.get("aud", [])
    if audience and not any(address in str(part) for part in (audience if isinstance(audience, list) else [audience])):
        raise SignatureInvalid
    expires, starts = values.get("exp"), values.get("nbf", 0)
    if not isinstance(expires, int | float) or not isinstance(starts, int | float):
        raise SignatureInvalid
    leeway, moment = _TOKEN_LEEWAY.total_seconds(), now.timestamp()
    if not starts - leeway <= moment <= expires + leeway:
        raise SignatureExpired


def _json_part(text: str) -> Mapping[str, object]:
    try:
        data = load_json(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode())
    except (binascii.Error, ValueError, PayloadUnreadable):
        raise SignatureInvalid from None
    if not isinstance(data, dict):
        raise SignatureInvalid
    return data


def _check_field(key: str, fields: Mapping[str, object]) -> None:
    timestamp, sign = strip_unstorable(str(fields.get("timestamp", ""))), fields.get("sign")
    signature = _decode_sign(sign if isinstance(sign, str) else "")
    make = feishu_sign if "msg_type" in fields else sms_forwarder_sign
    _compare(make(timestamp, key), signature)


def sms_forwarder_sign(timestamp: str, key: str) -> str:
    """SmsForwarder's signature, in Base64: HMAC-SHA256 under the key of timestamp, line feed, key."""
    mac = hmac.digest(key.encode(), f"{timestamp}\n{key}".encode(), hashlib.sha256)
    return base64.b64encode(mac).decode()


def feishu_sign(timestamp: str, key: str) -> str:
    """The signature of 飞书 robots, in Base64: HMAC-SHA256 of nothing under timestamp, line feed, key."""
    return base64.b64encode(hmac.digest(f"{timestamp}\n{key}".encode(), b"", hashlib.sha256)).decode()


def _decode_sign(text: str) -> str:
    """SmsForwarder percent-encodes its signature once by itself, within whatever encoding the body has. In Base64
    there is no space: one that a form made of a plus is a plus."""
    return unquote(text).strip().replace(" ", "+")


def _compare(expected: str, signature: str) -> None:
    if not hmac.compare_digest(expected.encode(), strip_unstorable(signature).encode()):
        raise SignatureInvalid
