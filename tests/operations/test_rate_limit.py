"""Rate limits: what a window allows, when it ends, and that keys do not share one."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from cases.operations.rate_limit import Allowance, consume
from tests.helpers import at


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def test_a_window_allows_its_limit_and_then_begins_anew() -> None:
    with time_machine.travel(at("2026-10-16T10:00") + timedelta(seconds=18), tick=False) as clock:
        assert consume("a", 2, 60) == Allowance(allowed=True, remaining=1, reset_seconds=42)
        assert consume("a", 2, 60) == Allowance(allowed=True, remaining=0, reset_seconds=42)
        assert consume("a", 2, 60) == Allowance(allowed=False, remaining=0, reset_seconds=42)
        assert consume("b", 2, 60).allowed
        clock.move_to(at("2026-10-16T10:01"))
        assert consume("a", 2, 60) == Allowance(allowed=True, remaining=1, reset_seconds=60)
