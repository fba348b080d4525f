"""The migration that notes since when refunds are due: what it takes from the timeline is what replaying gives."""

import importlib
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps

from cases.models import Refund
from cases.operations import ExpectRefund, PromiseRefund, Verify, WriteOffRefund
from cases.operations.corrections import AmendEntry, VoidEntry
from tests.helpers import CaseDriver, at, on

pytestmark = pytest.mark.forged  # columns as they were before


@pytest.fixture
def owed(submitted: CaseDriver) -> CaseDriver:
    submitted.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    submitted.do(ExpectRefund(Decimal("36.5"), due_on=on("2026-10-30")), "2026-10-12T11:00")
    return submitted


def migrated() -> list[str | None]:
    """The days that the migration notes, of all refunds in order."""
    module: Any = importlib.import_module("cases.migrations.0051_first_due_day_of_refunds")
    before = list(Refund.objects.values_list("put_off_from", flat=True))
    Refund.objects.update(put_off_from=None)
    module.note_first_due_days(apps, None)
    assert list(Refund.objects.values_list("put_off_from", flat=True)) == before
    return [day and f"{day:%m-%d}" for day in Refund.objects.values_list("put_off_from", flat=True)]


def test_a_refund_that_was_put_off_has_its_first_day(owed: CaseDriver) -> None:
    assert migrated() == [None]
    owed.do(PromiseRefund(at("2026-11-02T10:00"), on("2026-11-09")), "2026-11-02T10:30")
    owed.do(PromiseRefund(at("2026-11-10T10:00"), on("2026-11-16")), "2026-11-10T10:30")
    assert migrated() == ["10-30"]


def test_what_was_voided_or_corrected_counts_so(owed: CaseDriver) -> None:
    owed.do(PromiseRefund(at("2026-10-13T10:00"), on("2026-10-16")), "2026-10-13T10:30")
    owed.do(PromiseRefund(at("2026-11-02T10:00"), on("2026-11-09")), "2026-11-02T10:30")
    assert migrated() == ["10-16"]
    owed.do(AmendEntry(5, {"promised_on": "2026-10-20"}, "听错了"), "2026-11-02T11:00")
    assert migrated() == ["10-20"]
    owed.do(VoidEntry(5, "不是这张卡的"), "2026-11-02T11:05")
    assert migrated() == ["10-30"]


def test_each_of_two_refunds_has_its_own(owed: CaseDriver) -> None:
    owed.do(PromiseRefund(at("2026-11-02T10:00"), on("2026-11-09")), "2026-11-02T10:30")
    owed.do(WriteOffRefund("算了"), "2026-11-10T11:00")
    owed.do(ExpectRefund(Decimal(8), due_on=on("2026-11-20")), "2026-11-10T11:05")
    assert migrated() == ["10-30", None]
    owed.do(PromiseRefund(at("2026-11-23T10:00"), on("2026-11-27")), "2026-11-23T10:30")
    assert migrated() == ["10-30", "11-20"]
