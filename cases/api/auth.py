"""The door of the API: language, token, how often, what it may; and what every answer carries."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from time import time
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from cases.api.conditional import stamp
from cases.api.idempotency import once
from cases.api.problem_details import (
    Away,
    Broken,
    Malformed,
    NoToken,
    OnlyManagers,
    OnlyViewer,
    ScopeMissing,
    TokenNotGood,
    TooLarge,
    TooMany,
    WrongMethod,
    problem,
)
from cases.domain.errors import CaseError
from cases.domain.file_types import MEGABYTE
from cases.domain.roles import Right, Scope, has_right
from cases.models import ApiToken, Team, User
from cases.operations.tokens import find_token, note_use

log = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
#: Seconds in which requests are counted together.
WINDOW = 60
#: By the names of their addresses: what is sent here changes nothing.
LOOKING = frozenset({"search_cases"})


class ApiRequest(HttpRequest):
    """A request that came with a good token; `now` is read once."""

    token: ApiToken
    user: User
    team: Team
    role: str
    scopes: frozenset[str]
    now: datetime


def door(view: View) -> View:
    """Lets a request with a good token through to an endpoint; whatever goes wrong is told as a problem."""

    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = _language(request)
        with translation.override(language):
            try:
                response = _enter(cast(ApiRequest, request), view, args, kwargs)
            except CaseError as error:
                response = problem(request, error)
            except RequestDataTooBig:
                response = problem(request, TooLarge(limit=f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / MEGABYTE:.1f}"))
            except (SuspiciousOperation, MultiPartParserError, UnreadablePostError) as error:
                response = problem(request, Malformed(why=error))
            except (OperationalError, InterfaceError):
                log.exception("The database went away: %s %s", request.method, request.path)
                response = problem(request, Away())
            except Exception:
                log.exception("Broken: %s %s", request.method, request.path)
                response = problem(request, Broken())
        response["Content-Language"] = language
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ("Accept-Language", "Authorization"))
        for name, value in getattr(request, "counted", {}).items():
            response[name] = value
        return response

    return through


def _language(request: HttpRequest) -> str:
    """The one of ours that Accept-Language wants most; Chinese where it wants none of them."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for ours in ("zh-hans", "en"):
            if wanted.partition("-")[0] == ours.partition("-")[0]:
                return ours
    return settings.LANGUAGE_CODE


def _enter(request: ApiRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    request.now = timezone.now()
    _recognise(request)
    _count(request)
    note_use(request.token, request.now)
    method = request.method or ""
    changes = method not in ("GET", "HEAD") and _name(request) not in LOOKING
    if changes:
        need(request, Scope.WRITE)
        check(request, Right.WORK)

    def run() -> HttpResponse:
        if method == "HEAD":
            request.method = "GET"
        response = cast(HttpResponse, view(request, *args, **kwargs))
        if response.status_code == 405:
            refused = problem(request, WrongMethod(method=method))
            refused["Allow"] = response["Allow"]
            return refused
        response = stamp(request, response)
        request.method = method
        return response

    return once(request, run) if changes and method == "POST" else run()


def _name(request: HttpRequest) -> str:
    return (request.resolver_match and request.resolver_match.url_name) or ""


def _recognise(request: ApiRequest) -> None:
    """Puts token, person, team and role on the request; nothing else signs anybody in here, no cookie either."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise NoToken()
    token = find_token(secret.strip(), request.now)
    if token is None:
        raise TokenNotGood()
    request.token, request.scopes = token, frozenset(token.scopes.split())
    membership = token.membership
    request.user, request.team, request.role = membership.user, membership.team, membership.role


def _count(request: ApiRequest) -> None:
    """Counts this request of this minute, over all web processes; raises TooMany. Of requests at the very same instant
    one may go uncounted: the cache's files know no lock."""
    limit, moment = settings.API_REQUESTS_A_MINUTE, int(time())
    left_seconds = WINDOW - moment % WINDOW
    key = f"api:{request.token.pk}:{moment // WINDOW}"
    used = (cache.get(key) or 0) + 1
    cache.set(key, used, 2 * WINDOW)
    request.counted = {  # type: ignore[attr-defined]
        "RateLimit-Policy": f'"token";q={limit};w={WINDOW}',
        "RateLimit": f'"token";r={max(limit - used, 0)};t={left_seconds}',
    }
    if used > limit:
        error = TooMany(limit=limit, seconds=left_seconds)
        error.headers = {"Retry-After": str(left_seconds)}
        raise error


def need(request: ApiRequest, scope: Scope) -> None:
    """Refuses a token that was made without this scope."""
    if scope not in request.scopes:
        raise ScopeMissing(scope=scope.value)


def check(request: ApiRequest, right: Right) -> None:
    """Refuses where the person's role does not reach."""
    if not has_right(request.role, right):
        raise OnlyManagers() if right is Right.MANAGE else OnlyViewer()
