"""No cache keeps a page, neither the browser's nor a proxy's, unless its view says otherwise: they tell of people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def no_store_by_default(get_response: GetResponse) -> GetResponse:
    """Middleware: an answer that says nothing about caches is not stored."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
