"""URLs under /api/v1/: the endpoints need a token; the OpenAPI document and its pages do not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from cases.api.endpoints import endpoint
from cases.api.instance import api
from cases.api.problem_details import NotFound
from cases.api.views import (  # noqa: F401  (importing them registers their endpoints)
    actions,
    batches,
    bulk,
    cards,
    cases,
    corrections,
    exports,
    imports,
    letters,
    messages,
    meta,
    receipts,
    statistics,
)


@csrf_exempt
def not_found(request: HttpRequest, **kwargs: str) -> HttpResponse:
    raise NotFound()


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as pages to try out; they load nothing from other hosts."""
    return render(request, "cases/api_docs.html")


def _wrap_callback(pattern: URLPattern | URLResolver) -> URLPattern:
    assert isinstance(pattern, URLPattern)  # the API has no nested routers
    if pattern.name == "api-root":
        pattern.callback = not_found
    if pattern.name == "openapi-json":
        pattern.callback = require_safe(pattern.callback)
    else:
        pattern.callback = endpoint(pattern.callback)
    return pattern


_patterns, _app_name, _namespace = api.urls
urlpatterns = (
    [*map(_wrap_callback, _patterns), re_path(r"^(?P<rest>[\s\S]*)$", endpoint(not_found), name="nothing")],
    _app_name,
    _namespace,
)
