"""Who may take out what in bulk: asked wherever a list, a file or a dossier is made, whatever door it leaves by."""

from collections.abc import Sequence

from cases.domain.roles import Right
from cases.models import Case, Team, User
from cases.operations.engine.rights import ActorRoles


def check_list_export(team: Team, *, by: User, full_numbers: bool) -> None:
    """Raise OtherTeam or ViewerMasked where `by` may not take out this team's list; masked, every member may."""
    ActorRoles.of(by).check(Right.EXPORT if full_numbers else Right.READ, team.pk)


def check_dossier_export(cases: Sequence[Case], *, by: User, full_numbers: bool, with_receipts: bool) -> None:
    """Raise OtherTeam or ViewerMasked where `by` may not take out a dossier of these cases.

    A viewer may have it masked: of one case with its receipts, which they can open one by one; of several without.
    """
    right = Right.EXPORT if full_numbers or (with_receipts and len(cases) > 1) else Right.READ
    actor = ActorRoles.of(by)
    for team_id in sorted({case.team_id for case in cases}):
        actor.check(right, team_id)
