"""People and teams that are changed beside others: one who is in two teams above all."""

from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from cases.models import (
    ApiToken,
    AuditEntry,
    CalendarAddress,
    CardView,
    Carrier,
    Case,
    Invitation,
    Membership,
    NotificationChannel,
    Reminder,
    Team,
    User,
)
from cases.operations import deletion, teams, tokens
from cases.operations.accounts import reclaim_account
from cases.operations.calendar_address import create_calendar_address, revoke_calendar_address
from cases.operations.replay_erasures import replay_erasures
from tests.bystanders import Bystanders
from tests.helpers import at, make_user
from tests.operations.test_beside_others import waiting_for

NOW = at("2026-10-16T10:00")
SUBMITTED = "2026-09-30T15:00"


@pytest.fixture(autouse=True)
def _beside(receipts_folder: Path, bystanders: Bystanders) -> None:
    """Asked for first, so that what a test makes is not among it."""


@pytest.fixture
def person(team: Team) -> User:
    """An account with all that hangs on one."""
    user = make_user("qian.tao@example.com", team)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    NotificationChannel.objects.create(user=user, kind="webhook", name="own")
    create_calendar_address(user)
    tokens.create_token(Membership.objects.get(user=user), name="x", scopes=[], days=30, now=NOW)
    Session.objects.create(session_key="theirs", session_data="x", expire_date=at("2029-01-01T10:00"))
    UserSession.objects.create(user=user, session_key="theirs", ip="127.0.0.1", user_agent="x")
    CardView.objects.create(team=team, owner=user, name="x", settings={})
    AuditEntry.objects.create(at=NOW, kind="signed_in", by=user, about="127.0.0.1")
    return user


def left_of(user: User) -> list[str]:
    models = (EmailAddress, Authenticator, NotificationChannel, CalendarAddress, UserSession)
    left = [model.__name__ for model in models if model._base_manager.filter(user=user).exists()]
    left += ["CardView"] * CardView.objects.filter(owner=user).exists()
    return left + ["ApiToken"] * ApiToken.objects.filter(membership__user=user).exists()


def test_an_account_whose_mailbox_was_proved_loses_what_another_may_have_left(person: User) -> None:
    reclaim_account(person)
    assert left_of(person) == ["EmailAddress", "UserSession", "CardView"]
    assert EmailAddress.objects.get(user=person).verified is True
    create_calendar_address(person)
    reclaim_account(person)  # proved before: nothing goes
    assert "CalendarAddress" in left_of(person)


def test_a_closed_account_goes_alone(person: User, team: Team) -> None:
    teams.remove_member(Membership.objects.get(user=person), new_handler=None, by=person, now=NOW)
    deletion.close_account(person, NOW)
    assert left_of(person) == []
    assert not Session.objects.filter(session_key="theirs").exists()
    assert not AuditEntry.objects.filter(by=person, team=None).exclude(about="").exists()
    assert AuditEntry.objects.filter(team=team, kind="member_removed").exists()


def test_a_restored_backup_loses_again_what_was_erased_and_nothing_of_the_same_key(
    person: User, team: Team, other_team: Team, bystanders: Bystanders
) -> None:
    token = ApiToken.objects.get(membership__user=person)
    entries = [
        {"at": NOW.isoformat(), "what": "token", "digest": token.digest},
        {"at": NOW.isoformat(), "what": "team", "key": other_team.pk, "created_at": other_team.created_at.isoformat()},
        {"at": NOW.isoformat(), "what": "team", "key": team.pk, "created_at": "2020-01-01T00:00:00+08:00"},
        {"at": NOW.isoformat(), "what": "account", "key": person.pk, "joined": "2020-01-01T00:00:00+08:00"},
    ]
    assert replay_erasures(entries, NOW) == 2  # type: ignore[arg-type]
    assert set(Team.objects.all()) == {team, bystanders.second_team}
    person.refresh_from_db()
    assert (person.is_active, "ApiToken" in left_of(person)) == (True, False)
    account = {"at": NOW.isoformat(), "what": "account", "key": person.pk, "joined": person.date_joined.isoformat()}
    assert replay_erasures([account], NOW) == 1  # type: ignore[list-item]
    person.refresh_from_db()
    assert (person.is_active, person.memberships.count()) == (False, 0)


