"""By when a refund is due, and whether what came settles it: literal days and sums."""

from decimal import Decimal

import pytest

from cases.domain.business_days import YearNotCovered
from cases.domain.costs import AmountRefused
from cases.domain.refunds import (
    AccountNumberRefused,
    RefundDueBeforeCancellation,
    RefundTerms,
    check_account_ending,
    check_amount,
    is_refund_overdue,
    is_settled,
    outstanding,
    refund_due,
)
from tests.moments import CALENDAR, at, on

NO_TERMS = RefundTerms()


@pytest.mark.parametrize(
    ("cancelled", "due"),
    [
        ("2026-11-02 10:00", "2026-11-23"),  # a Monday: three weeks of five days
        ("2026-11-01 10:00", "2026-11-20"),  # a Sunday: the Monday after it is the first
        ("2026-11-02 23:59", "2026-11-23"),
        ("2026-09-28 10:00", "2026-10-23"),  # National Day, 1 to 7 October off, 10 October worked
        ("2026-02-10 10:00", "2026-03-09"),  # Spring Festival, 15 to 23 February off, 14 and 28 February worked
        ("2026-12-16 10:00", "2027-01-07"),  # over New Year's Day
    ],
)
def test_without_a_word_or_terms_it_is_the_fifteenth_working_day_after(cancelled: str, due: str) -> None:
    result = refund_due(at(cancelled), NO_TERMS, CALENDAR)
    assert (result.day.isoformat(), result.basis) == (due, "working_days")


@pytest.mark.parametrize(
    ("requested", "cancelled", "roaming", "due"),
    [
        ("2026-10-16 10:00", "2026-11-05 10:00", False, "2026-11-20"),
        ("2026-10-31 23:30", "2026-11-05 10:00", False, "2026-11-20"),
        ("2026-10-16 10:00", "2026-11-05 10:00", True, "2026-12-20"),
        ("2026-12-03 10:00", "2026-12-03 11:00", False, "2027-01-20"),
        ("2026-10-16 10:00", "2026-11-20 18:00", False, "2026-11-20"),  # on that very day
    ],
)
def test_by_the_carrier_s_terms_it_is_a_day_of_the_month_after_the_request(
    requested: str, cancelled: str, roaming: bool, due: str
) -> None:
    result = refund_due(at(cancelled), RefundTerms(at(requested), 20, roaming), CALENDAR)
    assert (result.day.isoformat(), result.basis) == (due, "carrier_terms")


def test_terms_that_were_over_when_the_number_was_cancelled_say_nothing() -> None:
    result = refund_due(at("2026-11-23 10:00"), RefundTerms(at("2026-10-16 10:00"), 20), CALENDAR)
    assert (result.day.isoformat(), result.basis) == ("2026-12-14", "working_days")


def test_what_the_carrier_said_comes_before_its_terms() -> None:
    terms = RefundTerms(at("2026-10-16 10:00"), 20)
    result = refund_due(at("2026-11-05 10:00"), terms, CALENDAR, named_day=on("2026-11-09"))
    assert (result.day.isoformat(), result.basis) == ("2026-11-09", "carrier_word")
    assert refund_due(at("2026-11-05 10:00"), terms, CALENDAR, named_day=on("2026-11-05")).day == on("2026-11-05")


def test_a_day_before_the_cancellation_or_outside_the_calendar_is_refused() -> None:
    with pytest.raises(RefundDueBeforeCancellation) as refused:
        refund_due(at("2026-11-05 10:00"), NO_TERMS, CALENDAR, named_day=on("2026-11-04"))
    assert refused.value.params == {"day": on("2026-11-05")}
    with pytest.raises(YearNotCovered):
        refund_due(at("2026-11-05 10:00"), NO_TERMS, CALENDAR, named_day=on("2206-11-09"))


def test_it_is_overdue_from_the_day_after_in_beijing() -> None:
    due = on("2026-11-20")
    assert [is_refund_overdue(due, at(now)) for now in ("2026-11-20 23:59", "2026-11-21 00:00")] == [False, True]
    assert is_refund_overdue(None, at("2026-11-21 00:00")) is False


@pytest.mark.parametrize(
    ("amount", "received", "left", "settled"),
    [
        ("36.50", "0.00", "36.50", False),
        ("36.50", "36.49", "0.01", False),
        ("36.50", "36.50", "0.00", True),
        ("36.50", "40.00", "0.00", True),
        (None, "40.00", None, False),
    ],
)
def test_part_whole_more_and_not_known(amount: str | None, received: str, left: str | None, settled: bool) -> None:
    owed = Decimal(amount) if amount else None
    assert outstanding(owed, Decimal(received)) == (Decimal(left) if left else None)
    assert is_settled(owed, Decimal(received)) is settled


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "100000000"])
def test_sums_that_are_refused(amount: str) -> None:
    with pytest.raises(AmountRefused):
        check_amount(Decimal(amount))
    assert str(check_amount(Decimal("99999999.9"))) == "99999999.90"


@pytest.mark.parametrize("ending", ["62170", "6217 0000 1234 5678", "尾号62", "6217-"])
def test_more_of_an_account_than_four_characters_is_refused(ending: str) -> None:
    with pytest.raises(AccountNumberRefused):
        check_account_ending(ending)


@pytest.mark.parametrize(("ending", "stored"), [("6217", "6217"), (" 017X ", "017X"), ("8", "8"), ("  ", "")])
def test_up_to_four_digits_or_letters_are_taken(ending: str, stored: str) -> None:
    assert check_account_ending(ending) == stored
