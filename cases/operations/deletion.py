"""A team deleted with all that it has, and an account closed.

The models themselves say what belongs to a team: of every model with a path of foreign keys to Team the rows are
deleted, so that a new one cannot be forgotten here.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import ForeignKey, Q

from cases.domain.business_days import local
from cases.domain.roles import StillMember, TeamNameMismatch
from cases.models import AccountMail, AuditEntry, CalendarAddress, Notice, NotificationChannel, Team, User
from cases.models.append_only import AppendOnlyQuerySet
from cases.models.choices import AuditKind
from cases.models.receipt_store import receipt_store
from cases.operations import erasure_list
from cases.operations.audit_log import record_audit_entry
from cases.operations.erasure import checkpoint_wal

#: Until then a manager can take the deletion of a team back.
GRACE = timedelta(days=7)


def schedule_deletion(team: Team, typed_name: str, *, by: User, now: datetime) -> None:
    """The team is deleted in a week; raises TeamNameMismatch unless its name was typed."""
    if typed_name.strip() != team.name.strip():
        raise TeamNameMismatch()
    _set_deletion_day(team, local(now).date() + GRACE, by=by, now=now)


def cancel_deletion(team: Team, *, by: User, now: datetime) -> None:
    """The team is not deleted after all."""
    _set_deletion_day(team, None, by=by, now=now)


def _set_deletion_day(team: Team, day: date | None, *, by: User, now: datetime) -> None:
    with transaction.atomic():
        team.delete_on = day
        team.save(update_fields=["delete_on"])
        record_audit_entry(AuditKind.SETTINGS_CHANGED, by=by, now=now, team=team, about=f"delete_on: {day or '-'}")


def delete_due_teams(now: datetime) -> int:
    """Delete the teams whose day has come; returns how many. Run daily."""
    teams = list(Team.objects.filter(delete_on__lte=local(now).date()))
    for team in teams:
        delete_team(team, now)
    return len(teams)


def delete_team(team: Team, now: datetime) -> None:
    """Delete everything of the team: rows in one transaction, then its receipts. No other team's data is touched."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        erasure: erasure_list.Erasure = {
            "at": now.isoformat(),
            "what": "team",
            "key": team.pk,
            "cases": sorted(team.cases.values_list("reference", flat=True)),
            "created_at": team.created_at.isoformat(),
        }
        # Notices about this team's cases are emptied before the lines that say so are deleted.
        Notice.objects.filter(lines__bundle__team=team).update(subject="", body="")
        for model, paths in team_models():
            condition = Q()
            for path in paths:
                condition |= Q(**{path: team.pk})
            _erase_rows(model._base_manager.filter(pk__in=model._base_manager.filter(condition).values("pk")))
        Team.objects.filter(pk=team.pk).delete()
        erasure_list.append(erasure)
        key = team.pk
        transaction.on_commit(lambda: _after_team_deletion(key))


def _after_team_deletion(key: int) -> None:
    receipt_store.remove_team(key)
    checkpoint_wal()


def _erase_rows(rows: models.QuerySet[models.Model]) -> None:
    if isinstance(rows, AppendOnlyQuerySet):
        rows.erase()
    else:
        rows._raw_delete(rows.db)


def team_models() -> list[tuple[type[models.Model], list[str]]]:
    """Every model that belongs to a team, with its paths to it; models that reference it come before it."""
    paths: dict[type[models.Model], list[str]] = {Team: [""]}
    while new_paths := {
        model: model_paths
        for model in _other_models()
        if model not in paths and (model_paths := _paths_to_team(model, paths))
    }:
        paths |= new_paths
    # Once more: a model that came early may have further paths through models that came later.
    return [(model, _paths_to_team(model, paths)) for model in sorted(paths.keys() - {Team}, key=_depth, reverse=True)]


def _paths_to_team(model: type[models.Model], paths: dict[type[models.Model], list[str]]) -> list[str]:
    """By each of a model's keys the shortest way; the key to the team alone, where it always has one."""
    foreign_keys = dict(_foreign_keys(model))
    if foreign_keys.get("team") is Team and not model._meta.get_field("team").null:
        return ["team"]
    return [
        f"{name}__{paths[target][0]}".removesuffix("__")
        for name, target in foreign_keys.items()
        if target in paths and target is not model
    ]


def _other_models() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_app_config("cases").get_models() if model not in (Team, User))


def _foreign_keys(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            yield field.name, field.related_model


def _depth(model: type[models.Model], visited: frozenset[type[models.Model]] = frozenset()) -> int:
    """The longest chain of foreign keys that begins at this model; a cycle is cut where it closes."""
    visited |= {model}
    return 1 + max((_depth(target, visited) for _, target in _foreign_keys(model) if target not in visited), default=0)


# Accounts


def has_single_member(team: Team) -> bool:
    """Whether nobody but one person belongs to the team."""
    return team.memberships.count() == 1


def close_account(user: User, now: datetime) -> None:
    """Nobody can sign in to the account again, its name and address are erased; what it recorded stays with the teams.

    Teams in which the person is alone are deleted. Raises StillMember while there is another: to leave is where cases
    are handed over and managers counted.
    """
    with transaction.atomic():
        teams = list(Team.objects.select_for_update().filter(memberships__user=user).order_by("pk"))
        if not all(map(has_single_member, teams)):
            raise StillMember()
        for team in teams:
            delete_team(team, now)
        erasure_list.append(
            {"at": now.isoformat(), "what": "account", "key": user.pk, "joined": user.date_joined.isoformat()}
        )
        anonymize_user(user)


def delete_expired_sessions(now: datetime) -> None:
    """Delete expired sessions, with the addresses and browsers recorded of them. Run daily."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def anonymize_user(user: User) -> None:
    """Erase what identifies a person: names, addresses, channels, sign-ins, sessions, keys."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    for model in (EmailAddress, Authenticator, NotificationChannel, CalendarAddress, AccountMail):
        model._base_manager.filter(user=user).delete()
    user.card_views.all().delete()  # their filters may name people
    AuditEntry.objects.filter(by=user, team=None).erase()
    user.email, user.name, user.is_active = f"closed-{user.pk}@account.invalid", "", False
    user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
