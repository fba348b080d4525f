"""A receipt's bytes as an answer, whole or in part: the same for a browser and for a program."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from cases.models import Receipt

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def hand_out(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """Always as a download and never as a page of this site; raises ReceiptAltered."""
    response = HttpResponse(receipt.read(), content_type=receipt.detected_type)
    if receipt.is_text:
        response["Content-Type"] = "text/plain; charset=utf-8"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Disposition"] = content_disposition_header(True, receipt.download_name()) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return part(request, response)


def part(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response cut to the range that was asked for; whole where none, several or a senseless one was.

    416 where the range begins behind the end.
    """
    data, size = response.content, len(response.content)
    response["Accept-Ranges"] = "bytes"
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked[0] == "bytes=-" or "If-Range" in request.headers:
        return response
    first, last = asked.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or (not first and int(last) == 0):
        response.status_code, response.content = 416, b""
        response["Content-Range"] = f"bytes */{size}"
    elif start <= end:
        response.status_code, response.content = 206, data[start : end + 1]
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response
