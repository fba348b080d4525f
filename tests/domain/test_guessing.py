"""Waits after failed guesses: none at first, then growing, and never without end."""

import pytest

from cases.domain.guessing import ACCOUNT, ACCOUNT_CODES, ADDRESS, ADDRESS_ALL, BROWSER, Pace


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (10_000, 900)],
)
def test_one_address_with_one_account(failures: int, wait: int) -> None:
    assert ADDRESS.wait(failures) == wait
    assert BROWSER.wait(failures) == wait


@pytest.mark.parametrize(("failures", "wait"), [(19, 0), (20, 2), (21, 4), (24, 32), (25, 60), (1000, 60)])
def test_one_account_from_everywhere(failures: int, wait: int) -> None:
    assert ACCOUNT.wait(failures) == wait


@pytest.mark.parametrize(("failures", "wait"), [(9, 0), (10, 30), (14, 480), (15, 600), (1000, 600)])
def test_the_codes_of_one_account_from_everywhere(failures: int, wait: int) -> None:
    assert ACCOUNT_CODES.wait(failures) == wait


@pytest.mark.parametrize(("failures", "wait"), [(29, 0), (30, 2), (34, 32), (35, 60)])
def test_one_address_with_all_accounts(failures: int, wait: int) -> None:
    assert ADDRESS_ALL.wait(failures) == wait


def test_guesses_a_day_at_one_account() -> None:
    """Whoever has any number of machines, in the long run: what security.md says."""
    assert _guesses_a_day(ACCOUNT) == 1463
    assert _guesses_a_day(ACCOUNT_CODES) == 157


def _guesses_a_day(pace: Pace) -> int:
    failures, seconds = 0, 0
    while seconds < 24 * 3600:
        failures += 1
        seconds += pace.wait(failures)
    return failures
