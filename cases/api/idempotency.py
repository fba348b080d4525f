"""Idempotency-Key: the same request sent twice is performed once, and gets the first response again.

An `IdempotencyRecord` is committed before the request is performed, and its response is stored in the transaction that
performs it: a process that ends in between leaves neither. Endpoints that commit in chunks (COMMITTING_IN_CHUNKS) pass
a submit token derived from the key, so that the engine skips what an earlier attempt has committed.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.http import HttpResponse

from cases.api.problem_details import IdempotencyKeyInUse, IdempotencyKeyReused, InvalidIdempotencyKey
from cases.api.request import ApiRequest, url_name
from cases.models import IdempotencyRecord
from cases.models.encryption import SecretUnreadable, decrypt_values, encrypt_values
from cases.operations.idempotency_records import ANSWER_LIFETIME

_KEY_FORMAT = re.compile(r"[\x21-\x7e]{1,200}")
#: The namespace (RFC 9562) of submit tokens.
_TOKEN_NAMESPACE = UUID("6f2b3c1e-58c0-4f0e-9f0b-7d1a2c3b4d5e")
#: A request without a response after this time counts as dead; its key can be claimed again.
LEASE = timedelta(seconds=60)
#: Responses that are not stored, since nothing was done: the key can be used again.
_STATUSES_WITHOUT_EFFECT = frozenset({400, 401, 403, 404, 405, 412, 413, 415, 428, 429})
#: Names of endpoints that would hold their locks for too long in one transaction.
COMMITTING_IN_CHUNKS = frozenset({"log_many", "answer_to_batch"})
_STORED_HEADERS = ("Content-Type", "ETag", "Location")


def idempotent(request: ApiRequest, call_view: Callable[[], HttpResponse]) -> HttpResponse:
    """The response of `call_view`; for a key that was used before, the stored one.

    Raises InvalidIdempotencyKey, IdempotencyKeyInUse, IdempotencyKeyReused.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return call_view()
    if not _KEY_FORMAT.fullmatch(key):
        raise InvalidIdempotencyKey()
    fingerprint = _fingerprint(request)
    record = _claim(request, key, fingerprint)
    if record.status is not None:
        return _replay(record)
    request.submit_token = submit_token_of(request, key)
    try:
        response = _run_and_store(request, call_view, record)
    except BaseException:
        IdempotencyRecord.objects.filter(pk=record.pk, status=None).delete()
        raise
    if _had_no_effect(response):
        IdempotencyRecord.objects.filter(pk=record.pk, status=None).delete()
    return response


def submit_token_of(request: ApiRequest, key: str) -> UUID:
    """The submit token of what this API token sent with an Idempotency-Key."""
    return uuid5(_TOKEN_NAMESPACE, f"{request.token.pk} {key}")


def _run_and_store(
    request: ApiRequest, call_view: Callable[[], HttpResponse], record: IdempotencyRecord
) -> HttpResponse:
    name = url_name(request)
    if name in COMMITTING_IN_CHUNKS or name.startswith("bulk_"):
        response = call_view()
        _store_response(record, response)
        return response
    with transaction.atomic():
        with transaction.atomic():
            response = call_view()
            if response.status_code >= 400:
                transaction.set_rollback(True)
        _store_response(record, response)
    return response


def _claim(request: ApiRequest, key: str, fingerprint: str) -> IdempotencyRecord:
    """The record of this key: a new one, one with a response, or one that a dead process has left."""
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                token=request.token, key=key, fingerprint=fingerprint, begun_at=request.now
            )
    except IntegrityError:
        record = IdempotencyRecord.objects.filter(token=request.token, key=key).first()
    if record is None:
        raise IdempotencyKeyInUse()
    same_claim = IdempotencyRecord.objects.filter(pk=record.pk, begun_at=record.begun_at)
    if record.begun_at <= request.now - ANSWER_LIFETIME:  # the nightly job has not deleted it yet
        same_claim.delete()
        return _claim(request, key, fingerprint)
    if record.fingerprint != fingerprint:
        raise IdempotencyKeyReused()
    if record.status is None:
        if record.begun_at > request.now - LEASE or not same_claim.filter(status=None).update(begun_at=request.now):
            raise IdempotencyKeyInUse()
        record.begun_at = request.now
    return record


def _had_no_effect(response: HttpResponse) -> bool:
    return response.status_code in _STATUSES_WITHOUT_EFFECT or response.status_code >= 500


def _store_response(record: IdempotencyRecord, response: HttpResponse) -> None:
    if _had_no_effect(response):
        return
    headers = {name: response[name] for name in _STORED_HEADERS if name in response}
    encrypted = encrypt_values({"body": response.content.decode(), "headers": json.dumps(headers)})
    IdempotencyRecord.objects.filter(pk=record.pk).update(status=response.status_code, encrypted=encrypted)


def _replay(record: IdempotencyRecord) -> HttpResponse:
    try:
        stored = decrypt_values(record.encrypted)
    except SecretUnreadable:
        raise IdempotencyKeyInUse() from None
    response = HttpResponse(stored["body"], status=record.status, headers=json.loads(stored["headers"]))
    response["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(request: ApiRequest) -> str:
    """A digest of the request; of a form's fields and files, since its boundary differs each time."""
    parts: list[object] = [request.method, request.get_full_path()]
    if request.content_type == "multipart/form-data":
        parts += [(name, request.POST.getlist(name)) for name in sorted(request.POST)]
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                digest = hashlib.sha256()
                for chunk in file.chunks():
                    digest.update(chunk)
                file.seek(0)
                parts.append((name, file.name, digest.hexdigest()))
    else:
        parts.append(hashlib.sha256(request.body).hexdigest())
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()
