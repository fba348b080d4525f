"""No request is larger than what the largest form takes: the rest is refused before a byte of it is read.

Without this, files in a body are written to the disk until it is full, whoever sends them and wherever to. A body
without a length counts as empty (`inbound`, which takes such, measures for itself).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.domain.file_types import MEGABYTE

GetResponse = Callable[[HttpRequest], HttpResponse]


def limit_body_size(get_response: GetResponse) -> GetResponse:
    """Middleware: 413 for what says that it is larger than LARGEST_BODY."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isascii() and length.isdigit() and int(length) > settings.LARGEST_BODY:
            return render(request, "413.html", {"size": settings.LARGEST_BODY // MEGABYTE}, status=413)
        return get_response(request)

    return middleware
