"""The moment that counts as now: the only place where the product reads the clock.

The setting XIAOKA_NOW replaces it, so that a year can be lived through from outside, with real commands and a real
server. It is refused outside DEBUG and tests (`tracker.settings`). Libraries (sessions, the queue's schedules) keep
the real time.
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The moment now, aware: the real one, or that of XIAOKA_NOW.

    A value with `@` in front names a file that holds the moment and is read again each time, so that a running server
    can be moved. Raises ValueError for a file that holds no moment with its offset, and OSError without the file.
    """
    value: str = settings.XIAOKA_NOW
    return parse_now(value) if value else timezone.now()


def parse_now(value: str) -> datetime:
    """The moment of a value of XIAOKA_NOW; ValueError where it is not ISO 8601 with an offset."""
    text = Path(value[1:]).read_text().strip() if value.startswith("@") else value
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return moment
