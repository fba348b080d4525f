"""When nothing sweeps, every page of somebody signed in says so; nobody else is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Heartbeat, User
from tests.web.html_client import Person

DELAYED = "Reminders are delayed"
PAGES = ("/", "/cases/", "/cards/", "/cases/new/", "/me/")


def swept(**ago: int) -> None:
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": timezone.now() - timedelta(**ago)})


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_reminders_are_delayed(me: Person, page: str) -> None:
    swept(minutes=10, seconds=1)
    assert DELAYED in me.get(page).text


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_so_while_sweeps_finish(me: Person, page: str) -> None:
    swept(minutes=10)
    assert DELAYED not in me.get(page).text


def test_an_account_older_than_the_first_sweep_is_told_a_new_one_is_not_yet(me: Person) -> None:
    User.objects.update(date_joined=timezone.now() - timedelta(minutes=11))
    assert DELAYED in me.get("/").text
    User.objects.update(date_joined=timezone.now() - timedelta(minutes=9))
    assert DELAYED not in me.get("/").text


def test_whoever_is_not_signed_in_is_not_told(anybody: Person) -> None:
    swept(hours=1)
    assert DELAYED not in anybody.get("/sign-in/").text
