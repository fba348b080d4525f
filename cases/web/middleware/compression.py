"""Pages are compressed: a long list is a tenth of its size. Files are compressed already, or stream."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompressionMiddleware(GZipMiddleware):
    """Middleware. A page's length tells no secret (BREACH): form tokens are masked anew in each response, and Django
    adds random bytes to it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_text = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
        return super().process_response(request, response) if is_text and not response.streaming else response
