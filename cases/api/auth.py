"""The door of the API: language, token, how often, what it may; and what every answer carries."""

import logging
from collections.abc import Callable
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

from cases.api.conditional import apply_etag
from cases.api.idempotency import idempotent
from cases.api.problem_details import (
    InternalError,
    MalformedRequest,
    MethodNotAllowed,
    RequestTooLarge,
    ScopeMissing,
    ServiceUnavailable,
    TokenInvalid,
    TokenMissing,
    TooManyRequests,
    problem_response,
)
from cases.api.request import ApiRequest
from cases.domain.errors import CaseError
from cases.domain.file_types import MEGABYTE
from cases.domain.roles import Right, Scope, missing_right
from cases.operations.tokens import find_token, record_use

log = logging.getLogger(__name__)

ApiView = Callable[..., HttpResponseBase]
#: Seconds in which requests are counted together.
RATE_WINDOW_SECONDS = 60
#: By the names of their addresses: what is sent here changes nothing.
READ_ONLY_POSTS = frozenset({"search_cases"})


def require_token(view: ApiView) -> ApiView:
    """Lets a request with a good token through to an endpoint; whatever goes wrong is told as a problem."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = _preferred_language(request)
        with translation.override(language):
            try:
                response = _handle(cast(ApiRequest, request), view, args, kwargs)
            except CaseError as error:
                response = problem_response(request, error)
            except RequestDataTooBig:
                response = problem_response(
                    request, RequestTooLarge(limit=f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / MEGABYTE:.1f}")
                )
            except (SuspiciousOperation, MultiPartParserError, UnreadablePostError) as error:
                response = problem_response(request, MalformedRequest(why=error))
            except (OperationalError, InterfaceError):
                log.exception("The database went away: %s %s", request.method, request.path)
                response = problem_response(request, ServiceUnavailable())
            except Exception:
                log.exception("Broken: %s %s", request.method, request.path)
                response = problem_response(request, InternalError())
        response["Content-Language"] = language
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ("Accept-Language", "Authorization"))
        for name, value in getattr(request, "rate_limit_headers", {}).items():
            response[name] = value
        return response

    return wrapper


def _preferred_language(request: HttpRequest) -> str:
    """The one of ours that Accept-Language wants most; Chinese where it wants none of them."""
    for language_range, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for language in ("zh-hans", "en"):
            if language_range.partition("-")[0] == language.partition("-")[0]:
                return language
    return settings.LANGUAGE_CODE


def _handle(request: ApiRequest, view: ApiView, args: Any, kwargs: Any) -> HttpResponseBase:
    request.now = timezone.now()
    request.submit_token, request.etag_source, request.rate_limit_headers = None, None, {}
    _authenticate(request)
    _throttle(request)
    record_use(request.token, request.now)
    method = request.method or ""
    is_change = method not in ("GET", "HEAD") and _url_name(request) not in READ_ONLY_POSTS
    if is_change:
        require_scope(request, Scope.WRITE)
        require_right(request, Right.WORK)

    def call_view() -> HttpResponse:
        if method == "HEAD":
            request.method = "GET"
        response = cast(HttpResponse, view(request, *args, **kwargs))
        if response.status_code == 405:
            method_not_allowed = problem_response(request, MethodNotAllowed(method=method))
            method_not_allowed["Allow"] = response["Allow"]
            return method_not_allowed
        response = apply_etag(request, response)
        request.method = method
        return response

    return idempotent(request, call_view) if is_change and method == "POST" else call_view()


def _url_name(request: HttpRequest) -> str:
    return (request.resolver_match and request.resolver_match.url_name) or ""


def _authenticate(request: ApiRequest) -> None:
    """Puts token, person, team and role on the request; nothing else signs anybody in here, no cookie either."""
    auth_scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if auth_scheme.lower() != "bearer" or not secret.strip():
        raise TokenMissing()
    token = find_token(secret.strip(), request.now)
    if token is None:
        raise TokenInvalid()
    request.token, request.scopes = token, frozenset(token.scopes.split())
    membership = token.membership
    request.user, request.team, request.role = membership.user, membership.team, membership.role


def _throttle(request: ApiRequest) -> None:
    """Counts this request of this minute, over all web processes; raises TooMany. Of requests at the very same instant
    one may go uncounted: the cache's files know no lock."""
    limit, timestamp = settings.API_REQUESTS_A_MINUTE, int(time())
    seconds_left = RATE_WINDOW_SECONDS - timestamp % RATE_WINDOW_SECONDS
    key = f"api:{request.token.pk}:{timestamp // RATE_WINDOW_SECONDS}"
    request_count = (cache.get(key) or 0) + 1
    cache.set(key, request_count, 2 * RATE_WINDOW_SECONDS)
    request.rate_limit_headers = {
        "RateLimit-Policy": f'"token";q={limit};w={RATE_WINDOW_SECONDS}',
        "RateLimit": f'"token";r={max(limit - request_count, 0)};t={seconds_left}',
    }
    if request_count > limit:
        error = TooManyRequests(limit=limit, seconds=seconds_left)
        error.headers = {"Retry-After": str(seconds_left)}
        raise error


def require_scope(request: ApiRequest, scope: Scope) -> None:
    """Refuses a token that was made without this scope."""
    if scope not in request.scopes:
        raise ScopeMissing(scope=scope.value)


def require_right(request: ApiRequest, right: Right) -> None:
    """Refuses where the person's role does not reach."""
    error = missing_right(request.role, right)
    if error:
        raise error
