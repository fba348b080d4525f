"""Emails about accounts: with links to this site alone, in the reader's language, and nothing secret left readable."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cases.models import AccountMail, Team, User
from cases.models.encryption import decrypt_values
from cases.operations.deletion import close_account
from tests.helpers import sent_mails
from tests.moments import NOW
from tests.web.html_client import Person

SITE = "https://xiaoka.example.com"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["testserver", "evil.example", "xiaoka.example.com"]


def links_in(text: object) -> list[str]:
    return re.findall(r"\w+://[^/\s]+", str(text))


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"x-forwarded-host": "evil.example"}])
@pytest.mark.parametrize("email", ["li.na@example.com", "nobody@example.com"])
def test_the_link_to_a_new_password_names_no_host_that_a_request_named(
    anybody: Person, manager: User, headers: dict[str, str], email: str
) -> None:
    """Password reset poisoning: whoever asks chooses the host, and who follows the link gives the secret away."""
    anybody.client.post("/password/", {"email": email}, headers=headers)
    (mail,) = sent_mails()
    assert set(links_in(mail.body)) == {SITE}
    assert "evil" not in mail.message().as_string()


def test_no_email_names_the_host_of_the_request(me: Person, team: Team, settings: Any) -> None:
    """To a new address, about a changed password, to somebody invited, and to whoever signs up."""
    settings.SIGNUP, settings.EMAIL_HOST = "open", "mail.example"
    me.client.defaults["HTTP_HOST"] = "evil.example"
    me.post(f"/teams/{team.pk}/invitations/", role="agent", email="invited@example.com")
    me.post("/me/email/", email="new@example.com", action_add="")
    me.post("/me/password/", oldpassword="correct horse", password1="another horse 12", password2="another horse 12")
    stranger = Person(Client(HTTP_HOST="evil.example"))
    stranger.post("/sign-up/", name="x", email="fresh@example.com", password1="another horse 12")
    waiting = [decrypt_values(mail.encrypted) for mail in AccountMail.objects.all()]
    assert sorted(AccountMail.objects.values_list("kind", flat=True)) == [
        "email_confirmation",
        "email_confirmation_signup",
        "invitation",
        "password_changed",
    ]
    for letter in waiting:
        assert set(links_in(letter["text"])) == {SITE}
        assert "evil" not in str(letter)
        assert "xiaoka.example.com" in letter["subject"]


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Xiaoka (xiaoka.example.com): Reset your password", "It works only once:"),
        ("zh-hans", "销卡（xiaoka.example.com）：重置密码", "链接只能用一次："),
    ],
)
def test_it_is_in_the_language_of_the_account_and_not_of_whoever_asks(
    anybody: Person, manager: User, language: str, subject: str, words: str
) -> None:
    User.objects.filter(pk=manager.pk).update(language=language)
    anybody.post("/language/", language="en" if language == "zh-hans" else "zh-hans")
    anybody.post("/password/", email="li.na@example.com")
    (mail,) = sent_mails()
    assert mail.subject == subject
    assert words in mail.body
    assert "li.na@example.com" in mail.body
    assert "{{" not in mail.body
    assert "Hello from" not in mail.body


def test_it_says_who_wrote_it_and_that_no_person_did(anybody: Person, manager: User) -> None:
    anybody.post("/password/", email="li.na@example.com")
    (mail,) = sent_mails()
    headers = mail.message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == f"<notice-{AccountMail.objects.get().pk}@xiaoka.example.com>"


def test_a_waiting_link_is_encrypted_and_a_sent_one_is_gone(anybody: Person, manager: User) -> None:
    anybody.post("/password/", email="li.na@example.com")
    waiting = AccountMail.objects.get()
    link = re.findall(r"/password/\S+/", decrypt_values(waiting.encrypted)["text"])[0]
    assert link not in everything_stored()
    assert "li.na@example.com" not in str(AccountMail.objects.values())
    (mail,) = sent_mails()
    assert link in mail.body
    waiting.refresh_from_db()
    assert (waiting.state, waiting.encrypted, waiting.error) == ("sent", "", "")


def everything_stored() -> str:
    """All rows of all tables, with the jobs of the queue."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            texts.append(str(cursor.fetchall()))
    return "\n".join(texts)


def test_known_and_unknown_addresses_wait_alike(anybody: Person, manager: User) -> None:
    """No page says, not even by the time that it takes, whether there is an account: no server is asked meanwhile."""
    for email in ("li.na@example.com", "nobody@example.com"):
        assert anybody.post("/password/", email=email).location == "/password/sent/"
    assert sorted(AccountMail.objects.values_list("kind", "user", "state")) == [
        ("password_reset_key", manager.pk, "pending"),
        ("unknown_account", None, "pending"),
    ]


def test_the_team_sees_what_became_of_an_invitations_email(me: Person, team: Team, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    me.post(f"/teams/{team.pk}/invitations/", role="agent", email="invited@example.com")
    page = f"/teams/{team.pk}/"
    assert "Its email is waiting to be sent." in me.get(page).text
    sent_mails()
    assert "Its email was accepted by the mail server." in me.get(page).text
    AccountMail.objects.update(state="failed", error="550 No such mailbox.")
    assert "could not be sent: 550 No such mailbox. Revoke it, and invite again." in me.get(page).text


def test_what_waits_goes_with_the_invitation_and_with_the_account(
    me: Person, team: Team, agent: User, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    for email in ("one@example.com", "two@example.com"):
        me.post(f"/teams/{team.pk}/invitations/", role="agent", email=email)
    for email in ("wang.wei@example.com", "li.na@example.com"):
        me.post("/password/", email=email)
    first, second = team.invitations.order_by("id")
    me.post(f"/teams/{team.pk}/invitations/{first.pk}/revoke/")
    team.memberships.filter(user=agent).delete()
    close_account(agent, NOW)
    assert sorted(AccountMail.objects.values_list("kind", "invitation", "user")) == [
        ("invitation", second.pk, None),
        ("password_reset_key", None, me.user.pk),  # type: ignore[union-attr]
    ]


def test_a_system_administrator_sees_what_failed_and_no_link(me: Person, anybody: Person, settings: Any) -> None:
    assert me.user
    settings.ADMIN_SECOND_FACTOR = False
    User.objects.filter(pk=me.user.pk).update(is_staff=True, is_superuser=True)
    anybody.post("/password/", email="nobody@example.com")
    AccountMail.objects.update(state="failed", encrypted="", finished_at=NOW, error="refused")
    assert "Failed emails about accounts in the past week" in me.get("/admin/").text
    page = me.get("/admin/cases/accountmail/", state__exact="failed").text
    assert "unknown_account" in page
    assert me.client.get("/healthz").json()["failed_deliveries"] == 1
