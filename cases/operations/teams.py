"""Teams and their people: invitations, joining, roles, leaving; and the cases of those who leave.

Whatever takes a manager away holds the team's row while it looks whether another one is left.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import ClassVar

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from cases.domain.errors import NotAMember
from cases.domain.roles import (
    AccountTaken,
    AlreadyMember,
    InvitationForAnother,
    InvitationGone,
    LastManager,
    MemberInvited,
    Right,
    has_right,
    roles_with,
)
from cases.models import Invitation, Membership, Team, User
from cases.models.choices import AuditKind, FullNumbers
from cases.models.people import UserManager
from cases.operations import untold_reminders
from cases.operations.audit_log import record_audit_entry
from cases.operations.engine.perform import perform
from cases.operations.follow_up import HandOver
from cases.operations.named_handlers import hand_over_named_cases
from cases.operations.secret_digest import digest_secret
from cases.selectors import handled_by, role_of

#: How long an invitation is good.
INVITATION_LIFETIME = timedelta(days=7)
#: Random bytes in its secret: 256 bits.
_BYTES = 32


def rename_team(team: Team, name: str, *, by: User, now: datetime) -> None:
    """Another name for the team."""
    with transaction.atomic():
        team.name = name
        team.save(update_fields=["name"])
        record_audit_entry(AuditKind.SETTINGS_CHANGED, by=by, now=now, team=team, about=f"name: {name}")


def set_full_numbers(team: Team, setting: FullNumbers, *, by: User, now: datetime) -> None:
    """Whether those who work in the team see numbers in full; effective with the next page that they open."""
    with transaction.atomic():
        team.full_numbers = setting
        team.save(update_fields=["full_numbers"])
        about = f"full_numbers: {setting.value}"
        record_audit_entry(AuditKind.SETTINGS_CHANGED, by=by, now=now, team=team, about=about)


# Invitations


def invite(team: Team, *, role: str, email: str, by: User, now: datetime) -> tuple[Invitation, str]:
    """A new invitation, good for a week from now (aware), and its secret, which no page can show again.

    `email` empty: for whoever holds the link. Raises MemberInvited when it is a member's.
    """
    email = UserManager.normalize_email(email)
    if email and team.memberships.filter(user__email=email).exists():
        raise MemberInvited()
    secret = secrets.token_urlsafe(_BYTES)
    invitation = Invitation.objects.create(
        team=team,
        role=role,
        email=email,
        digest=digest_secret(secret),
        made_by=by,
        made_at=now,
        expires_at=now + INVITATION_LIFETIME,
    )
    return invitation, secret


def find_invitation(secret: str, now: datetime) -> Invitation | None:
    """The invitation behind a secret, while it is good. The database compares digests only: nothing can be guessed."""
    valid_invitations = Invitation.objects.filter(digest=digest_secret(secret), expires_at__gt=now)
    return valid_invitations.select_related("team", "made_by").first()


def join(secret: str, user: User, now: datetime) -> Team:
    """Use an invitation up: the person is in the team then, and the link opens nothing any more. Open cases that nobody
    handles and whose cards name the person, as an imported table did, are theirs.

    Raises InvitationGone, InvitationForAnother, AlreadyMember; after any of these it is as good as it was.
    """
    with transaction.atomic():
        valid_invitations = Invitation.objects.filter(digest=digest_secret(secret), expires_at__gt=now)
        invitation = valid_invitations.select_for_update(of=("self",)).select_related("team").first()
        if invitation is None:
            raise InvitationGone()
        if invitation.email and invitation.email != user.email:
            raise InvitationForAnother(email=invitation.email)
        with _raise_on_conflict(AlreadyMember()):
            Membership.objects.create(team=invitation.team, user=user, role=invitation.role)
        team = invitation.team
        hand_over_named_cases(team, user, now)
        about = f"{user} · {invitation.role} · {invitation.made_by}"
        record_audit_entry(AuditKind.MEMBER_ADDED, by=user, now=now, team=team, about=about)
        invitation.delete()
    return team


def sign_up_and_join(secret: str, now: datetime, *, email: str, name: str, password: str, language: str) -> User:
    """Make an account and use an invitation up with it, both or neither; raises what `join` does, and AccountTaken.

    Whoever holds the link may type any address: it counts as theirs once a message to it was answered.
    """
    with transaction.atomic():
        with _raise_on_conflict(AccountTaken()):
            user = User.objects.create_user(email, password, name=name, language=language)
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
        join(secret, user, now)
    return user


@contextmanager
def _raise_on_conflict(error: Exception) -> Iterator[None]:
    """What a constraint refuses, named."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise error from None


