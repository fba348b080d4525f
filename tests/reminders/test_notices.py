"""Who gets which message, when, and what it says."""

import re
from datetime import time

import pytest
from django.core import mail

from cases import operations as ops
from cases.domain.roles import Role
from cases.models import Carrier, Case, Notice, NotificationChannel, Reminder, ReminderDelivery, Team, User
from cases.models.choices import ChannelKind
from cases.reminders.delivery import deliver_due
from cases.reminders.pipeline import run_sweep
from tests.helpers import at, local_str, make_user, new_case, on

pytestmark = pytest.mark.django_db


def sweep_and_deliver(moment: str) -> dict[str, int]:
    run_sweep(at(moment))
    return dict(deliver_due(at(moment)))


def test_an_overdue_case_is_told_in_the_language_of_its_handler(overdue: Case, manager: User) -> None:
    manager.language = "en"
    manager.save()
    ops.perform_one(
        ops.Acknowledged(at("2026-10-08T10:00"), reference="SL123"), overdue, by=manager, now=at("2026-10-08T10:00")
    )
    assert sweep_and_deliver("2026-10-14T09:00") == {"sent": 1}
    (message,) = mail.outbox
    assert message.to == ["li.na@example.com"]
    assert message.subject == "Xiaoka: 1 case needs your attention · Overdue"
    assert message.body == (
        "138****8000 · China Mobile · 1 working day overdue\n"
        "Call 10086 and chase\n"
        "Carrier reference number: SL123\n"
        f"https://xiaoka.example/cases/{overdue.reference}/\n"
    )


def test_a_broken_promise_is_named_with_its_day_and_reference(overdue: Case, manager: User) -> None:
    manager.language = "en"
    manager.save()
    promise = ops.Promised(at("2026-10-13T10:00"), reference="SL123", promised_on=on("2026-10-15"))
    ops.perform_one(promise, overdue, by=manager, now=at("2026-10-13T10:00"))
    assert sweep_and_deliver("2026-10-14T09:00") == {}
    assert sweep_and_deliver("2026-10-16T09:00") == {"sent": 1}
    assert "Promise not kept. Call 10086 and ask them to keep the promise" in mail.outbox[0].body
    assert "Promised date: 15 Oct\n" in mail.outbox[0].body
    assert "SL123" in mail.outbox[0].body


def test_a_promise_too_far_away_is_not_called_broken_before_its_day(overdue: Case, manager: User) -> None:
    manager.language = "en"
    manager.save()
    promise = ops.Promised(at("2026-10-12T10:00"), promised_on=on("2026-11-20"), accept_far=True)
    ops.perform_one(promise, overdue, by=manager, now=at("2026-10-12T10:00"))
    Case.objects.update(reminded_until=at("2026-10-30T10:00"))  # told to complain before
    run_sweep(at("2026-11-03T09:00"))
    kind = Reminder.objects.get().kind
    assert kind == "promise_broken"
    deliver_due(at("2026-11-03T09:00"))
    (message,) = mail.outbox
    assert message.subject.endswith(" · Overdue")
    assert message.body.splitlines()[1] == "Call 10080 and file a formal complaint"
    assert "broken" not in message.body


#: What is recorded while a complaint of 09-20 runs, when it is told, its heading and its text.
WHILE_A_COMPLAINT_RUNS = [
    (
        [],
        "2026-09-21T11:00",
        "Not acknowledged yet",
        "Not acknowledged yet. Call 10086 and ask whether the request was received",
    ),
    (
        [ops.Acknowledged(at("2026-09-20T12:00"))],
        "2026-10-09T09:00",
        "Complaint unanswered",
        "Complaint unanswered. File an appeal with the appeal body",
    ),
    (
        [ops.ReportedDone(at("2026-09-21T10:00"))],
        "2026-09-22T09:00",
        "To verify",
        "Verify that the number has really been cancelled",
    ),
    (
        [ops.Returned(at("2026-09-21T10:00"), reason="papers")],
        "2026-09-24T09:00",
        "Returned: action needed",
        "Provide the missing documents, then submit again",
    ),
    (
        [ops.TakesEffect(at("2026-09-21T10:00"), effective_on=on("2026-09-28"))],
        "2026-09-29T09:00",
        "To verify",
        "Verify that the number has really been cancelled",
    ),
]


@pytest.mark.parametrize(("replies", "moment", "heading", "line"), WHILE_A_COMPLAINT_RUNS)
def test_heading_and_text_agree_while_a_complaint_runs(
    team: Team, mobile: Carrier, manager: User, replies: list[ops.Verb], moment: str, heading: str, line: str
) -> None:
    manager.language = "en"
    manager.save()
    submitted = "2026-09-20T10:00"
    case = new_case(team, mobile, manager, now=submitted, submitted=submitted, handler=manager)
    case = ops.perform_one(ops.Complain(at("2026-09-20T11:00")), case, by=manager, now=at("2026-09-20T11:00"))
    for reply in replies:
        case = ops.perform_one(reply, case, by=manager, now=reply.at)  # type: ignore[attr-defined]
    assert sweep_and_deliver(moment) == {"sent": 1}
    (message,) = mail.outbox
    assert message.subject == f"Xiaoka: 1 case needs your attention · {heading}"
    assert message.body.splitlines()[1] == line


