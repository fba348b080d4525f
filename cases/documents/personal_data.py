"""What the product holds about a person, for that person alone (PIPL, articles 44 and 45).

What they recorded belongs to their teams: of that only what, when and on which case is included, not the words.
"""

from collections.abc import Iterator
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import F

from cases import selectors
from cases.domain.letter_rules import SENDER_FIELDS
from cases.domain.roles import Right, roles_with
from cases.models import AccountMail, AuditEntry, CalendarAddress, TeamSender, TimelineEntry, User
from cases.operations.tokens import tokens_of_user


def personal_data(user: User, now: datetime) -> dict[str, object]:
    """Everything about one account, ready for JSON; moments are aware (UTC), `now` is the moment of the request."""
    return {
        "made_at": now,
        "account": {
            "email": user.email,
            "name": user.name,
            "language": user.language,
            "joined": user.date_joined,
            "last_sign_in": user.last_login,
            "reminders": {
                "from": user.remind_from,
                "until": user.remind_until,
                "on_days_off": user.remind_on_days_off,
            },
            "calendar_address": CalendarAddress.objects.filter(user=user).exists(),
        },
        "addresses": list(EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")),
        "second_factors": list(
            Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at", "last_used_at")
        ),
        "sessions": list(
            UserSession.objects.filter(user=user)
            .order_by("pk")
            .values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "teams": [
            {"name": membership.team.name, "role": membership.role, "work_list": membership.work_filter}
            for membership in selectors.memberships_of(user)
        ],
        # Who writes the letters of the teams that the person manages: in a team of one, that is the person.
        "senders_of_letters": list(
            TeamSender.objects.filter(
                team__memberships__user=user, team__memberships__role__in=roles_with(Right.MANAGE)
            )
            .order_by("pk")
            .values("team__name", *SENDER_FIELDS)
        ),
        "views_of_cards": list(
            user.card_views.order_by("pk").values("shows", "name", "settings", "is_default", "team__name")
        ),
        "tokens": list(
            tokens_of_user(user)
            .order_by("pk")
            .values("name", "scopes", "membership__team__name", "made_at", "expires_at", "last_used_at")
        ),
        "channels": list(
            user.channels.order_by("pk").values(
                "kind", "name", "is_on", "created_at", "last_success_at", "last_failure_at", shown=F("label")
            )
        ),
        "messages": list(
            selectors.notices_of(user).order_by("made_at", "pk").values("made_at", "state", "subject", "body")
        ),
        "account_emails": list(
            AccountMail.objects.filter(user=user).order_by("made_at", "pk").values("made_at", "kind", "state")
        ),
        "noted": list(
            AuditEntry.objects.filter(by=user)
            .order_by("pk")
            .values("at", "kind", "about", "team__name", "case__reference")
        ),
        "recorded": list(_recorded_entries(user)),
    }


def _recorded_entries(user: User) -> Iterator[dict[str, object]]:
    entries = TimelineEntry.objects.filter(recorded_by=user).order_by("pk")
    for reference, kind, at in entries.values_list("case__reference", "kind", "recorded_at").iterator():
        yield {"case": reference, "what": kind, "at": at}
