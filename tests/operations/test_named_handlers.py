"""Whom a table names as the one who handles a card: the cases are theirs once they join."""

from collections.abc import Callable

from cases.models import CardImport, Carrier, Case, Membership, Team, User
from cases.operations import NewCase, open_case
from cases.operations.accounts import change_account
from cases.operations.teams import change_role, invite, join, sign_up_and_join
from tests.helpers import at, make_user

NOW = at("2026-10-16T10:00")
TITLES = "号码,运营商,状态,处理人"


def test_they_join_with_the_name(bring: Callable[..., CardImport], team: Team, manager: User) -> None:
    bring("13800138001,移动,已提交,王 小二", "13800138002,移动,已提交,别人", titles=TITLES)
    assert [case.handler for case in Case.objects.all()] == [None, None]
    _, secret = invite(team, role="agent", email="", by=manager, now=NOW)
    user = sign_up_and_join(secret, NOW, email="w@example.com", name="王小二", password="x-Long-9", language="zh-hans")
    first, second = Case.objects.order_by("pk")
    assert (first.handler, second.handler) == (user, None)
    entry = first.entries.get(kind="handed_over")
    assert (entry.recorded_by, entry.content.body["words"]) == (user, "导入的表格写明由此人处理。")


def test_they_join_with_the_address(bring: Callable[..., CardImport], team: Team, manager: User) -> None:
    bring("13800138001,移动,已提交,New@Example.com", titles=TITLES)
    user = make_user("new@example.com", Team.objects.create(name="另一队"), "agent")
    _, secret = invite(team, role="agent", email="", by=manager, now=NOW)
    join(secret, user, NOW)
    assert Case.objects.get().handler == user


def test_a_viewer_gets_them_when_they_may_work(
    bring: Callable[..., CardImport],
    team: Team,
    manager: User,
) -> None:
    bring("13800138001,移动,已提交,new@example.com", titles=TITLES)
    user = make_user("new@example.com", Team.objects.create(name="另一队"), "agent")
    _, secret = invite(team, role="viewer", email="", by=manager, now=NOW)
    join(secret, user, NOW)
    assert Case.objects.get().handler is None
    change_role(Membership.objects.get(team=team, user=user), "agent", by=manager, now=NOW)
    assert Case.objects.get().handler == user


def test_a_member_takes_the_name(bring: Callable[..., CardImport], agent: User) -> None:
    bring("13800138001,移动,已提交,王小二", titles=TITLES)
    change_account(agent, by=agent, now=NOW, name="王小二")
    assert Case.objects.get().handler == agent


def test_cases_that_somebody_handles_stay_theirs(
    bring: Callable[..., CardImport],
    manager: User,
    agent: User,
) -> None:
    bring("13800138001,移动,已提交,王小二", titles=TITLES)
    Case.objects.update(handler=manager)
    change_account(agent, by=agent, now=NOW, name="王小二")
    assert Case.objects.get().handler == manager
    Case.objects.update(handler=None)  # as its record has it


def test_a_case_logged_later_is_theirs(
    bring: Callable[..., CardImport],
    team: Team,
    manager: User,
    agent: User,
    mobile: Carrier,
) -> None:
    bring("13800138001,移动,,Wang Wei", titles=TITLES)
    case = open_case(team, NewCase("13800138001", mobile, "cost", "app", handler=manager), by=manager, now=NOW)
    assert case.handler == agent
