"""Pages are not cached, by browsers or proxies, unless their view says otherwise: they show personal data."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def no_store_by_default(get_response: GetResponse) -> GetResponse:
    """Middleware: responses without Cache-Control get `private, no-store`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
