"""While a carrier's message lies unhandled, the reminder says so and nothing else. All texts are synthetic."""

import pytest
from django.core.management import call_command

from cases import operations as ops
from cases import tasks
from cases.inbox.process import process_stored
from cases.models import CarrierMessage, Case, Notice, Reminder, ReminderDelivery, User
from cases.operations.follow_up import Snooze
from cases.operations.messages import reply_from_message
from cases.reminders.delivery import deliver_due
from cases.reminders.pipeline import run_sweep
from tests.helpers import CaseDriver, at, local_str, on
from tests.inbox.conftest import Arrive
from tests.inbox.test_process import DONE, MARKETING, REGISTERED, UNDER_REVIEW

pytestmark = pytest.mark.django_db


def reminders_of(case: Case) -> list[tuple[str, str | None]]:
    return [(r.kind, local_str(r.at)) for r in Reminder.objects.filter(case=case).order_by("at")]


def mail(moment: str) -> list[str]:
    deliver_due(at(moment))
    return list(Notice.objects.filter(state="sent").order_by("made_at").values_list("body", flat=True))


def fresh(message: CarrierMessage) -> CarrierMessage:
    return CarrierMessage.objects.get(pk=message.pk)


def sweeps(*moments: str) -> None:
    for moment in moments:
        run_sweep(at(moment))


def test_it_is_said_when_it_came_and_whenever_something_else_would_be(submitted: CaseDriver, arrive: Arrive) -> None:
    sweeps("2026-10-08T09:00")
    arrive(DONE)
    process_stored(at("2026-10-09T10:21"))
    assert submitted.next_reminder == "2026-10-09 10:21"
    sweeps("2026-10-09T10:22", "2026-10-09T18:00", "2026-10-12T09:00", "2026-10-14T09:00", "2026-10-16T09:00")
    assert reminders_of(submitted.case) == [
        ("ack_missing", "2026-10-08 09:00"),
        ("message", "2026-10-09 10:21"),
        ("message", "2026-10-12 09:00"),  # instead of window_open
        ("message", "2026-10-14 09:00"),  # overdue
        ("message", "2026-10-16 09:00"),  # still_overdue
    ]


def test_at_night_it_waits_for_the_morning(submitted: CaseDriver, arrive: Arrive) -> None:
    sweeps("2026-10-08T09:00")
    arrive(DONE, when="2026-10-09T22:30")
    process_stored(at("2026-10-09T22:31"))
    assert submitted.next_reminder == "2026-10-10 09:00"  # a working Saturday


def test_one_that_came_at_the_moment_of_the_sweep_is_not_lost(submitted: CaseDriver, arrive: Arrive) -> None:
    sweeps("2026-10-12T09:00")
    arrive(DONE, when="2026-10-12T08:59")
    process_stored(at("2026-10-12T08:59"))  # it began before the sweep and came to the case after it
    sweeps("2026-10-12T09:01")
    assert reminders_of(submitted.case)[-1] == ("message", "2026-10-12 09:00")


def test_the_notice_says_nothing_else(submitted: CaseDriver, arrive: Arrive) -> None:
    arrive(DONE, when="2026-10-14T08:30")
    process_stored(at("2026-10-14T08:31"))
    sweeps("2026-10-14T09:00")
    manager = submitted.by
    manager.language = "en"
    manager.save()
    [body] = mail("2026-10-14T09:01")
    lines = body.strip().splitlines()
    assert lines[0].startswith("138****8000 · ")
    assert lines[1] == "SMS to handle. Read the carrier’s SMS, then record or dismiss it"
    assert lines[2].endswith(f"/cases/{submitted.case.reference}/")
    assert len(lines) == 3


def test_a_chaser_on_its_way_is_not_sent_while_the_answer_lies_there(submitted: CaseDriver, arrive: Arrive) -> None:
    sweeps("2026-10-14T09:00")
    arrive(DONE, when="2026-10-14T09:00")
    process_stored(at("2026-10-14T09:00:30"))
    assert deliver_due(at("2026-10-14T09:01")) == {"sent": 1}
    told = ReminderDelivery.objects.get().reminder
    assert (told.kind, local_str(told.at)) == ("message", "2026-10-14 09:00")


def test_what_the_sweep_finds_was_read_before(submitted: CaseDriver, arrive: Arrive) -> None:
    """No worker read the message; the sweep does so itself before it looks who is late."""
    arrive(UNDER_REVIEW, when="2026-10-14T08:00")
    call_command("send_reminders", "--once", "--as-of", "2026-10-14 09:00", "--json")
    assert CarrierMessage.objects.get().state == "recorded"
    assert reminders_of(submitted.case) == []


