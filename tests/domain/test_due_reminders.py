"""Which reminder comes next, and which one is due now."""

from datetime import time

import pytest

from cases.domain.business_days import Override, WorkingCalendar
from cases.domain.case_state import CaseState
from cases.domain.reminder_kinds import ReminderKind
from cases.domain.reminders import NotificationHours, due_reminder, next_reminder
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
