"""Conditional requests (RFC 9110, 13): ETag, If-None-Match, and If-Match against lost updates.

An ETag is `"STATE-CONTENT"`. STATE belongs to the object (a case's version), and is what If-Match compares. CONTENT is
a digest of the response, which also depends on the time and the language; If-None-Match compares both.

Whatever compresses a response changes its ETag: our own middleware and nginx make it weak (`W/"…"`), other servers
write the coding into it. Either form is the same tag here, in If-Match too. RFC 9110, 13.1.1 lets weak tags never match
there, because they may stand for responses that are alike but not the same bytes. Ours name a state that is stored: two
tags of one STATE cannot stand for two, so nothing can be overwritten unseen.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Model
from django.http import HttpResponse

from cases.api.problem_details import ETagMismatch, PreconditionRequired
from cases.api.request import ApiRequest
from cases.domain.errors import ChangedMeanwhile
from cases.models import Case

#: As sent, and as it comes back: weak, or with the coding's name as Apache and Caddy ("…-gzip") and Jetty ("…--gzip")
#: write it.
_ETAG_FORMAT = re.compile(
    r'(?:W/)?"(?P<state>[0-9a-f]{1,32})-(?P<content>[0-9a-f]{16})(?:--?(?:gzip|br|zstd|deflate))?"'
)


class _ETag(NamedTuple):
    state: str
    content: str

    def __str__(self) -> str:
        return f'"{self.state}-{self.content}"'


def _etags(header: str) -> Iterator[_ETag]:
    """Those of our ETags that a header lists, as they were before anything compressed them."""
    matches = (_ETAG_FORMAT.fullmatch(tag.strip()) for tag in header.split(","))
    return (_ETag(match["state"], match["content"]) for match in matches if match)


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
    tag = _ETag(state, hashlib.sha256(response.content).hexdigest()[:16])
    if request.method == "GET" and _has_current(request.headers.get("If-None-Match", ""), tag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = str(tag)
    return response


def _has_current(if_none_match: str, tag: _ETag) -> bool:
    return if_none_match.strip() == "*" or tag in _etags(if_none_match)


def _if_match_states(request: ApiRequest) -> list[str] | None:
    """The states in If-Match; None for `*` or without the header."""
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    return [tag.state for tag in _etags(header)]


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
