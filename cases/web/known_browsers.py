"""Browsers in which somebody has signed in before, told by a signed cookie: whoever guesses elsewhere does not make
them wait.

The cookie opens nothing. It holds a random name of the browser and the keys of the accounts that signed in there.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from cases.models import User

COOKIE = "__Host-known-browser" if settings.HTTPS else "known-browser"
_SALT = "cases.known-browser"
#: Seconds for which a browser is known after the last sign-in there.
LIFETIME = 180 * 24 * 3600
#: Accounts that one browser is known for; of more the latest.
_MAX_ACCOUNTS = 10


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser by the name that its cookie gives it, and the accounts that signed in there."""

    name: str
    accounts: tuple[int, ...]


def known_browser(request: HttpRequest) -> KnownBrowser | None:
    """What the cookie says; None where there is none, or none that we signed."""
    try:
        name, *accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return KnownBrowser(name, tuple(accounts))


def remember_browser(request: HttpRequest, user: User) -> None:
    """Somebody has signed in: the response will carry the cookie."""
    known = known_browser(request) or KnownBrowser(secrets.token_urlsafe(16), ())
    others = [account for account in known.accounts if account != user.pk]
    request.remembered_browser = KnownBrowser(  # type: ignore[attr-defined]
        known.name, (*others[-_MAX_ACCOUNTS + 1 :], user.pk)
    )


def known_browser_cookie(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: sets the cookie in which somebody has just signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        browser: KnownBrowser | None = getattr(request, "remembered_browser", None)
        if browser:
            value = signing.dumps([browser.name, *browser.accounts], salt=_SALT)
            response.set_cookie(COOKIE, value, max_age=LIFETIME, secure=settings.HTTPS, httponly=True, samesite="Lax")
        return response

    return middleware
