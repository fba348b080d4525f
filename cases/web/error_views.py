"""Error pages for 400, 500, 503 and 507."""

import sys
from functools import cache

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader

from cases.models.storage_errors import StorageFull, storage_problem

#: Seconds after which it is worth to ask again, once the database is back.
RETRY_AFTER_SECONDS = 30


@cache
def _text(template: str) -> str:
    return loader.get_template(template).render()


def load_pages() -> None:
    """Read the pages that need no request now: when they are needed, no file may be opened any more."""
    for name in ("500.html", "503.html", "507.html"):
        _text(name)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Django's own handler looks for a CSRF token, and fails again on the body that could not be read."""
    return HttpResponseBadRequest(loader.get_template("400.html").render(request=request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 507 where there was no room for what was to be stored; 503 where it could not be stored for the moment, or
    the connection to the database was lost. The transaction was rolled back.

    No template needs the database or the user.
    """
    error = sys.exc_info()[1]
    problem = storage_problem(error)
    if isinstance(problem, StorageFull):
        return HttpResponse(_text("507.html"), status=507)
    if problem or isinstance(error, OperationalError | InterfaceError):
        response = HttpResponse(_text("503.html"), status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return HttpResponse(_text("500.html"), status=500)
