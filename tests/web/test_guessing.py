"""Guessing at passwords and codes is slowed down where it happens, and the account's owner is not locked out."""

from collections import Counter
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from cases.domain.guessing import ADDRESS
from cases.models import Team, User
from cases.operations.guess_limits import begin_attempt
from cases.web import known_browsers
from tests.helpers import sent_mails, with_second_factor
from tests.web.html_client import Person
from tests.web.test_signing_in import NEW, code, link_in, sign_in

GUESSER, HOME, OFFICE = "203.0.113.66", "198.51.100.1", "198.51.100.2"
WAIT = "Too many failed attempts. Try again in"


def at_address(address: str, client: Client | None = None) -> Person:
    """Somebody there who reads English."""
    client = client or Client()
    client.defaults["REMOTE_ADDR"] = address
    client.cookies["django_language"] = "en"
    return Person(client)


def guess(address: str, times: int = 1, login: str = "li.na@example.com") -> str:
    """The text of the page after so many wrong passwords from an address, each in a new browser."""
    for _ in range(times):
        text = str(sign_in(at_address(address), "wrong", login).text)
    return text


def test_five_wrong_passwords_lock_the_owner_out_nowhere_else(manager: User) -> None:
    assert WAIT not in guess(GUESSER, 5)
    assert f"{WAIT} 30 seconds." in guess(GUESSER)
    assert f"{WAIT} 30 seconds." in sign_in(at_address(GUESSER)).text  # not even the right one is looked at
    assert sign_in(at_address(HOME)).location == "/"


def test_another_account_at_the_same_address_is_not_slowed_down(manager: User, agent: User) -> None:
    guess(GUESSER, 6)
    assert sign_in(at_address(GUESSER), login=agent.email).location == "/"


def test_waits_grow_and_end(manager: User, clock: time_machine.Traveller) -> None:
    guess(GUESSER, 5)
    for seconds, words in ((30, "60 seconds"), (60, "2 minutes"), (120, "4 minutes"), (240, "8 minutes")):
        clock.shift(seconds)
        assert WAIT not in guess(GUESSER)
        assert f"{WAIT} {words}." in guess(GUESSER)
    clock.shift(480)
    assert sign_in(at_address(GUESSER)).location == "/"
    assert WAIT not in guess(GUESSER, 5)  # who signed in begins anew


def test_what_is_refused_does_not_count(manager: User, clock: time_machine.Traveller) -> None:
    guess(GUESSER, 50)
    clock.shift(30)
    assert sign_in(at_address(GUESSER)).location == "/"


def test_guessing_from_many_addresses_is_slowed_down_too(manager: User, agent: User) -> None:
    for n in range(20):
        assert WAIT not in guess(f"203.0.113.{n}")
    assert f"{WAIT} 2 seconds." in guess("203.0.113.200")
    assert sign_in(at_address("203.0.113.201"), login=agent.email).location == "/"


def test_a_browser_that_signed_in_before_gets_through_whoever_guesses(
    manager: User, clock: time_machine.Traveller
) -> None:
    owner = at_address(HOME)
    sign_in(owner)
    owner.post("/sign-out/")
    for n in range(40):
        guess(f"203.0.113.{n}")
        clock.shift(60)
    guess(OFFICE, 6)
    assert WAIT in guess("203.0.113.201")
    owner.client.defaults["REMOTE_ADDR"] = OFFICE  # from where somebody else guesses
    assert sign_in(owner).location == "/"


def test_a_known_browser_is_slowed_down_by_itself(manager: User, agent: User) -> None:
    known = at_address(HOME)
    sign_in(known)
    known.post("/sign-out/")
    for n in range(5):  # from ever new addresses
        known.client.defaults["REMOTE_ADDR"] = f"203.0.113.{n}"
        assert WAIT not in sign_in(known, "wrong").text
    assert f"{WAIT} 30 seconds." in sign_in(known).text
    assert sign_in(at_address(HOME)).location == "/"


