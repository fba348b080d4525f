"""The rate limit: requests per token and minute, counted in the cache that all web processes share."""

from django.conf import settings

from cases.api.problem_details import TooManyRequests
from cases.api.request import ApiRequest
from cases.operations.rate_limit import consume

RATE_WINDOW_SECONDS = 60


def throttle(request: ApiRequest) -> None:
    """Counts the request and sets its RateLimit headers; raises TooManyRequests beyond API_REQUESTS_A_MINUTE."""
    limit = settings.API_REQUESTS_A_MINUTE
    allowance = consume(f"api:{request.token.pk}", limit, RATE_WINDOW_SECONDS)
    request.rate_limit_headers = {
        "RateLimit-Policy": f'"token";q={limit};w={RATE_WINDOW_SECONDS}',
        "RateLimit": f'"token";r={allowance.remaining};t={allowance.reset_seconds}',
    }
    if not allowance.allowed:
        error = TooManyRequests(limit=limit, seconds=allowance.reset_seconds)
        error.headers = {"Retry-After": str(allowance.reset_seconds)}
        raise error
