"""The addresses under /api/v1/: every endpoint behind the door; the contract and its pages in front of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import re_path
from django.views.decorators.http import require_safe

from cases.api.auth import door
from cases.api.instance import api
from cases.api.problem_details import NothingHere


def nothing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NothingHere()


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The contract as pages, which can be tried out; everything they need lies here."""
    return render(request, "cases/api_docs.html")


def _guarded(pattern: Any) -> Any:
    if pattern.name == "api-root":
        pattern.callback = nothing
    if pattern.name == "openapi-json":
        pattern.callback = require_safe(pattern.callback)
    else:
        pattern.callback = door(pattern.callback)
    return pattern


_patterns, _app_name, _namespace = api.urls
nothing.csrf_exempt = True  # type: ignore[attr-defined]
urlpatterns = (
    [*map(_guarded, _patterns), re_path(r"^(?P<rest>[\s\S]*)$", door(nothing), name="nothing")],
    _app_name,
    _namespace,
)
