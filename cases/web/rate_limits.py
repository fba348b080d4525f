"""How often something may be asked for, in words: counted where sign-ins are, by the rates in the settings."""

from allauth.core import ratelimit
from django.http import HttpRequest

from cases.domain.errors import CaseError, gettext_noop


class RateLimitExceeded(CaseError):
    code = "too_often"
    message = gettext_noop("That was asked for too often within a short time. Try again later; nothing is lost.")


def allow_request(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Counts this request, and whether the rate of `action` still allows it; looking (GET) is never counted."""
    return bool(ratelimit.consume(request, action=action, key=key))


def enforce_rate_limit(request: HttpRequest, action: str) -> None:
    """Counts this request; raises TooOften."""
    if not allow_request(request, action):
        raise RateLimitExceeded()