def test_three_hundred_overdue_cases_are_one_message(team: Team, mobile: Carrier, manager: User) -> None:
    for i in range(300):
        new_case(team, mobile, manager, number=f"139{i:08d}", submitted="2026-09-30T15:00", handler=manager)
    assert sweep_and_deliver("2026-10-14T09:00") == {"sent": 1}
    (message,) = mail.outbox
    assert "300" in message.subject
    assert message.body.count("https://xiaoka.example/cases/") == 50
    assert "250" in message.body
    assert "13900000000" not in message.body


def test_the_most_serious_comes_first(team: Team, mobile: Carrier, manager: User) -> None:
    manager.language = "en"
    manager.save()
    young = new_case(
        team,
        mobile,
        manager,
        number="13900000001",
        now="2026-10-27T08:00",
        submitted="2026-10-27T08:00",
        handler=manager,
    )
    old = new_case(team, mobile, manager, number="13900000002", submitted="2026-09-30T15:00", handler=manager)
    sweep_and_deliver("2026-10-26T12:00")
    mail.outbox.clear()
    assert sweep_and_deliver("2026-10-28T09:00") == {"sent": 1}
    body = mail.outbox[0].body
    assert body.index(old.reference) < body.index(young.reference)
    assert mail.outbox[0].subject == "Xiaoka: 2 cases need your attention · Time to complain (1)"


def test_the_managers_are_told_when_nobody_handles_it(
    team: Team, mobile: Carrier, manager: User, agent: User, viewer: User
) -> None:
    make_user("second@example.com", team, Role.MANAGER)
    new_case(team, mobile, agent, submitted="2026-09-30T15:00")
    assert sweep_and_deliver("2026-10-14T09:00") == {"sent": 2}
    assert sorted(m.to[0] for m in mail.outbox) == ["li.na@example.com", "second@example.com"]


def test_a_handler_who_left_is_not_told_the_managers_are(overdue: Case, manager: User, team: Team) -> None:
    make_user("second@example.com", team, Role.MANAGER)
    manager.memberships.all().delete()
    assert sweep_and_deliver("2026-10-14T09:00") == {"sent": 1}
    assert mail.outbox[0].to == ["second@example.com"]


def test_a_manager_s_own_hours_hold_the_message_back(team: Team, mobile: Carrier, manager: User) -> None:
    manager.remind_from = time(13)
    manager.save()
    new_case(team, mobile, manager, submitted="2026-09-30T15:00")
    assert sweep_and_deliver("2026-10-14T09:00") == {}
    assert local_str(Notice.objects.get().next_try_at) == "2026-10-14 13:00"
    assert dict(deliver_due(at("2026-10-14T13:00"))) == {"sent": 1}


def test_a_reply_between_sweep_and_sending_means_no_nagging(overdue: Case, manager: User) -> None:
    run_sweep(at("2026-10-14T09:00"))
    ops.perform_one(ops.UnderReview(at("2026-10-14T09:00")), overdue, by=manager, now=at("2026-10-14T09:00"))
    assert dict(deliver_due(at("2026-10-14T09:00"))) == {"cancelled": 1}
    assert mail.outbox == []
    assert Notice.objects.get().state == "cancelled"


def test_what_moved_on_drops_out_of_a_message_the_rest_stays(team: Team, mobile: Carrier, manager: User) -> None:
    gone = new_case(team, mobile, manager, number="13900000001", submitted="2026-09-30T15:00", handler=manager)
    stays = new_case(team, mobile, manager, number="13900000002", submitted="2026-09-30T15:00", handler=manager)
    run_sweep(at("2026-10-14T09:00"))
    ops.perform_one(ops.Withdraw(), gone, by=manager, now=at("2026-10-14T09:00"))
    assert dict(deliver_due(at("2026-10-14T09:00"))) == {"sent": 1}
    assert stays.reference in mail.outbox[0].body
    assert gone.reference not in mail.outbox[0].body


def test_a_channel_that_is_off_gets_nothing(overdue: Case, manager: User) -> None:
    NotificationChannel.objects.create(user=manager, kind=ChannelKind.EMAIL, is_on=False)
    assert sweep_and_deliver("2026-10-14T09:00") == {}
    assert not Notice.objects.exists()


def test_the_same_text_carries_the_same_message_id_and_another_text_another(overdue: Case) -> None:
    sweep_and_deliver("2026-10-14T09:00")

    def send_again(moment: str) -> None:
        ReminderDelivery.objects.all().delete()  # as if the process had died before the mark
        Notice.objects.update(state="pending")
        deliver_due(at(moment))

    send_again("2026-10-14T09:03")
    send_again("2026-10-15T09:00")  # a second day late
    first, again, other = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert re.fullmatch(r"<notice-[0-9a-f-]{36}@xiaoka\.example>", first)
    assert first == again
    assert first != other


def test_a_team_s_name_with_line_breaks_makes_no_header(overdue: Case, manager: User, mobile: Carrier) -> None:
    mobile.name = "中国移动\nBcc: somebody@example.com"
    mobile.save()
    sweep_and_deliver("2026-10-14T09:00")
    assert mail.outbox[0].message()["Bcc"] is None
