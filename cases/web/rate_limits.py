"""The rate limits of pages, by the rates in settings.RATE_LIMITS; signing in has allauth's own."""

from ipaddress import ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from cases.domain.errors import CaseError, gettext_noop
from cases.operations.rate_limit import consume


class RateLimitExceeded(CaseError):
    code = "too_often"
    message = gettext_noop("Too many requests in a short time. Nothing was lost. Wait a few minutes, then try again.")


def allow_request(action: str, key: str) -> bool:
    """Count a request by this key, and return whether the rate of `action` allows it."""
    return consume(f"{action}:{key}", *settings.RATE_LIMITS[action]).allowed


def enforce_rate_limit(action: str, key: str) -> None:
    """Count a request by this key; raises RateLimitExceeded."""
    if not allow_request(action, key):
        raise RateLimitExceeded()


def client_network(request: HttpRequest) -> str:
    """The client's IPv4 address, or its IPv6 /64, since one client may use all addresses of that."""
    address = get_adapter().get_client_ip(request)
    return str(ip_network(f"{address}/{64 if ':' in address else 32}", strict=False))