def test_a_calendar_address_is_revoked_for_its_person(person: User) -> None:
    revoke_calendar_address(person)
    assert not CalendarAddress.objects.filter(user=person).exists()


def test_the_use_of_a_token_is_written_to_the_minute_and_to_it_alone(person: User) -> None:
    token = ApiToken.objects.get(membership__user=person)
    for moment, written in (
        ("2026-10-16T10:00:00", "2026-10-16T10:00:00"),
        ("2026-10-16T10:00:59", "2026-10-16T10:00:00"),
        ("2026-10-16T10:01:00", "2026-10-16T10:01:00"),
    ):
        tokens.record_use(token, at(moment))
        token.refresh_from_db()
        assert token.last_used_at == at(written)


def test_two_requests_with_an_old_copy_of_the_token_write_its_use_once(person: User) -> None:
    token = ApiToken.objects.get(membership__user=person)
    tokens.record_use(ApiToken.objects.get(pk=token.pk), NOW)
    tokens.record_use(token, at("2026-10-16T10:00:30"))  # still without a last use
    token.refresh_from_db()
    assert token.last_used_at == NOW


def test_a_token_is_found_by_its_secret_until_it_expires(person: User) -> None:
    membership = Membership.objects.get(user=person)
    token, secret = tokens.create_token(membership, name="y", scopes=[], days=1, now=NOW)
    assert tokens.find_token(secret, at("2026-10-17T09:59:59")) == token
    assert tokens.find_token(secret, at("2026-10-17T10:00:00")) is None
    assert tokens.find_token(f"{secret}x", NOW) is None
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert tokens.find_token(secret, NOW) is None


# Teams


def test_another_role_in_one_team_leaves_the_other_as_it_was(
    team: Team, manager: User, bystanders: Bystanders, mobile: Carrier
) -> None:
    """Of a person who manages both: what they invited there and are to be told there stays."""
    second_team = bystanders.second_team
    both = make_user("qian.tao@example.com", team, "manager")
    Membership.objects.create(team=second_team, user=both, role="manager")
    own, theirs = (waiting_for(both, of, mobile) for of in (team, second_team))
    for of in (team, second_team):
        teams.invite(of, role="agent", email="", by=both, now=NOW)
    teams.invite(team, role="agent", email="", by=manager, now=NOW)
    teams.change_role(Membership.objects.get(user=both, team=team), "viewer", by=manager, now=NOW)
    assert {row.team for row in Invitation.objects.filter(made_by=both)} == {second_team}
    assert Invitation.objects.filter(made_by=manager, team=team, email="").exists()
    assert [Reminder.objects.get(pk=row.pk).bundle_id is None for row in (own, theirs)] == [True, False]
    assert [Membership.objects.get(user=both, team=of).role for of in (team, second_team)] == ["viewer", "manager"]


def test_a_member_leaves_one_team_and_hands_over_there(
    team: Team, manager: User, agent: User, bystanders: Bystanders, mobile: Carrier
) -> None:
    second_team = bystanders.second_team
    both = make_user("qian.tao@example.com", team)
    Membership.objects.create(team=second_team, user=both)
    own, theirs = waiting_for(both, team, mobile), waiting_for(both, second_team, mobile)
    of_agent = waiting_for(agent, team, mobile, number="13500000002")
    left = teams.remove_member(Membership.objects.get(user=both, team=team), new_handler=agent, by=manager, now=NOW)
    assert left == 1
    assert [Case.objects.get(pk=row.case_id).handler for row in (own, theirs)] == [agent, both]
    bundles = [Reminder.objects.get(pk=row.pk).bundle_id is None for row in (own, theirs, of_agent)]
    assert bundles == [True, False, False]
    assert Membership.objects.filter(user=both).count() == 1
