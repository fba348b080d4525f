"""Who did what, for a team's managers: their own team's, and no other's."""

import pytest

from cases.models import AuditEntry, Carrier, Membership, Team, User
from cases.operations import teams
from cases.operations.cards import update_card
from tests.helpers import CaseDriver, with_second_factor
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path


@pytest.fixture
def driver(new_driver: Make) -> CaseDriver:
    return scenarios.overdue(new_driver)


def audit(team: Team) -> str:
    return f"/teams/{team.pk}/audit/"


def test_a_manager_reads_what_was_done(
    me: Person, team: Team, manager: User, agent: User, stranger: User, driver: CaseDriver
) -> None:
    me.post(path(driver, "number"))
    me.post(f"/teams/{team.pk}/name/", name="销售二部")
    _, secret = teams.invite(team, role="agent", email="", by=manager, now=NOW)
    teams.join(secret, stranger, NOW)
    theirs = Membership.objects.get(user=stranger, team=team)
    teams.change_role(theirs, "viewer", by=manager, now=NOW)
    teams.remove_member(theirs, new_handler=None, by=manager, now=NOW)
    page = me.get(audit(team))
    rows = [entry.kind for entry in AuditEntry.objects.exclude(kind="signed_in").order_by("id")]
    assert rows == ["number_shown", "settings_changed", "member_added", "role_changed", "member_removed"]
    assert "· Case worker · Li Na" in page.text  # who let them in
    for words in (
        "Full number viewed",
        driver.case.reference,
        "team name: 销售二部",
        "Member added",
        "Viewer",
        "Member removed",
    ):
        assert words in page.text
    assert driver.case.card.number not in page.text


def test_others_do_not(me: Person, colleague: Person, outsider: Person, team: Team) -> None:
    assert colleague.get(audit(team)).status == 403
    assert outsider.get(audit(team)).status == 404
    assert me.get(audit(team)).status == 200


def test_sign_ins_of_members_are_told_and_of_others_not(
    me: Person, anybody: Person, team: Team, agent: User, stranger: User
) -> None:
    anybody.fill("/sign-in/", login="chen.jie@example.com", password="wrong")
    anybody.fill("/sign-in/", login="wang.wei@example.com", password="correct horse")
    page = me.get(audit(team))
    assert page.text.count("Signed in") == 2  # the owner's own before
    assert "Sign-in failed" not in page.text


def test_another_password_and_second_factor_are_told(me: Person, colleague: Person, team: Team, agent: User) -> None:
    new = {"password1": "new horse 1234", "password2": "new horse 1234"}
    assert colleague.fill("/me/password/", "/me/password/", oldpassword="correct horse", **new).status == 302
    with_second_factor(agent)
    colleague.fill("/me/confirm/", "/me/confirm/", password="new horse 1234")
    colleague.post("/second-factor/totp/deactivate/")
    rows = AuditEntry.objects.filter(by=agent, kind="settings_changed").order_by("id")
    assert [entry.about for entry in rows] == ["password changed", "second factor removed"]
    assert "two-step verification removed" in me.get(audit(team)).text


def test_a_channel_of_the_team_is_told_without_its_secret(me: Person, team: Team) -> None:
    key = "693a91f6-7aaa-4bc4-9d3e-123456789abc"
    me.fill("/teams/channels/new/wecombot/", address=key, name="群")
    entry = AuditEntry.objects.get(kind="settings_changed")
    assert key not in entry.about
    assert entry.about == "channel: wecombot · 群"
    assert "reminder channel: WeCom group bot (企业微信) · 群" in me.get(audit(team)).text


def test_the_log_is_in_the_language_of_whoever_reads_it(
    me: Person, team: Team, manager: User, driver: CaseDriver, unicom: Carrier
) -> None:
    """Whatever the language of those who did it."""
    teams.rename_team(team, "销售二部", by=manager, now=NOW)
    update_card(driver.case.card, unicom, {"holder": "王小明"}, by=manager, now=NOW)
    text = me.in_chinese(audit(team)).text
    for words in ("团队名称：销售二部", "机主：- → 王**；运营商：中国移动 → 中国联通"):
        assert words in text
