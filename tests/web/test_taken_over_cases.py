"""Cases taken over from a table in the middle of their life: every page of theirs opens, however long it goes on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command

from cases.models import Carrier, Case, Team
from cases.operations import NewCase, Reopen, Verify, open_case, perform_one
from cases.operations.take_over import TakeOver
from tests.helpers import at
from tests.moments import NOW
from tests.web.html_client import Person

SUBMITTED = at("2026-09-01T15:00")
LATER = at("2027-01-29T10:00")


@pytest.fixture
def taken_over(me: Person, team: Team, mobile: Carrier) -> Callable[..., Case]:
    call_command("load_carriers", verbosity=0)

    def take(status: str, submitted_at: datetime | None) -> Case:
        take_over = TakeOver(status=status, submitted_at=submitted_at)
        new_case = NewCase("13800138000", mobile, "other", "hotline", take_over=take_over)
        case = open_case(team, new_case, by=me.user, now=NOW)
        case.card.monthly_fee = 31
        case.card.save()
        return Case.objects.get(pk=case.pk)

    return take


def all_pages_open(me: Person, case: Case) -> None:
    own = f"/cases/{case.reference}/"
    page = me.get(own)
    links = {href.partition("#")[0] for href, _ in page.links if href.startswith(own)}
    for address in (own, *sorted(links), "/", "/cases/", "/statistics/", "/statistics/carriers/"):
        assert me.client.get(address).status_code == 200, address


@pytest.mark.parametrize("submitted_at", [SUBMITTED, None])
@pytest.mark.parametrize("status", ["draft", "submitted", "under_review", "returned", "reported_done", "confirmed"])
def test_every_page_opens_now_and_months_later(
    me: Person, taken_over: Callable[..., Case], clock: Any, status: str, submitted_at: datetime | None
) -> None:
    case = taken_over(status, submitted_at)
    assert me.get(f"/cases/{case.reference}/").status == 200
    clock.move_to(LATER)
    me.client.force_login(me.user)
    all_pages_open(me, case)


@pytest.mark.parametrize("submitted_at", [SUBMITTED, None])
@pytest.mark.parametrize(
    ("status", "verb"),
    [("confirmed", Reopen("它还活着")), ("reported_done", Verify(at("2026-10-16T10:30"), "hotline", "in_use"))],
)
def test_a_number_that_is_still_alive(
    me: Person, taken_over: Callable[..., Case], clock: Any, status: str, verb: Any, submitted_at: datetime | None
) -> None:
    case = taken_over(status, submitted_at)
    clock.move_to(at("2026-10-16T11:00"))
    perform_one(verb, case, by=me.user, now=at("2026-10-16T11:00"))
    assert me.get(f"/cases/{case.reference}/").status == 200
    clock.move_to(LATER)
    me.client.force_login(me.user)
    all_pages_open(me, case)
