"""Error pages for 400, 500 and 503."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader

#: Seconds after which it is worth to ask again, once the database is back.
RETRY_AFTER_SECONDS = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Django's own handler looks for a CSRF token, and fails again on the body that could not be read."""
    return HttpResponseBadRequest(loader.get_template("400.html").render(request=request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the connection to the database was lost, and the transaction was rolled back.

    Neither template needs the database or the user.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return HttpResponse(loader.get_template("500.html").render(), status=500)
