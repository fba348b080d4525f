"""Whatever is good once is good once, also for sixteen who come at the same instant: links, invitations, codes.

On SQLite and on PostgreSQL; each of the sixteen has a thread and a connection of its own.
"""

import re
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from cases.models import AccountMail, AuditEntry, CalendarAddress, FirstAccount, Invitation, Membership, Team, User
from cases.models.encryption import decrypt_values
from cases.operations import teams as ops
from cases.operations.accounts import first_account_token
from cases.operations.calendar_address import create_calendar_address
from cases.operations.one_time_codes import use_code
from cases.operations.secret_digest import digest_secret
from tests.helpers import SECRET, run_concurrently, sent_mails, with_second_factor
from tests.moments import NOW
from tests.web.html_client import Person
from tests.web.test_signing_in import code, confirm, link_in, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 16
TYPED = {"name": "王芳", "team": "销售一部", "password": "correct horse battery"}


@pytest.fixture(autouse=True)
def with_database(transactional_db: None) -> None:
    """Before any fixture that stores something: the threads are to see it."""


def race(act: Callable[[int], object]) -> list[object]:
    """What each of sixteen got who did this at once, each with its number."""
    return run_concurrently(*(lambda number=number: act(number) for number in range(CLIENTS)))  # type: ignore[misc]


def statuses(act: Callable[[int], HTTPStatus | int]) -> Counter[object]:
    return Counter(race(act))


def test_the_welcome_link_makes_one_administrator() -> None:
    link = f"/welcome/{first_account_token()}/"
    answers = statuses(lambda n: Client().post(link, TYPED | {"email": f"p{n}@example.com"}).status_code)
    assert answers == {302: 1, 404: 15}
    user = User.objects.get()
    assert (FirstAccount.objects.get().user, Team.objects.get().memberships.get().user) == (user, user)


def test_the_welcome_link_makes_one_administrator_of_one_who_presses_often() -> None:
    link = f"/welcome/{first_account_token()}/"
    assert statuses(lambda n: Client().post(link, TYPED | {"email": "p@example.com"}).status_code) == {302: 1, 404: 15}
    assert User.objects.count() == 1


def test_the_link_opens_again_where_the_first_account_is_gone_from_the_database() -> None:
    link = f"/welcome/{first_account_token()}/"
    Client().post(link, TYPED | {"email": "p@example.com"})
    AuditEntry.objects.all().erase()
    Team.objects.all().delete()
    User.objects.all().delete()
    assert Client().post(link, TYPED | {"email": "p@example.com"}).status_code == 302


def test_an_invitation_lets_one_in(manager: User, team: Team, other_team: Team) -> None:
    secret = ops.invite(team, role="agent", email="", by=manager, now=NOW)[1]
    others = ops.invite(team, role="agent", email="", by=manager, now=NOW)[0]
    answers = statuses(
        lambda n: (
            Client(REMOTE_ADDR=f"203.0.113.{n}")
            .post(f"/invitations/{secret}/", {"name": "x", "email": f"p{n}@example.com", "password": "correct horse 7"})
            .status_code
        )
    )
    assert answers == {302: 1, 404: 15}
    assert Membership.objects.filter(team=team).count() == 2
    assert User.objects.count() == 2
    assert list(Invitation.objects.all()) == [others]


def test_a_link_to_a_new_password_sets_one(english: Person, manager: User, agent: User) -> None:
    english.fill("/password/", "/password/", email="li.na@example.com")
    link = link_in(str(sent_mails()[-1].body))
    clients = [Client(REMOTE_ADDR=f"203.0.113.{n}") for n in range(CLIENTS)]
    forms = [client.get(link).headers["Location"] for client in clients]

    def choose(n: int) -> str:
        new = f"another horse {n:02}"
        answer = clients[n].post(forms[n], {"password1": new, "password2": new})
        return "set" if answer.headers.get("Location") == "/password/done/" else "used up"

    assert Counter(race(choose)) == {"set": 1, "used up": 15}
    assert AuditEntry.objects.filter(about="password changed").count() == 1
    told = AccountMail.objects.order_by("made_at", "kind").values_list("kind", flat=True)
    assert sorted(told) == ["password_reset", "password_reset_key"]
    agent.refresh_from_db()
    assert agent.check_password("correct horse")
    assert "Link no longer valid" in english.get(link).text


def test_another_address_is_confirmed_once(me: Person, manager: User, agent: User) -> None:
    me.fill("/me/email/", "/me/email/", email="new@example.com", action_add="")
    link = link_in(str(sent_mails()[-1].body))
    race(lambda n: Client(REMOTE_ADDR=f"203.0.113.{n}").post(link).status_code)
    manager.refresh_from_db()
    assert manager.email == "new@example.com"
    assert list(EmailAddress.objects.filter(user=manager).values_list("email", "verified", "primary")) == [
        ("new@example.com", True, True)
    ]
    assert AuditEntry.objects.filter(about="e-mail changed").count() == 1
    agent.refresh_from_db()
    assert agent.email == "wang.wei@example.com"


