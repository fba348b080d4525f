"""The pages that say something broke or was not understood, and what is told of it to programs in between."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader

#: Seconds after which it is worth to ask again, once the database is back.
RETRY_AFTER_SECONDS = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Django's own handler looks for a CSRF token, and trips once more over the body that was the trouble."""
    return HttpResponseBadRequest(loader.get_template("400.html").render(request=request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database went away in the middle, whose transaction then left nothing behind.

    Neither template needs anything: not the database, and not who asks.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return HttpResponse(loader.get_template("500.html").render(), status=500)
