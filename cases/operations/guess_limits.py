"""Failed guesses at passwords and codes, counted in the cache that all web processes share; the waits are
`cases.domain.guessing`.

An attempt is counted before it is looked at and taken back when it was right, so that many at once are not all looked
at before the first is counted. The counts of one machine are exact: a lock is held while they change.
"""

import fcntl
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from time import time

from django.conf import settings
from django.core.cache import cache

from cases.domain.guessing import Pace


def begin_attempt(paces: Mapping[str, Pace]) -> int:
    """Count an attempt under each of these keys; returns 0, or the seconds until one is looked at: then nothing is
    counted."""
    with _lock():
        now = time()
        longest_wait = max(_seconds_left(key, pace, now) for key, pace in paces.items())
        if longest_wait <= 0:
            for key, pace in paces.items():
                cache.set(_name(key), (_read(key)[0] + 1, now), pace.memory)
    return max(ceil(longest_wait), 0)


def forgive_attempt(paces: Mapping[str, Pace], *, cleared: str) -> None:
    """The attempt was right: it is taken back under each key, and under `cleared` so are all before.

    Under the others they stay: who guesses at an account must not gain by its owner's signing in.
    """
    with _lock():
        for key, pace in paces.items():
            failures, last = _read(key)
            if key == cleared or failures <= 1:
                cache.delete(_name(key))
            else:
                # The wait of those that were wrong has passed, or this one would not have been looked at.
                cache.set(_name(key), (failures - 1, last), pace.memory)


def forget_failures(key: str) -> None:
    """Nothing failed under this key."""
    cache.delete(_name(key))


def _seconds_left(key: str, pace: Pace, now: float) -> float:
    failures, last_at = _read(key)
    return min(last_at - now, 0) + pace.wait(failures)  # a clock that was set back makes nobody wait longer


def _read(key: str) -> tuple[int, float]:
    """How many failed, and when the last did."""
    stored: tuple[int, float] = cache.get(_name(key)) or (0, 0.0)
    return stored


def _name(key: str) -> str:
    """Addresses and emails are not to be read in the cache."""
    return f"guess:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}"


@contextmanager
def _lock() -> Iterator[None]:
    """Held by one thread of one process of this machine at a time."""
    with open(settings.DATA_DIR / "guesses.lock", "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
