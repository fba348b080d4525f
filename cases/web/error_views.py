"""The pages that say something broke or was not understood, and what is told of it to programs in between."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader

#: Seconds after which it is worth to ask again, once the database is back.
AGAIN = 30


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Django's own handler looks for a CSRF token, and trips once more over the body that was the trouble."""
    return HttpResponseBadRequest(loader.get_template("400.html").render(request=request))


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database went away in the middle, whose transaction then left nothing behind.

    Neither template needs anything: not the database, and not who asks.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = HttpResponse(loader.get_template("503.html").render(), status=503)
        answer["Retry-After"] = str(AGAIN)
        return answer
    return HttpResponse(loader.get_template("500.html").render(), status=500)