def test_the_worker_reads_and_its_sweep_does(submitted: CaseDriver, arrive: Arrive) -> None:
    arrive(REGISTERED)
    tasks.read_messages()
    assert CarrierMessage.objects.get().state == "recorded"
    arrive(REGISTERED, when="2026-10-09T12:00")
    tasks.sweep()
    assert set(CarrierMessage.objects.values_list("state", flat=True)) == {"recorded"}


def test_once_it_is_dealt_with_the_case_reminds_as_before(submitted: CaseDriver, arrive: Arrive, manager: User) -> None:
    message = arrive(DONE)
    process_stored(at("2026-10-09T10:21"))
    sweeps("2026-10-09T10:22")
    ops.set_message_aside(fresh(message), by=manager, now=at("2026-10-09T11:00"))
    sweeps("2026-10-12T09:00", "2026-10-14T09:00")
    assert reminders_of(submitted.case)[-2:] == [("window_open", "2026-10-12 09:00"), ("overdue", "2026-10-14 09:00")]


def test_recorded_by_hand_the_next_reminder_is_that_of_the_answer(
    submitted: CaseDriver, arrive: Arrive, manager: User
) -> None:
    message = arrive(DONE)
    process_stored(at("2026-10-09T10:21"))
    message.refresh_from_db()
    submitted.do(ops.RecordMessage(message, reply_from_message(message, "reported_done")), "2026-10-09T11:00")
    assert submitted.next_reminder == "2026-10-10 09:00"
    sweeps("2026-10-10T09:00")
    assert reminders_of(submitted.case) == [("verify", "2026-10-10 09:00")]


def test_the_second_message_is_told_when_the_first_is_dealt_with(
    submitted: CaseDriver, arrive: Arrive, manager: User
) -> None:
    first, second = arrive(DONE), arrive(DONE, when="2026-10-09T10:21")
    process_stored(at("2026-10-09T10:22"))
    sweeps("2026-10-09T10:23")
    ops.set_message_aside(fresh(first), by=manager, now=at("2026-10-09T11:00"))
    assert local_str(submitted.fresh().message_at) == "2026-10-09 11:00"
    assert submitted.next_reminder == "2026-10-10 09:00"
    sweeps("2026-10-10T09:00")
    assert [kind for kind, _ in reminders_of(submitted.case)] == ["message", "message"]
    ops.set_message_aside(fresh(second), by=manager, now=at("2026-10-10T11:00"))
    assert submitted.fresh().message_at is None


def test_it_ends_a_snooze(submitted: CaseDriver, arrive: Arrive) -> None:
    submitted.do(Snooze(on("2026-10-20")), "2026-10-09T09:00")
    arrive(DONE)
    process_stored(at("2026-10-09T10:21"))
    assert (submitted.fresh().snoozed_until, submitted.fresh().snoozed_at) == (None, None)
    assert submitted.next_reminder == "2026-10-09 10:21"
    sweeps("2026-10-09T10:21")
    assert reminders_of(submitted.case) == [("message", "2026-10-09 10:21")]


def test_advertising_does_not_end_a_snooze(submitted: CaseDriver, arrive: Arrive) -> None:
    submitted.do(Snooze(on("2026-10-20")), "2026-10-09T09:00")
    arrive(MARKETING)
    process_stored(at("2026-10-09T10:21"))
    assert submitted.fresh().snoozed_until == on("2026-10-20")


def test_a_closed_case_says_so_too(submitted: CaseDriver, arrive: Arrive) -> None:
    submitted.do(ops.Withdraw(), "2026-10-09T09:00")
    arrive(DONE)
    process_stored(at("2026-10-09T10:21"))
    sweeps("2026-10-09T10:22", "2026-10-12T09:00")
    assert reminders_of(submitted.case) == [("message", "2026-10-09 10:21")]


def test_the_hint_and_the_messages_agree(submitted: CaseDriver, arrive: Arrive, manager: User) -> None:
    messages = [arrive(DONE, when=f"2026-10-09T10:2{n}") for n in range(4)]
    process_stored(at("2026-10-09T10:30"))
    for message in messages:
        waiting = CarrierMessage.objects.filter(case=submitted.case, state="proposed").exists()
        assert (submitted.fresh().message_at is not None) is waiting is True
        ops.set_message_aside(fresh(message), by=manager, now=at("2026-10-09T11:00"))
    assert submitted.fresh().message_at is None