# Roles, leaving


def change_role(membership: Membership, role: str, *, by: User, now: datetime) -> None:
    """Another role for a member; raises LastManager. Who can no longer manage has invited nobody."""
    with transaction.atomic():
        membership = _lock_membership(membership)
        if not has_right(role, Right.MANAGE):
            _check_another_manager(membership)
            _pending_invitations(membership).delete()
        membership.role = role
        membership.save(update_fields=["role"])
        if not has_right(role, Right.WORK):
            # Others are told what waited to be told to them.
            untold_reminders.release(untold_reminders.waiting_for_member(membership.user, membership.team))
        hand_over_named_cases(membership.team, membership.user, now)
        record_audit_entry(
            AuditKind.ROLE_CHANGED, by=by, now=now, team=membership.team, about=f"{membership.user} · {role}"
        )


class _HandOverOnLeaving(HandOver):
    """Done by whoever may take the member out; a member who leaves has no role in the team any more."""

    right: ClassVar[None] = None


def remove_member(membership: Membership, *, new_handler: User | None, by: User, now: datetime, words: str = "") -> int:
    """Take a member out of the team and hand their open cases to another member, or to nobody in particular: then
    the managers are reminded. Returns how many cases were handed over. All or nothing.

    Raises LastManager, and NotAMember where `new_handler` cannot look after the team's cases.
    """
    with transaction.atomic():
        membership = _lock_membership(membership)
        team, user = membership.team, membership.user
        _check_another_manager(membership)
        if new_handler is not None and (
            new_handler == user or not has_right(role_of(new_handler, team.pk), Right.WORK)
        ):
            raise NotAMember()
        _pending_invitations(membership).delete()
        # First: from here on nobody can hand them a case of this team.
        membership.delete()
        outcome = perform(_HandOverOnLeaving(new_handler, words), handled_by(user, team).only("pk"), by=by, now=now)
        for _, error in outcome.refused:
            raise error
        untold_reminders.release(untold_reminders.waiting_for_member(user, team))
        record_audit_entry(AuditKind.MEMBER_REMOVED, by=by, now=now, team=team, about=str(user))
    return len(outcome.done)


def _lock_membership(membership: Membership) -> Membership:
    """The membership as it stands, while nobody else changes who is in the team; raises NotAMember."""
    Team.objects.select_for_update(no_key=True).get(pk=membership.team_id)
    current = Membership.objects.select_related("team", "user").filter(pk=membership.pk).first()
    if current is None:
        raise NotAMember()
    return current


def _check_another_manager(membership: Membership) -> None:
    """Somebody who can sign in still manages the team without this one."""
    managers = Membership.objects.filter(team=membership.team_id, role__in=roles_with(Right.MANAGE))
    if has_right(membership.role, Right.MANAGE) and not managers.filter(user__is_active=True).exclude(pk=membership.pk):
        raise LastManager()


def manages_alone(user: User) -> bool:
    """Whether some team that has other people would be without a manager if this person's account were closed."""
    return any(
        team.memberships.exclude(user=user).exists()
        and not team.memberships.filter(role__in=roles_with(Right.MANAGE), user__is_active=True).exclude(user=user)
        for team in Team.objects.filter(memberships__user=user, memberships__role__in=roles_with(Right.MANAGE))
    )


def _pending_invitations(membership: Membership) -> QuerySet[Invitation]:
    return Invitation.objects.filter(team=membership.team_id, made_by=membership.user_id)
