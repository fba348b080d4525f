"""The rate limit: requests per token and minute, counted in the cache that all web processes share."""

from time import time

from django.conf import settings
from django.core.cache import cache

from cases.api.problem_details import TooManyRequests
from cases.api.request import ApiRequest

RATE_WINDOW_SECONDS = 60


def throttle(request: ApiRequest) -> None:
    """Counts the request and sets its RateLimit headers; raises TooManyRequests beyond API_REQUESTS_A_MINUTE."""
    limit, timestamp = settings.API_REQUESTS_A_MINUTE, int(time())
    window, elapsed = divmod(timestamp, RATE_WINDOW_SECONDS)
    seconds_left = RATE_WINDOW_SECONDS - elapsed
    request_count = _count(f"api:{request.token.pk}:{window}")
    request.rate_limit_headers = {
        "RateLimit-Policy": f'"token";q={limit};w={RATE_WINDOW_SECONDS}',
        "RateLimit": f'"token";r={max(limit - request_count, 0)};t={seconds_left}',
    }
    if request_count > limit:
        error = TooManyRequests(limit=limit, seconds=seconds_left)
        error.headers = {"Retry-After": str(seconds_left)}
        raise error


def _count(key: str) -> int:
    """How many requests the window has, this one included. The file cache has no lock: of two at the same instant one
    may not be counted."""
    count = int(cache.get(key) or 0) + 1
    cache.set(key, count, 2 * RATE_WINDOW_SECONDS)
    return count
