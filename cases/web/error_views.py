"""Error pages for 400, 500, 503 and 507."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader

from cases.models.storage_errors import StorageFull, storage_problem

#: Seconds after which it is worth to ask again, once the database is back.
RETRY_AFTER_SECONDS = 30


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
        return HttpResponse(loader.get_template("507.html").render(), status=507)
    if problem or isinstance(error, OperationalError | InterfaceError):
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return HttpResponse(loader.get_template("500.html").render(), status=500)
