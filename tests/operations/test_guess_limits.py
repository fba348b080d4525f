"""Counting failed guesses: before they are looked at, each under several keys, and taken back when one was right."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from cases.domain.guessing import Pace
from cases.operations import guess_limits
from cases.operations.guess_limits import begin_attempt, forget_failures, forgive_attempt

QUICK, SLOW = Pace(2, 10, 80, memory=1000), Pace(4, 60, 60, memory=1000)
BOTH = {"browser": QUICK, "account": SLOW}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[float]:
    """The time in seconds; the first of the list is now."""
    settings.DATA_DIR = tmp_path
    cache.clear()
    now = [1_000_000.0]
    monkeypatch.setattr(guess_limits, "time", lambda: now[0])
    return now


def test_an_attempt_that_must_wait_is_not_counted(clock: list[float]) -> None:
    assert [begin_attempt(BOTH) for _ in range(5)] == [0, 0, 10, 10, 10]
    clock[0] += 9.5
    assert begin_attempt(BOTH) == 1  # of a part of a second a whole one
    clock[0] += 0.5
    assert [begin_attempt(BOTH), begin_attempt(BOTH)] == [0, 20]


def test_the_longest_wait_of_all_keys_counts(clock: list[float]) -> None:
    for browser in ("a", "b", "c", "d"):
        assert begin_attempt({browser: QUICK, "account": SLOW}) == 0
    assert begin_attempt({"e": QUICK, "account": SLOW}) == 60
    assert begin_attempt({"e": QUICK}) == 0  # nothing was counted under e
    clock[0] += 60
    assert begin_attempt({"e": QUICK, "account": SLOW}) == 0


def test_a_clock_that_was_set_back_makes_nobody_wait_longer(clock: list[float]) -> None:
    for _ in range(2):
        begin_attempt(BOTH)
    clock[0] -= 500
    assert begin_attempt(BOTH) == 10


def test_a_right_attempt_is_taken_back_under_each_key_and_all_under_one(clock: list[float]) -> None:
    for _ in range(2):
        begin_attempt(BOTH)
    clock[0] += 10
    assert begin_attempt(BOTH) == 0
    forgive_attempt(BOTH, cleared="browser")
    assert [begin_attempt({"browser": QUICK}) for _ in range(3)] == [0, 0, 10]
    # Two wrong ones of three stay with the account: two more are free.
    assert [begin_attempt({"account": SLOW}) for _ in range(3)] == [0, 0, 60]


def test_a_right_attempt_that_was_the_only_one_leaves_nothing(clock: list[float]) -> None:
    begin_attempt(BOTH)
    forgive_attempt(BOTH, cleared="none")
    assert [begin_attempt(BOTH) for _ in range(3)] == [0, 0, 10]


def test_forgotten_under_one_key(clock: list[float]) -> None:
    for _ in range(2):
        begin_attempt(BOTH)
    forget_failures("browser")
    assert [begin_attempt({"browser": QUICK}) for _ in range(3)] == [0, 0, 10]
    assert [begin_attempt({"account": SLOW}) for _ in range(3)] == [0, 0, 60]


def test_no_key_is_to_be_read_in_the_cache(clock: list[float]) -> None:
    assert guess_limits._name("li.na@example.com") == guess_limits._name("li.na@example.com")
    assert "li.na" not in guess_limits._name("li.na@example.com")
    assert len({guess_limits._name(key) for key in ("a", "b", "\ud800")}) == 3
