"""Clocks that differ: a moment that is only just ahead of ours is now."""

from datetime import datetime, timedelta

#: Phones and offices' computers set by themselves differ from ours by less.
CLOCK_SKEW = timedelta(minutes=2)


def settle_moment(at: datetime, now: datetime) -> datetime:
    """`now` for a moment ahead of it by at most CLOCK_SKEW, else the moment as it is; both aware."""
    return now if now < at <= now + CLOCK_SKEW else at
