"""`next_reminder_at`, moment by moment, for a person who does something at each (domain.md, 'Reminders')."""

from collections.abc import Callable
from typing import Any

from cases.models import Case, User
from cases.operations import FollowUp, Recalculate, ReportedDone, Returned
from tests.helpers import CaseDriver, at, local_str


def walk(driver: CaseDriver, count: int) -> list[str | None]:
    """Follow the hint: at each reminder's moment somebody records a call, which is to have seen it."""
    moments: list[str | None] = [driver.next_reminder]
    for _ in range(count - 1):
        now = driver.fresh().next_reminder_at
        assert now is not None
        moment = local_str(now)
        assert moment is not None
        driver.do(FollowUp(now), moment)
        moments.append(driver.next_reminder)
    return moments


def test_no_answer_at_all_before_national_day(submitted: CaseDriver) -> None:
    assert walk(submitted, 9) == [
        "2026-10-08 09:00",
        "2026-10-12 09:00",
        "2026-10-14 09:00",
        "2026-10-16 09:00",
        "2026-10-20 09:00",
        "2026-10-22 09:00",
        "2026-10-26 09:00",
        "2026-10-28 09:00",
        "2026-11-04 09:00",
    ]


def test_no_answer_at_all_before_spring_festival(new_driver: Callable[..., CaseDriver]) -> None:
    driver = new_driver("13800138000", now="2026-02-13T17:30", submitted="2026-02-13T17:30")
    assert walk(driver, 9) == [
        "2026-02-14 17:30",
        "2026-02-26 09:00",
        "2026-02-28 09:00",
        "2026-03-03 09:00",
        "2026-03-05 09:00",
        "2026-03-09 09:00",
        "2026-03-11 09:00",
        "2026-03-13 09:00",
        "2026-03-20 09:00",
    ]


def test_a_draft_reminds_nobody(draft: CaseDriver) -> None:
    assert draft.next_reminder is None


def test_what_fell_due_while_nobody_looked_is_still_to_come(submitted: CaseDriver) -> None:
    submitted.do(Recalculate(), "2026-10-13T12:00", by=None)
    assert submitted.next_reminder == "2026-10-08 09:00"


def test_whoever_records_something_has_seen_what_was_due(submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at("2026-10-08T08:59")), "2026-10-08T08:59")
    assert submitted.next_reminder == "2026-10-08 09:00"
    submitted.do(FollowUp(at("2026-10-08T09:00")), "2026-10-08T09:00")
    assert submitted.next_reminder == "2026-10-12 09:00"


def test_returned_comes_on_the_third_working_day_and_every_fifth(submitted: CaseDriver) -> None:
    submitted.do(Returned(at("2026-10-09T11:00"), reason="other"), "2026-10-09T11:00")
    assert walk(submitted, 3) == ["2026-10-13 09:00", "2026-10-20 09:00", "2026-10-27 09:00"]


def test_verify_comes_once(submitted: CaseDriver) -> None:
    submitted.do(ReportedDone(at("2026-10-09T16:00")), "2026-10-09T16:00")
    assert walk(submitted, 2) == ["2026-10-10 09:00", None]


def test_the_hours_are_the_handlers(manager: User, new_driver: Callable[..., Any]) -> None:
    User.objects.filter(pk=manager.pk).update(remind_from="14:00", remind_until="18:00")
    manager.refresh_from_db()
    driver = new_driver("13800138000", now="2026-02-13T17:30", submitted="2026-02-13T17:30", handler=manager)
    assert driver.next_reminder == "2026-02-14 17:30"
    driver.do(FollowUp(at("2026-02-14T18:00")), "2026-02-14T18:00")
    assert driver.next_reminder == "2026-02-26 14:00"
    assert Case.objects.get().handler == manager
