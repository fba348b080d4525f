"""Accounts and teams, as far as a first start needs them."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.signing import Signer
from django.db import IntegrityError, transaction

from cases.domain import masking
from cases.domain.notification_hours import NotificationHours
from cases.domain.roles import Role
from cases.models import ApiToken, CalendarAddress, FirstAccount, Membership, NotificationChannel, Team, User
from cases.models.choices import AuditKind
from cases.operations import untold_reminders
from cases.operations.audit_log import record_audit_entry
from cases.operations.named_handlers import hand_over_named_cases
from cases.selectors import teams_of


def first_account_token() -> str:
    """What the one-time link to the first account carries: a signature under SECRET_KEY.

    It is valid while no account exists: nothing is stored, and the first account ends it.
    """
    return Signer(salt="cases.first-account").signature("first administrator")


class AccountExists(Exception):
    """The first administrator exists already; a first account cannot be made twice."""


def create_team(name: str, manager: User) -> Team:
    """A new team with its first manager."""
    with transaction.atomic():
        team = Team.objects.create(name=name)
        Membership.objects.create(team=team, user=manager, role=Role.MANAGER)
    return team


def change_account(
    user: User, *, by: User, now: datetime, name: str | None = None, language: str | None = None
) -> None:
    """Change what a person says of themselves; None leaves it.

    Another name is noted, by whom and when (aware), for the managers of their teams: it signs what they record.
    """
    with transaction.atomic():
        stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        user.name = name if name is not None else user.name
        user.language = language if language is not None else user.language
        user.save(update_fields=["name", "language"])
        record_name_change(stored.name, user, by=by, now=now)
        if stored.name != user.name:
            for team in teams_of(user):
                hand_over_named_cases(team, user, now)


def record_name_change(name_before: str, user: User, *, by: User, now: datetime) -> None:
    """Note that a person is called something else now: in each of their teams, or, without one, with the account."""
    if name_before == user.name:
        return
    about = f"{masking.mask_text(name_before) or '-'} → {masking.mask_text(user.name) or '-'}"
    teams: list[Team | None] = [*teams_of(user)]
    for team in teams or [None]:
        record_audit_entry(AuditKind.NAME_CHANGED, by=by, now=now, team=team, about=about)


def change_hours(user: User, hours: NotificationHours) -> bool:
    """When a person takes reminders; returns whether that is new. Their cases' reminders follow (`next_reminder`)."""
    if user.notification_hours() == hours:
        return False
    user.remind_from, user.remind_until, user.remind_on_days_off = hours.start, hours.end, hours.days_off
    user.save(update_fields=["remind_from", "remind_until", "remind_on_days_off"])
    return True


def reclaim_account(user: User) -> None:
    """Somebody proved that an account's mailbox is theirs. Where nobody had proved that before, whoever made the
    account may have been another: the keys and ways out that they left go."""
    unverified = EmailAddress.objects.filter(user=user, email=user.email, verified=False)
    with transaction.atomic():
        if unverified.update(verified=True):
            channels = NotificationChannel.objects.filter(user=user)
            untold_reminders.release(untold_reminders.waiting_for_channels(channels))
            for model in (Authenticator, NotificationChannel, CalendarAddress):
                model._base_manager.filter(user=user).delete()
            ApiToken.objects.filter(membership__user=user).delete()


def create_first_account(*, email: str, name: str, team: str, password: str, language: str) -> User:
    """The installation's first administrator, and the first team; raises AccountExists when there is an account.

    Of many calls at once one makes an account: the row of FirstAccount can be there once.
    """
    try:
        with transaction.atomic():
            if User.objects.exists():
                raise AccountExists
            user = User.objects.create_superuser(email, password, name=name, language=language)
            FirstAccount.objects.create(user=user)
            create_team(team, user)
    except IntegrityError:
        raise AccountExists from None
    return user


def replace_password(user: User, password: str) -> bool:
    """Set another password, unless the one that `user` was read with was replaced meanwhile: then it returns False.

    So a link that sets a new password, which is good for one password, is used up by the first of many calls at once.
    """
    password_before = user.password
    user.set_password(password)
    return User.objects.filter(pk=user.pk, password=password_before).update(password=user.password) == 1


def confirm_email(address: EmailAddress) -> bool:
    """Count an address as confirmed; False when it was, or is another account's. Of many calls at once one is True."""
    try:
        with transaction.atomic():
            confirmed: int = EmailAddress.objects.filter(pk=address.pk, verified=False).update(verified=True)
    except IntegrityError:
        return False
    return confirmed == 1
