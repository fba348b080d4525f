"""Which reminder comes next, and which one is due now."""

from dataclasses import replace
from datetime import time

import pytest

from cases.domain.business_days import Override, WorkingCalendar
from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis
from cases.domain.reminder_kinds import ReminderKind
from cases.domain.reminders import (
    NotificationHours,
    ScheduledReminder,
    due_and_next,
    due_reminder,
    next_reminder,
    occasion,
    snooze_end,
)
from tests.domain.scenarios import NATIONAL_DAY, SPRING_FESTIVAL
from tests.moments import CALENDAR, at, on


class TestNext:
    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            ("2026-09-30 15:00", "2026-10-08 09:00"),
            ("2026-10-08 08:59", "2026-10-08 09:00"),
            ("2026-10-08 09:00", "2026-10-12 09:00"),
            ("2026-10-27 12:00", "2026-10-28 09:00"),
        ],
    )
    def test_it_comes_after_the_moment(self, after: str, expected: str) -> None:
        found = next_reminder(NATIONAL_DAY, at(after), CALENDAR)
        assert found is not None
        assert found.at == at(expected)

    def test_none_where_there_is_none(self) -> None:
        verify = CaseState(reported_done_at=at("2026-10-09 16:00"))
        assert next_reminder(verify, at("2026-10-10 09:00"), CALENDAR) is None
        assert next_reminder(CaseState(), at("2026-10-10 09:00"), CALENDAR) is None
        assert next_reminder(NATIONAL_DAY, at("2029-01-01"), CALENDAR) is None

    def test_the_hours_of_the_person_decide(self) -> None:
        early = NotificationHours(start=time(7, 30), end=time(12))
        found = next_reminder(SPRING_FESTIVAL, at("2026-02-13 18:00"), CALENDAR, early)
        assert found is not None
        assert found.at == at("2026-02-24 07:30")

    def test_a_day_closed_by_hand_moves_it(self) -> None:
        closed = WorkingCalendar({on("2026-10-08"): Override(working=False)})
        found = next_reminder(NATIONAL_DAY, at("2026-09-30 15:00"), closed)
        assert found is not None
        assert found.at == at("2026-10-09 09:00")


class TestDue:
    def due(self, since: str | None, now: str) -> tuple[str, ReminderKind] | None:
        found = due_reminder(NATIONAL_DAY, at(since) if since else None, at(now), CALENDAR)
        return (found.at.strftime("%m-%d %H:%M"), found.kind) if found else None

    def test_nothing_is_due_before_the_first(self) -> None:
        assert self.due(None, "2026-10-08 08:59") is None

    def test_it_is_due_at_its_very_moment(self) -> None:
        assert self.due("2026-10-08 08:59", "2026-10-08 09:00") == ("10-08 09:00", ReminderKind.ACK_MISSING)

    def test_what_was_looked_after_is_not_due_again(self) -> None:
        assert self.due("2026-10-08 09:00", "2026-10-12 08:59") is None

    def test_a_week_without_a_sweep_leaves_the_last_one(self) -> None:
        assert self.due("2026-10-08 09:00", "2026-10-17 12:00") == ("10-16 09:00", ReminderKind.STILL_OVERDUE)

    def test_never_looked_after_leaves_the_last_one_too(self) -> None:
        assert self.due(None, "2026-10-15 12:00") == ("10-14 09:00", ReminderKind.OVERDUE)


DAY_16, DAY_21 = ("11-04 09:00", "still_overdue", 16), ("11-11 09:00", "still_overdue", 21)


@pytest.mark.parametrize(
    ("since", "now", "due", "following"),
    [
        ("2026-10-08 09:00", "2026-10-12 08:59", None, ("10-12 09:00", "window_open", 1)),
        ("2026-10-08 09:00", "2026-10-12 09:00", ("10-12 09:00", "window_open", 1), ("10-14 09:00", "overdue", 1)),
        ("2026-10-12 09:00", "2026-10-12 09:00", None, ("10-14 09:00", "overdue", 1)),
        (None, "2026-10-15 12:00", ("10-14 09:00", "overdue", 1), ("10-16 09:00", "still_overdue", 3)),
        # A week without a sweep, early in the morning of a day that has one of its own later.
        ("2026-10-22 09:00", "2026-11-04 08:00", ("10-26 09:00", "still_overdue", 9), DAY_16),
        ("2026-10-22 09:00", "2026-11-04 09:00", DAY_16, DAY_21),
        ("2026-11-04 09:00", "2026-11-04 09:00", None, DAY_21),
    ],
)  # fmt: skip
def test_what_is_due_and_what_comes_next(
    since: str | None, now: str, due: tuple[str, str, int] | None, following: tuple[str, str, int]
) -> None:
    """After a complaint that was answered: what is left is to chase."""
    state, after = replace(NATIONAL_DAY, complaint_lodged=True), at(since) if since else None
    found = due_and_next(state, after, at(now), CALENDAR)
    assert [each and (each.at.strftime("%m-%d %H:%M"), each.kind.value, each.ordinal) for each in found] == [
        due, following,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "state", "mark"),
    [
        (ReminderKind.ERASURE, CaseState(erase_on=on("2027-10-15")), "2027-10-15"),
        (ReminderKind.VERIFY, replace(NATIONAL_DAY, basis=Basis.TAKES_EFFECT), "effect"),
        (ReminderKind.VERIFY, CaseState(reported_done_at=at("2026-10-09 16:00")), ""),
        (ReminderKind.OVERDUE, NATIONAL_DAY, ""),
        (ReminderKind.COMPLAINT_UNANSWERED, CaseState(complaint_no=1), ""),
        (ReminderKind.COMPLAINT_UNANSWERED, CaseState(complaint_no=2), "no 2"),
        (ReminderKind.COMPLAIN, CaseState(complaint_no=2), ""),
        (ReminderKind.MESSAGE, NATIONAL_DAY, "1016101530"),  # by the clock of Beijing
    ],
)
def test_what_tells_apart_reminders_of_one_kind(kind: ReminderKind, state: CaseState, mark: str) -> None:
    moment = at("2026-10-16 10:15:30")
    assert occasion(state, ScheduledReminder(moment, kind, 1, moment)) == mark


PROMISED = CaseState(waiting=True, basis=Basis.PROMISE, reply_by=at("2026-10-17 00:00"), snoozed_until=on("2026-10-20"))


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (replace(PROMISED, snoozed_at=at("2026-10-15 09:00")), "2026-10-17 00:00"),
        (PROMISED, "2026-10-17 00:00"),
        (replace(PROMISED, snoozed_at=at("2026-10-17 00:00")), "2026-10-17 00:00"),
        (replace(PROMISED, snoozed_at=at("2026-10-17 00:01")), "2026-10-20 00:00"),  # broken when it was put off
        (replace(PROMISED, reply_by=at("2026-10-23 00:00")), "2026-10-20 00:00"),
        (replace(PROMISED, basis=Basis.UNDER_REVIEW), "2026-10-20 00:00"),
        (replace(PROMISED, waiting=False), "2026-10-20 00:00"),
        (replace(PROMISED, snoozed_until=None), None),
    ],
)
def test_a_snooze_ends_with_its_day_or_with_a_promise_that_breaks(state: CaseState, end: str | None) -> None:
    assert snooze_end(state) == (at(end) if end else None)
