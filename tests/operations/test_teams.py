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
    ReminderGroup,
    Team,
    User,
)
from cases.models.choices import ChannelKind
from cases.operations import HandOver, Withdraw, perform_one, teams
from cases.reminders.pipeline import run_sweep
from tests.helpers import Desk, at, make_user, together

NOW = at("2026-10-16T10:00")
pytestmark = pytest.mark.django_db


def member(user: User, team: Team) -> Membership:
    return Membership.objects.get(user=user, team=team)


# Invitations


def test_an_invitation_lets_one_person_in_once(team: Team, owner: User, stranger: User) -> None:
    invitation, secret = teams.invite(team, role="viewer", email="", by=owner, now=NOW)
    assert len(secret) == 43  # 256 bits
    assert secret not in str(vars(invitation))
    assert teams.find_invitation(secret, NOW) == invitation
    assert teams.join(secret, stranger, NOW + timedelta(days=6)) == team
    assert member(stranger, team).role == "viewer"
    assert teams.find_invitation(secret, NOW) is None
    with pytest.raises(InvitationGone):
        teams.join(secret, make_user("third@example.com", Team.objects.create(name="x")), NOW)


def test_an_invitation_is_good_for_seven_days(team: Team, owner: User, stranger: User) -> None:
    _, secret = teams.invite(team, role="agent", email="", by=owner, now=NOW)
    assert teams.find_invitation(secret, at("2026-10-23T09:59")) is not None
    assert teams.find_invitation(secret, at("2026-10-23T10:00")) is None
    with pytest.raises(InvitationGone):
        teams.join(secret, stranger, at("2026-10-23T10:00"))
    assert list(selectors.invitations_of(team, at("2026-10-23T10:00"))) == []


def test_an_invitation_for_an_address_is_nobody_elses(team: Team, owner: User, stranger: User) -> None:
    _, secret = teams.invite(team, role="agent", email=" New@Example.com", by=owner, now=NOW)
    with pytest.raises(InvitationForAnother) as refused:
        teams.join(secret, stranger, NOW)
    assert refused.value.params == {"email": "new@example.com"}
    made = teams.sign_up_and_join(
        secret, NOW, email="new@example.com", name="New", password="correct horse", language="en"
    )
    assert (member(made, team).role, made.check_password("correct horse"), made.is_staff) == ("agent", True, False)


def test_a_member_is_not_invited_and_uses_nothing_up(team: Team, owner: User, teammate: User) -> None:
    with pytest.raises(MemberInvited):
        teams.invite(team, role="agent", email="TEAMMATE@example.com", by=owner, now=NOW)
    _, secret = teams.invite(team, role="manager", email="", by=owner, now=NOW)
    with pytest.raises(AlreadyMember):
        teams.join(secret, teammate, NOW)
    assert member(teammate, team).role == "agent"
    assert teams.find_invitation(secret, NOW) is not None


def test_an_address_with_an_account_makes_no_second_one(team: Team, owner: User, stranger: User) -> None:
    _, secret = teams.invite(team, role="agent", email="", by=owner, now=NOW)
    with pytest.raises(AccountTaken):
        teams.sign_up_and_join(secret, NOW, email=stranger.email, name="x", password="correct horse", language="en")
    assert teams.find_invitation(secret, NOW) is not None
    with pytest.raises(InvitationGone):
        teams.sign_up_and_join("wrong", NOW, email="y@example.com", name="y", password="correct horse", language="en")
    assert not User.objects.filter(email="y@example.com").exists()


def test_who_no_longer_manages_has_invited_nobody(team: Team, owner: User) -> None:
    for goodbye in (
        lambda m: teams.change_role(m, "agent", by=owner, now=NOW),
        lambda m: teams.remove_member(m, new_handler=None, by=owner, now=NOW),
    ):
        other = make_user(f"m{User.objects.count()}@example.com", team, Role.MANAGER)
        _, secret = teams.invite(team, role="manager", email="", by=other, now=NOW)
        goodbye(member(other, team))
        assert teams.find_invitation(secret, NOW) is None


@pytest.mark.django_db(transaction=True)
def test_one_link_opened_by_two_at_once_lets_one_in(team: Team, owner: User) -> None:
    elsewhere = Team.objects.create(name="x")
    two = [make_user(f"{n}@example.com", elsewhere) for n in range(2)]
    _, secret = teams.invite(team, role="agent", email="", by=owner, now=NOW)
    results = together(*(lambda user=user: teams.join(secret, user, NOW) for user in two))  # type: ignore[misc]
    assert sorted(type(result).__name__ for result in results) == ["InvitationGone", "Team"]
    assert team.memberships.count() == 2


# The last manager


def test_the_last_manager_stays_one(team: Team, owner: User, teammate: User) -> None:
    with pytest.raises(LastManager):
        teams.change_role(member(owner, team), "agent", by=owner, now=NOW)
    with pytest.raises(LastManager):
        teams.remove_member(member(owner, team), new_handler=teammate, by=owner, now=NOW)
    teams.change_role(member(owner, team), "manager", by=owner, now=NOW)
    teams.change_role(member(teammate, team), "manager", by=owner, now=NOW)
    teams.change_role(member(owner, team), "viewer", by=owner, now=NOW)
    assert member(owner, team).role == "viewer"


