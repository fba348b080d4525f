"""The switch of full numbers: who has it, for how long, what it shows, and what the audit log says of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.domain.roles import Role
from cases.models import AuditEntry, Batch, Card, Carrier, CarrierMessage, Membership, Team, User
from cases.operations.audit_log import record_list_in_full
from tests.helpers import CaseDriver, at
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make, path

FULL, SPACED, MASKED = "13800000005", "138 0000 0005", "138****0005"


@pytest.fixture
def driver(new_driver: Make) -> CaseDriver:
    return scenarios.overdue(new_driver)


@pytest.fixture
def batch(driver: CaseDriver, team: Team, mobile: Carrier, manager: User) -> Batch:
    batch = Batch.objects.create(team=team, carrier=mobile, channel="letter", submitted_at=NOW, made_by=manager)
    driver.case.refresh_from_db()
    driver.case.batch = batch
    driver.case.save()
    return batch


@pytest.fixture
def message(driver: CaseDriver, team: Team) -> CarrierMessage:
    return CarrierMessage.objects.create(
        team=team, source="pasted", sender="10086", text=f"【测试】号码{FULL}请到营业厅", received_at=NOW,
        stored_at=NOW, digest="0" * 64, state="proposed", meaning="ambiguous", case=driver.case, card=driver.case.card,
    )  # fmt: skip


def switch(person: Person, team: Team, show: str = "yes", back: str = "/cases/") -> Page:
    return person.post(f"/teams/{team.pk}/numbers/switch/", show=show, next=back)


def switch_of(page: Page) -> Any:
    """The form of the switch on a page; None where there is none."""
    return next((form for form in page.forms if form.action.endswith("/numbers/switch/")), None)


def shown(page: Page) -> str:
    """How a page shows the number."""
    return "+".join(
        word for word, text in (("full", SPACED), ("full", FULL), ("masked", MASKED)) if text in page.text
    )  # fmt: skip


def recorded() -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(kind__in=("numbers_shown", "number_shown")).order_by("pk")
    return [(entry.kind, str(entry.by), entry.about) for entry in entries]


def test_a_list_has_a_switch_that_stays_for_the_session(
    me: Person, team: Team, driver: CaseDriver, sign_in: Callable[[User], Person]
) -> None:
    page = me.get("/cases/", sort="number")
    assert shown(page) == "masked"
    form = switch_of(page)
    assert form.fields == {"next": "/cases/?sort=number"} | form.fields
    assert form.buttons == {"show": ["yes"]}
    assert 'aria-checked="false"' in page.html
    answer = me.post(form.action, show="yes", next=form.fields["next"])
    assert (answer.status, answer.location) == (302, "/cases/?sort=number")
    for address in ("/cases/", "/", "/cards/"):
        page = me.get(address)
        assert shown(page) == "full", address
        assert switch_of(page).buttons == {"show": ["no"]}
        assert 'aria-checked="true"' in page.html
    assert shown(sign_in(me.user).get("/cases/")) == "masked"  # type: ignore[arg-type]  # another session
    switch(me, team, "no")
    assert shown(me.get("/cases/")) == "masked"


@pytest.mark.forged  # the batch
def test_each_list_is_one_entry_a_day(
    me: Person, colleague: Person, team: Team, driver: CaseDriver, batch: Batch, message: CarrierMessage
) -> None:
    assert recorded() == []
    switch(me, team)
    assert recorded() == []  # nothing is seen yet
    for _again in range(2):
        me.get("/")
        me.get("/cases/")
        me.get("/cases/", standing="overdue")
        me.get("/cards/")
        me.get("/messages/")
        me.get(f"/messages/{message.pk}/")
        me.get(f"/batches/{batch.pk}/")
    lists = ["work list", "cases", "cards", "messages", f"batch {batch.pk}"]
    assert recorded() == [("numbers_shown", "Li Na", about) for about in lists]
    entry = AuditEntry.objects.filter(kind="numbers_shown").first()
    assert entry is not None
    assert (entry.team, entry.card, entry.case) == (team, None, None)
    switch(colleague, team)
    colleague.get("/cases/")
    assert recorded()[5:] == [("numbers_shown", "Wang Wei", "cases")]
    log = me.get(f"/teams/{team.pk}/audit/")
    assert "List with full numbers viewed Work list" in log.text
    assert f"List with full numbers viewed Batch {batch.pk}" in log.text
    assert FULL not in log.text


def test_the_day_is_shanghais(me: Person, team: Team, driver: CaseDriver) -> None:
    for moment, entries in (("2026-10-16T23:59", 1), ("2026-10-17T00:00", 2), ("2026-10-17T23:59", 2)):
        with time_machine.travel(at(moment), tick=False):
            me.client.force_login(me.user)  # type: ignore[arg-type]
            switch(me, team)
            me.get("/cases/")
        assert len(recorded()) == entries, moment


def test_two_sessions_and_two_tabs_make_one_entry(
    me: Person, team: Team, driver: CaseDriver, sign_in: Callable[[User], Person], manager: User
) -> None:
    for person in (me, sign_in(manager)):
        switch(person, team)
        person.get("/cases/")
    record_list_in_full(team, "cases", by=manager, now=NOW + timedelta(hours=1))
    assert recorded() == [("numbers_shown", "Li Na", "cases")]


def test_an_empty_list_is_not_recorded(me: Person, team: Team, driver: CaseDriver) -> None:
    switch(me, team)
    me.get("/cases/", q="王某")
    me.get("/messages/")
    assert recorded() == []


def test_a_case_and_its_card_show_it_with_one_entry_a_day(
    me: Person, team: Team, driver: CaseDriver, message: CarrierMessage
) -> None:
    page = me.get(path(driver))
    assert (shown(page), switch_of(page).fields["next"]) == ("masked", path(driver))
    switch(me, team, back=path(driver))
    for address in (path(driver), path(driver), path(driver, "follow-up"), f"/cards/{driver.case.card_id}/"):
        assert shown(me.get(address)) == "full+full" if address == path(driver) else "full", address
    assert f"<title>{MASKED} · {driver.case.reference}" in me.get(path(driver)).markup
    assert "Show full number" not in me.get(path(driver)).text
    entries = AuditEntry.objects.filter(kind="number_shown")
    assert [(entry.by, entry.card, entry.case) for entry in entries] == [(me.user, driver.case.card, driver.case)]
    assert "Who has viewed the full number" in me.get(f"/cards/{driver.case.card_id}/").text


def ask(person: Person, driver: CaseDriver) -> Page:
    return person.follow(person.post(path(driver, "number")))


def test_a_number_that_was_asked_for_stays_on_every_page_of_its_case(
    me: Person, team: Team, driver: CaseDriver
) -> None:
    page = ask(me, driver)
    assert (shown(page), switch_of(page).buttons) == ("full+full", {"show": ["yes"]})  # the switch is off all the same
    assert "Show full number" not in page.text
    entry = f"entries/{driver.case.entry_count}"
    parts = ("follow-up", "verify", "letters/complaint", "record", "dossier", "reply", f"{entry}/void")
    for address in (*(path(driver, part) for part in parts), f"/messages/paste/?case={driver.case.reference}"):
        assert shown(me.get(address)).startswith("full"), address
        assert f"{MASKED}" not in me.get(address).text.replace(f"{MASKED} ·", ""), address
    assert SPACED in ask(me, driver).text
    assert recorded() == [("number_shown", "Li Na", "")]


def test_whoever_leaves_the_case_asks_anew(me: Person, team: Team, new_driver: Make, driver: CaseDriver) -> None:
    other = scenarios.waiting(new_driver, "13800000006")
    for left in ("/", "/cases/", "/guide/", path(other), f"/cards/{driver.case.card_id}/", "/messages/paste/"):
        ask(me, driver)
        assert shown(me.get(left)) in ("masked", ""), left
        assert shown(me.get(path(driver))) == "masked", left
    assert len(recorded()) == 6


def test_what_a_page_fetches_in_the_background_does_not_leave_it(me: Person, team: Team, driver: CaseDriver) -> None:
    ask(me, driver)
    me.client.get("/messages/", headers={"HX-Request": "true"})
    me.post("/palette/", q="0005")
    me.get("/no/such/page/")
    assert shown(me.get(path(driver))) == "full+full"
    me.client.get("/messages/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert shown(me.get(path(driver))) == "masked"


def test_the_next_day_it_is_another_look(me: Person, team: Team, driver: CaseDriver) -> None:
    for moment, looks in (("2026-10-16T23:00", 1), ("2026-10-16T23:59", 1), ("2026-10-17T00:00", 2)):
        with time_machine.travel(at(moment), tick=False):
            if looks == 1:
                ask(me, driver)
            assert shown(me.get(path(driver))) == "full+full", moment
        assert len(recorded()) == looks, moment


@pytest.mark.forged  # the batch
def test_a_viewer_has_no_switch(
    viewer: User, sign_in: Callable[[User], Person], team: Team, driver: CaseDriver, batch: Batch
) -> None:
    person = sign_in(viewer)
    Team.objects.update(full_numbers="default")
    for address in ("/", "/cases/", "/cards/", f"/batches/{batch.pk}/", path(driver)):
        page = person.get(address)
        assert (shown(page), switch_of(page)) == ("masked", None), address
    assert switch(person, team).status == 403
    assert shown(person.get("/cases/")) == "masked"
    assert SPACED in person.post(f"/cards/{driver.case.card_id}/number/").text
    ask(person, driver)
    assert shown(person.get(path(driver, "record"))) == "full"


def test_who_becomes_a_viewer_sees_nothing_in_full_any_more(colleague: Person, team: Team, driver: CaseDriver) -> None:
    switch(colleague, team)
    assert shown(colleague.get("/cases/")) == "full"
    Membership.objects.filter(user=colleague.user).update(role=Role.VIEWER)
    assert shown(colleague.get("/cases/")) == "masked"


def test_another_team_has_a_switch_of_its_own(
    me: Person, outsider: Person, team: Team, other_team: Team, driver: CaseDriver
) -> None:
    assert switch(outsider, team).status == 404
    assert switch(outsider, other_team).status == 302
    assert outsider.get(path(driver)).status == 404
    Membership.objects.create(team=other_team, user=me.user, role=Role.AGENT)
    switch(me, other_team)
    assert shown(me.get("/cases/")) == "masked"
    assert shown(me.get(path(driver))) == "masked"


def test_a_manager_makes_it_the_teams_default_or_forbids_it(
    me: Person, colleague: Person, team: Team, driver: CaseDriver
) -> None:
    address = f"/teams/{team.pk}/"
    assert me.get(address).form(f"{address}numbers/").fields["full_numbers"] == "switch"
    assert me.post(f"{address}numbers/", full_numbers="default").location == address
    assert Team.objects.get(pk=team.pk).full_numbers == "default"
    assert shown(colleague.get("/cases/")) == "full"
    assert recorded() == [("numbers_shown", "Wang Wei", "cases")]
    switch(colleague, team, "no")
    assert shown(colleague.get("/cases/")) == "masked"

    switch(me, team)
    me.post(f"{address}numbers/", full_numbers="forbidden")
    page = me.get("/cases/")
    assert (shown(page), switch_of(page)) == ("masked", None)
    refused = me.follow(switch(me, team))
    assert "A manager of your team has set that lists show no full numbers." in refused.text
    assert shown(me.get(path(driver))) == "masked"
    assert "Show full number" in me.get(path(driver)).text
    assert SPACED in ask(me, driver).text
    assert SPACED in me.post(f"/cards/{driver.case.card_id}/number/").text
    settings = AuditEntry.objects.filter(kind="settings_changed").order_by("pk")
    assert [entry.about for entry in settings] == ["full_numbers: default", "full_numbers: forbidden"]


def test_only_managers_set_it_and_only_to_what_there_is(me: Person, colleague: Person, team: Team) -> None:
    address = f"/teams/{team.pk}/numbers/"
    assert colleague.post(address, full_numbers="default").status == 403
    page = me.post(address, full_numbers="everybody")
    assert (page.status, "Select a valid choice." in page.text) == (200, True)
    assert Team.objects.get(pk=team.pk).full_numbers == "switch"


def test_the_switch_leads_back_to_this_site_only(me: Person, team: Team) -> None:
    for back in ("https://example.org/", "//example.org/", "case_list", ""):
        assert switch(me, team, back=back).location == "/", back


def test_an_erased_number_stays_erased(me: Person, team: Team, driver: CaseDriver) -> None:
    Card.objects.filter(pk=driver.case.card_id).update(number="x1")
    switch(me, team)
    assert "***********" in me.get("/cases/").text
    me.get(path(driver))
    assert [kind for kind, _by, _about in recorded()] == ["numbers_shown"]


def test_the_queries_do_not_grow_with_the_rows(me: Person, team: Team, new_driver: Make, driver: CaseDriver) -> None:
    switch(me, team)
    counts = []
    for number in ("13900000001", "13900000002", "13900000003"):
        me.get("/cases/")
        with CaptureQueriesContext(connection) as captured:
            me.get("/cases/")
        counts.append(len(captured))
        scenarios.overdue(new_driver, number)
    assert len(set(counts)) == 1
    switch(me, team, "no")
    with CaptureQueriesContext(connection) as captured:
        me.get("/cases/")
    assert len(captured) == counts[0]  # the entry of the day is remembered by the session


def test_pages_in_full_are_cached_by_nobody(me: Person, team: Team, driver: CaseDriver) -> None:
    switch(me, team)
    response = me.get("/cases/").response
    assert "no-store" in response.headers["Cache-Control"]
    assert Client().get("/cases/").status_code == 302
