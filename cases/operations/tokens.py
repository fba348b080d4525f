"""Tokens by which programs act for a person in a team: created, looked up, revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from cases.domain.roles import Scope
from cases.models import ApiToken, Membership, Team, User
from cases.models.choices import AuditKind
from cases.operations import erasure_list
from cases.operations.audit_log import record_audit_entry
from cases.operations.secret_digest import digest_secret

#: Random bytes in a token: 256 bits.
_BYTES = 32
#: How a token begins, so that one that lies about is recognised.
PREFIX = "xiaoka_"
#: How much later a token's last use must be to be written again.
LAST_USED_RESOLUTION = timedelta(minutes=1)


def create_token(
    membership: Membership, *, name: str, scopes: Iterable[Scope], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """A new token, valid for `days` days from now (aware), and its secret, which no page can show again."""
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    scope_text = " ".join(scope.value for scope in Scope if scope in {Scope.READ, *scopes})
    with transaction.atomic():
        token = ApiToken.objects.create(
            membership=membership,
            name=name,
            scopes=scope_text,
            digest=digest_secret(secret),
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        about = f"{name} · {scope_text}"
        record_audit_entry(AuditKind.TOKEN_MADE, by=membership.user, now=now, team=membership.team, about=about)
    return token, secret


def revoke_token(token: ApiToken, *, by: User, now: datetime) -> None:
    """The token opens nothing any more, after the restore of an older backup neither."""
    with transaction.atomic():
        membership = token.membership
        about = token.name if by == membership.user else f"{token.name} · {membership.user}"
        record_audit_entry(AuditKind.TOKEN_REVOKED, by=by, now=now, team=membership.team, about=about)
        erasure_list.append({"at": now.isoformat(), "what": "token", "digest": token.digest})
        token.delete()


def find_token(secret: str, now: datetime) -> ApiToken | None:
    """The token behind a secret, while it is valid and its person can sign in."""
    token_digest = digest_secret(secret)
    valid_tokens = ApiToken.objects.filter(digest=token_digest, expires_at__gt=now, membership__user__is_active=True)
    token = valid_tokens.select_related("membership__team", "membership__user").first()
    # The database compared digests in variable time, from which nothing can be guessed.
    return token if token and constant_time_compare(token.digest, token_digest) else None


def record_use(token: ApiToken, now: datetime) -> None:
    """When it was last used, to the minute: not a row is written for each request."""
    threshold = now - LAST_USED_RESOLUTION
    if token.last_used_at is None or token.last_used_at <= threshold:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=threshold)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def tokens_of_team(team: Team) -> QuerySet[ApiToken]:
    """The tokens of a team's members, newest first."""
    return ApiToken.objects.filter(membership__team=team).select_related("membership__user", "membership__team")


def tokens_of_user(user: User) -> QuerySet[ApiToken]:
    """A person's tokens in all their teams, newest first."""
    return ApiToken.objects.filter(membership__user=user).select_related("membership__user", "membership__team")
