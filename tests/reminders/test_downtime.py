"""What was missed comes after: no worker for a week, no mail server for a day, clocks that jump."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from cases import operations as ops
from cases import tasks
from cases.models import CalendarOverride, Carrier, Case, Notice, Reminder, Team, User
from cases.reminders.delivery import claim_channel, deliver_due
from cases.reminders.pipeline import count_pending, run_sweep
from cases.selectors import working_calendar
from tests.helpers import at, local_str, make_user, new_case, on
from tests.reminders.mailserver import MailServer

pytestmark = pytest.mark.django_db


def by_smtp(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def minutes(first: str, last: str, step: int = 1) -> Any:
    moment, end = at(first), at(last)
    while moment <= end:
        yield moment
        moment += timedelta(minutes=step)


def test_after_a_day_without_a_mail_server_everybody_is_told_once(
    team: Team, mobile: Carrier, manager: User, server: MailServer, settings: Any
) -> None:
    people = [make_user(f"p{i}@example.com", team) for i in range(5)]
    for i, person in enumerate(people):
        new_case(team, mobile, manager, number=f"1390000000{i}", submitted="2026-09-30T15:00", handler=person)
    by_smtp(settings, port=1)  # nobody listens there
    for moment in minutes("2026-10-14T09:00", "2026-10-15T08:50", 10):
        run_sweep(moment)
        deliver_due(moment)
    assert (count_pending(), Reminder.objects.count()) == (5, 5)
    by_smtp(settings, server.port)
    for moment in minutes("2026-10-15T09:00", "2026-10-15T20:00", 10):
        run_sweep(moment)
        deliver_due(moment)
    assert server.readers == [person.email for person in people]
    assert (count_pending(), Reminder.objects.count()) == (0, 5)
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_a_week_without_a_worker_ends_with_one_message_and_no_backlog(
    team: Team, mobile: Carrier, manager: User
) -> None:
    late = new_case(team, mobile, manager, number="13900000001", submitted="2026-09-30T15:00", handler=manager)
    young = new_case(
        team,
        mobile,
        manager,
        number="13900000002",
        now="2026-10-15T10:00",
        submitted="2026-10-15T10:00",
        handler=manager,
    )
    run_sweep(at("2026-10-14T09:00"))
    deliver_due(at("2026-10-14T09:00"))
    mail.outbox.clear()
    for moment in minutes("2026-10-21T14:00", "2026-10-21T14:05"):
        run_sweep(moment)
        deliver_due(moment)
    (message,) = mail.outbox
    assert late.reference in message.body
    assert young.reference in message.body
    written = Reminder.objects.filter(bundle__made_at__gt=at("2026-10-15"))
    assert sorted((r.case.reference, r.kind, local_str(r.at)) for r in written) == sorted(
        [(late.reference, "still_overdue", "2026-10-20 09:00"), (young.reference, "window_open", "2026-10-21 09:00")]
    )


def test_a_worker_that_comes_back_at_night_waits_for_the_morning(overdue: Case) -> None:
    run_sweep(at("2026-10-17T03:00"))  # a Saturday
    for moment in minutes("2026-10-17T03:00", "2026-10-19T08:59", 60):
        assert dict(deliver_due(moment)) == {}
    assert dict(deliver_due(at("2026-10-19T09:00"))) == {"sent": 1}


def test_a_notice_of_last_week_says_how_the_case_stands_now_or_nothing(overdue: Case, manager: User) -> None:
    manager.language = "en"
    manager.save()
    run_sweep(at("2026-10-14T09:00"))
    assert dict(deliver_due(at("2026-10-20T10:00"))) == {"sent": 1}
    assert "5 working days overdue" in mail.outbox[0].body


def test_a_clock_that_jumps_a_month_ahead_and_back(overdue: Case) -> None:
    for moment in ("2026-10-14T09:00", "2026-11-14T09:00", "2026-10-14T09:01", "2026-10-16T09:00"):
        run_sweep(at(moment))
        deliver_due(at(moment))
    assert [(r.kind, local_str(r.at)) for r in Reminder.objects.order_by("id")] == [
        ("overdue", "2026-10-14 09:00"),
        ("complain", "2026-10-28 09:00"),
    ]


def test_a_claim_made_under_a_clock_that_ran_ahead_is_free_when_that_time_has_come(overdue: Case) -> None:
    run_sweep(at("2026-10-14T09:00"))
    claim_channel(Notice.objects.get().channel_id, at("2026-10-14T12:00"), working_calendar())
    assert dict(deliver_due(at("2026-10-14T12:01"))) == {}
    assert dict(deliver_due(at("2026-10-14T12:02"))) == {"sent": 1}


def test_a_holiday_entered_after_the_deadline_was_set_moves_its_reminder(overdue: Case) -> None:
    CalendarOverride.objects.create(date=on("2026-10-12"), working=False, name="台风停工")
    tasks.recalculate_days(["2026-10-12"], "台风停工")
    for moment in minutes("2026-10-12T09:00", "2026-10-16T20:00", 60):
        run_sweep(moment)
        deliver_due(moment)
    assert [(r.kind, local_str(r.at)) for r in Reminder.objects.order_by("id")] == [
        ("ack_missing", "2026-10-08 09:00"),
        ("window_open", "2026-10-13 09:00"),
        ("overdue", "2026-10-15 09:00"),
    ]


def test_a_working_day_entered_after_the_deadline_was_set_brings_its_reminder_forward(overdue: Case) -> None:
    run_sweep(at("2026-10-08T09:00"))
    CalendarOverride.objects.create(date=on("2026-10-11"), working=True, name="调休")
    tasks.recalculate_days(["2026-10-11"], "调休")
    for moment in minutes("2026-10-10T09:00", "2026-10-13T20:00", 60):
        run_sweep(moment)
    assert [(r.kind, local_str(r.at)) for r in Reminder.objects.order_by("id")] == [
        ("ack_missing", "2026-10-08 09:00"),
        ("window_open", "2026-10-11 09:00"),
        ("overdue", "2026-10-13 09:00"),
    ]


def test_years_after_the_calendar_s_end_there_is_still_a_message(overdue: Case) -> None:
    run_sweep(at("2031-03-03T10:00"))
    assert dict(deliver_due(at("2031-03-03T10:00"))) == {"sent": 1}


def test_a_reply_recorded_while_the_mail_is_on_its_way_again_stops_the_next_try(
    overdue: Case, manager: User, settings: Any, server: MailServer
) -> None:
    by_smtp(settings, port=1)
    run_sweep(at("2026-10-14T09:00"))
    assert dict(deliver_due(at("2026-10-14T09:00"))) == {"failed": 1}
    ops.perform_one(ops.UnderReview(at("2026-10-14T09:00")), overdue, by=manager, now=at("2026-10-14T09:00"))
    by_smtp(settings, server.port)
    assert dict(deliver_due(at("2026-10-14T09:01"))) == {"cancelled": 1}
    assert server.taken == []
