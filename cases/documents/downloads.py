"""A receipt's bytes as an answer, whole or in part: the same for a browser and for a program."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from cases.models import Receipt

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def serve_receipt(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """Always as a download and never as a page of this site; raises ReceiptAltered."""
    response = HttpResponse(receipt.read(), content_type=receipt.detected_type)
    if receipt.is_text:
        response["Content-Type"] = "text/plain; charset=utf-8"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Disposition"] = content_disposition_header(True, receipt.download_name()) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return apply_range(request, response)


def apply_range(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response cut to the requested range; whole where none, several or an invalid one was requested.

    416 where the range begins behind the end.
    """
    data, size = response.content, len(response.content)
    response["Accept-Ranges"] = "bytes"
    range_match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if range_match is None or range_match[0] == "bytes=-" or "If-Range" in request.headers:
        return response
    first_text, last_text = range_match.groups()
    start = int(first_text) if first_text else max(size - int(last_text), 0)
    end = min(int(last_text), size - 1) if first_text and last_text else size - 1
    if start >= size or (not first_text and int(last_text) == 0):
        response.status_code, response.content = 416, b""
        response["Content-Range"] = f"bytes */{size}"
    elif start <= end:
        response.status_code, response.content = 206, data[start : end + 1]
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response
