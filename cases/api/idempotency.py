"""Idempotency-Key: the same thing sent twice is done once, and answered as the first time.

What is sent is written down before anything is done (`FirstAnswer`), and its answer in the transaction that does it: a
process that ends in between has left neither. What commits by the chunk (the endpoints in IN_CHUNKS) is done with a
one-time number that follows from the key, so that the engine passes over what an earlier try has done already.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from cases.api.problem_details import BadKey, KeyReused, KeyRunning
from cases.models import IdempotencyRecord
from cases.models.encryption import SecretUnreadable, decrypt_values, encrypt_values
from cases.operations.tokens import ANSWER_KEPT

if TYPE_CHECKING:
    from cases.api.auth import ApiRequest

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
#: From whose keys one-time numbers follow.
_NAMESPACE = UUID("6f2b3c1e-58c0-4f0e-9f0b-7d1a2c3b4d5e")
#: After this long a request that never answered is taken to be dead.
LEASE = timedelta(seconds=60)
#: Answers after which nothing was done: the key is as good as new.
_NOTHING_DONE = frozenset({400, 401, 403, 404, 405, 412, 413, 415, 428, 429})
#: By the names of their addresses: those that would hold their locks for too long in one transaction.
IN_CHUNKS = frozenset({"log_many", "answer_to_batch"})
_KEPT = ("Content-Type", "ETag", "Location")


def click(request: HttpRequest) -> UUID | None:
    """The one-time number of what was sent, for the operations; None without an Idempotency-Key."""
    number: UUID | None = getattr(request, "click", None)
    return number


def once(request: "ApiRequest", run: Callable[[], HttpResponse]) -> HttpResponse:
    """Runs it, unless it was run before: then its first answer."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return run()
    if not _KEY.fullmatch(key):
        raise BadKey()
    fingerprint = _fingerprint(request)
    mine = _claim(request, key, fingerprint)
    if mine.status is not None:
        return _again(mine)
    request.click = uuid5(_NAMESPACE, f"{request.token.pk} {key}")  # type: ignore[attr-defined]
    try:
        response = _run(request, run, mine)
    except BaseException:
        IdempotencyRecord.objects.filter(pk=mine.pk, status=None).delete()
        raise
    if response.status_code in _NOTHING_DONE or response.status_code >= 500:
        IdempotencyRecord.objects.filter(pk=mine.pk, status=None).delete()
    return response


def _run(request: "ApiRequest", run: Callable[[], HttpResponse], mine: IdempotencyRecord) -> HttpResponse:
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    if name in IN_CHUNKS or name.startswith("bulk_"):
        response = run()
        _keep(mine, response)
        return response
    with transaction.atomic():
        with transaction.atomic():
            response = run()
            if response.status_code >= 400:
                transaction.set_rollback(True)
        _keep(mine, response)
    return response


def _claim(request: "ApiRequest", key: str, fingerprint: str) -> IdempotencyRecord:
    """The row of this key: new, answered already, or left behind by a process that is dead."""
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                token=request.token, key=key, fingerprint=fingerprint, begun_at=request.now
            )
    except IntegrityError:
        found = IdempotencyRecord.objects.filter(token=request.token, key=key).first()
    if found is None:
        raise KeyRunning()
    taken = IdempotencyRecord.objects.filter(pk=found.pk, begun_at=found.begun_at)
    if found.begun_at <= request.now - ANSWER_KEPT:  # the nightly job has not come by yet
        taken.delete()
        return _claim(request, key, fingerprint)
    if found.fingerprint != fingerprint:
        raise KeyReused()
    if found.status is None:
        if found.begun_at > request.now - LEASE or not taken.filter(status=None).update(begun_at=request.now):
            raise KeyRunning()
        found.begun_at = request.now
    return found


def _keep(mine: IdempotencyRecord, response: HttpResponse) -> None:
    if response.status_code in _NOTHING_DONE or response.status_code >= 500:
        return
    headers = {name: response[name] for name in _KEPT if name in response}
    sealed = encrypt_values({"body": response.content.decode(), "headers": json.dumps(headers)})
    IdempotencyRecord.objects.filter(pk=mine.pk).update(status=response.status_code, sealed=sealed)


def _again(mine: IdempotencyRecord) -> HttpResponse:
    try:
        kept = decrypt_values(mine.sealed)
    except SecretUnreadable:
        raise KeyRunning() from None
    response = HttpResponse(kept["body"], status=mine.status, headers=json.loads(kept["headers"]))
    response["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    """Of what was sent. Of a form its fields and files: the boundary between them differs each time."""
    parts: list[Any] = [request.method, request.get_full_path()]
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
