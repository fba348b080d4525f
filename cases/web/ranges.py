"""Parts of a file for players that ask for them (RFC 9110, section 14): one range of bytes, cut from the whole."""

import re

from django.http import HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


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
