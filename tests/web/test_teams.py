"""The team's page: members, roles, invitations by link, leaving; and what a viewer sees of the product."""

from collections.abc import Callable

import pytest
from django.test import Client

from cases.domain.roles import Role
from cases.models import Invitation, Membership, Team, User
from tests.helpers import CaseDriver, sent_mails
from tests.web import scenarios
from tests.web.html_client import Page, Person


@pytest.fixture
def viewer_client(viewer: User, sign_in: Callable[..., Person]) -> Person:
    return sign_in(viewer)


def path(team: Team, *more: object) -> str:
    return "/".join(["/teams", str(team.pk), *map(str, more), ""])


def link_in(page: Page) -> str:
    """The path of the invitation's link that a page shows once."""
    (link,) = [part.split('"')[0] for part in page.html.split('value="http://127.0.0.1:8000')[1:]]
    return link


def invited(me: Person, team: Team, **typed: str) -> str:
    return link_in(me.fill(path(team), path(team, "invitations"), **{"role": "agent", **typed}))


# The page


def test_the_team_is_a_click_away_and_says_who_is_in_it(me: Person, colleague: Person, team: Team) -> None:
    assert "/teams/" in me.get("/").hrefs
    assert me.get("/teams/").location == path(team)
    for person in (me, colleague):
        page = person.get(path(team))
        assert "li.na@example.com" in page.part("members")
        assert "wang.wei@example.com" in page.part("members")
    assert [form.action for form in colleague.get(path(team)).forms if "/teams/" in form.action] == []


def test_a_manager_renames_the_team(me: Person, team: Team) -> None:
    me.fill(path(team), path(team, "name"), name="销售二部")
    assert Team.objects.get(pk=team.pk).name == "销售二部"
    refused = me.fill(path(team), path(team, "name"), name="x" * 81)
    assert (refused.status, "x" * 81 in refused.html) == (200, True)


def test_a_manager_gives_another_role(me: Person, colleague: Person, team: Team) -> None:
    member = Membership.objects.get(user=colleague.user, team=team)
    me.post(path(team, "members", member.pk, "role"), role="viewer")
    assert Membership.objects.get(pk=member.pk).role == "viewer"
    page = me.follow(me.post(path(team, "members", member.pk, "role"), role="boss"))
    assert "Unknown role." in page.text
    mine = Membership.objects.get(user=me.user, team=team)
    page = me.follow(me.post(path(team, "members", mine.pk, "role"), role="agent"))
    assert "A team needs at least one manager. Make someone else a manager first." in page.text


def test_removing_somebody_asks_who_gets_their_cases(me: Person, colleague: Person, new_driver: scenarios.Make) -> None:
    driver = scenarios.draft(new_driver)
    driver.case.handler = colleague.user
    driver.case.save()
    team = driver.case.team
    there = path(team, "members", Membership.objects.get(user=colleague.user).pk, "remove")
    assert "1 open case will be reassigned." in me.get(there).text
    assert me.user
    page = me.follow(me.fill(there, to=str(me.user.pk)))
    assert "Wang Wei has left 销售一部. 1 open case reassigned." in page.text
    assert driver.fresh().handler == me.user
    assert colleague.get("/").location == "/teams/new/"
    assert me.get(there).status == 404


def test_one_leaves_by_oneself_but_not_as_the_last_manager(me: Person, colleague: Person, team: Team) -> None:
    refused = me.fill(path(team, "leave"))
    assert (refused.status, "A team needs at least one manager." in refused.text) == (200, True)
    assert colleague.fill(path(team, "leave")).location == "/"
    assert colleague.get("/cases/").location == "/teams/new/"


def test_in_two_teams_one_has_the_role_of_each(
    me: Person, other_team: Team, new_driver: scenarios.Make, team: Team
) -> None:
    other_team.memberships.create(user=me.user, role=Role.VIEWER)
    me.post("/teams/switch/", team=other_team.pk)
    assert "/cases/new/" not in me.get("/").hrefs
    assert me.get("/cases/new/").status == 403
    assert me.get(path(other_team, "name")).status == 403
    driver = scenarios.overdue(new_driver)  # of the team where one is a manager
    at = f"/cases/{driver.case.reference}/"
    assert f"{at}follow-up/" in me.get(at).hrefs
    assert me.fill(f"{at}follow-up/", words="催了").status == 302
    assert me.get(path(team)).status == 200


# Invitations


def test_a_link_is_shown_once_and_lets_a_newcomer_in(me: Person, anybody: Person, team: Team) -> None:
    link = invited(me, team, role="viewer")
    assert link not in me.get(path(team)).html
    assert link.rsplit("/")[-2] not in str(Invitation.objects.values())
    typed = {"name": "李四", "email": "LI@example.com", "password": "correct horse battery"}
    assert anybody.get(link).status == 200
    assert anybody.fill(link, **typed).location == "/"
    assert "销售一部" in anybody.get("/").text
    assert Membership.objects.get(user__email="li@example.com").role == "viewer"
    for person in (anybody, me, Person(Client())):
        assert person.get(link).status == 404
        assert person.post(link, typed | {"email": "second@example.com"}).status == 404
    assert User.objects.count() == 2


def test_somebody_with_an_account_joins_another_team(me: Person, outsider: Person, team: Team) -> None:
    link = invited(me, team)
    assert "Join 销售一部" in outsider.get(link).text
    assert outsider.fill(link).location == "/"
    assert "销售一部" in outsider.get("/").text
    assert "Switch to team 另一家公司" in outsider.get("/").text


