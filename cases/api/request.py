"""The request that endpoints of the API get."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from cases.models import ApiToken, Team, User


class ApiRequest(HttpRequest):
    """A request with a valid token; `now` (aware) is read once."""

    token: ApiToken
    user: User
    team: Team
    role: str
    scopes: frozenset[str]
    now: datetime
    #: Derived from the Idempotency-Key, for operations; None without one.
    submit_token: UUID | None
    #: The state of the object in the response, set by the endpoint; None for a response without an ETag.
    etag_source: str | None
    rate_limit_headers: Mapping[str, str]
    #: What the endpoint calls a field of `cases.api.error_fields` instead.
    error_fields: Mapping[str, str]


def url_name(request: HttpRequest) -> str:
    """The name of the URL pattern, which is the name of the endpoint's function; empty for an unknown URL."""
    return (request.resolver_match and request.resolver_match.url_name) or ""
