"""Conditional requests (RFC 9110, 13): ETag, If-None-Match, and If-Match against lost updates.

An ETag is `"STATE-CONTENT"`. STATE belongs to the object (a case's version), and is what If-Match compares. CONTENT is
a digest of the response, which also depends on the time and the language; If-None-Match compares both.
"""

import hashlib
import re

from django.db.models import Model
from django.http import HttpResponse

from cases.api.problem_details import ETagMismatch, PreconditionRequired
from cases.api.request import ApiRequest
from cases.domain.errors import ChangedMeanwhile
from cases.models import Case

_ETAG_FORMAT = re.compile(r'"([0-9a-f]{1,32})-[0-9a-f]{16}"')


def set_etag_source(request: ApiRequest, source: Model | str) -> None:
    """Sets the object, or a text that stands for its state, of which the response gets the ETag."""
    request.etag_source = etag_state(source)


def etag_state(source: Model | str) -> str:
    """A case's version; otherwise a digest of the object's columns, or of the text."""
    if isinstance(source, Case):
        return str(source.version)
    if isinstance(source, Model):
        source = repr([getattr(source, field.attname) for field in source._meta.concrete_fields])
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def apply_etag(request: ApiRequest, response: HttpResponse) -> HttpResponse:
    """The response with its ETag; 304 if the client has the same content."""
    state = request.etag_source
    if state is None or response.status_code not in (200, 201):
        return response
    tag = f'"{state}-{hashlib.sha256(response.content).hexdigest()[:16]}"'
    if request.method == "GET" and tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = tag
    return response


def _if_match_states(request: ApiRequest) -> list[str] | None:
    """The states in If-Match; None for `*` or without the header."""
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    # weak ETags never match (RFC 9110, 13.1.1)
    matches = (_ETAG_FORMAT.fullmatch(tag.strip()) for tag in header.split(","))
    return [tag[1] for tag in matches if tag]


def expected_version(request: ApiRequest, case: Case, *, if_match_required: bool) -> int | None:
    """The version in If-Match, for the engine to compare under its lock; None for any.

    Raises PreconditionRequired, if the header is required and missing; ChangedMeanwhile.
    """
    states = _if_match_states(request)
    if states is None:
        if if_match_required and "If-Match" not in request.headers:
            raise PreconditionRequired()
        return None
    versions = [int(state) for state in states if state.isdigit() and len(state) < 10]
    if not versions or (not if_match_required and case.version not in versions):
        raise ChangedMeanwhile()
    return case.version if case.version in versions else versions[0]


def require_match(request: ApiRequest, source: Model | str) -> None:
    """Raises PreconditionRequired without If-Match, ETagMismatch if the object has changed since. Call it with the row
    locked."""
    if "If-Match" not in request.headers:
        raise PreconditionRequired()
    states = _if_match_states(request)
    if states is not None and etag_state(source) not in states:
        raise ETagMismatch()