def test_a_manager_whose_account_is_closed_is_none(team: Team, owner: User) -> None:
    other = make_user("other@example.com", team, Role.MANAGER)
    other.is_active = False
    other.save()
    with pytest.raises(LastManager):
        teams.remove_member(member(owner, team), new_handler=None, by=owner, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_managers_cannot_both_go_at_once(team: Team, owner: User) -> None:
    other = make_user("other@example.com", team, Role.MANAGER)
    mine, theirs = member(owner, team), member(other, team)
    results = together(
        lambda: teams.remove_member(mine, new_handler=None, by=owner, now=NOW),
        lambda: teams.change_role(theirs, "agent", by=owner, now=NOW),
    )
    assert [type(result).__name__ for result in results].count("LastManager") == 1
    assert team.memberships.filter(role="manager").count() == 1


# Handing over


def test_open_cases_go_to_whoever_was_chosen(desk_of: Callable[..., Desk], owner: User, teammate: User) -> None:
    theirs = desk_of("13800000001", handler=teammate, submitted="2026-09-30T15:00")
    done = desk_of("13800000002", handler=teammate)
    done.do(Withdraw(), "2026-10-01T10:00")
    mine = desk_of("13800000003", handler=owner)
    team = theirs.case.team
    assert teams.remove_member(member(teammate, team), new_handler=owner, by=owner, now=NOW, words="离职") == 1
    assert theirs.fresh().handler == owner
    assert theirs.kinds == ["logged", "submitted", "handed_over"]
    assert (theirs.said["from"], theirs.said["to"], theirs.said["words"]) == ("Teammate", "Owner", "离职")
    assert theirs.broken is None
    assert [(e.kind, e.about) for e in AuditEntry.objects.filter(team=team)] == [("member_removed", "Teammate")]
    assert (done.fresh().handler, mine.kinds) == (teammate, ["logged"])
    with pytest.raises(ObjectDoesNotExist):
        member(teammate, team)


def test_without_an_heir_the_managers_are_reminded(submitted: Desk, owner: User, teammate: User) -> None:
    submitted.do(HandOver(teammate), "2026-10-01T10:00")
    assert list(selectors.reminder_cases_of(owner)) == []
    teams.remove_member(member(teammate, submitted.case.team), new_handler=None, by=teammate, now=NOW)
    assert submitted.fresh().handler is None
    assert list(selectors.reminder_cases_of(owner)) == [submitted.case]


@pytest.mark.parametrize("heir", ["viewer", "stranger", "themselves"])
def test_a_case_is_left_to_nobody_who_cannot_work_on_it(
    submitted: Desk, team: Team, teammate: User, stranger: User, heir: str
) -> None:
    submitted.do(HandOver(teammate), "2026-10-01T10:00")
    people = {
        "viewer": make_user("v@example.com", team, Role.VIEWER),
        "stranger": stranger,
        "themselves": teammate,
    }
    with pytest.raises(NotAMember):
        teams.remove_member(member(teammate, team), new_handler=people[heir], by=teammate, now=NOW)
    assert submitted.fresh().handler == teammate
    assert member(teammate, team)
    if heir == "viewer":
        with pytest.raises(NotAMember):
            perform_one(HandOver(people[heir]), submitted.fresh(), by=teammate, now=NOW)


def test_whoever_only_reads_now_is_reminded_of_nothing(submitted: Desk, owner: User, teammate: User) -> None:
    submitted.do(HandOver(teammate), "2026-10-01T10:00")
    teams.change_role(member(teammate, submitted.case.team), "viewer", by=owner, now=NOW)
    assert list(selectors.reminder_cases_of(teammate)) == []
    assert list(selectors.reminder_cases_of(owner)) == [submitted.case]
    run_sweep(at("2026-10-14T09:00"))
    assert {line.notice.channel.user for line in NoticeReminder.objects.select_related("notice__channel__user")} == {
        owner
    }


def test_what_was_on_its_way_to_who_left_goes_to_the_heir(submitted: Desk, owner: User, teammate: User) -> None:
    submitted.do(HandOver(teammate), "2026-10-01T10:00")
    run_sweep(at("2026-10-14T09:00"))
    assert {line.notice.channel.user for line in NoticeReminder.objects.select_related("notice__channel__user")} == {
        teammate
    }
    teams.remove_member(member(teammate, submitted.case.team), new_handler=owner, by=owner, now=at("2026-10-14T09:01"))
    assert not NoticeReminder.objects.filter(notice__channel__user=teammate).exists()
    assert ReminderGroup.objects.filter(gathered_at=None).exists()
    run_sweep(at("2026-10-14T09:02"))
    assert (
        Notice.objects.filter(channel=NotificationChannel.objects.get(user=owner, kind=ChannelKind.EMAIL)).count() == 1
    )


def test_somebody_who_has_left_already_cannot_leave_again(team: Team, owner: User, teammate: User) -> None:
    gone = member(teammate, team)
    teams.remove_member(gone, new_handler=None, by=owner, now=NOW)
    gone = Membership(pk=10**6, team=team, user=teammate)
    with pytest.raises(NotAMember):
        teams.remove_member(gone, new_handler=None, by=owner, now=NOW)
    assert not Invitation.objects.exists()
