"""The sum for which a case stands returned: what the return named, or else the arrears recorded on the case."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from cases import operations as ops
from cases.domain.costs import AmountRefused
from cases.operations.amount_owed import amount_owed
from cases.operations.charges import NewCharge, RecordCharge
from cases.operations.corrections import VoidEntry
from tests.helpers import CaseDriver, at, on

Make = Callable[..., CaseDriver]


def returned(make: Make, reason: str = "arrears", **fields: Decimal) -> CaseDriver:
    driver = make("13800000010", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.Returned(at("2026-10-14T10:00"), reason=reason, **fields), "2026-10-14T10:00")
    return driver


def test_the_sum_that_the_return_named_is_in_the_record(new_driver: Make) -> None:
    driver = returned(new_driver, owed=Decimal("12.5"))
    entry = driver.case.entries.get(kind="returned")
    assert entry.content.body["owed"] == "12.50"
    assert amount_owed(driver.fresh()) == Decimal("12.50")


def test_a_return_without_a_sum_is_recorded_as_before(new_driver: Make) -> None:
    driver = returned(new_driver)
    assert "owed" not in driver.case.entries.get(kind="returned").content.body
    assert amount_owed(driver.fresh()) is None


def test_arrears_recorded_on_the_case_are_owed_where_the_return_names_no_sum(new_driver: Make) -> None:
    driver = returned(new_driver)
    driver.do(RecordCharge(NewCharge(Decimal("36.80"), on("2026-10-14"), "arrears")), "2026-10-14T11:00")
    driver.do(RecordCharge(NewCharge(Decimal("19"), on("2026-10-14"), "fee")), "2026-10-14T11:01")
    assert amount_owed(driver.fresh()) == Decimal("36.80")


def test_nothing_is_owed_once_it_is_submitted_again_or_the_return_is_void(new_driver: Make) -> None:
    driver = returned(new_driver, owed=Decimal("12.50"))
    sequence = driver.case.entries.get(kind="returned").sequence
    driver.do(VoidEntry(sequence, "wrong case"), "2026-10-14T12:00")
    assert amount_owed(driver.fresh()) is None


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "100000000"])
def test_what_is_no_sum_is_refused(new_driver: Make, amount: str) -> None:
    with pytest.raises(AmountRefused):
        returned(new_driver, owed=Decimal(amount))
