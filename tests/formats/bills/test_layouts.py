"""The same bill in three layouts of our own making: the same eight findings, and no other. All is synthetic."""

from datetime import date
from decimal import Decimal

import pytest

from cases.domain.bill_comparison import RegisteredCard, compare_bill
from cases.formats.bills.reader import read_bill
from cases.formats.tables.workbook import read_workbook
from cases.operations.spreadsheet_process import read_spreadsheet
from tests import bills


@pytest.mark.parametrize("layout", bills.LAYOUTS)
def test_the_planted_findings_and_no_other(layout: str) -> None:
    bill = read_bill(read_workbook(bills.bill(layout), read_spreadsheet), layout)
    assert (bill.carrier, bill.month, bill.is_total_printed) == ("china-mobile", (2025, 10), True)
    assert (len(bill.numbers), bill.total, bill.skipped) == (600, Decimal("11689.00"), [])
    cancelled = (bills.ALIVE, bills.CHARGED, bills.SETTLED)
    cards = [
        RegisteredCard(
            number,
            "china-mobile",
            Decimal("19.00"),
            date(2024, 1, 1),
            date(2025, 8, 20) if number in cancelled else None,
        )
        for number in bills.NUMBERS
    ]
    findings = compare_bill(bill.numbers, cards, year=2025, month=10, carrier="china-mobile").findings
    assert sorted((f.kind.value, f.number, str(f.amount)) for f in findings) == bills.PLANTED
