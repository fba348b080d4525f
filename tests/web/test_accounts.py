"""Signing in and out, the first start's one-time link, teams, the account, the language."""

from collections.abc import Callable

import pytest
from django.test import Client

from cases.domain.roles import Role
from cases.models import Team, User
from cases.operations.accounts import AccountExists, first_account_token
from tests.web import scenarios
from tests.web.html_client import Person

FIRST = {"name": "王芳", "team": "销售一部", "email": "wang@example.com", "password": "correct horse battery"}


def test_pages_ask_to_sign_in_first_and_come_back(anybody: Person, manager: User) -> None:
    page = anybody.get("/cases/?standing=overdue")
    assert (page.status, page.location) == (302, "/sign-in/?next=/cases/%3Fstanding%3Doverdue")
    signed_in = anybody.fill(page.location, login="li.na@example.com", password="correct horse")
    assert (signed_in.status, signed_in.location) == (302, "/cases/?standing=overdue")
    assert anybody.get("/").status == 200


def test_email_is_read_in_any_case(anybody: Person, manager: User) -> None:
    assert anybody.fill("/sign-in/", login=" LI.NA@Example.com ", password="correct horse").location == "/"


def test_a_wrong_password_is_told_without_saying_which_was_wrong(anybody: Person, manager: User) -> None:
    anybody.post("/language/", language="en")
    for typed in ("li.na@example.com", "nobody@example.com"):
        page = anybody.fill("/sign-in/", login=typed, password="Correct horse")
        assert page.status == 200
        assert "The email or password is incorrect. Passwords are case-sensitive." in page.text
        assert page.form().fields["login"] == typed
        assert page.form().fields["password"] == ""


def test_an_account_that_is_not_active_stays_out(anybody: Person, manager: User) -> None:
    manager.is_active = False
    manager.save()
    assert anybody.fill("/sign-in/", login=manager.email, password="correct horse").location == "/sign-in/inactive/"
    assert anybody.get("/").status == 302


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"])
def test_signing_in_never_leads_elsewhere(anybody: Person, manager: User, elsewhere: str) -> None:
    page = anybody.get("/sign-in/", next=elsewhere)
    sent = anybody.send(page, "/sign-in/", login=manager.email, password="correct horse", next=elsewhere)
    assert (sent.status, sent.location) == (302, "/")


def test_signing_out_needs_a_press_and_ends_it(me: Person) -> None:
    assert me.get("/sign-out/").status == 405
    assert me.get("/").status == 200
    assert me.fill("/", "/sign-out/").location == "/sign-in/"
    assert me.get("/").status == 302


# The first start


def test_the_first_start_link_makes_the_first_administrator_and_dies(anybody: Person) -> None:
    link = f"/welcome/{first_account_token()}/"
    page = anybody.fill(link, **FIRST)
    assert (page.status, page.location) == (302, "/")
    assert anybody.get("/").status == 200
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("wang@example.com", True, True)
    assert user.check_password("correct horse battery")
    assert user.memberships.get().role == Role.MANAGER
    assert user.memberships.get().team.name == "销售一部"
    for door in (anybody, Person(Client())):
        assert door.get(link).status == 404
        assert door.post(link, FIRST | {"email": "second@example.com"}).status == 404
    assert User.objects.count() == 1


def test_a_wrong_token_opens_nothing(anybody: Person) -> None:
    for token in ("x", "first administrator", first_account_token()[:-1] + "_"):
        assert anybody.get(f"/welcome/{token}/").status == 404
        assert anybody.post(f"/welcome/{token}/", FIRST).status == 404
    assert not User.objects.exists()


def test_the_link_is_dead_where_an_account_exists(anybody: Person, manager: User) -> None:
    assert anybody.get(f"/welcome/{first_account_token()}/").status == 404
    assert anybody.post(f"/welcome/{first_account_token()}/", FIRST).status == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "12345678"}, "This password is entirely numeric."),
        ({"password": "password1"}, "This password is too common."),
        ({"email": "not an address"}, "Enter a valid email address."),
        ({"team": ""}, "This field is required."),
    ],
)
def test_what_was_typed_for_the_first_account_survives_an_error(
    anybody: Person, typed: dict[str, str], sentence: str
) -> None:
    anybody.post("/language/", language="en")
    page = anybody.fill(f"/welcome/{first_account_token()}/", **FIRST | typed)
    assert page.status == 200
    assert sentence in page.text
    wanted = FIRST | typed
    assert {name: page.form().fields[name] for name in wanted} == wanted
    assert not User.objects.exists()


# Teams


def test_without_a_team_one_is_made_first(db: None, sign_in: Callable[..., Person]) -> None:
    alone = sign_in(User.objects.create_user("alone@example.com", "correct horse", name="Alone"))
    for path in ("/", "/cases/", "/cases/new/", "/cards/", "/me/"):
        assert alone.get(path).location == "/teams/new/"
    assert alone.fill("/teams/new/", name="   ").status == 200
    assert alone.fill("/teams/new/", name="我自己").location == "/"
    assert alone.get("/").status == 200
    assert Team.objects.get().memberships.get().role == Role.MANAGER


