"""Branches (营业厅) that a team notes for itself: where they are, and what they answered on the telephone."""

from dataclasses import dataclass
from datetime import date

from cases.domain.errors import AnswerWithoutDay, DayInTheFuture
from cases.models import Branch, Carrier, Team
from cases.models.choices import Tristate


@dataclass(frozen=True)
class BranchFacts:
    """The facts of a branch; `asked_on` (Shanghai) is the day of the call that `takes` rests on."""

    name: str
    address: str = ""
    phone: str = ""
    takes: str = Tristate.UNKNOWN
    asked_on: date | None = None
    note: str = ""


def save_branch(
    team: Team, carrier: Carrier, facts: BranchFacts, *, today: date, branch: Branch | None = None
) -> Branch:
    """Write down a branch for a team: a new one, or new facts of one that the team sees.

    One that everybody sees is left as it is: the team gets its own note of it, which it then sees instead. Raises
    AnswerWithoutDay, DayInTheFuture.
    """
    if facts.takes != Tristate.UNKNOWN and facts.asked_on is None:
        raise AnswerWithoutDay()
    if facts.asked_on and facts.asked_on > today:
        raise DayInTheFuture()
    if branch is None or branch.team_id != team.pk:
        return Branch.objects.create(team=team, carrier=carrier, **vars(facts))
    for name, value in vars(facts).items():
        setattr(branch, name, value)
    branch.save()
    return branch
