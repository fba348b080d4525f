"""Months by the clock of Shanghai, and which of them have a statement."""

import pytest

from cases.domain.statement_months import InvalidMonth, Month, MonthNotBegun, parse_month
from tests.moments import at

NOVEMBER = at("2026-11-01T00:00")


def test_a_month_is_from_midnight_to_midnight_in_shanghai() -> None:
    month = Month(2026, 12)
    assert (month.start, month.end) == (at("2026-12-01T00:00"), at("2027-01-01T00:00"))
    assert (str(month), str(month.previous), str(month.next)) == ("2026-12", "2026-11", "2027-01")
    assert str(Month(2026, 1).previous) == "2025-12"
    assert str(Month.of(at("2026-10-31T23:59"))) == "2026-10"


@pytest.mark.parametrize("text", ["2026-10", " 2026-10 ", "2026/10", "2026.10", "2026年10月"])
def test_how_a_month_may_be_written(text: str) -> None:
    assert parse_month(text, NOVEMBER) == Month(2026, 10)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "1999-12", "0000-01", "10-2026", "２０２６-10", "x\0"]
)
def test_what_names_no_month(text: str) -> None:
    with pytest.raises(InvalidMonth):
        parse_month(text, NOVEMBER)


def test_the_running_month_has_one_too() -> None:
    assert parse_month("2026-11", NOVEMBER) == Month(2026, 11)


@pytest.mark.parametrize("text", ["2026-12", "9999-12"])
def test_a_month_that_has_not_begun(text: str) -> None:
    with pytest.raises(MonthNotBegun):
        parse_month(text, NOVEMBER)
