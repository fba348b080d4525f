"""What surrounds every endpoint: language, token, rate limit, idempotency, ETag; errors become problems."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from cases import clock
from cases.api.auth import authenticate, require_right, require_scope
from cases.api.conditional import apply_etag
from cases.api.idempotency import idempotent
from cases.api.problem_details import (
    InternalError,
    MalformedRequest,
    MethodNotAllowed,
    RequestTooLarge,
    ServiceUnavailable,
    problem_response,
)
from cases.api.request import ApiRequest, url_name
from cases.api.throttling import throttle
from cases.domain.errors import CaseError
from cases.domain.file_types import MEGABYTE
from cases.domain.roles import Right, Scope
from cases.models.storage_errors import storage_problem
from cases.operations.tokens import record_use

log = logging.getLogger(__name__)

ApiView = Callable[..., HttpResponseBase]
#: Names of endpoints whose POST changes nothing.
READ_ONLY_POSTS = frozenset({"search_cases"})


def endpoint(view: ApiView) -> ApiView:
    """Requires a valid token for a view, and turns whatever it raises into a problem (RFC 9457)."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = _preferred_language(request)
        with translation.override(language):
            try:
                response = _handle(cast(ApiRequest, request), lambda: view(request, *args, **kwargs))
            except Exception as error:
                response = problem_response(request, _as_case_error(request, error))
        response["Content-Language"] = language
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ("Accept-Language", "Authorization"))
        for name, value in getattr(request, "rate_limit_headers", {}).items():
            response[name] = value
        return response

    return wrapper


def _preferred_language(request: HttpRequest) -> str:
    """The language of ours that Accept-Language prefers; Chinese if it names none of them."""
    for language_range, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for language in ("zh-hans", "en"):
            if language_range.partition("-")[0] == language.partition("-")[0]:
                return language
    return settings.LANGUAGE_CODE


def _as_case_error(request: HttpRequest, error: Exception) -> CaseError:
    """The named error for whatever a view raised; what is our fault is logged."""
    if isinstance(error, CaseError):
        return error
    if isinstance(error, RequestDataTooBig):
        return RequestTooLarge(limit=f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / MEGABYTE:.1f}")
    if isinstance(error, SuspiciousOperation | MultiPartParserError | UnreadablePostError):
        return MalformedRequest(why=error)
    if problem := storage_problem(error):
        log.error("Not stored: %s %s: %s", request.method, request.path, " ".join(str(error).split()))
        return problem
    if isinstance(error, OperationalError | InterfaceError):
        log.exception("Database unavailable: %s %s", request.method, request.path)
        return ServiceUnavailable()
    log.exception("Broken: %s %s", request.method, request.path)
    return InternalError()


@contextmanager
def _reading_goes_on() -> Iterator[None]:
    """What is counted for each request is left out where there is no room for it: reading needs none, and what writes
    says so itself."""
    try:
        yield
    except (Error, OSError) as error:
        if storage_problem(error) is None:
            raise
        log.error("Not counted: %s", " ".join(str(error).split()))


def _handle(request: ApiRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    request.now = clock.now()
    request.submit_token, request.etag_source = None, None
    request.rate_limit_headers, request.error_fields = {}, {}
    authenticate(request)
    with _reading_goes_on():
        throttle(request)
        record_use(request.token, request.now)
    method = request.method or ""
    is_change = method not in ("GET", "HEAD") and url_name(request) not in READ_ONLY_POSTS
    if is_change:
        require_scope(request, Scope.WRITE)
        require_right(request, Right.WORK)

    def call_view() -> HttpResponse:
        if method == "HEAD":
            request.method = "GET"
        response = cast(HttpResponse, view())
        if response.status_code == 405:
            method_not_allowed = problem_response(request, MethodNotAllowed(method=method))
            method_not_allowed["Allow"] = response["Allow"]
            return method_not_allowed
        response = apply_etag(request, response)
        request.method = method
        return response

    return idempotent(request, call_view) if is_change and method == "POST" else call_view()
