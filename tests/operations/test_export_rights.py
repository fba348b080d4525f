"""Who may take what out: agents and managers everything, viewers what is masked, others nothing."""

import pytest

from cases.domain.roles import OtherTeam, ViewerMasked
from cases.models import Carrier, Team, User
from cases.operations.export_rights import check_dossier_export, check_list_export
from tests.helpers import new_case

pytestmark = pytest.mark.django_db


def test_a_list(team: Team, manager: User, agent: User, viewer: User, stranger: User) -> None:
    for by in (manager, agent):
        check_list_export(team, by=by, full_numbers=True)
    check_list_export(team, by=viewer, full_numbers=False)
    with pytest.raises(ViewerMasked):
        check_list_export(team, by=viewer, full_numbers=True)
    for full in (True, False):
        with pytest.raises(OtherTeam):
            check_list_export(team, by=stranger, full_numbers=full)


@pytest.mark.parametrize(
    ("count", "full", "receipts", "may"),
    [
        (1, False, False, True),
        (1, False, True, True),
        (2, False, False, True),
        (2, False, True, False),
        (1, True, False, False),
    ],
)
def test_what_of_a_dossier_a_viewer_may_have(
    team: Team, manager: User, viewer: User, mobile: Carrier, count: int, full: bool, receipts: bool, may: bool
) -> None:
    cases = [new_case(team, mobile, manager, number=f"1380000000{n}") for n in range(count)]
    check_dossier_export(cases, by=manager, full_numbers=full, with_receipts=receipts)
    if may:
        check_dossier_export(cases, by=viewer, full_numbers=full, with_receipts=receipts)
    else:
        with pytest.raises(ViewerMasked):
            check_dossier_export(cases, by=viewer, full_numbers=full, with_receipts=receipts)


def test_every_case_of_a_dossier_is_asked_about(
    team: Team, other_team: Team, manager: User, stranger: User, mobile: Carrier
) -> None:
    cases = [new_case(team, mobile, manager), new_case(other_team, mobile, stranger)]
    for order in (cases, cases[::-1]):
        with pytest.raises(OtherTeam):
            check_dossier_export(order, by=manager, full_numbers=False, with_receipts=False)
