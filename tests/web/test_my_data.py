"""What is held about a person, as a file for that person alone."""

import json
from datetime import UTC, datetime
from typing import Any

from cases.models import AuditEntry, NotificationChannel, User
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.test_signing_in import confirm


def data_of(person: Person) -> Any:
    confirm(person)
    answer = person.get("/me/data/")
    assert answer.status == 200
    assert answer.response["Content-Disposition"] == 'attachment; filename="xiaoka-my-data.json"'
    assert answer.response["Cache-Control"] == "private, no-store"
    return json.loads(answer.html)


def test_who_one_is_is_asked_first(me: Person) -> None:
    assert me.get("/me/data/").location == "/me/confirm/?next=%2Fme%2Fdata%2F"


def test_everything_about_oneself(me: Person, manager: User, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    NotificationChannel.objects.create(
        user=manager, kind="webhook", name="My robot", label="hooks.example", encrypted="secret",
        created_at=datetime(2026, 10, 1, tzinfo=UTC),
    )  # fmt: skip
    data = data_of(me)
    assert data["account"] == {
        "email": "li.na@example.com",
        "name": "Li Na",
        "language": "en",
        "joined": data["account"]["joined"],
        "last_sign_in": data["account"]["last_sign_in"],
        "reminders": {"from": "09:00:00", "until": "21:00:00", "on_days_off": False},
        "calendar_address": False,
    }
    assert data["made_at"] == "2026-10-16T02:00:00Z"
    assert data["addresses"] == [{"email": "li.na@example.com", "verified": True, "primary": True}]
    assert data["second_factors"] == []
    assert data["teams"] == [{"name": "销售一部", "role": "manager", "work_list": {}}]
    assert data["channels"] == [
        {
            "kind": "webhook",
            "name": "My robot",
            "shown": "hooks.example",
            "is_on": True,
            "created_at": "2026-10-01T00:00:00Z",
            "last_success_at": None,
            "last_failure_at": None,
        }
    ]
    assert data["account_emails"] == []
    assert data["recorded"] == [
        {"case": driver.case.reference, "what": "logged", "at": "2026-09-30T07:00:00Z"},
        {"case": driver.case.reference, "what": "submitted", "at": "2026-09-30T07:00:00Z"},
    ]


def test_nothing_secret_of_nobody_else_and_no_number(
    me: Person, manager: User, agent: User, new_driver: scenarios.Make
) -> None:
    scenarios.overdue(new_driver)
    NotificationChannel.objects.create(user=agent, kind="webhook", name="Theirs", label="theirs.example")
    NotificationChannel.objects.create(user=manager, kind="webhook", label="mine.example", encrypted="gAAAA-encrypted")
    text = json.dumps(data_of(me))
    for absent in ("wang.wei", "Theirs", "theirs.example", "gAAAA", "13800000005", "pbkdf2", "md5$"):
        assert absent not in text


def test_taking_it_out_is_noted(me: Person) -> None:
    data_of(me)
    entry = AuditEntry.objects.filter(kind="exported").get()
    assert (entry.by, entry.team, entry.about) == (me.user, None, "own data")