def test_the_cookie_of_another_account_is_no_help(manager: User, agent: User) -> None:
    known = at_address(HOME)
    sign_in(known, login=agent.email)
    known.post("/sign-out/")
    guess(HOME, 5)
    assert WAIT in sign_in(known).text


@pytest.mark.parametrize("value", ["", "x", "W10:1abcde:forged", "['a', 1]", "\x00"])
def test_a_forged_cookie_is_no_help(manager: User, value: str) -> None:
    guess(HOME, 5)
    forger = at_address(HOME)
    forger.client.cookies[known_browsers.COOKIE] = value
    assert WAIT in sign_in(forger).text


def test_the_cookie_is_for_the_server_alone_and_names_nobody(manager: User, agent: User) -> None:
    person = at_address(HOME)
    for login in (manager.email, agent.email):
        sign_in(person, login=login)
        person.post("/sign-out/")
    cookie = person.client.cookies[known_browsers.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 180 * 24 * 3600
    assert "example.com" not in cookie.value
    request: Any = type("Request", (), {"COOKIES": {known_browsers.COOKIE: cookie.value}})
    browser = known_browsers.known_browser(request)
    assert browser
    assert browser.accounts == (manager.pk, agent.pk)


def test_nobody_learns_which_accounts_there_are(manager: User) -> None:
    assert guess(HOME, 6, "nobody@example.com").count(f"{WAIT} 30 seconds.") == 1
    assert guess(OFFICE, 6).count(f"{WAIT} 30 seconds.") == 1


def test_a_new_password_by_mail_ends_the_waiting(manager: User, clock: time_machine.Traveller) -> None:
    for n in range(30):
        guess(f"203.0.113.{n}")
        clock.shift(60)
    owner = at_address(HOME)
    guess("203.0.113.99")
    assert WAIT in sign_in(owner).text
    owner.fill("/password/", "/password/", email="li.na@example.com")
    there = owner.get(link_in(str(sent_mails()[-1].body))).location
    owner.fill(there, there, password1=NEW, password2=NEW)
    assert sign_in(owner, NEW).location == "/"


def test_the_password_again_is_no_way_round(manager: User, team: Team) -> None:
    User.objects.update(language="en")
    thief = at_address(HOME)
    sign_in(thief)
    for _ in range(5):
        assert WAIT not in thief.fill("/me/confirm/", "/me/confirm/", password="wrong").text
    assert WAIT in thief.fill("/me/confirm/", "/me/confirm/", password="wrong").text


def test_codes_are_slowed_down_by_the_same_rules(manager: User) -> None:
    owner = at_address(HOME)
    sign_in(owner)
    owner.post("/sign-out/")
    with_second_factor(manager)
    there = "/second-factor/authenticate/"
    thief = at_address(GUESSER)
    sign_in(thief)
    for _ in range(5):
        assert WAIT not in thief.fill(there, there, code="000000").text
    assert f"{WAIT} 30 seconds." in thief.fill(there, there, code=code()).text
    for n in range(5):
        other = at_address(f"203.0.113.{n}")
        sign_in(other)
        other.fill(there, there, code="000000")
    late = at_address("203.0.113.77")
    sign_in(late)
    assert f"{WAIT} 30 seconds." in late.fill(there, there, code=code()).text
    sign_in(owner)
    assert owner.fill(there, there, code=code()).location == "/"


def test_of_many_attempts_at_once_no_more_are_looked_at(settings: Any, tmp_path: Path) -> None:
    """In the files that all web processes share, which have no lock of their own."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        }
    }
    outcomes: Counter[int] = Counter()
    barrier = Barrier(16)

    def attempt() -> None:
        barrier.wait(20)
        outcomes[begin_attempt({"x": ADDRESS})] += 1

    threads = [Thread(target=attempt) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {0: 5, 30: 11}
    cache.clear()
