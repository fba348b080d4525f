"""A team deleted goes from database and disk, wholly; another team's things stay as they are."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test import Client

from cases.domain.roles import LastManager, StillMember, TeamNameMismatch
from cases.models import AuditEntry, Card, Carrier, Case, Membership, NotificationChannel, Receipt, Team, User
from cases.models.receipt_store import receipt_store
from cases.operations import deletion, teams
from cases.operations.accounts import create_team
from cases.operations.calendar_address import create_calendar_address
from tests.factories_all_models import one_of_each
from tests.helpers import CaseDriver, at, make_user, new_case
from tests.moments import NOW

#: Stands in every text of the team, and nowhere else.
MARK = "zq7marked"
NUMBER = "19912345678"


@pytest.fixture(autouse=True)
def folder(receipts_folder: Path) -> Path:
    return receipts_folder


def cells() -> Iterator[tuple[str, str]]:
    """Every text of every table that Django knows, with where it stands."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from ((table, str(cell)) for cell in row if isinstance(cell, str | bytes | memoryview))


def where(text: str) -> list[str]:
    return sorted({table for table, cell in cells() if text in cell})


@pytest.mark.forged
@pytest.mark.django_db(transaction=True)
def test_nothing_of_it_is_left_in_database_and_disk(mobile: Carrier) -> None:
    other, doomed = Team.objects.create(name="留下的"), Team.objects.create(name=f"{MARK} team")
    stays, goes = make_user("stays@example.com", other, "manager"), make_user("goes@example.com", doomed, "manager")
    kept = CaseDriver(new_case(other, mobile, stays, number="13800138001", submitted="2026-09-30T15:00"), stays)
    one_of_each(other, mobile, stays, number="13800138002", mark="kept")
    before = everything_of(other)
    made = one_of_each(doomed, mobile, goes, number=NUMBER, mark=MARK)
    missing = {m.__name__ for m, _ in deletion.team_models()} - {type(row).__name__ for row in made}
    assert missing == set(), "one_of_each must make one of every model that belongs to a team"
    assert where(MARK)
    assert (settings.RECEIPTS_ROOT / str(doomed.pk)).exists()

    deletion.delete_team(doomed, at("2026-10-20T03:00"))

    assert where(MARK) == []
    assert where(NUMBER) == []
    assert not (settings.RECEIPTS_ROOT / str(doomed.pk)).exists()
    assert everything_of(other) == before
    assert kept.chain_flaw is None
    assert Receipt.objects.get().read() == b"synthetic kept"
    if connection.vendor == "sqlite":
        connection.close()
        for path in Path(connection.settings_dict["NAME"]).parent.glob(
            f"{Path(connection.settings_dict['NAME']).name}*"
        ):
            assert MARK.encode() not in path.read_bytes(), path.name
            assert NUMBER.encode() not in path.read_bytes(), path.name


def everything_of(team: Team) -> dict[str, list[str]]:
    return {
        model.__name__: sorted(
            {repr(row) for path in paths for row in model._base_manager.filter(**{path: team.pk}).values_list()}
        )
        for model, paths in deletion.team_models()
    }


def test_every_model_with_a_way_to_a_team_is_known() -> None:
    """By another road than the code's: whatever cannot be told from the team's side has no key that leads there."""
    known = {model for model, _ in deletion.team_models()} | {Team}
    for model in apps.get_app_config("cases").get_models():
        points_to = {f.related_model for f in model._meta.get_fields() if isinstance(f, models.ForeignKey)}
        assert model in known or not points_to & known, model.__name__


def test_a_week_in_which_it_can_be_taken_back(team: Team, manager: User) -> None:
    with pytest.raises(TeamNameMismatch):
        deletion.schedule_deletion(team, "something else", by=manager, now=NOW)
    deletion.schedule_deletion(team, team.name, by=manager, now=NOW)
    assert deletion.delete_due_teams(at("2026-10-22T23:59")) == 0
    deletion.cancel_deletion(team, by=manager, now=at("2026-10-22T23:59"))
    assert deletion.delete_due_teams(at("2026-10-23T03:00")) == 0
    deletion.schedule_deletion(team, team.name, by=manager, now=at("2026-10-24T10:00"))
    entries = AuditEntry.objects.filter(team=team, kind="settings_changed").order_by("pk")
    assert [entry.about for entry in entries] == ["delete_on: 2026-10-23", "delete_on: -", "delete_on: 2026-10-31"]
    assert deletion.delete_due_teams(at("2026-10-31T03:00")) == 1
    assert not Team.objects.exists()


def test_an_account_is_closed_once_its_teams_are_left(team: Team, manager: User, agent: User) -> None:
    now = NOW
    create_calendar_address(agent)
    NotificationChannel.objects.create(user=agent, kind="webhook")
    with pytest.raises(StillMember):
        deletion.close_account(agent, now)
    teams.remove_member(Membership.objects.get(user=agent), new_handler=None, by=agent, now=now)
    address = agent.email
    deletion.close_account(agent, now)
    gone = User.objects.get(pk=agent.pk)
    assert (gone.is_active, gone.name, gone.email) == (False, "", f"closed-{gone.pk}@account.invalid")
    assert not gone.has_usable_password()
    assert not gone.channels.exists()
    assert [table for table in where(address) if table != "cases_auditentry"] == []


def test_a_team_of_one_goes_with_its_person(mobile: Carrier, db: None) -> None:
    person = User.objects.create_user("alone@example.com", "x", name="Alone")
    new_case(create_team("Alone", person), mobile, person)
    deletion.close_account(person, NOW)
    assert not Team.objects.exists()
    assert not Card.objects.exists()
    assert not Case.objects.exists()


def test_a_manager_of_others_cannot_be_lost(team: Team, manager: User, agent: User) -> None:
    assert teams.manages_alone(manager)
    assert not teams.manages_alone(agent)
    make_user("second@example.com", team, "manager")
    assert not teams.manages_alone(manager)
    User.objects.filter(email="second@example.com").update(is_active=False)
    with pytest.raises(LastManager):
        teams.remove_member(Membership.objects.get(user=manager), new_handler=None, by=manager, now=NOW)


def test_receipts_of_a_deleted_team_that_a_kill_left_go_by_night(db: None) -> None:
    from cases import tasks

    receipt_store.write(4711, b"left behind")
    for path in receipt_store.paths():
        os.utime(path, (0, 0))
    tasks.nightly()
    assert not list(receipt_store.paths())


def test_sqlite_overwrites_what_it_deletes(db: None) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
    assert sqlite3.sqlite_version_info >= (3, 7)


def test_sessions_that_are_over_go_with_what_was_noted_of_them(manager: User) -> None:
    now = NOW
    for name, days in (("old", -1), ("new", 1)):
        browser = Client()
        browser.force_login(manager)
        key = browser.session.session_key
        Session.objects.filter(pk=key).update(expire_date=now + timedelta(days=days))
        UserSession.objects.update_or_create(
            session_key=key, defaults={"user": manager, "ip": "127.0.0.1", "user_agent": name}
        )
    deletion.delete_expired_sessions(now)
    assert list(UserSession.objects.values_list("user_agent", flat=True)) == ["new"]
    assert Session.objects.count() == 1
