"""Whether somebody may run a verb on the cases of a team."""

from dataclasses import dataclass

from cases.domain.errors import CaseError
from cases.domain.roles import Right, missing_right
from cases.models import Membership, User

#: Of operators of the installation: the admin lets them work on the cases of every team.
OPERATOR_PERMISSION = "cases.change_case"


@dataclass(frozen=True)
class ActorRoles:
    """The roles that a person has, by the keys of teams; of the product itself (`by` is None) there are none."""

    by: User | None
    roles: dict[int, str]

    @classmethod
    def of(cls, by: User | None) -> "ActorRoles":
        """Look the roles up, in one query."""
        return cls(by, dict(Membership.objects.filter(user=by).values_list("team_id", "role")) if by else {})

    def check(self, right: Right | None, team_id: int) -> None:
        """Raise OtherTeam, ManagerRequired or ViewerReadOnly where the person lacks `right` in this team.

        The product itself may do anything. An operator may work in every team; what managers decide stays theirs.
        """
        if self.by is None or right is None:
            return
        error: CaseError | None = missing_right(self.roles.get(team_id), right)
        if error and not (right is Right.WORK and self.by.has_perm(OPERATOR_PERMISSION)):
            raise error
