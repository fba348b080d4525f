"""When a person takes reminders: set on the account's page, followed by the reminders of their cases."""

from datetime import time

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from cases import operations as ops
from cases import tasks
from cases.models import Carrier, Case, Notice, NotificationChannel, Team, User
from cases.operations import next_reminder as reminder_plan
from cases.reminders.pipeline import run_sweep
from tests.helpers import at, local_str, new_case, with_second_factor
from tests.moments import NOW
from tests.web.html_client import Person


def work() -> None:
    """Does the jobs in the queue, and those that they put there."""
    while job := OrmQ.objects.order_by("id").first():
        task = job.task
        job.delete()
        assert task["func"] == "cases.tasks.apply_notification_hours"
        tasks.apply_notification_hours(*task["args"])


@pytest.fixture
def mine(team: Team, mobile: Carrier, manager: User, clock: time_machine.Traveller) -> Case:
    """Submitted on Friday 2026-10-16 at 09:00; a word of its registration is due at 09:00 on Saturday."""
    return new_case(
        team,
        mobile,
        manager,
        now="2026-10-16T09:00",
        submitted="2026-10-16T09:00",
        handler=manager,
        reference="XK-AAAA2222",
    )


def reminder_due(case: Case) -> str | None:
    return local_str(Case.objects.get(pk=case.pk).next_reminder_at)


def test_new_hours_move_the_next_reminders(me: Person, mine: Case, team: Team, mobile: Carrier, agent: User) -> None:
    other = new_case(
        team, mobile, agent, number="13900000001", now="2026-10-16T09:00", submitted="2026-10-16T09:00",
        handler=agent,
    )  # fmt: skip
    assert reminder_due(mine) == "2026-10-19 09:00"
    page = me.get("/me/")
    assert (page.form().fields["remind_from"], page.form().fields["remind_until"]) == ("09:00", "21:00")
    me.send(page, "/me/", remind_from="13:30", remind_until="18:00")
    work()
    assert reminder_due(mine) == "2026-10-19 13:30"
    me.fill("/me/", remind_from="08:00", remind_on_days_off="on")
    work()
    assert reminder_due(mine) == "2026-10-17 09:00"
    assert reminder_due(other) == "2026-10-19 09:00"
    me.user.refresh_from_db()
    assert (me.user.remind_from, me.user.remind_until, me.user.remind_on_days_off) == (time(8), time(18), True)


def test_nothing_is_put_in_the_queue_where_the_hours_stay(me: Person, mine: Case) -> None:
    me.fill("/me/", name="王芳")
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(("start", "end"), [("21:00", "09:00"), ("09:00", "09:00"), ("x", "21:00"), ("", "21:00")])
def test_hours_that_make_no_sense_are_refused(me: Person, start: str, end: str) -> None:
    page = me.fill("/me/", remind_from=start, remind_until=end)
    assert page.status == 200
    assert "invalid-feedback" in page.html
    me.user.refresh_from_db()
    assert me.user.remind_from == time(9)


def test_they_follow_in_chunks(
    me: Person, team: Team, mobile: Carrier, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminder_plan, "CHUNK", 2)
    rows = [
        new_case(
            team, mobile, manager, number=f"1390000000{i}", now="2026-10-16T09:00", submitted="2026-10-16T09:00",
            handler=manager,
        )
        for i in range(5)
    ]  # fmt: skip
    me.fill("/me/", remind_from="13:30")
    work()
    assert [reminder_due(case) for case in rows] == ["2026-10-19 13:30"] * 5


def test_what_was_put_off_to_a_morning_stays_put_off(
    me: Person, team: Team, mobile: Carrier, manager: User, clock: time_machine.Traveller
) -> None:
    """Logged late: what is due already comes the next working morning, and other hours do not call it at once."""
    case = new_case(team, mobile, manager, now="2026-10-16T09:30", submitted="2026-09-30T15:00", handler=manager)
    assert reminder_due(case) == "2026-10-19 09:00"
    me.fill("/me/", remind_from="08:00")
    work()
    assert reminder_due(case) == "2026-10-19 08:00"


