"""The request that an endpoint of the API gets."""

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
    #: The one-time number that follows from Idempotency-Key, for the operations; None without one.
    submit_token: UUID | None
    #: The state of what the answer shows, set by the endpoint; None where the answer carries no ETag.
    etag_source: str | None
    rate_limit_headers: Mapping[str, str]
    #: What the endpoint calls a field of `cases.api.error_fields` instead.
    error_fields: Mapping[str, str]
