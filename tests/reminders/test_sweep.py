"""What a sweep writes, and that it writes it once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import operations as ops
from cases.models import CalendarOverride, Carrier, Case, Heartbeat, Notice, Reminder, Team, User
from cases.operations.follow_up import Snooze
from cases.reminders.pipeline import run_sweep
from tests.helpers import at, local_str, new_case, on

pytestmark = pytest.mark.django_db


def every_hour(first: str, last: str) -> None:
    """Sweep at each full hour, as a worker would each minute."""
    moment, end = at(first), at(last)
    while moment <= end:
        run_sweep(moment)
        moment += timedelta(hours=1)


def reminders_of(case: Case) -> list[tuple[str, str | None]]:
    return [(r.kind, local_str(r.at)) for r in Reminder.objects.filter(case=case).order_by("at")]


def test_national_day_reminder_by_reminder(overdue: Case) -> None:
    every_hour("2026-09-30T16:00", "2026-10-29T12:00")
    assert reminders_of(overdue) == [
        ("ack_missing", "2026-10-08 09:00"),
        ("window_open", "2026-10-12 09:00"),
        ("overdue", "2026-10-14 09:00"),
        ("still_overdue", "2026-10-16 09:00"),
        ("still_overdue", "2026-10-20 09:00"),
        ("still_overdue", "2026-10-22 09:00"),
        ("still_overdue", "2026-10-26 09:00"),
        ("complain", "2026-10-28 09:00"),
    ]


def test_spring_festival_reminder_by_reminder(team: Team, mobile: Carrier, manager: User) -> None:
    case = new_case(team, mobile, manager, now="2026-02-13T17:30", submitted="2026-02-13T17:30", handler=manager)
    every_hour("2026-02-13T17:30", "2026-03-13T10:30")
    assert reminders_of(case) == [
        ("ack_missing", "2026-02-14 17:30"),
        ("window_open", "2026-02-26 09:00"),
        ("overdue", "2026-02-28 09:00"),
        ("still_overdue", "2026-03-03 09:00"),
        ("still_overdue", "2026-03-05 09:00"),
        ("still_overdue", "2026-03-09 09:00"),
        ("still_overdue", "2026-03-11 09:00"),
        ("complain", "2026-03-13 09:00"),
    ]


def test_a_second_sweep_of_the_same_moment_writes_nothing(overdue: Case) -> None:
    first, second = run_sweep(at("2026-10-14T09:00")), run_sweep(at("2026-10-14T09:00"))
    assert (first.reminders, first.notices) == (1, 1)
    assert (second.reminders, second.notices) == (0, 0)


def test_a_week_without_a_sweep_gives_the_latest_once(overdue: Case) -> None:
    run_sweep(at("2026-10-12T09:00"))
    run_sweep(at("2026-10-21T10:00"))
    assert reminders_of(overdue) == [("window_open", "2026-10-12 09:00"), ("still_overdue", "2026-10-20 09:00")]


def test_the_call_to_complain_is_not_lost_in_a_long_outage(overdue: Case) -> None:
    run_sweep(at("2026-11-10T10:00"))
    assert reminders_of(overdue) == [("complain", "2026-10-28 09:00")]


def test_a_clock_that_jumps_back_writes_nothing_twice(overdue: Case) -> None:
    run_sweep(at("2026-10-16T09:00"))
    run_sweep(at("2026-10-12T09:00"))
    run_sweep(at("2026-10-16T09:01"))
    assert reminders_of(overdue) == [("still_overdue", "2026-10-16 09:00")]


def test_nobody_is_reminded_of_what_they_just_logged(team: Team, mobile: Carrier, manager: User) -> None:
    # Logged on a Wednesday afternoon, three working days late already: told on Thursday morning, not at once.
    case = new_case(team, mobile, manager, now="2026-11-18T15:00", submitted="2026-11-06T10:00", handler=manager)
    assert local_str(case.reply_by) == "2026-11-14 00:00"
    assert run_sweep(at("2026-11-18T15:01")).reminders == 0
    assert run_sweep(at("2026-11-19T09:00")).reminders == 1
    assert reminders_of(case) == [("still_overdue", "2026-11-18 09:00")]


def test_a_follow_up_at_the_very_hour_is_what_the_reminder_asks_for(overdue: Case, manager: User) -> None:
    now = at("2026-10-14T09:00") + timedelta(seconds=20)
    ops.perform_one(ops.FollowUp(at("2026-10-14T09:00")), overdue, by=manager, now=now)
    assert run_sweep(at("2026-10-14T09:01")).reminders == 0
    assert run_sweep(at("2026-10-16T09:00")).reminders == 1


def test_a_receipt_added_meanwhile_does_not_silence_it(overdue: Case, manager: User) -> None:
    receipt = ops.NewReceipt("sms", "a.txt", "text/plain", 3, "a" * 64)
    ops.perform_one(ops.AttachReceipts((receipt,)), overdue, by=manager, now=at("2026-10-14T09:00"))
    assert run_sweep(at("2026-10-14T09:01")).reminders == 1


def test_a_holiday_entered_by_hand_moves_what_was_not_told(overdue: Case) -> None:
    run_sweep(at("2026-10-12T09:00"))
    CalendarOverride.objects.create(date=on("2026-10-14"), working=False, name="台风停工")
    ops.perform(ops.Recalculate("台风停工"), [overdue], by=None, now=at("2026-10-13T12:00"))
    assert run_sweep(at("2026-10-14T09:00")).reminders == 0
    assert run_sweep(at("2026-10-15T09:00")).reminders == 1
    assert reminders_of(overdue)[-1] == ("overdue", "2026-10-15 09:00")


def test_a_deadline_that_moves_back_into_the_future_reminds_again(overdue: Case) -> None:
    run_sweep(at("2026-10-14T09:00"))
    CalendarOverride.objects.create(date=on("2026-10-13"), working=False, name="台风停工")
    ops.perform(ops.Recalculate("台风停工"), [overdue], by=None, now=at("2026-10-14T09:30"))
    run_sweep(at("2026-10-15T09:00"))
    assert reminders_of(overdue) == [("overdue", "2026-10-14 09:00"), ("overdue", "2026-10-15 09:00")]


def test_a_snoozed_case_is_quiet_and_then_told_again(overdue: Case, manager: User) -> None:
    run_sweep(at("2026-10-14T09:00"))
    ops.perform_one(Snooze(on("2026-10-23")), overdue, by=manager, now=at("2026-10-14T10:00"))
    every_hour("2026-10-14T10:00", "2026-10-22T20:00")
    assert reminders_of(overdue) == [("overdue", "2026-10-14 09:00")]
    run_sweep(at("2026-10-23T09:00"))
    assert reminders_of(overdue)[-1] == ("still_overdue", "2026-10-23 09:00")


def test_a_sweep_that_tells_nothing_does_not_swallow_what_is_held_back(overdue: Case, manager: User) -> None:
    run_sweep(at("2026-10-14T09:00"))
    ops.perform_one(Snooze(on("2026-10-19")), overdue, by=manager, now=at("2026-10-14T10:00"))
    Case.objects.update(next_reminder_at=at("2026-10-17T09:00"))  # an old hint
    assert run_sweep(at("2026-10-17T09:00")).reminders == 0
    case = Case.objects.get()
    assert local_str(case.reminded_until) == "2026-10-14 09:00"
    assert local_str(case.next_reminder_at) == "2026-10-19 09:00"
    run_sweep(at("2026-10-19T09:00"))
    assert reminders_of(overdue)[1:] == [("still_overdue", "2026-10-19 09:00")]


def test_a_case_that_moved_on_is_not_told(overdue: Case, manager: User) -> None:
    ops.perform_one(ops.ReportedDone(at("2026-10-14T08:00")), overdue, by=manager, now=at("2026-10-14T08:30"))
    assert run_sweep(at("2026-10-14T09:00")).reminders == 0
    run_sweep(at("2026-10-15T09:00"))
    assert reminders_of(overdue) == [("verify", "2026-10-15 09:00")]


def test_the_handler_s_hours_decide(overdue: Case, manager: User) -> None:
    manager.remind_on_days_off = True
    manager.save()
    case = ops.perform_one(ops.HandOver(None), overdue, by=manager, now=at("2026-09-30T15:10"))
    case = ops.perform_one(ops.HandOver(manager), case, by=manager, now=at("2026-09-30T15:11"))
    run_sweep(at("2026-10-01T15:00"))
    assert reminders_of(case) == [("ack_missing", "2026-10-01 15:00")]


def test_a_finished_sweep_says_so(overdue: Case) -> None:
    run_sweep(at("2026-10-01T10:00"))
    assert Heartbeat.objects.get(name="sweep").at == at("2026-10-01T10:00")


def test_its_cost_does_not_grow_with_the_cases_of_a_batch(team: Team, mobile: Carrier, manager: User) -> None:
    def cost(count: int, prefix: str) -> int:
        for i in range(count):
            new_case(team, mobile, manager, number=f"{prefix}{i:08d}", submitted="2026-09-30T15:00", handler=manager)
        with CaptureQueriesContext(connection) as queries:
            assert run_sweep(at("2026-10-14T09:00")).reminders == count
        assert Notice.objects.count() == 1
        Notice.objects.all().delete()
        return len(queries)

    cost(1, "137")  # the first makes the mailbox
    assert cost(3, "138") == cost(60, "139")