def test_a_link_for_an_address_is_for_that_account(me: Person, outsider: Person, anybody: Person, team: Team) -> None:
    anybody.post("/language/", language="en")
    link = invited(me, team, email="li@example.com")
    page = outsider.fill(link)
    assert "This invitation is for li@example.com. Sign in with that account." in page.text
    assert anybody.fill(link, name="李四", password="correct horse battery", email="other@example.com").status == 302
    assert Membership.objects.filter(user__email="li@example.com", team=team).exists()


def test_what_was_typed_survives_an_error(me: Person, anybody: Person, stranger: User, team: Team) -> None:
    anybody.post("/language/", language="en")
    link = invited(me, team)
    typed = {"name": "李四", "email": stranger.email, "password": "correct horse battery"}
    page = anybody.fill(link, **typed)
    assert "This email already has an account." in page.text
    assert {name: page.form().fields[name] for name in typed} == typed
    page = anybody.fill(link, **typed | {"password": "12345678", "email": "li@example.com"})
    assert "This password is entirely numeric." in page.text
    assert f"/sign-in/?next={link}" in page.hrefs
    assert not User.objects.filter(email="li@example.com").exists()


def test_an_invitation_is_revoked(me: Person, anybody: Person, team: Team) -> None:
    link = invited(me, team, email="li@example.com")
    assert "li@example.com" in me.get(path(team)).part("invite")
    gone = path(team, "invitations", Invitation.objects.get().pk, "revoke")
    me.post(gone)
    assert anybody.get(link).status == 404
    assert me.post(gone).status == 404


def test_a_member_is_not_invited(me: Person, team: Team, agent: User) -> None:
    page = me.fill(path(team), path(team, "invitations"), email=agent.email)
    assert "You are already in this team." not in page.text
    assert "This person is already in the team." in page.text
    assert page.form(path(team, "invitations")).fields["email"] == agent.email


def test_with_a_mail_server_the_link_is_mailed(me: Person, team: Team, settings: object) -> None:
    link = invited(me, team, email="li@example.com")
    assert sent_mails() == []
    settings.EMAIL_HOST = "mail.example"  # type: ignore[attr-defined]
    Team.objects.update(name="a\nBcc: b@example.com")
    link = invited(me, team, email="li@example.com")
    (sent,) = sent_mails()
    assert (sent.to, link in sent.body, sent.bcc) == (["li@example.com"], True, [])


def test_invitations_are_made_at_a_human_pace(me: Person, team: Team) -> None:
    for _ in range(30):
        assert me.post(path(team, "invitations"), role="agent").status == 200
    page = me.post(path(team, "invitations"), role="agent", email="li@example.com")
    assert "Too many requests in a short time." in page.text
    assert page.form(path(team, "invitations")).fields["email"] == "li@example.com"
    assert Invitation.objects.count() == 30


def test_accounts_are_not_tried_out_by_a_link(me: Person, anybody: Person, team: Team, stranger: User) -> None:
    anybody.post("/language/", language="en")
    link = invited(me, team)
    for _ in range(20):
        page = anybody.post(link, name="x", email=stranger.email, password="correct horse battery")
        assert "This email already has an account." in page.text
    page = anybody.post(link, name="x", email=stranger.email, password="correct horse battery")
    assert "This email already has an account" not in page.text
    assert "Too many requests in a short time." in page.text


# What a viewer sees, and what is refused


def test_a_viewer_reads_everything_and_is_offered_nothing(viewer_client: Person, new_driver: scenarios.Make) -> None:
    drivers = [
        scenarios.overdue(new_driver),
        scenarios.to_verify(new_driver),
        scenarios.draft(new_driver),
        scenarios.confirmed(new_driver),
    ]
    pages = ["/", "/cases/", "/cards/", *(f"/cases/{driver.case.reference}/" for driver in drivers)]
    pages += [f"/cards/{driver.case.card_id}/" for driver in drivers]
    for address in pages:
        page = viewer_client.get(address)
        assert page.status == 200
        for form in page.forms:  # to look for something, or at a number, is reading
            reading = ("/language/", "/sign-out/", "/number/", "/cases/", "/cards/", "/search/", "/palette/")
            # One's own filters of the work list are kept for oneself.
            mine = form.method in ("get", "dialog") or form.action == "/" or form.action.endswith(reading)
            assert mine, (address, form.action)
        for href in {href for href in page.hrefs if not href.startswith(("#main", "tel:"))}:
            assert viewer_client.get(href).status in (200, 302), (address, href)


def test_what_a_viewer_forges_is_refused_with_a_sentence(viewer_client: Person, new_driver: scenarios.Make) -> None:
    driver: CaseDriver = scenarios.overdue(new_driver)
    at, kinds = f"/cases/{driver.case.reference}/", driver.kinds
    for forged in ("follow-up/", "withdraw/", "hand-over/", "checklist/", "receipts/"):
        page = viewer_client.post(
            at + forged, way="call", happened_at="2026-10-16T09:00", code="card", state="done", text="x"
        )
        assert page.status == 403
        assert (
            "You are a viewer of this team: you can read everything but change nothing. Ask a team manager if you "
            "need to make changes." in page.text
        )
    assert driver.kinds == kinds
    assert not driver.case.receipts.exists()
    assert viewer_client.get("/cases/new/").status == 403
    assert viewer_client.post("/cards/new/", number="13900139000").status == 403
    assert viewer_client.post(f"/cards/{driver.case.card_id}/change/").status == 403
