"""Requests larger than the largest form takes are refused before their body is read.

Without this, anybody could fill the disk: Django writes uploaded files to it before a view is called. A body without a
length counts as empty; `sms_webhook`, which accepts such, limits what it reads.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.domain.file_types import MEGABYTE


def content_length(request: HttpRequest) -> int:
    """The length of the body that the request declares, in bytes; 0 where it declares none."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else 0


GetResponse = Callable[[HttpRequest], HttpResponse]


def limit_body_size(get_response: GetResponse) -> GetResponse:
    """Middleware: 413 for a declared length of more than LARGEST_BODY bytes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if content_length(request) > settings.LARGEST_BODY:
            return render(request, "413.html", {"size": settings.LARGEST_BODY // MEGABYTE}, status=413)
        return get_response(request)

    return middleware
