"""Branches that a team notes for itself; those that everybody sees, and other teams', stay as they are."""

from datetime import date

import pytest

from cases.domain.errors import AnswerWithoutDay, DayInTheFuture
from cases.models import Branch, Carrier, Team
from cases.operations.branches import BranchFacts, save_branch

TODAY = date(2026, 10, 16)


def test_a_team_changes_its_own_and_gets_its_own_note_of_others(
    team: Team, other_team: Team, mobile: Carrier, unicom: Carrier
) -> None:
    public = Branch.objects.create(carrier=mobile, name="东城")
    theirs = Branch.objects.create(carrier=mobile, team=other_team, name="东城")
    own = save_branch(team, mobile, BranchFacts("西城", "西城路 1 号"), today=TODAY)
    facts = BranchFacts("西城二店", "西城路 2 号", "010-1", "yes", TODAY, "九点开门")
    changed = save_branch(team, unicom, facts, today=TODAY, branch=own)
    changed.refresh_from_db()
    assert (changed.pk, changed.team, changed.carrier) == (own.pk, team, mobile)
    assert (changed.name, changed.address, changed.phone, changed.takes, changed.asked_on, changed.note) == (
        "西城二店", "西城路 2 号", "010-1", "yes", TODAY, "九点开门",
    )  # fmt: skip
    for branch in (public, theirs):
        note = save_branch(team, mobile, BranchFacts("东城", takes="no", asked_on=TODAY), today=TODAY, branch=branch)
        assert note.pk != branch.pk
        assert (note.team, note.takes) == (team, "no")
        branch.refresh_from_db()
        assert (branch.takes, branch.asked_on) == ("unknown", None)
    assert Branch.objects.count() == 5


@pytest.mark.parametrize(
    ("takes", "asked_on", "error"),
    [
        ("yes", None, AnswerWithoutDay),
        ("no", None, AnswerWithoutDay),
        ("yes", date(2026, 10, 17), DayInTheFuture),
        ("unknown", date(2026, 10, 17), DayInTheFuture),
    ],
)
def test_an_answer_has_a_day_that_has_come(
    team: Team, mobile: Carrier, takes: str, asked_on: date | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        save_branch(team, mobile, BranchFacts("西城", takes=takes, asked_on=asked_on), today=TODAY)
    assert not Branch.objects.exists()
