"""Monthly fees that are no longer paid."""

from decimal import Decimal

import pytest

from cases.domain.savings import CaseOfCard, FeesSaved, Period, fees_saved, months_saved, saving_cases
from cases.domain.statement_months import Month
from tests.moments import at

JANUARY, OCTOBER, NOVEMBER = Month(2026, 1), Month(2026, 10), Month(2026, 11)


def case(card: int, key: int, confirmed: str | None, fee: str | None = "10", *, is_open: bool = False) -> CaseOfCard:
    moment = at(f"{confirmed}T10:00") if confirmed else None
    return CaseOfCard(card, key, is_open, moment, Decimal(fee) if fee is not None else None)


@pytest.mark.parametrize(
    ("confirmed", "first", "last", "months"),
    [
        ((2026, 9), (2026, 10), (2026, 10), 1),
        ((2026, 10), (2026, 10), (2026, 10), 0),  # the month of the confirmation may still be charged
        ((2026, 11), (2026, 10), (2026, 10), 0),
        ((2026, 9), (2026, 1), (2026, 11), 2),
        ((2025, 12), (2026, 1), (2026, 11), 11),
        ((2024, 3), (2026, 1), (2026, 11), 11),
        ((2024, 3), (2000, 1), (2026, 11), 32),
    ],
)
def test_from_the_month_after_the_confirmation(
    confirmed: tuple[int, int], first: tuple[int, int], last: tuple[int, int], months: int
) -> None:
    assert months_saved(Month(*confirmed), Month(*first), Month(*last)) == months


@pytest.mark.parametrize(("period", "first"), [("month", "2026-11"), ("year", "2026-01"), ("all", "2000-01")])
def test_what_a_period_begins_with(period: str, first: str) -> None:
    assert str(Period(period).first_month(NOVEMBER)) == first


def test_each_card_saves_its_fee_each_month() -> None:
    cases = [case(1, 1, "2026-08-31", "19.90"), case(2, 2, "2026-09-01", "100")]
    assert fees_saved(cases, JANUARY, OCTOBER) == FeesSaved(Decimal("139.80"), 2, 0)  # 2 × 19.90 + 1 × 100
    assert fees_saved(cases, OCTOBER, OCTOBER) == FeesSaved(Decimal("119.90"), 2, 0)


def test_a_number_that_is_in_use_again_saves_nothing() -> None:
    reopened = case(1, 1, None, is_open=True)
    assert fees_saved([reopened], JANUARY, OCTOBER) == FeesSaved(Decimal(0), 0, 0)
    new_case = case(2, 3, None, is_open=True)
    assert saving_cases([case(2, 2, "2026-03-01"), new_case]) == []
    withdrawn = case(3, 5, None)
    assert saving_cases([case(3, 4, "2026-03-01"), withdrawn]) == [case(3, 4, "2026-03-01")]


def test_a_card_with_two_confirmed_cases_counts_once_from_the_later_one() -> None:
    cases = [case(1, 1, "2026-08-10"), case(1, 2, "2026-03-10")]
    assert fees_saved(cases, JANUARY, OCTOBER) == FeesSaved(Decimal(20), 1, 0)
    same_day = [case(1, 2, "2026-08-10", "7"), case(1, 1, "2026-08-10", "5")]
    assert [c.key for c in saving_cases(same_day)] == [2]


def test_without_a_fee_it_is_counted_apart_and_a_fee_of_zero_is_one() -> None:
    cases = [case(1, 1, "2026-08-10", None), case(2, 2, "2026-10-10", None), case(3, 3, "2026-08-10", "0")]
    assert fees_saved(cases, JANUARY, OCTOBER) == FeesSaved(Decimal(0), 1, 1)
