"""ETags: what a thing was when it was read, so that nobody overwrites what they have not seen.

An ETag is `"STATE-SHOWN"`. STATE is of the thing itself (of a case, its version), and what If-Match compares; SHOWN is
of the very bytes, which depend on the clock and the language as well: If-None-Match compares all of it.
"""

import hashlib
import re
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from cases.api.problem_details import ChangedSince, Unconditional
from cases.domain.errors import ChangedMeanwhile
from cases.models import Case

_TAG = re.compile(r'"([0-9a-f]{1,32})-[0-9a-f]{16}"')


def keep_state(request: HttpRequest, thing: Model | str) -> None:
    """Says of which thing the answer tells."""
    request.state = state_of(thing)  # type: ignore[attr-defined]


def state_of(thing: Model | str) -> str:
    """A case's version; of everything else a digest of all its fields, or of the text that stands for them."""
    if isinstance(thing, Case):
        return str(thing.version)
    if isinstance(thing, Model):
        thing = repr([getattr(thing, field.attname) for field in thing._meta.concrete_fields])
    return hashlib.sha256(thing.encode()).hexdigest()[:16]


def stamp(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its ETag; 304 where the reader has these very bytes."""
    state = getattr(request, "state", None)
    if state is None or response.status_code not in (200, 201):
        return response
    tag = f'"{state}-{hashlib.sha256(response.content).hexdigest()[:16]}"'
    if request.method == "GET" and tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = tag
    return response


def _states(request: HttpRequest) -> list[str] | None:
    """The states that If-Match names; None for any (`*`), or where it was not sent."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    found = (_TAG.fullmatch(tag.strip()) for tag in given.split(","))  # weak ones never match (RFC 9110, 13.1.1)
    return [tag[1] for tag in found if tag]


def seen(request: HttpRequest, case: Case, *, guarded: bool) -> int | None:
    """The version that If-Match names, for the engine to compare under its lock; None for any.

    Where the verb is guarded it must be sent. Raises Unconditional, ChangedMeanwhile.
    """
    states = _states(request)
    if states is None:
        if guarded and "If-Match" not in request.headers:
            raise Unconditional()
        return None
    versions = [int(state) for state in states if state.isdigit() and len(state) < 10]
    if not versions or (not guarded and case.version not in versions):
        raise ChangedMeanwhile()
    return case.version if case.version in versions else versions[0]


def check_state(request: HttpRequest, thing: Any) -> None:
    """Refuses to change what is not as it was read; raises Unconditional, ChangedSince. Call it with the row locked."""
    if "If-Match" not in request.headers:
        raise Unconditional()
    states = _states(request)
    if states is not None and state_of(thing) not in states:
        raise ChangedSince()
