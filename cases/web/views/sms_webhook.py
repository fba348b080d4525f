"""The webhook for carriers' messages, to which phones forward their SMS. Messages are stored first and read later."""

from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from cases import clock, queue, wording
from cases.domain.message_disposition import resolve_received_at
from cases.formats.forwarder_payloads import (
    MAX_BODY_BYTES,
    MessageRefused,
    PayloadUnreadable,
    SenderMissing,
    SignatureInvalid,
    TextMissing,
    TimestampInvalid,
    check_signature,
    parse_fields,
    parse_message,
)
from cases.formats.sms.types import Sms
from cases.inbox.errors import ForwarderDisabled, ForwarderRateLimited, PayloadTooLarge, SigningKeyMissing
from cases.inbox.ingest import Incoming, IngestOutcome, MessageOrigin, count_refusal, ingest
from cases.models import Forwarder
from cases.models.choices import MessageSource
from cases.models.encryption import SecretUnreadable
from cases.operations.forwarders import find_forwarder, secrets_of
from cases.web.rate_limits import allow_request

#: The status of the answer, and the field that it is about.
_ANSWERS: dict[type[MessageRefused], tuple[int, str | None]] = {
    PayloadUnreadable: (400, "body"),
    SenderMissing: (400, "from"),
    TextMissing: (400, "content"),
    TimestampInvalid: (400, "timestamp"),
    SignatureInvalid: (403, "sign"),
    ForwarderDisabled: (410, None),
    PayloadTooLarge: (413, "body"),
    ForwarderRateLimited: (429, None),
    SigningKeyMissing: (503, None),
}


@csrf_exempt
def sms_webhook(request: HttpRequest, secret: str) -> JsonResponse:
    """Take one message. 2xx when it was handled, stored or dropped; else `error` is a sentence, and `field` names
    where. Only POST: URLs end up in logs."""
    if request.method != "POST":
        response = _error_response(405, _("Send SMS by POST only."))
        response["Allow"] = "POST"
        return response
    now = clock.now()
    forwarder = find_forwarder(secret)
    if forwarder is None:
        return _error_response(404, _("This address does not exist."))
    try:
        outcome = _ingest(request, forwarder, now)
    except MessageRefused as error:
        count_refusal(forwarder, error.code, now)
        status, field = _ANSWERS[type(error)]
        return _error_response(status, wording.error_message(error), field)
    except Forwarder.DoesNotExist:  # removed at this very moment
        return _error_response(404, _("This address does not exist."))
    return JsonResponse({"ok": True, "kept": outcome is IngestOutcome.STORED, "outcome": outcome})


def _ingest(request: HttpRequest, forwarder: Forwarder, now: datetime) -> IngestOutcome:
    if not forwarder.is_on:
        raise ForwarderDisabled
    if not allow_request("inbound", str(forwarder.pk)):
        raise ForwarderRateLimited
    body = _read_body(request)
    fields = _read_form_fields(request, body)
    key = _signing_key(forwarder)
    if key:
        check_signature(key, fields, body, request.headers.get("X-Signature", ""))
    message = parse_message(fields)
    at, is_late = resolve_received_at(message.received_at, now)
    incoming = Incoming(Sms(message.sender, message.text, at), is_late)
    (outcome,) = ingest(
        forwarder.team,
        [incoming],
        MessageOrigin(MessageSource.FORWARDER, forwarder=forwarder),
        now,
        on_stored=queue.enqueue_message_processing,
    )
    return outcome


def _signing_key(forwarder: Forwarder) -> str:
    try:
        return secrets_of(forwarder)[1]
    except SecretUnreadable:
        raise SigningKeyMissing from None


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
    try:
        return request.POST.dict()
    except (MultiPartParserError, SuspiciousOperation, BadRequest):
        raise PayloadUnreadable from None


def _error_response(status: int, sentence: str, field: str | None = None) -> JsonResponse:
    answer: dict[str, Any] = {"ok": False, "error": sentence}
    if field:
        answer["field"] = field
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
