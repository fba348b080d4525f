"""A bill beside the register: what is found, what is not, and to the fen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from cases.domain.bill_comparison import RegisteredCard, billing_end, compare_bill, main_carrier


@dataclass(frozen=True)
class Line:
    number: str
    amount: Decimal
    plan_fee: Decimal | None = None
    has_use: bool | None = None
    rows: tuple[int, ...] = (7,)


def line(number: str, amount: str, fee: str | None = None, *, used: bool | None = None) -> Line:
    return Line(number, Decimal(amount), None if fee is None else Decimal(fee), used)


def card(
    number: str, fee: str | None = "19.00", *, ended: str = "", opened: str = "2024-01-01", is_open: bool = False
) -> RegisteredCard:
    return RegisteredCard(
        number,
        "china-mobile",
        None if fee is None else Decimal(fee),
        date.fromisoformat(opened) if opened else None,
        date.fromisoformat(ended) if ended else None,
        is_open,
    )


def found(lines: list[Line], cards: list[RegisteredCard], carrier: str | None = "china-mobile") -> list[object]:
    result = compare_bill(lines, cards, year=2026, month=10, carrier=carrier)
    return [(f.kind.value, f.number, None if f.amount is None else str(f.amount)) for f in result.findings]


A, B = "13800138000", "13900138000"


@pytest.mark.parametrize(
    ("lines", "cards", "expected"),
    [
        ([line(A, "19.00", "19.00", used=True)], [card(A)], []),
        # Charged after the cancellation: the last day before the month is before it, a day of the month is not.
        ([line(A, "3.21")], [card(A, ended="2026-09-30")], [("charged_after_cancellation", A, "3.21")]),
        ([line(A, "3.21")], [card(A, ended="2026-10-01")], []),
        ([line(A, "0.00", "19.00")], [card(A, ended="2026-04-17")], []),
        ([line(A, "-5.00")], [card(A, ended="2026-04-17")], []),
        # The plan's fee, by more than a fen of rounding, of a whole month only.
        ([line(A, "19.02", "19.02")], [card(A)], [("fee_differs", A, "0.02")]),
        ([line(A, "19.01", "19.01")], [card(A)], []),
        ([line(A, "17.00", "17.00")], [card(A)], [("fee_differs", A, "-2.00")]),
        ([line(A, "9.00", "9.00")], [card(A, opened="2026-10-12")], []),
        ([line(A, "9.00", "9.00")], [card(A, ended="2026-10-12")], []),
        ([line(A, "9.00", "9.00")], [card(A, None)], []),
        ([line(A, "9.00")], [card(A)], []),
        # No use: only where the bill shows use, and nobody has asked for the cancellation yet.
        ([line(A, "19.00", "19.00", used=False)], [card(A)], [("no_use", A, "19.00")]),
        ([line(A, "19.00", "19.00", used=False)], [card(A, is_open=True)], []),
        ([line(A, "19.00", "19.00")], [card(A)], []),
        ([line(A, "9.00", used=False)], [card(A, opened="2026-10-01")], []),
        ([line(A, "9.00", "9.00", used=False)], [card(A, None)], [("no_use", A, "9.00")]),
        ([line(A, "0.00", used=False)], [card(A, None)], [("no_use", A, None)]),
        # Not there on one side.
        ([line(A, "20.20")], [], [("not_in_register", A, "20.20")]),
        ([], [card(A)], [("never_billed", A, "19.00")]),
        ([], [card(A, ended="2026-10-31")], []),
        ([], [card(A, ended="2026-11-01")], [("never_billed", A, "19.00")]),
        ([], [card(A, opened="2026-09-30")], [("never_billed", A, "19.00")]),
        ([], [card(A, opened="2026-10-01")], []),
        ([], [card(A, opened="")], [("never_billed", A, "19.00")]),
    ],
)
def test_findings(lines: list[Line], cards: list[RegisteredCard], expected: list[object]) -> None:
    assert found(lines, cards) == expected


def test_cards_of_another_carrier_and_bills_of_several_are_not_missed() -> None:
    assert found([], [card(A)], "china-unicom") == []
    assert found([], [card(A)], None) == []


def test_masked_numbers_count_where_one_card_fits() -> None:
    cards = [card(A), card(B), card("13812348000")]
    one = compare_bill([line("139****8000", "29.00", "29.00")], cards, year=2026, month=10, carrier=None)
    assert [(f.kind.value, f.number, str(f.amount)) for f in one.findings] == [("fee_differs", B, "10.00")]
    several = compare_bill([line("138****8000", "9.00", "9.00")], cards, year=2026, month=10, carrier="china-mobile")
    assert [(u.number, u.fits) for u in several.unmatched] == [("138****8000", 2)]
    # Whichever of the two it is, none of them is missing.
    assert [(f.kind.value, f.number) for f in several.findings] == [("never_billed", B)]


def test_a_masked_number_that_fits_one_card_is_that_cards_line() -> None:
    """It is not missed then; several stars may stand for fewer or more digits, where no card fits them one by one."""
    bill = compare_bill([line("138**8000", "19.00")], [card(A), card(B)], year=2026, month=10, carrier="china-mobile")
    assert [(f.kind.value, f.number) for f in bill.findings] == [("never_billed", B)]
    assert bill.unmatched == []
    exact = [card("13800008000"), card("138008000")]
    bill = compare_bill([line("138****8000", "9.00", "9.00")], exact, year=2026, month=10, carrier=None)
    assert [(f.kind.value, f.number) for f in bill.findings] == [("fee_differs", "13800008000")]
    none = compare_bill([line("137****8000", "9.00")], [card(A)], year=2026, month=10, carrier=None)
    assert [(u.number, u.rows, u.fits) for u in none.unmatched] == [("137****8000", (7,), 0)]
    assert none.findings == []


def test_a_finding_names_the_rows_that_it_rests_on() -> None:
    lines = [line(A, "3.00"), line(B, "19.00", "29.00", used=False), line("13700000001", "9.00")]
    cards = [card(A, ended="2026-09-01"), card(B), card("13600000001")]
    result = compare_bill(lines, cards, year=2026, month=10, carrier="china-mobile")
    assert [(f.kind.value, f.rows) for f in result.findings] == [
        ("charged_after_cancellation", (7,)), ("fee_differs", (7,)), ("no_use", (7,)), ("not_in_register", (7,)),
        ("never_billed", ()),
    ]  # fmt: skip


def test_a_month_that_is_charged_in_full_ends_with_its_last_day() -> None:
    assert billing_end(date(2026, 2, 3), whole_month=True) == date(2026, 2, 28)
    assert billing_end(date(2026, 2, 3), whole_month=False) == date(2026, 2, 3)


def test_a_bill_without_a_name_is_of_the_carrier_of_its_numbers() -> None:
    cards = [card(f"1380013800{digit}") for digit in range(9)]
    other = RegisteredCard("18600000001", "china-unicom")
    lines = [line(each.number, "8.00") for each in cards]
    assert main_carrier(lines, [*cards, other]) == "china-mobile"
    assert main_carrier([*lines, line("18600000001", "8.00")], [*cards, other]) == "china-mobile"
    assert main_carrier(lines[:2], cards) is None
    assert main_carrier(lines[:3], cards) == "china-mobile"
    assert main_carrier([], cards) is None
    assert main_carrier([*lines[:8], line("18600000001", "8.00")], [*cards, other]) is None  # eight of nine
    assert main_carrier([*lines, line("17000000001", "8.00")], cards) == "china-mobile"  # nobody's number counts
    assert main_carrier([*lines[:4], line("18600000001", "8.00")], [*cards, other]) is None