def test_one_more_team_is_made_and_entered(me: Person, new_driver: scenarios.Make) -> None:
    scenarios.overdue(new_driver)
    assert ("/teams/new/", "New team") in me.get("/").links
    page = me.follow(me.fill("/teams/new/", name="杭州分公司"))
    assert "138****0005" not in page.text
    assert "杭州分公司" in page.text
    assert me.get("/teams/").status == 302
    assert [m.role for m in me.user.memberships.order_by("id")] == ["manager", "manager"]  # type: ignore[union-attr]


def test_switching_between_ones_own_teams(me: Person, team: Team, other_team: Team) -> None:
    assert me.user
    assert "Switch to team" not in me.get("/").text
    other_team.memberships.create(user=me.user)
    page = me.get("/")
    assert "Switch to team 另一家公司" in page.text
    me.post("/teams/switch/", team=other_team.pk)
    assert "Switch to team 销售一部" in me.get("/").text
    third = Team.objects.create(name="第三家")
    for junk in (third.pk, "x", "", "9" * 400):
        assert me.post("/teams/switch/", team=junk).location == "/"
        assert "Switch to team 销售一部" in me.get("/").text


def test_a_team_one_has_left_is_no_longer_the_current_one(me: Person, other_team: Team) -> None:
    assert me.user
    membership = other_team.memberships.create(user=me.user)
    me.post("/teams/switch/", team=other_team.pk)
    membership.delete()
    page = me.get("/")
    assert page.status == 200
    assert "销售一部" in page.text


# Account and language


def test_name_and_language_of_the_account(me: Person) -> None:
    page = me.get("/me/")
    assert "li.na@example.com" in page.text
    assert me.fill("/me/", name="王芳", language="zh-hans").location == "/me/"
    page = me.get("/me/")
    assert page.form().fields["name"] == "王芳"
    assert 'lang="zh-hans"' in page.html
    assert page.response.headers["Content-Language"] == "zh-hans"
    assert me.fill("/me/", name="", language="zh-hans").form().fields["name"] == ""
    assert me.post("/me/", name="王芳", language="de").status == 200
    assert me.user
    me.user.refresh_from_db()
    assert (me.user.name, me.user.language) == ("王芳", "zh-hans")


def test_a_new_password(me: Person, anybody: Person) -> None:
    new = {"password1": "new horse 12", "password2": "new horse 12"}
    wrong = me.fill("/me/password/", "/me/password/", oldpassword="x", **new)
    assert "Your current password is incorrect. Enter it again." in wrong.text
    assert me.fill("/me/password/", "/me/password/", oldpassword="correct horse", **new).status == 302
    assert me.get("/").status == 200  # still signed in
    assert anybody.fill("/sign-in/", login="li.na@example.com", password="correct horse").status == 200
    assert anybody.fill("/sign-in/", login="li.na@example.com", password="new horse 12").status == 302


@pytest.mark.parametrize("accepted", ["en-GB,en;q=0.9", "de", "zh-TW", "*", ""])
def test_pages_speak_chinese_whatever_the_browser_prefers(anybody: Person, accepted: str) -> None:
    response = anybody.client.get("/sign-in/", headers={"Accept-Language": accepted})
    assert response.headers["Content-Language"] == "zh-hans"
    assert b'<html lang="zh-hans">' in response.content


def test_the_language_is_kept_in_a_cookie_before_signing_in(anybody: Person) -> None:
    page = anybody.get("/sign-in/")
    chosen = anybody.send(page, "/sign-in/", "/language/", language="en")
    assert (chosen.status, chosen.location) == (302, "/sign-in/")
    page = anybody.get("/sign-in/")
    assert "Sign in" in page.text
    assert page.response.headers["Content-Language"] == "en"
    assert anybody.client.cookies["django_language"]["samesite"] == "Lax"


def test_the_language_is_kept_with_the_account(manager: User, me: Person, anybody: Person) -> None:
    me.post("/language/", language="zh-hans", next="/cases/?q=1")
    manager.refresh_from_db()
    assert manager.language == "zh-hans"
    anybody.post("/language/", language="en")
    anybody.client.force_login(manager)
    assert anybody.get("/").response.headers["Content-Language"] == "zh-hans"  # the account wins


@pytest.mark.parametrize(
    ("wanted", "to"),
    [
        ("/cases/?q=%E5%BC%A0&page=2", "/cases/?q=%E5%BC%A0&page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("case_detail", "/"),
        ("no-view-of-this-name", "/"),
        ("\x00", "/"),
        ("", "/"),
    ],
)
def test_choosing_a_language_leads_back_and_never_elsewhere(anybody: Person, wanted: str, to: str) -> None:
    assert anybody.post("/language/", language="en", next=wanted).location == to


def test_an_unknown_language_changes_nothing(anybody: Person) -> None:
    anybody.post("/language/", language="../../etc")
    anybody.client.cookies["django_language"] = "xx"
    assert anybody.get("/sign-in/").response.headers["Content-Language"] == "zh-hans"


def test_of_two_who_make_the_first_account_at_once_the_second_is_too_late(
    anybody: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**given: str) -> None:
        raise AccountExists

    page = anybody.get(f"/welcome/{first_account_token()}/")
    monkeypatch.setattr("cases.web.first_start.create_first_account", too_late)
    assert anybody.send(page, f"/welcome/{first_account_token()}/", **FIRST).status == 404
