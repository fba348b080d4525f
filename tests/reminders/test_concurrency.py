"""Workers beside each other on one database: together they do what one would have done."""

from collections import Counter
from datetime import timedelta

import pytest

from cases.domain.roles import Role
from cases.models import Carrier, Case, Notice, NoticeReminder, Reminder, ReminderGroup, Team, User
from tests.helpers import at, make_user
from tests.reminders.mailserver import MailServer
from tests.reminders.worker_pool import WorkerPool, cases_told, copies, people_with_cases

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

MORNING = at("2026-10-14T09:00")


@pytest.mark.parametrize("count", [2, 4])
def test_nothing_is_told_twice_and_each_person_gets_one_message(
    workers: WorkerPool, server: MailServer, team: Team, mobile: Carrier, manager: User, count: int
) -> None:
    expected = people_with_cases(team, mobile, manager, people=20, each=10)
    for morning in (MORNING, at("2026-10-16T09:00")):
        server.forget()
        # Batches that end amid a person's cases, so that the workers meet there.
        assert set(workers.work(*[{"now": morning, "batch": 7}] * count)) == {0}
        workers.finish(morning + timedelta(minutes=1))
        assert cases_told(server) == {address: Counter(dict.fromkeys(cases, 1)) for address, cases in expected.items()}
        assert copies(server) == 0
        assert len(server.taken) == 20
    assert Reminder.objects.count() == 400
    assert NoticeReminder.objects.count() == ReminderGroup.objects.count()
    assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_several_readers_of_one_case_get_it_once_each(
    workers: WorkerPool, server: MailServer, team: Team, mobile: Carrier, manager: User
) -> None:
    make_user("second@example.com", team, Role.MANAGER)
    people_with_cases(team, mobile, manager, people=1, each=30)
    Case.objects.update(handler=None)
    assert set(workers.work(*[{"now": MORNING, "batch": 4}] * 4)) == {0}
    workers.finish(MORNING + timedelta(minutes=1))
    assert server.readers == ["li.na@example.com", "second@example.com"]
    assert [set(counts.values()) for counts in cases_told(server).values()] == [{1}, {1}]
