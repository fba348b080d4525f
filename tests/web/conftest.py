"""People at their browsers, on Friday 2026-10-16 at 10:00 in Shanghai; they read English unless a test says so."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from cases.models import Carrier, User
from tests.moments import NOW
from tests.web.html_client import Person


@pytest.fixture(autouse=True)
def clock(receipts_folder: Path) -> Iterator[time_machine.Traveller]:
    """The clock stands still; a test moves it by hand. Receipts go into the test's own folder."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Attempts of other tests do not count."""
    cache.clear()


@pytest.fixture
def sign_in() -> Callable[[User], Person]:
    def signed_in(user: User, language: str = "en") -> Person:
        user.language = language
        user.save()
        client = Client(raise_request_exception=True)
        client.force_login(user)
        return Person(client, user)

    return signed_in


@pytest.fixture
def me(manager: User, mobile: Carrier, sign_in: Callable[[User], Person]) -> Person:
    """The team's manager, signed in."""
    return sign_in(manager)


@pytest.fixture
def colleague(agent: User, sign_in: Callable[[User], Person]) -> Person:
    return sign_in(agent)


@pytest.fixture
def outsider(stranger: User, sign_in: Callable[[User], Person]) -> Person:
    return sign_in(stranger)


@pytest.fixture
def anybody(db: None) -> Person:
    """Not signed in."""
    return Person(Client())


@pytest.fixture
def virtual(db: None) -> Carrier:
    return Carrier.objects.create(
        slug="xiaomi-mobile", name="小米移动", name_en="Xiaomi Mobile", hotline="4009223838", is_virtual=True
    )


@pytest.fixture
def english(anybody: Person) -> Person:
    """Not signed in, and reads English."""
    anybody.post("/language/", language="en")
    return anybody
