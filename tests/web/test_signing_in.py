"""Signing in by allauth: second factor, forgotten passwords, another address, sessions, limits; and the admin."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from cases.models import ApiToken, NotificationChannel, Team, User
from cases.operations import teams as ops
from cases.operations.tokens import create_token
from tests.helpers import SECRET, at, sent_mails, with_second_factor
from tests.moments import NOW
from tests.web.html_client import Person

NEW = "another horse 12"


def code(moment: str = "2026-10-16T10:00", secret: str = SECRET) -> str:
    """What the authenticator app shows then."""
    return format_hotp_value(hotp_value(secret, int(at(moment).timestamp()) // 30))


def sign_in(person: Person, password: str = "correct horse", login: str = "li.na@example.com") -> Any:
    return person.fill("/sign-in/", login=login, password=password)


def confirm(person: Person) -> None:
    """Say again who one is, as pages about safety ask."""
    person.fill("/me/confirm/", "/me/confirm/", password="correct horse")


def link_in(text: str) -> str:
    """The path of the link in a message."""
    return re.findall(r"http://127\.0\.0\.1:8000(/\S+)", text)[0]


# The second factor


def test_with_a_second_factor_the_password_alone_lets_nobody_in(anybody: Person, manager: User) -> None:
    with_second_factor(manager)
    assert sign_in(anybody).location == "/second-factor/authenticate/"
    assert anybody.get("/").status == 302
    wrong = anybody.fill("/second-factor/authenticate/", "/second-factor/authenticate/", code="000000")
    assert (wrong.status, anybody.get("/").status) == (200, 302)
    anybody.fill("/second-factor/authenticate/", "/second-factor/authenticate/", code=code())
    assert anybody.get("/").status == 200


def test_an_authenticator_app_is_set_up_and_its_secret_lies_encrypted(english: Person, manager: User) -> None:
    sign_in(english)
    assert english.get("/second-factor/totp/activate/").location.startswith("/me/confirm/")
    confirm(english)
    page = english.get("/second-factor/totp/activate/")
    secret = re.findall(r'value="([A-Z2-7]{32})"', page.html)[0]
    there = "/second-factor/totp/activate/"
    assert english.send(page, there, there, code=code(secret=secret)).status == 302
    row = Authenticator.objects.get(user=manager, type="totp")
    assert secret not in str(row.data)
    assert len(Authenticator.objects.get(user=manager, type="recovery_codes").wrap().get_unused_codes()) == 10


def test_a_recovery_code_lets_in_once(english: Person, manager: User) -> None:
    with_second_factor(manager)
    sign_in(english)
    english.fill("/second-factor/authenticate/", "/second-factor/authenticate/", code=code())
    confirm(english)
    english.fill("/second-factor/recovery-codes/generate/", "/second-factor/recovery-codes/generate/")
    first = re.findall(r"\b\d{8}\b", english.get("/second-factor/recovery-codes/").html)[0]
    for lets_in in (True, False):
        other = Person(Client())
        sign_in(other)
        other.fill("/second-factor/authenticate/", "/second-factor/authenticate/", code=first)
        assert (other.get("/").status == 200) is lets_in


def test_a_passkey_is_asked_for_by_a_script_of_our_own(english: Person, manager: User) -> None:
    page = english.get("/sign-in/")
    assert "Sign in with a passkey" in page.text
    assert page.html.count('<script src="/static/mfa/js/webauthn') == 2
    asked = english.client.get("/second-factor/webauthn/login/", headers={"Accept": "application/json"})
    assert asked.json()["request_options"]["publicKey"]["challenge"]


def test_somebody_elses_passkey_is_not_found(english: Person, manager: User, agent: User) -> None:
    theirs = Authenticator.objects.create(user=agent, type="webauthn", data={"name": "x", "credential": {}})
    with_second_factor(manager)
    sign_in(english)
    english.fill("/second-factor/authenticate/", "/second-factor/authenticate/", code=code())
    confirm(english)
    for page in ("edit", "remove"):
        assert english.get(f"/second-factor/webauthn/keys/{theirs.pk}/{page}/").status == 404
        assert english.post(f"/second-factor/webauthn/keys/{theirs.pk}/{page}/", name="y").status == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


# The admin


def test_the_admin_has_no_sign_in_of_its_own(anybody: Person) -> None:
    assert anybody.get("/admin/login/", next="/admin/cases/case/").location == "/sign-in/?next=/admin/cases/case/"
    assert anybody.get("/admin/login/", next="https://evil.example/").location == "/sign-in/?next=/admin/"


def test_staff_set_a_second_factor_up_before_the_admin_opens(me: Person) -> None:
    assert me.user
    User.objects.filter(pk=me.user.pk).update(is_staff=True, is_superuser=True)
    page = me.follow(me.follow(me.get("/admin/")))
    assert "The admin needs two-step verification." in page.text
    with_second_factor(me.user)
    assert me.get("/admin/").status == 200
    assert me.get("/admin/login/", next="/admin/cases/").location == "/admin/cases/"


def test_who_is_no_staff_is_told_so(me: Person) -> None:
    page = me.follow(me.get("/admin/"))
    assert (page.status, "Only system administrators can open the admin." in page.text) == (403, True)


# Passwords and addresses


def test_a_forgotten_password_is_set_anew_by_mail(english: Person, manager: User) -> None:
    sent = english.fill("/password/", "/password/", email="LI.NA@example.com")
    assert sent.location == "/password/sent/"
    (message,) = sent_mails()
    assert message.to == ["li.na@example.com"]
    page = english.get(link_in(message.body))
    there = page.location
    english.fill(there, there, password1=NEW, password2=NEW)
    assert sign_in(Person(Client())).status == 200
    assert sign_in(Person(Client()), NEW).status == 302
    assert "Link no longer valid" in english.get(link_in(message.body)).text


def test_whoever_made_an_account_with_anothers_address_loses_it_to_the_mailbox(
    me: Person, english: Person, team: Team
) -> None:
    """The address of an account made by invitation is not proven; a link mailed there proves it."""
    secret = ops.invite(team, role="agent", email="", by=me.user, now=NOW)[1]  # type: ignore[arg-type]
    made = Person(Client())
    made.fill(f"/invitations/{secret}/", name="Sly", email="victim@example.com", password="correct horse 7")
    sly = User.objects.get(email="victim@example.com")
    assert not EmailAddress.objects.get(user=sly).verified
    with_second_factor(sly)
    NotificationChannel.objects.create(user=sly, kind="webhook", label="sly.example")
    create_token(sly.memberships.get(), name="x", scopes=[], days=365, now=NOW)
    english.fill("/password/", "/password/", email="victim@example.com")
    there = english.get(link_in(sent_mails()[-1].body)).location
    english.fill(there, there, password1=NEW, password2=NEW)
    assert EmailAddress.objects.get(user=sly).verified
    assert (Authenticator.objects.count(), NotificationChannel.objects.count(), ApiToken.objects.count()) == (0, 0, 0)
    assert sign_in(Person(Client()), NEW, "victim@example.com").location == "/"
    assert made.get("/").status == 302  # and the session of whoever made it is over


def test_a_proven_address_keeps_its_second_factor_through_a_new_password(english: Person, manager: User) -> None:
    sign_in(Person(Client()))  # the operator who made this account vouched for its address
    with_second_factor(manager)
    english.fill("/password/", "/password/", email="li.na@example.com")
    there = english.get(link_in(sent_mails()[-1].body)).location
    english.fill(there, there, password1=NEW, password2=NEW)
    assert Authenticator.objects.count() == 1


def test_an_unknown_address_is_not_told_apart(english: Person, manager: User) -> None:
    assert english.fill("/password/", "/password/", email="nobody@example.com").location == "/password/sent/"


def test_another_address_counts_once_it_has_answered(me: Person, english: Person) -> None:
    assert me.user
    me.fill("/me/email/", "/me/email/", email="new@example.com", action_add="")
    me.user.refresh_from_db()
    assert me.user.email == "li.na@example.com"
    link = link_in(sent_mails()[-1].body)
    assert sent_mails()[-1].to == ["new@example.com"]
    me.fill(link, link)
    me.user.refresh_from_db()
    assert me.user.email == "new@example.com"
    assert sign_in(english, login="new@example.com").status == 302


def test_without_a_mail_server_the_message_lies_readable(
    english: Person, manager: User, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    english.fill("/password/", "/password/", email="li.na@example.com")
    sent_mails()
    (file,) = tmp_path.iterdir()
    assert "/password/" in file.read_text()


def test_a_mail_server_that_is_away_is_no_error(english: Person, manager: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert english.fill("/password/", "/password/", email="li.na@example.com").location == "/password/sent/"


# Accounts, sessions, limits


def test_nobody_makes_an_account_uninvited(english: Person) -> None:
    typed = {"name": "x", "email": "x@example.com", "password1": NEW}
    for page in (english.get("/sign-up/"), english.post("/sign-up/", typed)):
        assert "Sign-up is closed." in page.text
    assert "/sign-up/" not in english.get("/sign-in/").hrefs
    assert not User.objects.exists()


def test_where_it_is_open_everybody_may(english: Person, settings: Any) -> None:
    settings.SIGNUP = "open"
    assert "/sign-up/" in english.get("/sign-in/").hrefs
    english.fill("/sign-up/", "/sign-up/", name="李四", email="Li@example.com", password1=NEW)
    user = User.objects.get()
    assert (user.email, user.name, user.language, user.is_staff) == ("li@example.com", "李四", "en", False)
    assert english.get("/").location == "/teams/new/"


def test_other_sessions_are_listed_and_ended(manager: User, team: Team) -> None:
    here, there = Person(Client()), Person(Client(headers={"user-agent": "Elsewhere/1.0"}))
    for person in (here, there):
        sign_in(person)
        assert person.get("/").status == 200
    assert "Elsewhere/1.0" in here.get("/me/sessions/").text
    here.fill("/me/sessions/", "/me/sessions/")
    assert here.get("/").status == 200
    assert there.get("/").status == 302


def test_a_session_that_began_with_an_invitation_is_listed_too(me: Person, team: Team) -> None:
    secret = ops.invite(team, role="agent", email="", by=me.user, now=NOW)[1]  # type: ignore[arg-type]
    new, elsewhere = Person(Client(headers={"user-agent": "First/1.0"})), Person(Client())
    new.fill(f"/invitations/{secret}/", name="New", email="new@example.com", password="correct horse 7")
    sign_in(elsewhere, "correct horse 7", "new@example.com")
    assert "First/1.0" in elsewhere.get("/me/sessions/").text
    elsewhere.fill("/me/sessions/", "/me/sessions/")
    assert new.get("/").status == 302


@pytest.mark.django_db(transaction=True)
def test_sessions_begun_without_a_second_factor_end_with_the_first_one(
    transactional_db: None, english: Person, manager: User, team: Team
) -> None:
    elsewhere = Person(Client())
    for person in (english, elsewhere):
        sign_in(person)
        assert person.get("/").status == 200
    confirm(english)
    there = "/second-factor/totp/activate/"
    page = english.get(there)
    (secret,) = re.findall(r'value="([A-Z2-7]{32})"', page.html)
    english.send(page, there, there, code=code(secret=secret))
    assert english.get("/").status == 200
    assert elsewhere.get("/").status == 302


def test_guessing_a_password_is_slowed_down(english: Person, manager: User) -> None:
    for _ in range(5):
        sign_in(english, "wrong")
    page = sign_in(english)
    assert "Too many failed attempts. Try again in 30 seconds." in page.text
    assert english.get("/").status == 302


def test_letters_to_one_address_are_few_and_too_often_is_said_in_our_words(english: Person, manager: User) -> None:
    for _ in range(5):
        assert english.post("/password/", email=manager.email).status == 302
    page = english.post("/password/", email=manager.email)
    assert page.status == 429
    assert "Too many requests in a short time. Nothing was lost. Wait a few minutes, then try again." in page.text
    assert "cases/app.css" in page.html
    assert len(sent_mails()) == 5


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "This password is too short. It must contain at least 12 characters."),
        ("123456789012", "This password is entirely numeric."),
        ("qazwsxedcrfv", "This password is too common."),
        ("li.na@example.com", "The password is too similar to the email."),
    ],
)
def test_a_weak_password_is_refused(me: Person, password: str, why: str) -> None:
    page = me.fill(
        "/me/password/", "/me/password/", oldpassword="correct horse", password1=password, password2=password
    )
    assert why in page.text


@pytest.mark.parametrize("address", ["/me/email/", "/me/password/", "/me/sessions/", "/second-factor/", "/password/"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_its_pages_are_in_our_look_and_language(
    manager: User, address: str, language: str, sign_in: Callable[..., Person]
) -> None:
    page = sign_in(manager, language).get(address)
    assert page.status == 200
    assert f'<html lang="{language}">' in page.html
    assert "cases/app.css" in page.html
    assert page.html.count("<script") == page.html.count("<script src=") + page.html.count('type="application/json"')
