"""The language of a page: the one its reader chose, otherwise Chinese.

Accept-Language is ignored: many people who prefer Chinese use an English browser.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = settings.LANGUAGE_COOKIE_NAME


def request_language(request: HttpRequest) -> str:
    """The user's language, or that of the cookie for visitors, or the default."""
    user = getattr(request, "user", None)
    language = user.language if user is not None and user.is_authenticated else request.COOKIES.get(COOKIE)
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
