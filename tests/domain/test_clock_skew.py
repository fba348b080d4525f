"""Moments ahead of our clock."""

from datetime import datetime

import pytest

from cases.domain.business_days import SHANGHAI
from cases.domain.clock_skew import settle_moment

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("hour", "minute", "second", "settled"),
    [(10, 0, 1, "10:00:00"), (10, 2, 0, "10:00:00"), (10, 2, 1, "10:02:01"), (9, 59, 0, "09:59:00")],
)
def test_two_minutes_ahead_are_now(hour: int, minute: int, second: int, settled: str) -> None:
    moment = NOW.replace(hour=hour, minute=minute, second=second)
    assert f"{settle_moment(moment, NOW):%H:%M:%S}" == settled