def test_a_code_of_an_app_counts_once(manager: User, agent: User) -> None:
    apps = [Authenticator.objects.get(user=with_second_factor(user), type="totp") for user in (manager, agent)]
    assert Counter(race(lambda n: use_code(apps[0], code()))) == {True: 1, False: 15}
    assert use_code(apps[1], code())


def test_a_code_signs_one_browser_in(manager: User) -> None:
    with_second_factor(manager)
    clients = [Client(REMOTE_ADDR=f"203.0.113.{n}") for n in range(CLIENTS)]
    for client in clients:
        client.post("/sign-in/", {"login": "li.na@example.com", "password": "correct horse"})
    race(lambda n: clients[n].post("/second-factor/authenticate/", {"code": code()}).status_code)
    assert Counter(client.get("/me/").status_code for client in clients) == {200: 1, 302: 15}


def test_a_recovery_code_counts_once(manager: User) -> None:
    with_second_factor(manager)
    codes = RecoveryCodes.activate(manager)
    (first, *others) = codes.get_unused_codes()
    results = race(lambda n: Authenticator.objects.get(pk=codes.instance.pk).wrap().validate_code(first))
    assert Counter(results) == {True: 1, False: 15}
    assert Authenticator.objects.get(pk=codes.instance.pk).wrap().get_unused_codes() == others


def test_an_app_is_set_up_once_and_its_first_code_is_used_up(english: Person, manager: User, team: Team) -> None:
    sign_in(english)
    confirm(english)
    there = "/second-factor/totp/activate/"
    secret = re.findall(r'value="([A-Z2-7]{32})"', english.get(there).html)[0]
    clients = []
    for n in range(CLIENTS):
        client = Client(REMOTE_ADDR=f"203.0.113.{n}")
        client.cookies.update(english.client.cookies)
        clients.append(client)
    answers = statuses(lambda n: clients[n].post(there, {"code": code(secret=secret)}).status_code)
    assert set(answers) <= {302, 200}
    assert Authenticator.objects.filter(user=manager, type="totp").count() == 1
    assert Authenticator.objects.filter(user=manager, type="recovery_codes").count() == 1
    assert AuditEntry.objects.filter(about="second factor added").count() == 2  # the app, and its recovery codes
    other = Person(Client(REMOTE_ADDR="198.51.100.1"))
    sign_in(other)
    other.fill("/second-factor/authenticate/", "/second-factor/authenticate/", code=code(secret=secret))
    assert other.get("/").status == 302


def test_a_calendar_has_one_address(manager: User, agent: User) -> None:
    others = create_calendar_address(agent)
    secrets = race(lambda n: create_calendar_address(manager))
    address = CalendarAddress.objects.get(user=manager)
    (kept,) = [secret for secret in secrets if digest_secret(str(secret)) == address.digest]
    assert decrypt_values(address.encrypted)["secret"] == kept
    assert (
        Client().get(f"/calendar/{kept}.ics").status_code == Client().get(f"/calendar/{others}.ics").status_code == 200
    )


@pytest.mark.parametrize("minutes_later", [0, 0.5, 1, 1.5])
def test_a_code_is_not_believed_again_while_it_is_good(
    english: Person, manager: User, clock: object, minutes_later: float
) -> None:
    """It is good for a minute and a half: from half a minute before its step until half a minute after."""
    with_second_factor(manager)
    for place, lets_in in (("203.0.113.1", True), ("203.0.113.2", False)):
        person = Person(Client(REMOTE_ADDR=place))
        sign_in(person)
        person.fill("/second-factor/authenticate/", "/second-factor/authenticate/", code=code("2026-10-16T10:00:30"))
        assert ("_auth_user_id" in person.client.session) is lets_in
        clock.shift(minutes_later * 60)  # type: ignore[attr-defined]


def test_the_first_code_of_an_app_is_used_up(manager: User, agent: User) -> None:
    """A sibling app with the same secret is another app."""
    mine, theirs = (Authenticator.objects.get(user=with_second_factor(user), type="totp") for user in (manager, agent))
    assert use_code(mine, code("2026-10-16T10:00:30"))
    assert not use_code(mine, code("2026-10-16T10:00"))  # a code before the one that was used
    assert not use_code(mine, "000000")
    assert use_code(theirs, code("2026-10-16T10:00"))
    assert SECRET not in str(Authenticator.objects.values_list("data", flat=True))
