"""An empty list says why it is empty and what to do: nothing there yet, narrowed to nothing, or not for the reader."""

from collections.abc import Callable

import pytest

from cases.models import CarrierMessage, User
from tests.helpers import CaseDriver, at
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make

SignIn = Callable[[User], Person]

#: Of a team that has nothing: the address, what a member with the right to work reads, and where it leads.
NOTHING_YET = [
    ("/cases/", "No cases yet Your cards are under Cards.", "/cases/new/"),
    ("/batches/", "No batches yet A batch is one request to a carrier for several numbers", "/batches/new/"),
    ("/bills/", "No bills yet Xiaoka compares a carrier’s bill with your cards", "/bills/new/"),
    ("/messages/", "No SMS yet SMS come from a phone that forwards them, or you paste or import", "/messages/paste/"),
    ("/calls/", "No calls are due A case is listed here when", "/letters/"),
    ("/letters/", "No letters about several cases yet Select cases in the list of cases", ""),
    ("/me/notices/", "No reminders yet The first reminder is sent when", ""),
    ("/messages/figures/", "No SMS was read yet.", "/messages/"),
]


@pytest.mark.parametrize(("address", "words", "link"), NOTHING_YET)
def test_nothing_there_yet_says_how_the_first_comes(me: Person, address: str, words: str, link: str) -> None:
    page = me.get(address)
    assert words in page.text
    assert not link or link in page.hrefs


def test_who_may_only_read_is_told_who_adds_the_first(sign_in: SignIn, viewer: User) -> None:
    reader = sign_in(viewer)
    cases, cards, messages = (reader.get(address) for address in ("/cases/", "/cards/", "/messages/"))
    assert "Viewers can only read. The first case is logged by a team manager or a case worker." in cases.text
    assert "/cases/new/" not in cases.hrefs
    assert "Viewers can only read. Cards are added by team managers and case workers." in cards.text
    assert "a team manager adds it." in messages.text
    assert "/messages/paste/" not in messages.hrefs


def test_filters_that_leave_nothing_can_be_taken_off(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    page = me.get("/cases/", standing="returned")
    assert "No cases found Remove a filter, or search by the last four digits. Remove all filters" in page.text
    assert "/cases/" in page.hrefs


def test_messages_of_no_kind_and_of_no_words_lead_back_to_all(me: Person, submitted: CaseDriver) -> None:
    CarrierMessage.objects.create(
        team=submitted.case.team, source="pasted", sender="10086", text="合成短信", received_at=at("2026-10-16T09:00"),
        stored_at=at("2026-10-16T09:00"), digest="3" * 64, state="set_aside",
    )  # fmt: skip
    kind = me.get("/messages/", state="recorded")
    assert "No SMS of this kind Show all SMS" in kind.text
    assert "/messages/?state=all" in kind.hrefs
    searched = me.get("/messages/", q="nothing")
    assert "No SMS found Check the words, or search by the last four digits of a number. Clear search" in searched.text
    assert "No SMS to handle" in me.get("/messages/").text
