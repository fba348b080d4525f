"""Ways to look at the table of cards or the list of cases that people save, for themselves or, as managers, for their
team."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cases.domain.errors import CaseError, gettext_noop
from cases.domain.roles import Right
from cases.models import CardView, Team, User
from cases.operations.engine.rights import ActorRoles

#: Views of one person in a team, or of a team.
MOST_VIEWS = 50


class ViewNameMissing(CaseError):
    code = "view_name_missing"
    message = gettext_noop("Enter a name for the view.")


class TooManyViews(CaseError):
    code = "too_many_views"
    message = gettext_noop("There are already %(most)s saved views. Delete one first.")


def save_view(
    team: Team,
    name: str,
    settings: Mapping[str, Any],
    *,
    by: User,
    for_team: bool = False,
    is_default: bool = False,
) -> CardView:
    """Save a view, in place of theirs (or the team's) with this name; `settings` as CardView holds them; their
    `shows` says of which list, and is kept by itself; cards where they say nothing.

    `is_default`: the list opens with it. Raises ViewNameMissing, TooManyViews, OtherTeam, and ManagerRequired for the
    team's.
    """
    ActorRoles.of(by).check(Right.MANAGE if for_team else Right.READ, team.pk)
    name = name.replace("\0", "").strip()[:60]
    if not name:
        raise ViewNameMissing()
    owner, shows = None if for_team else by, settings.get("shows", CardView.CARDS)
    settings = {key: value for key, value in settings.items() if key != "shows"}
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)  # a click that comes twice saves one view
        views = CardView.objects.filter(team=team, owner=owner, shows=shows)
        view = views.filter(name=name).first()
        if view is None and views.count() >= MOST_VIEWS:
            raise TooManyViews(most=MOST_VIEWS)
        view = view or CardView(team=team, owner=owner, name=name, shows=shows)
        view.settings, view.is_default = settings, is_default
        view.save()
        if is_default:
            views.exclude(pk=view.pk).update(is_default=False)
    return view


def set_default_view(view: CardView, *, is_default: bool, by: User) -> None:
    """Let its list open with this view, or no longer; raises as `save_view`."""
    _check_may_change(view, by)
    with transaction.atomic():
        CardView.objects.filter(team=view.team_id, owner=view.owner_id, shows=view.shows).update(is_default=False)
        CardView.objects.filter(pk=view.pk).update(is_default=is_default)


def delete_view(view: CardView, *, by: User) -> None:
    """Delete a saved view; raises as `save_view`."""
    _check_may_change(view, by)
    CardView.objects.filter(pk=view.pk).delete()


def _check_may_change(view: CardView, by: User) -> None:
    ActorRoles.of(by).check(Right.READ if view.owner_id == by.pk else Right.MANAGE, view.team_id)
