"""What a delay costs by the day (domain.md, 'Charges and the cost of the delay'), with the sums done by hand."""

from decimal import Decimal

import pytest

from cases.domain.costs import WaitingPeriod, calendar_days_late, delay_cost, is_after_cancellation, is_final_bill_out
from tests.moments import NOW, at, on


def held(window_ended: str, started: str, ended: str | None = None) -> WaitingPeriod:
    return WaitingPeriod(at(window_ended), at(started), at(ended) if ended else None)


#: Submitted on 2026-09-30; the window ends with 10-13.
RUNNING = held("2026-10-14 00:00", "2026-09-30 15:00")


@pytest.mark.parametrize(
    ("now", "days", "cost"),
    [
        ("2026-10-13 23:59", 0, "0.00"),
        ("2026-10-14 00:00", 0, "0.00"),  # overdue, and no day of it has begun to cost: see the next minute
        ("2026-10-14 00:01", 1, "1.00"),
        ("2026-10-16 10:00", 3, "3.00"),
        ("2026-11-01 00:00", 18, "18.00"),
        ("2026-11-02 09:00", 20, "20.07"),  # 18 of October's 31 days, 2 of November's 30: 18 + 62/30
    ],
)
def test_a_request_without_answer_costs_the_fee_of_each_day(now: str, days: int, cost: str) -> None:
    assert calendar_days_late([RUNNING], at(now)) == days
    assert delay_cost(Decimal("31"), [RUNNING], at(now)) == Decimal(cost)


def test_an_answer_in_time_costs_nothing() -> None:
    answered = [held("2026-10-14 00:00", "2026-09-30 15:00", "2026-10-09 10:00")]
    assert calendar_days_late(answered, at("2026-12-01 10:00")) == 0
    assert delay_cost(Decimal("100"), answered, at("2026-12-01 10:00")) == 0


def test_a_promise_of_a_later_day_does_not_move_the_carriers_own_window() -> None:
    rounds = [
        held("2026-10-14 00:00", "2026-09-30 15:00", "2026-10-12 10:00"),
        held("2026-10-14 00:00", "2026-10-12 10:00", "2026-10-20 16:00"),  # promised for the 20th, kept
    ]
    assert calendar_days_late(rounds, at("2026-12-01 10:00")) == 7  # 14 to 20 October
    assert delay_cost(Decimal("31.00"), rounds, at("2026-12-01 10:00")) == Decimal("7.00")


def test_days_on_which_it_was_our_turn_do_not_count() -> None:
    rounds = [
        held("2026-10-14 00:00", "2026-09-30 15:00", "2026-10-15 10:00"),  # returned: two days late
        held("2026-10-24 00:00", "2026-10-19 10:00", "2026-10-26 09:00"),  # again: 24 to 26 October
    ]
    assert calendar_days_late(rounds, at("2026-12-01 10:00")) == 5
    assert delay_cost(Decimal("62"), rounds, at("2026-12-01 10:00")) == Decimal("10.00")


def test_a_day_that_two_rounds_touch_counts_once() -> None:
    rounds = [
        held("2026-10-14 00:00", "2026-10-15 18:00"),
        held("2026-10-14 00:00", "2026-09-30 15:00", "2026-10-15 10:00"),
    ]
    assert calendar_days_late(rounds, NOW) == 3


def test_what_ended_at_midnight_did_not_touch_the_new_day() -> None:
    assert (
        calendar_days_late([held("2026-10-14 00:00", "2026-09-30 15:00", "2026-10-15 00:00")], at("2026-10-20 10:00"))
        == 1
    )


@pytest.mark.parametrize(
    ("fee", "until", "cost"),
    [
        ("19.80", "2026-02-03 12:00", "2.12"),  # 3 days of February: 19.80 * 3 / 28 = 2.1214…
        ("0.14", "2026-02-01 12:00", "0.01"),  # half a fen goes up
        ("19.80", "2028-02-29 12:00", "495.00"),  # 25 months, the leap day one of its 29
        ("0", "2026-02-20 12:00", "0.00"),
    ],
)
def test_february_and_rounding(fee: str, until: str, cost: str) -> None:
    stretch = held("2026-02-01 00:00", "2026-01-20 10:00")
    assert delay_cost(Decimal(fee), [stretch], at(until)) == Decimal(cost)


def test_the_days_are_those_of_shanghai() -> None:
    ended_in_utc = WaitingPeriod(at("2026-10-14 00:00"), at("2026-09-30 15:00"), at("2026-10-15 07:00"))
    assert calendar_days_late([ended_in_utc], at("2026-10-20 10:00")) == 2


@pytest.mark.parametrize(
    ("confirmed", "now", "out"),
    [
        ("2026-10-15 12:00", "2026-10-31 23:59", False),
        ("2026-10-15 12:00", "2026-11-01 00:00", True),
        ("2026-12-31 23:59", "2027-01-01 00:00", True),
        ("2026-12-31 10:00", "2026-12-31 11:00", False),
    ],
)
def test_the_bill_comes_with_the_next_month(confirmed: str, now: str, out: bool) -> None:
    assert is_final_bill_out(at(confirmed), at(now)) is out


def test_after_the_cancellation_is_from_the_next_day_on() -> None:
    assert not is_after_cancellation(on("2026-10-15"), at("2026-10-15 12:00"), whole_month=False)
    assert is_after_cancellation(on("2026-10-16"), at("2026-10-15 12:00"), whole_month=False)
    assert not is_after_cancellation(on("2026-10-16"), None, whole_month=False)


def test_where_the_carrier_charges_the_whole_month_from_the_next_month_on() -> None:
    assert not is_after_cancellation(on("2026-10-31"), at("2026-10-15 12:00"), whole_month=True)
    assert is_after_cancellation(on("2026-11-01"), at("2026-10-15 12:00"), whole_month=True)
