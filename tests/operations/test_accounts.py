"""The first account and its team, once."""

import pytest

from cases.models import Membership, Team, User
from cases.operations.accounts import AccountExists, create_first_account, create_team

FIRST = {"name": "管理员", "team": "我们", "password": "correct horse", "language": "zh-hans"}


@pytest.mark.django_db
def test_the_first_account_is_the_administrator_and_the_manager_of_the_first_team() -> None:
    user = create_first_account(email=" Boss@Example.COM ", **FIRST)
    assert (user.email, user.is_superuser, user.is_staff) == ("boss@example.com", True, True)
    assert user.check_password("correct horse")
    assert list(Membership.objects.values_list("team__name", "user", "role")) == [("我们", user.pk, "manager")]


@pytest.mark.django_db
def test_a_second_first_account_there_is_not() -> None:
    create_first_account(email="boss@example.com", **FIRST)
    with pytest.raises(AccountExists):
        create_first_account(email="other@example.com", **FIRST)
    assert User.objects.count() == Team.objects.count() == 1


def test_a_further_team_has_its_manager(manager: User) -> None:
    team = create_team("二部", manager)
    assert list(team.memberships.values_list("user", "role")) == [(manager.pk, "manager")]
