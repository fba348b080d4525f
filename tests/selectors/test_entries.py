"""Which entries count: a voiding takes one away, of its own case alone, and an amendment none."""

from collections.abc import Callable

import pytest

from cases.models import TimelineEntry
from cases.operations import FollowUp, MarkItem
from cases.operations.corrections import AmendEntry, VoidEntry
from cases.selectors.entries import entries_that_count, entries_that_were_voided, with_voided
from tests.helpers import CaseDriver, at

Make = Callable[..., CaseDriver]


@pytest.fixture
def pair(new_driver: Make) -> tuple[CaseDriver, CaseDriver]:
    """Two cases with the same entries; of the first the third is voided and the fourth amended."""
    drivers = [new_driver(f"1380000000{number}", submitted="2026-09-30T15:00") for number in (1, 2)]
    for driver in drivers:
        driver.do(FollowUp(at("2026-10-09T10:00")), "2026-10-09T10:00")
        driver.do(FollowUp(at("2026-10-09T11:00"), words="x"), "2026-10-09T11:00")
        driver.do(MarkItem("card"), "2026-10-09T11:30")
    drivers[0].do(VoidEntry(3, "记错了"), "2026-10-09T12:00")
    drivers[0].do(AmendEntry(4, {"words": "y"}, "写错了"), "2026-10-09T12:01")
    return drivers[0], drivers[1]


def sequences(driver: CaseDriver, entries: object) -> list[int]:
    return [entry.sequence for entry in entries if entry.case_id == driver.case.pk]  # type: ignore[attr-defined]


def test_a_voided_entry_and_its_voiding_do_not_count(pair: tuple[CaseDriver, CaseDriver]) -> None:
    first, second = pair
    counted = entries_that_count(TimelineEntry.objects.order_by("sequence"))
    assert sequences(first, counted) == [1, 2, 4, 5, 7]
    assert sequences(second, counted) == [1, 2, 3, 4, 5]


def test_which_were_voided(pair: tuple[CaseDriver, CaseDriver]) -> None:
    first, second = pair
    voided = entries_that_were_voided(TimelineEntry.objects.order_by("sequence"))
    assert (sequences(first, voided), sequences(second, voided)) == ([3], [])
    marked = with_voided(TimelineEntry.objects.filter(case=first.case).order_by("sequence"))
    assert [entry.is_voided for entry in marked] == [False, False, True, False, False, False, False]
    assert not any(entry.is_voided for entry in with_voided(TimelineEntry.objects.filter(case=second.case)))
