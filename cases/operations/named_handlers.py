"""Whom a table named as the one who handles a card: the card's open cases are theirs once they join by that name."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.domain.roles import Right, has_right
from cases.domain.status import OPEN_STATUSES
from cases.formats.tables.titles import normalize_title
from cases.models import Card, Case, Team, User
from cases.operations.engine.perform import perform
from cases.operations.follow_up import HandOver
from cases.selectors import assignable_users, role_of


def normalized_name(name: str) -> str:
    """A name or email address as it is compared: small, half-width, without spaces and marks."""
    return normalize_title(name)


def members_by_name(team: Team) -> dict[str, User]:
    """Those who can look after cases of a team, by normalized name and email; a name that two have is nobody's."""
    members: dict[str, User] = {}
    shared: set[str] = set()
    for user in assignable_users(team):
        for key in {normalized_name(user.name), normalized_name(user.email)} - {""}:
            if members.setdefault(key, user) != user:
                shared.add(key)
    return {key: user for key, user in members.items() if key not in shared}


def hand_over_named_cases(team: Team, user: User, now: datetime) -> int:
    """Hand a member of the team the open cases of the cards that name them, as far as nobody handles them yet.

    In the caller's transaction; `now` is aware. Returns how many. Nothing where their role does not let them work.
    """
    if not has_right(role_of(user, team.pk), Right.WORK):
        return 0
    own_names = {normalized_name(user.name), normalized_name(user.email)} - {""}
    names = Card.objects.filter(team=team).exclude(handler_name="").order_by().values_list("handler_name", flat=True)
    written = [name for name in names.distinct() if normalized_name(name) in own_names]
    if not written or any(members_by_name(team).get(name) != user for name in map(normalized_name, written)):
        return 0
    cases = Case.objects.filter(
        team=team, card__handler_name__in=written, handler=None, status__in=OPEN_STATUSES, erased_at=None
    )
    with override(user.language):
        words = _("The imported table names them as the assignee.")
    outcome = perform(HandOver(user, words), cases.only("pk"), by=user, now=now)
    return len(outcome.done)
