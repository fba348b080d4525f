"""Inviting, joining, other roles, leaving; and whose the open cases are then."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from cases import selectors
from cases.domain.errors import NotAMember
from cases.domain.roles import (
    AccountTaken,
    AlreadyMember,
    InvitationForAnother,
    InvitationGone,
    LastManager,
    MemberInvited,
    Role,
)
from cases.models import (
    AuditEntry,
    Invitation,
    Membership,
    Notice,
    NoticeReminder,
    NotificationChannel,
    Reminder,
    Team,
    User,
)
from cases.models.choices import ChannelKind
from cases.operations import HandOver, Withdraw, perform_one, teams
from cases.reminders.pipeline import run_sweep
from tests.helpers import CaseDriver, at, make_user, run_concurrently
from tests.moments import NOW

pytestmark = pytest.mark.django_db


def member(user: User, team: Team) -> Membership:
    return Membership.objects.get(user=user, team=team)


# Invitations


def test_an_invitation_lets_one_person_in_once(team: Team, manager: User, stranger: User) -> None:
    invitation, secret = teams.invite(team, role="viewer", email="", by=manager, now=NOW)
    assert len(secret) == 43  # 256 bits
    assert secret not in str(vars(invitation))
    assert teams.find_invitation(secret, NOW) == invitation
    assert teams.join(secret, stranger, NOW + timedelta(days=6)) == team
    assert member(stranger, team).role == "viewer"
    assert teams.find_invitation(secret, NOW) is None
    with pytest.raises(InvitationGone):
        teams.join(secret, make_user("third@example.com", Team.objects.create(name="x")), NOW)


def test_an_invitation_is_good_for_seven_days(team: Team, manager: User, stranger: User) -> None:
    _, secret = teams.invite(team, role="agent", email="", by=manager, now=NOW)
    assert teams.find_invitation(secret, at("2026-10-23T09:59")) is not None
    assert teams.find_invitation(secret, at("2026-10-23T10:00")) is None
    with pytest.raises(InvitationGone):
        teams.join(secret, stranger, at("2026-10-23T10:00"))
    assert list(selectors.invitations_of(team, at("2026-10-23T10:00"))) == []


def test_an_invitation_for_an_address_is_nobody_elses(team: Team, manager: User, stranger: User) -> None:
    _, secret = teams.invite(team, role="agent", email=" New@Example.com", by=manager, now=NOW)
    with pytest.raises(InvitationForAnother) as refused:
        teams.join(secret, stranger, NOW)
    assert refused.value.params == {"email": "new@example.com"}
    made = teams.sign_up_and_join(
        secret, NOW, email="new@example.com", name="New", password="correct horse", language="en"
    )
    assert (member(made, team).role, made.check_password("correct horse"), made.is_staff) == ("agent", True, False)


def test_a_member_is_not_invited_and_uses_nothing_up(team: Team, manager: User, agent: User) -> None:
    with pytest.raises(MemberInvited):
        teams.invite(team, role="agent", email="WANG.WEI@example.com", by=manager, now=NOW)
    _, secret = teams.invite(team, role="manager", email="", by=manager, now=NOW)
    with pytest.raises(AlreadyMember):
        teams.join(secret, agent, NOW)
    assert member(agent, team).role == "agent"
    assert teams.find_invitation(secret, NOW) is not None


def test_an_address_with_an_account_makes_no_second_one(team: Team, manager: User, stranger: User) -> None:
    _, secret = teams.invite(team, role="agent", email="", by=manager, now=NOW)
    with pytest.raises(AccountTaken):
        teams.sign_up_and_join(secret, NOW, email=stranger.email, name="x", password="correct horse", language="en")
    assert teams.find_invitation(secret, NOW) is not None
    with pytest.raises(InvitationGone):
        teams.sign_up_and_join("wrong", NOW, email="y@example.com", name="y", password="correct horse", language="en")
    assert not User.objects.filter(email="y@example.com").exists()


def test_who_no_longer_manages_has_invited_nobody(team: Team, manager: User) -> None:
    for goodbye in (
        lambda m: teams.change_role(m, "agent", by=manager, now=NOW),
        lambda m: teams.remove_member(m, new_handler=None, by=manager, now=NOW),
    ):
        other = make_user(f"m{User.objects.count()}@example.com", team, Role.MANAGER)
        _, secret = teams.invite(team, role="manager", email="", by=other, now=NOW)
        goodbye(member(other, team))
        assert teams.find_invitation(secret, NOW) is None


@pytest.mark.django_db(transaction=True)
def test_one_link_opened_by_two_at_once_lets_one_in(team: Team, manager: User) -> None:
    elsewhere = Team.objects.create(name="x")
    two = [make_user(f"{n}@example.com", elsewhere) for n in range(2)]
    _, secret = teams.invite(team, role="agent", email="", by=manager, now=NOW)
    results = run_concurrently(*(lambda user=user: teams.join(secret, user, NOW) for user in two))  # type: ignore[misc]
    assert sorted(type(result).__name__ for result in results) == ["InvitationGone", "Team"]
    assert team.memberships.count() == 2


# The last manager


def test_the_last_manager_stays_one(team: Team, manager: User, agent: User) -> None:
    with pytest.raises(LastManager):
        teams.change_role(member(manager, team), "agent", by=manager, now=NOW)
    with pytest.raises(LastManager):
        teams.remove_member(member(manager, team), new_handler=agent, by=manager, now=NOW)
    teams.change_role(member(manager, team), "manager", by=manager, now=NOW)
    teams.change_role(member(agent, team), "manager", by=manager, now=NOW)
    teams.change_role(member(manager, team), "viewer", by=manager, now=NOW)
    assert member(manager, team).role == "viewer"


def test_a_manager_whose_account_is_closed_is_none(team: Team, manager: User) -> None:
    other = make_user("other@example.com", team, Role.MANAGER)
    other.is_active = False
    other.save()
    with pytest.raises(LastManager):
        teams.remove_member(member(manager, team), new_handler=None, by=manager, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_managers_cannot_both_go_at_once(team: Team, manager: User) -> None:
    other = make_user("other@example.com", team, Role.MANAGER)
    mine, theirs = member(manager, team), member(other, team)
    results = run_concurrently(
        lambda: teams.remove_member(mine, new_handler=None, by=manager, now=NOW),
        lambda: teams.change_role(theirs, "agent", by=manager, now=NOW),
    )
    assert [type(result).__name__ for result in results].count("LastManager") == 1
    assert team.memberships.filter(role="manager").count() == 1


# Handing over


def test_open_cases_go_to_whoever_was_chosen(new_driver: Callable[..., CaseDriver], manager: User, agent: User) -> None:
    theirs = new_driver("13800000001", handler=agent, submitted="2026-09-30T15:00")
    done = new_driver("13800000002", handler=agent)
    done.do(Withdraw(), "2026-10-01T10:00")
    mine = new_driver("13800000003", handler=manager)
    team = theirs.case.team
    assert teams.remove_member(member(agent, team), new_handler=manager, by=manager, now=NOW, words="离职") == 1
    assert theirs.fresh().handler == manager
    assert theirs.kinds == ["logged", "submitted", "handed_over"]
    assert (theirs.last_content["from"], theirs.last_content["to"], theirs.last_content["words"]) == (
        "Wang Wei",
        "Li Na",
        "离职",
    )
    assert theirs.chain_flaw is None
    assert [(e.kind, e.about) for e in AuditEntry.objects.filter(team=team)] == [("member_removed", "Wang Wei")]
    assert (done.fresh().handler, mine.kinds) == (agent, ["logged"])
    with pytest.raises(ObjectDoesNotExist):
        member(agent, team)


def test_without_an_heir_the_managers_are_reminded(submitted: CaseDriver, manager: User, agent: User) -> None:
    submitted.do(HandOver(agent), "2026-10-01T10:00")
    assert list(selectors.reminder_cases_of(manager)) == []
    teams.remove_member(member(agent, submitted.case.team), new_handler=None, by=agent, now=NOW)
    assert submitted.fresh().handler is None
    assert list(selectors.reminder_cases_of(manager)) == [submitted.case]


@pytest.mark.parametrize("heir", ["viewer", "stranger", "themselves"])
def test_a_case_is_left_to_nobody_who_cannot_work_on_it(
    submitted: CaseDriver, team: Team, agent: User, stranger: User, heir: str
) -> None:
    submitted.do(HandOver(agent), "2026-10-01T10:00")
    people = {
        "viewer": make_user("v@example.com", team, Role.VIEWER),
        "stranger": stranger,
        "themselves": agent,
    }
    with pytest.raises(NotAMember):
        teams.remove_member(member(agent, team), new_handler=people[heir], by=agent, now=NOW)
    assert submitted.fresh().handler == agent
    assert member(agent, team)
    if heir == "viewer":
        with pytest.raises(NotAMember):
            perform_one(HandOver(people[heir]), submitted.fresh(), by=agent, now=NOW)


def test_whoever_only_reads_now_is_reminded_of_nothing(submitted: CaseDriver, manager: User, agent: User) -> None:
    submitted.do(HandOver(agent), "2026-10-01T10:00")
    teams.change_role(member(agent, submitted.case.team), "viewer", by=manager, now=NOW)
    assert list(selectors.reminder_cases_of(agent)) == []
    assert list(selectors.reminder_cases_of(manager)) == [submitted.case]
    run_sweep(at("2026-10-14T09:00"))
    assert {line.notice.channel.user for line in NoticeReminder.objects.select_related("notice__channel__user")} == {
        manager
    }


def test_what_was_on_its_way_to_who_left_goes_to_the_heir(submitted: CaseDriver, manager: User, agent: User) -> None:
    submitted.do(HandOver(agent), "2026-10-01T10:00")
    run_sweep(at("2026-10-14T09:00"))
    assert {line.notice.channel.user for line in NoticeReminder.objects.select_related("notice__channel__user")} == {
        agent
    }
    teams.remove_member(member(agent, submitted.case.team), new_handler=manager, by=manager, now=at("2026-10-14T09:01"))
    assert Reminder.objects.get().bundle is None
    run_sweep(at("2026-10-14T09:02"))
    assert (
        Notice.objects.filter(channel=NotificationChannel.objects.get(user=manager, kind=ChannelKind.EMAIL)).count()
        == 1
    )


def test_somebody_who_has_left_already_cannot_leave_again(team: Team, manager: User, agent: User) -> None:
    gone = member(agent, team)
    teams.remove_member(gone, new_handler=None, by=manager, now=NOW)
    gone = Membership(pk=10**6, team=team, user=agent)
    with pytest.raises(NotAMember):
        teams.remove_member(gone, new_handler=None, by=manager, now=NOW)
    assert not Invitation.objects.exists()
