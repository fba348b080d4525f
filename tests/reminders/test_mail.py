"""Reminders by a real mail server: what arrives, and what happens when it refuses, hangs or is not there."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.models import Carrier, Case, Notice, NotificationChannel, ReminderDelivery, Team, User
from cases.reminders import delivery as delivering
from cases.reminders.delivery import deliver_due
from cases.reminders.pipeline import run_sweep
from tests.helpers import at, make_user, new_case
from tests.reminders.mailserver import MailServer

pytestmark = pytest.mark.django_db

MORNING = at("2026-10-14T09:00")


@pytest.fixture(autouse=True)
def by_smtp(server: MailServer, mailbox: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.DEFAULT_FROM_EMAIL = "销卡 <reminders@xiaoka.example>"


@pytest.fixture
def colleagues(team: Team, mobile: Carrier, manager: User) -> list[User]:
    """Three people with an overdue case each: a@, b@ and c@example.com."""
    people = [make_user(f"{name}@example.com", team) for name in "abc"]
    for i, person in enumerate(people):
        new_case(team, mobile, manager, number=f"1390000000{i}", submitted="2026-09-30T15:00", handler=person)
    return people


def test_a_message_arrives_with_its_headers(overdue: Case, server: MailServer) -> None:
    run_sweep(MORNING)
    began = datetime.now(UTC).replace(microsecond=0)
    assert dict(deliver_due(MORNING)) == {"sent": 1}
    (message,) = server.taken
    assert message["From"].addresses[0].display_name == "销卡"
    assert message["From"].addresses[0].addr_spec == "reminders@xiaoka.example"
    assert str(message["To"]) == "li.na@example.com"
    assert re.fullmatch(r"<notice-[0-9a-f-]{36}@xiaoka\.example>", str(message["Message-ID"]))
    assert message["Auto-Submitted"] == "auto-generated"
    assert began <= message["Date"].datetime.replace(tzinfo=UTC) <= datetime.now(UTC)
    assert str(message["Subject"]).endswith("· 超期")
    assert "\n" not in str(message["Subject"])
    assert message.get_content_type() == "text/plain"
    assert overdue.reference in message.get_content()
    assert "138****8000" in message.get_content()
    assert "13800138000" not in message.as_string()


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 No such mailbox", "450 4.2.0 Greylisted, come back later", "452 4.2.2 Mailbox full"]
)
def test_a_refused_address_is_tried_again_and_delays_nobody(
    colleagues: list[User], server: MailServer, answer: str
) -> None:
    server.refuse["b@example.com"] = answer
    run_sweep(MORNING)
    assert dict(deliver_due(MORNING)) == {"sent": 2, "failed": 1}
    assert server.readers == ["a@example.com", "c@example.com"]
    notice = Notice.objects.get(channel__user=colleagues[1])
    assert (notice.state, notice.attempts) == ("pending", 1)
    assert answer[4:9] in notice.error
    assert NotificationChannel.objects.get(user=colleagues[1]).last_error == notice.error

    server.refuse.clear()
    assert dict(deliver_due(MORNING + timedelta(minutes=1))) == {"sent": 1}
    assert server.readers == ["a@example.com", "b@example.com", "c@example.com"]


def test_what_goes_out_together_goes_over_one_connection(colleagues: list[User], server: MailServer) -> None:
    run_sweep(MORNING)
    assert dict(deliver_due(MORNING)) == {"sent": 3}
    assert server.connections == 1


@pytest.mark.parametrize("enough", ["421 4.7.0 Too many messages, closing", None])
def test_a_server_that_has_had_enough_of_a_connection_gets_another(
    colleagues: list[User], server: MailServer, enough: str | None
) -> None:
    server.enough = enough
    run_sweep(MORNING)
    assert dict(deliver_due(MORNING)) == {"sent": 3}
    assert server.readers == ["a@example.com", "b@example.com", "c@example.com"]
    assert server.connections == 3


def test_an_address_that_always_fails_ends_as_failed_after_seven_tries(
    colleagues: list[User], server: MailServer
) -> None:
    server.refuse["b@example.com"] = "550 5.1.1 No such mailbox"
    moment = MORNING
    run_sweep(moment)
    for _ in range(20):
        deliver_due(moment)
        moment = max(moment, Notice.objects.get(channel__user=colleagues[1]).next_try_at)
    assert server.asked == {"a@example.com": 1, "b@example.com": 7, "c@example.com": 1}
    assert sorted(Notice.objects.values_list("state", flat=True)) == ["failed", "sent", "sent"]


def test_a_server_that_hangs_is_given_up_on_and_the_rest_goes_on(
    colleagues: list[User], server: MailServer, settings: Any
) -> None:
    settings.SEND_TIMEOUT = 1
    server.hold = {"b@example.com"}
    run_sweep(MORNING)
    assert dict(deliver_due(MORNING)) == {"sent": 2, "failed": 1}
    assert server.readers == ["a@example.com", "c@example.com"]
    assert "timed out" in Notice.objects.get(channel__user=colleagues[1]).error


def test_a_later_attempt_is_the_same_message(overdue: Case, server: MailServer, settings: Any) -> None:
    run_sweep(MORNING)
    settings.EMAIL_PORT = 1  # nobody listens there
    assert dict(deliver_due(MORNING)) == {"failed": 1}
    settings.EMAIL_PORT = server.port
    # Sent, and the mark is lost, as when the process dies in between.
    later = MORNING + timedelta(minutes=1)
    deliver_due(later)
    Notice.objects.update(state="pending")
    ReminderDelivery.objects.all().delete()
    deliver_due(later)
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_when_the_time_is_up_the_rest_is_left_for_the_next_job(
    colleagues: list[User], server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 1000, 25))  # each look at it is 25 seconds later
    run_sweep(MORNING)
    with monkeypatch.context() as patch:
        patch.setattr(delivering, "monotonic", lambda: next(clock))
        assert dict(deliver_due(MORNING, seconds=60)) == {"sent": 1}
    assert dict(deliver_due(MORNING, seconds=60)) == {"sent": 2}


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_does_not_delay_another_channel(
    colleagues: list[User], server: MailServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEND_TIMEOUT = 30
    monkeypatch.setattr(delivering, "BATCH", 1)  # more mails than are taken up at once
    NotificationChannel.objects.create(user=colleagues[0], kind="webhook")
    server.hold = {f"{name}@example.com" for name in "abc"}
    real = delivering.send

    def send(channel: NotificationChannel, notice: UUID, *parts: str) -> str:
        if channel.kind != "webhook":
            return real(channel, notice, *parts)
        server.hold.clear()  # only this channel's message lets the mails through
        return "ok"

    monkeypatch.setattr(delivering, "send", send)
    for person in colleagues:
        NotificationChannel.objects.get_or_create(user=person, kind="email")
    run_sweep(MORNING)
    assert dict(deliver_due(MORNING)) == {"sent": 4}
    assert server.readers == ["a@example.com", "b@example.com", "c@example.com"]
