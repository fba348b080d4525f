"""ETags: what a thing was when it was read, so that nobody overwrites what they have not seen.

An ETag is `"STATE-SHOWN"`. STATE is of the thing itself (of a case, its version), and what If-Match compares; SHOWN is
of the very bytes, which depend on the clock and the language as well: If-None-Match compares all of it.
"""

import hashlib
import re
from typing import Any

from django.db.models import Model
from django.http import HttpResponse

from cases.api.problem_details import ETagMismatch, PreconditionRequired
from cases.api.request import ApiRequest
from cases.domain.errors import ChangedMeanwhile
from cases.models import Case

_ETAG_FORMAT = re.compile(r'"([0-9a-f]{1,32})-[0-9a-f]{16}"')


def set_etag_source(request: ApiRequest, source: Model | str) -> None:
    """Says of which thing the answer tells."""
    request.etag_source = etag_state(source)


def etag_state(source: Model | str) -> str:
    """A case's version; of everything else a digest of all its fields, or of the text that stands for them."""
    if isinstance(source, Case):
        return str(source.version)
    if isinstance(source, Model):
        source = repr([getattr(source, field.attname) for field in source._meta.concrete_fields])
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def apply_etag(request: ApiRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its ETag; 304 where the reader has these very bytes."""
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
    """The states that If-Match names; None for any (`*`), or where it was not sent."""
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    matches = (
        _ETAG_FORMAT.fullmatch(tag.strip()) for tag in header.split(",")
    )  # weak ones never match (RFC 9110, 13.1.1)
    return [tag[1] for tag in matches if tag]


def expected_version(request: ApiRequest, case: Case, *, if_match_required: bool) -> int | None:
    """The version that If-Match names, for the engine to compare under its lock; None for any.

    Where the verb is guarded it must be sent. Raises Unconditional, ChangedMeanwhile.
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


def require_match(request: ApiRequest, source: Any) -> None:
    """Refuses to change what is not as it was read; raises Unconditional, ChangedSince. Call it with the row locked."""
    if "If-Match" not in request.headers:
        raise PreconditionRequired()
    states = _if_match_states(request)
    if states is not None and etag_state(source) not in states:
        raise ETagMismatch()
