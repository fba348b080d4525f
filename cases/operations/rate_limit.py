"""Rate limits: how often a key may be used in a window of time, counted in the cache that all web processes share."""

from dataclasses import dataclass
from time import time

from django.core.cache import cache


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit: uses, and seconds until the window ends and counting starts again."""

    allowed: bool
    remaining: int
    reset_seconds: int


def consume(key: str, limit: int, seconds: int) -> Allowance:
    """Count one use of `key`; `limit` uses are allowed in each window of `seconds`, aligned to the Unix epoch. The file
    cache has no lock: of uses at the same instant one may go uncounted."""
    window, elapsed = divmod(int(time()), seconds)
    cache_key = f"rate:{key}:{window}"
    count = int(cache.get(cache_key) or 0) + 1
    cache.set(cache_key, count, seconds)
    return Allowance(count <= limit, max(limit - count, 0), seconds - elapsed)
