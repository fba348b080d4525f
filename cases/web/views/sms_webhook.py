"""The webhook for carriers' messages, to which phones forward their SMS. Messages are stored first and read later."""

import logging
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from cases import clock, wording
from cases.formats.forwarders.body import MAX_BODY_BYTES, parse_fields
from cases.formats.forwarders.refusals import (
    MessageInAddress,
    MessageRefused,
    PayloadUnreadable,
    SenderMissing,
    SignatureExpired,
    SignatureInvalid,
    TextEncrypted,
    TextMissing,
)
from cases.formats.forwarders.signatures import Delivery, SignatureHeaders
from cases.inbox.errors import ForwarderDisabled, ForwarderRateLimited, PayloadTooLarge, SigningKeyMissing
from cases.inbox.forwarding import receive
from cases.inbox.ingest import IngestOutcome, count_refusal
from cases.inbox.spool import keep_delivery
from cases.models import Forwarder, Team
from cases.operations.forwarders import find_forwarder
from cases.operations.secret_digest import digest_secret
from cases.web.rate_limits import allow_request

log = logging.getLogger(__name__)

#: The status of the answer, and the field that it is about.
_ANSWERS: dict[type[MessageRefused], tuple[int, str | None]] = {
    PayloadUnreadable: (400, "body"),
    SenderMissing: (400, "from"),
    TextMissing: (400, "content"),
    TextEncrypted: (400, "content"),
    MessageInAddress: (400, "body"),
    SignatureInvalid: (403, "sign"),
    SignatureExpired: (403, "sign"),
    ForwarderDisabled: (410, None),
    PayloadTooLarge: (413, "body"),
    ForwarderRateLimited: (429, None),
    SigningKeyMissing: (503, None),
}
_METHODS = ("POST", "PUT", "PATCH")
#: The database does not answer, or the disk is full: what says that a message cannot be stored now.
_STORAGE_ERRORS = (Error, OSError)
#: Seconds after which a program may try again.
_RETRY_AFTER = 60


@csrf_exempt
def sms_webhook(request: HttpRequest, secret: str) -> JsonResponse:
    """Take one message. 2xx when it was handled, stored or dropped; else `error` is a sentence, and `field` names
    where. Not by GET: URLs end up in logs.

    Where it cannot be stored now the answer is 503, and the message waits in the spool if it can.
    """
    if request.method not in _METHODS:
        response = _error_response(
            405, _("Send SMS by POST, PUT or PATCH. With GET they are in the address, and addresses end up in logs.")
        )
        response["Allow"] = ", ".join(_METHODS)
        return response
    now = clock.now()
    try:
        forwarder = find_forwarder(secret)
    except Error as error:
        return _keep_for_later(request, secret, now, error)
    if forwarder is None:
        return _error_response(404, _("This address does not exist."))
    delivery = None
    try:
        if not forwarder.is_on:
            raise ForwarderDisabled
        _limit_rate(str(forwarder.pk))
        delivery = _read_delivery(request)
        outcome = receive(forwarder, delivery, arrived_at=now, now=now)
    except MessageRefused as error:
        with suppress(*_STORAGE_ERRORS):
            count_refusal(forwarder, error.code, now)
        return _refusal_response(error)
    except (Forwarder.DoesNotExist, Team.DoesNotExist):  # removed at this very moment
        return _error_response(404, _("This address does not exist."))
    except _STORAGE_ERRORS as error:
        return _unavailable_response(secret, delivery, now, error)
    return JsonResponse({"ok": True, "kept": outcome is IngestOutcome.STORED, "outcome": outcome})


def _keep_for_later(request: HttpRequest, secret: str, now: datetime, error: Error) -> JsonResponse:
    """Without the database nobody knows whose address it is: it is looked up when the spool is taken in."""
    try:
        _limit_rate(digest_secret(secret))
        delivery = _read_delivery(request)
    except MessageRefused as refusal:
        return _refusal_response(refusal)
    return _unavailable_response(secret, delivery, now, error)


def _unavailable_response(secret: str, delivery: Delivery | None, now: datetime, error: Exception) -> JsonResponse:
    try:
        is_kept = delivery is not None and keep_delivery(digest_secret(secret), delivery, now)
    except MessageRefused as refusal:
        return _refusal_response(refusal)
    log.error("An SMS cannot be stored now (%s); in the spool: %s", type(error).__name__, "yes" if is_kept else "no")
    response = _error_response(503, _("The server cannot store the SMS at the moment. Send it again later."))
    response["Retry-After"] = str(_RETRY_AFTER)
    return response


def _limit_rate(key: str) -> None:
    """Raises ForwarderRateLimited. Where the disk is too full to count, nobody is refused for that."""
    try:
        is_allowed = allow_request("inbound", key)
    except OSError:
        return
    if not is_allowed:
        raise ForwarderRateLimited


def _read_delivery(request: HttpRequest) -> Delivery:
    """The request's fields, bytes and signatures; raises PayloadTooLarge, PayloadUnreadable, MessageInAddress."""
    body = _read_body(request)
    fields = _read_form_fields(request, body)
    # SmsForwarder does so with PUT and PATCH where no template is set.
    if not fields and {"from", "content"} & set(request.GET):
        raise MessageInAddress
    names = ("X-Signature", "X-Timestamp", "Authorization")
    return Delivery(body, fields, SignatureHeaders(*(request.headers.get(name, "") for name in names)))


def _read_body(request: HttpRequest) -> bytes:
    """The body, of which no more than the limit is read. Raises PayloadTooLarge, PayloadUnreadable.

    Django takes a body without a length for an empty one; the gateway app sends such, in chunks, which the web server
    has joined.
    """
    try:
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            body: bytes = request.environ["wsgi.input"].read(MAX_BODY_BYTES + 1)  # type: ignore[attr-defined]
        elif int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
            raise PayloadTooLarge
        else:
            body = request.body
    except (OSError, ValueError):  # the other side went away
        raise PayloadUnreadable from None
    if len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge
    return body


def _read_form_fields(request: HttpRequest, body: bytes) -> dict[str, Any]:
    if request.content_type != "multipart/form-data":
        return parse_fields(body, request.headers.get("Content-Type", ""))
    if request.method != "POST":  # Django reads such a form for POST alone, and no program sends it otherwise
        raise PayloadUnreadable
    try:
        return request.POST.dict()
    except (MultiPartParserError, SuspiciousOperation, BadRequest):
        raise PayloadUnreadable from None


def _refusal_response(error: MessageRefused) -> JsonResponse:
    status, field = _ANSWERS[type(error)]
    return _error_response(status, wording.error_message(error), field)


def _error_response(status: int, sentence: str, field: str | None = None) -> JsonResponse:
    answer: dict[str, Any] = {"ok": False, "error": sentence}
    if field:
        answer["field"] = field
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
