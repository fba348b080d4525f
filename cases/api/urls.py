"""The addresses under /api/v1/: every endpoint behind the door; the contract and its pages in front of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import re_path
from django.views.decorators.http import require_safe

from cases.api.auth import require_token
from cases.api.instance import api
from cases.api.problem_details import NotFound
from cases.api.views import (  # noqa: F401  (they fill the api)
    actions,
    batches,
    bulk,
    cards,
    cases,
    exports,
    imports,
    letters,
    messages,
    meta,
    receipts,
    statistics,
)


def not_found(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotFound()


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The contract as pages, which can be tried out; everything they need lies here."""
    return render(request, "cases/api_docs.html")


def _require_token_on(pattern: Any) -> Any:
    if pattern.name == "api-root":
        pattern.callback = not_found
    if pattern.name == "openapi-json":
        pattern.callback = require_safe(pattern.callback)
    else:
        pattern.callback = require_token(pattern.callback)
    return pattern


_patterns, _app_name, _namespace = api.urls
not_found.csrf_exempt = True  # type: ignore[attr-defined]
urlpatterns = (
    [*map(_require_token_on, _patterns), re_path(r"^(?P<rest>[\s\S]*)$", require_token(not_found), name="nothing")],
    _app_name,
    _namespace,
)