def test_what_other_hours_move_is_said_and_can_be_sent_at_once(
    me: Person, mine: Case, agent: User, clock: time_machine.Traveller
) -> None:
    clock.move_to(at("2026-10-19T08:30"))
    page = me.follow(me.fill("/me/", remind_from="08:00"))
    work()
    assert reminder_due(mine) == "2026-10-20 08:00"
    assert "Your new hours move reminders of today:" in page.text
    assert "1 reminder due on 19 Oct, 09:00 will be sent on 20 Oct, 08:00." in page.text
    sent = me.follow(me.send(page, "/me/", "/me/reminders-now/"))
    assert "1 reminder is being sent now." in sent.text
    assert "Your new hours move" not in sent.text
    assert reminder_due(mine) == "2026-10-19 08:30"
    assert run_sweep(at("2026-10-19T08:31")).reminders == 1
    again = me.follow(me.post("/me/reminders-now/"))
    assert "There is nothing left to send now." in again.text
    assert run_sweep(at("2026-10-19T08:32")).reminders == 0


def test_what_moves_to_hours_that_are_not_yet_or_over_is_said_and_not_offered(
    me: Person, mine: Case, clock: time_machine.Traveller
) -> None:
    clock.move_to(at("2026-10-19T08:30"))
    page = me.follow(me.fill("/me/", remind_from="13:30"))
    assert "1 reminder due on 19 Oct, 09:00 will be sent on 19 Oct, 13:30." in page.text
    assert "Send them now" not in page.text
    clock.move_to(at("2026-10-20T08:30"))
    assert "Your new hours move" not in me.get("/me/").text


def test_hours_that_move_nothing_of_today_say_nothing(me: Person, mine: Case) -> None:
    assert "Your new hours move" not in me.follow(me.fill("/me/", remind_from="13:30")).text


def test_the_record_and_the_version_stay(me: Person, mine: Case) -> None:
    before = Case.objects.get(pk=mine.pk)
    me.fill("/me/", remind_from="13:30")
    work()
    after = Case.objects.get(pk=mine.pk)
    assert (after.version, after.entry_count) == (before.version, before.entry_count)
    ops.perform_one(ops.FollowUp(NOW), after, by=me.user, now=NOW)


def test_what_waits_to_be_sent_follows_too(me: Person, mine: Case, clock: time_machine.Traveller) -> None:
    me.fill("/me/", remind_from="13:30")
    work()
    channel = NotificationChannel.objects.create(user=me.user, kind="email")
    now, later = at("2026-10-19T10:00"), at("2026-10-19T13:30")
    clock.move_to(now)
    waits = Notice.objects.create(channel=channel, made_at=now, next_try_at=later)
    failed_once = Notice.objects.create(channel=channel, made_at=now, next_try_at=at("2026-10-19T20:30"), attempts=3)
    sent = Notice.objects.create(channel=channel, made_at=now, next_try_at=later, state="sent")
    me.fill("/me/", remind_from="09:00", remind_until="20:00")
    work()
    tries = {notice.pk: local_str(notice.next_try_at) for notice in Notice.objects.all()}
    assert tries == {
        waits.pk: "2026-10-19 10:00",
        failed_once.pk: "2026-10-20 09:00",
        sent.pk: "2026-10-19 13:30",
    }


def test_hours_changed_in_the_admin_are_followed(mine: Case, manager: User, clock: time_machine.Traveller) -> None:
    manager.is_staff = manager.is_superuser = True
    manager.save()
    admin = Client()
    admin.force_login(with_second_factor(manager))
    address = f"/admin/cases/user/{manager.pk}/change/"
    form = admin.get(address).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields}
    typed |= {"remind_from": "13:30", "is_staff": "on", "is_superuser": "on", "is_active": "on"}
    sent = {name: value for name, value in typed.items() if value not in (None, False)}
    moment = timezone.localtime(manager.date_joined)
    sent |= {"date_joined_0": f"{moment:%Y-%m-%d}", "date_joined_1": f"{moment:%H:%M:%S}"}
    assert admin.post(address, sent).status_code == 302
    work()
    assert reminder_due(mine) == "2026-10-19 13:30"
