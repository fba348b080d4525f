"""How long a team keeps closed cases, on its page and on a case; a team deleted; an account closed."""

import time_machine

from cases.domain.roles import Role
from cases.models import Membership, Team, User
from cases.operations import teams
from cases.operations.erasure import plan_erasures
from tests.helpers import at, make_user
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import path
from tests.web.test_signing_in import confirm
from tests.web.test_teams import path as team_path


def test_a_manager_chooses_and_the_case_tells_the_day(me: Person, team: Team, new_driver: scenarios.Make) -> None:
    driver = scenarios.confirmed(new_driver)
    me.fill(team_path(team), team_path(team, "keep"), keep_months="6")
    assert Team.objects.get().keep_months == 6
    plan_erasures(at("2027-04-01T03:00"))
    with time_machine.travel(at("2027-04-02T10:00"), tick=False):
        me.client.force_login(me.user)  # type: ignore[arg-type]
        page = me.get(path(driver))
        day = driver.fresh().erase_on
        assert "The documents and notes of this case will be erased on" in page.text
        assert day is not None
        me.fill(f"/cases/{driver.case.reference}/keep/", keep="yes", words="lawsuit")
        assert "This case is kept indefinitely." in me.get(path(driver)).text


def test_erased_by_hand_after_a_tick(me: Person, new_driver: scenarios.Make) -> None:
    driver = scenarios.confirmed(new_driver)
    address = f"/cases/{driver.case.reference}/erase/"
    assert me.fill(address).status == 200  # not ticked
    assert driver.fresh().erased_at is None
    me.follow(me.fill(address, sure="on"))
    page = me.get(path(driver))
    assert "Documents and notes were erased on" in page.text
    assert "13800000011" not in page.html
    assert "***********" in page.text
    assert "Show full number" not in page.text
    assert (
        "were erased on 16 Oct. Nothing more can be recorded." in me.get(f"/cases/{driver.case.reference}/reopen/").text
    )


def test_agents_neither_keep_nor_erase(colleague: Person, new_driver: scenarios.Make) -> None:
    driver = scenarios.confirmed(new_driver)
    page = colleague.get(path(driver))
    for action in ("keep", "erase"):
        assert f"/cases/{driver.case.reference}/{action}/" not in page.hrefs
        assert colleague.get(f"/cases/{driver.case.reference}/{action}/").status == 403
        assert (
            colleague.post(f"/cases/{driver.case.reference}/{action}/", sure="on", keep="yes", words="x").status == 403
        )


def test_a_team_is_deleted_by_its_name_and_taken_back(me: Person, team: Team) -> None:
    address = team_path(team, "delete")
    assert "The name does not match." in me.fill(address, typed="wrong").text
    me.follow(me.fill(address, typed=team.name))
    assert "will be deleted on 23 Oct" in me.get("/").text
    me.post(address, press="back")
    assert "will be deleted on" not in me.get("/").text


def test_an_account_is_closed_after_its_teams_are_left(
    colleague: Person, manager: User, team: Team, agent: User
) -> None:
    confirm(colleague)
    page = colleague.get("/me/close/")
    assert team.name in page.text
    assert "Leave these teams first" in page.text
    teams.remove_member(Membership.objects.get(user=agent), new_handler=None, by=agent, now=NOW)
    assert "Your account was not deleted" in colleague.fill("/me/close/", email="somebody@example.com").text
    assert colleague.fill("/me/close/", email=agent.email).location == "/sign-in/"
    assert colleague.get("/").location.startswith("/sign-in/")
    assert User.objects.get(pk=agent.pk).is_active is False


def test_closing_asks_who_one_is(me: Person) -> None:
    assert me.get("/me/close/").location.startswith("/me/confirm/")


def test_the_admin_does_not_take_a_teams_last_manager(team: Team, manager: User, agent: User) -> None:
    from cases.admin.people import UserForm

    form = UserForm({"email": manager.email, "name": "x", "language": "en"}, instance=manager)
    assert "is_active" in form.errors
    make_user("second@example.com", team, Role.MANAGER)
    form = UserForm({"email": manager.email, "name": "x", "language": "en"}, instance=manager)
    assert "is_active" not in form.errors
