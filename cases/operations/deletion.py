"""A team deleted with all that it has, and an account closed.

What belongs to a team is found by the models themselves: every model with a path of foreign keys to Team is emptied of
its rows, so that a new one cannot be forgotten here.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import ForeignKey, Q

from cases.domain.business_days import local
from cases.domain.roles import StillMember, TeamNameMismatch
from cases.models import AuditEntry, CalendarAddress, Notice, NotificationChannel, Team, User
from cases.models.append_only import AppendOnlyQuerySet
from cases.models.choices import AuditKind
from cases.models.receipts import receipt_store
from cases.operations import erasure_list
from cases.operations.audit_log import note
from cases.operations.erasure import settle_deleted

#: Until then a manager can take the deletion of a team back.
GRACE = timedelta(days=7)


def announce(team: Team, typed: str, *, by: User, now: datetime) -> None:
    """The team is deleted in a week; raises WrongName unless its name was typed."""
    if typed.strip() != team.name.strip():
        raise TeamNameMismatch()
    _set_day(team, local(now).date() + GRACE, by=by, now=now)


def take_back(team: Team, *, by: User, now: datetime) -> None:
    """The team is not deleted after all."""
    _set_day(team, None, by=by, now=now)


def _set_day(team: Team, day: Any, *, by: User, now: datetime) -> None:
    with transaction.atomic():
        team.delete_on = day
        team.save(update_fields=["delete_on"])
        note(AuditKind.SETTINGS_CHANGED, by=by, now=now, team=team, about=f"delete_on: {day or '-'}")


def delete_due(now: datetime) -> int:
    """Delete the teams whose day has come; returns how many. Run daily."""
    teams = list(Team.objects.filter(delete_on__lte=local(now).date()))
    for team in teams:
        delete_team(team, now)
    return len(teams)


def delete_team(team: Team, now: datetime) -> None:
    """Everything of the team goes, rows in one transaction, then its receipts; nothing of another team's is touched."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        line = {"at": now.isoformat(), "what": "team", "key": team.pk, "created_at": team.created_at.isoformat()}
        # Messages of one's own channels that tell of this team's cases, before it is forgotten that they do.
        Notice.objects.filter(lines__bundle__team=team).update(subject="", body="")
        for model, paths in team_models():
            belongs = Q()
            for path in paths:
                belongs |= Q(**{path: team.pk})
            _erase(model._base_manager.filter(pk__in=model._base_manager.filter(belongs).values("pk")))
        Team.objects.filter(pk=team.pk).delete()
        erasure_list.append(line)
        key = team.pk
        transaction.on_commit(lambda: _settle(key))


def _settle(key: int) -> None:
    receipt_store.remove_team(key)
    settle_deleted()


def _erase(rows: "models.QuerySet[Any]") -> None:
    if isinstance(rows, AppendOnlyQuerySet):
        rows.erase()
    else:
        rows._raw_delete(rows.db)


def team_models() -> list[tuple[type[models.Model], list[str]]]:
    """Every model that belongs to a team, with its paths there; before each of them those that hang on it."""
    paths: dict[type[models.Model], list[str]] = {Team: [""]}
    while found := {model: ways for model in _ours() if model not in paths and (ways := _ways(model, paths))}:
        paths |= found
    # Once more: one that was found early may have further ways, by those found later.
    return [(model, _ways(model, paths)) for model in sorted(paths.keys() - {Team}, key=_depth, reverse=True)]


def _ways(model: type[models.Model], paths: dict[type[models.Model], list[str]]) -> list[str]:
    """By each of a model's keys the shortest way; the key to the team alone, where it always has one."""
    links = dict(_links(model))
    if links.get("team") is Team and not model._meta.get_field("team").null:
        return ["team"]
    return [
        f"{name}__{paths[to][0]}".removesuffix("__") for name, to in links.items() if to in paths and to is not model
    ]


def _ours() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_app_config("cases").get_models() if model not in (Team, User))


def _links(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            yield field.name, field.related_model


def _depth(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> int:
    """How many links lie between a model and what nothing hangs on; a circle is cut where it closes."""
    seen |= {model}
    return 1 + max((_depth(to, seen) for _, to in _links(model) if to not in seen), default=0)


# Accounts


def is_alone(team: Team) -> bool:
    """Whether nobody but one person belongs to the team."""
    return team.memberships.count() == 1


def close_account(user: User, now: datetime) -> None:
    """The account can never be entered again, and name and address are gone; what it recorded stays with the teams.

    Teams in which the person is alone are deleted. Raises StillMember while there is another: to leave is where cases
    are handed over and managers counted.
    """
    with transaction.atomic():
        teams = list(Team.objects.select_for_update().filter(memberships__user=user).order_by("pk"))
        if not all(map(is_alone, teams)):
            raise StillMember()
        for team in teams:
            delete_team(team, now)
        erasure_list.append(
            {"at": now.isoformat(), "what": "account", "key": user.pk, "joined": user.date_joined.isoformat()}
        )
        forget(user)


def forget_sessions(now: datetime) -> None:
    """Sessions that are over go, with the addresses and browsers that were noted of them. Run daily."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def forget(user: User) -> None:
    """What is known of a person goes: names, addresses, channels, sign-ins, sessions, keys."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    for owned in (EmailAddress, Authenticator, NotificationChannel, CalendarAddress):
        owned._base_manager.filter(user=user).delete()
    AuditEntry.objects.filter(by=user, team=None).erase()
    user.email, user.name, user.is_active = f"closed-{user.pk}@account.invalid", "", False
    user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
