"""Whose pages are whose; methods, tokens, and what a signed-out person gets."""

from pathlib import Path

import pytest
from django.test import Client

from cases.models import Case, Receipt
from cases.web.actions import FORMS
from tests.helpers import CaseDriver
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make, path

MISSING = "Check the address for typing mistakes. The case may also belong to another team: switch teams and try again."


@pytest.fixture
def theirs(me: Person, new_driver: Make) -> CaseDriver:
    """A case with a receipt, of my team."""
    driver = scenarios.overdue(new_driver)
    me.fill(path(driver), path(driver, "receipts"), text="短信")
    return driver


def addresses(driver: CaseDriver) -> list[str]:
    """Every address that a case or its card has."""
    own = [path(driver), *(path(driver, action) for action in FORMS)]
    own += [path(driver, "receipts", str(Receipt.objects.get(case=driver.case).pk))]
    return [*own, f"/cards/{driver.case.card_id}/", f"/cards/{driver.case.card_id}/change/"]


def test_another_teams_addresses_are_not_found_whether_they_exist_or_not(outsider: Person, theirs: CaseDriver) -> None:
    there, not_there = theirs.case.reference, "XK-22222222"
    own = addresses(theirs)
    shown_only = {own[0], own[-3], own[-2]}  # the case, the receipt, the card: they take no POST from anybody
    for address in own:
        for way in (outsider.get, outsider.post):
            if way == outsider.post and address in shown_only:
                continue
            answers = []
            for wanted in (address, address.replace(there, not_there)):
                page = way(wanted)
                assert (page.status, MISSING in page.text) == (404, True), wanted
                answers.append(page.html.replace(there, not_there))
            assert squeezed_csrf(answers[0]) == squeezed_csrf(answers[1])


def squeezed_csrf(html: str) -> list[str]:
    return [line for line in html.splitlines() if "csrfmiddlewaretoken" not in line]


def test_nothing_can_be_done_to_another_teams_case(outsider: Person, me: Person, theirs: CaseDriver) -> None:
    kinds, version = theirs.kinds, theirs.fresh().version
    typed = {
        "happened_at": "2026-10-16T09:00",
        "kind": "under_review",
        "words": "x",
        "way": "call",
        "method": "call",
        "finding": "cancelled",
        "satisfied": "yes",
        "accepted": "yes",
        "until": "2026-10-20",
        "code": "identity",
        "state": "done",
        "text": "x",
    }
    for action in (*FORMS, "checklist", "receipts"):
        assert outsider.post(path(theirs, action), typed).status == 404
    assert outsider.post(f"/cards/{theirs.case.card_id}/change/", carrier=1).status == 404
    assert outsider.get("/cases/new/", card=theirs.case.card_id).status == 404
    assert (theirs.kinds, theirs.fresh().version) == (kinds, version)
    assert theirs.case.reference not in outsider.get("/cases/", q=theirs.case.reference).hrefs
    assert "No cases found" in outsider.get("/cases/", q=theirs.case.reference).text


def test_a_person_in_two_teams_opens_cases_of_both(me: Person, outsider: Person, theirs: CaseDriver) -> None:
    assert outsider.user
    theirs.case.team.memberships.create(user=outsider.user)
    page = outsider.get(path(theirs))  # while working in the other team
    assert page.status == 200
    assert outsider.fill(path(theirs, "follow-up"), words="代为催办").status == 302
    assert theirs.last_content["by"] == "Chen Jie"


def test_a_person_who_has_left_the_team_finds_nothing_any_more(
    me: Person, colleague: Person, theirs: CaseDriver
) -> None:
    assert colleague.get(path(theirs)).status == 200
    assert colleague.user
    colleague.user.memberships.all().delete()
    assert colleague.get(path(theirs)).location == "/teams/new/"
    assert colleague.fill("/teams/new/", name="自己").status == 302
    assert colleague.get(path(theirs)).status == 404


def test_signed_out_every_address_leads_to_signing_in(me: Person, anybody: Person, theirs: CaseDriver) -> None:
    for address in (*addresses(theirs), "/", "/cases/", "/cases/new/", "/cards/", "/cards/new/", "/me/", "/teams/new/"):
        page = anybody.get(address)
        assert (page.status, page.location) == (302, f"/sign-in/?next={address}")
    for address in (path(theirs, "checklist"), path(theirs, "receipts"), "/teams/switch/", "/me/password/"):
        assert anybody.post(address).location.startswith("/sign-in/")
    assert anybody.get(path(theirs, "receipts", "1")).response.headers.get("Content-Disposition") is None


def test_without_its_token_a_form_is_not_taken_and_says_why(me: Person, theirs: CaseDriver) -> None:
    assert me.user
    strict = Person(Client(enforce_csrf_checks=True))
    strict.client.force_login(me.user)
    posts = [path(theirs, action) for action in FORMS]
    posts += [path(theirs, "checklist"), path(theirs, "receipts"), "/cases/new/", "/cards/new/", "/me/"]
    posts += ["/language/", "/teams/switch/", "/sign-out/", "/sign-in/", "/me/password/"]
    kinds = theirs.kinds
    for address in posts:
        page = strict.post(address, words="x", happened_at="2026-10-16T09:00", way="call", language="en")
        assert page.status == 403, address
        assert "The page was open too long or cookies are blocked, so nothing was saved." in page.text
    assert theirs.kinds == kinds
    page = strict.get(path(theirs, "follow-up"))  # with its token it is
    assert strict.send(page, path(theirs, "follow-up"), words="催了").status == 302


def test_methods_that_an_address_does_not_take(me: Person, theirs: CaseDriver) -> None:
    client = me.client
    for address in ("/statistics/", path(theirs), f"/cards/{theirs.case.card_id}/"):
        assert {m: getattr(client, m)(address).status_code for m in ("post", "put", "delete", "patch")} == {
            "post": 405,
            "put": 405,
            "delete": 405,
            "patch": 405,
        }, address
    receipt = addresses(theirs)[-3]
    assert client.post(receipt).status_code == 405
    assert client.delete(receipt).status_code == 405
    for address in (path(theirs, "withdraw"), "/cases/new/", "/cards/new/", "/me/"):
        assert client.put(address).status_code == 405, address
        assert client.delete(address).status_code == 405, address
    for address in (path(theirs, "checklist"), path(theirs, "receipts"), "/teams/switch/", "/language/", "/sign-out/"):
        assert client.get(address).status_code == 405, address
    for address in ("/cases/new/lookup/", "/cases/new/deadlines/"):
        assert client.get(address).status_code == 405, address
    assert theirs.status == "submitted"
    assert Receipt.objects.count() == 1


def test_head_answers_like_get_without_the_body(me: Person, theirs: CaseDriver) -> None:
    own = [address for address in addresses(theirs) if me.get(address).status == 200]
    for address in ("/", "/cases/", "/cases/new/", "/sign-in/", *own):
        answer = me.client.head(address)
        if address != "/sign-in/":
            assert answer.status_code == 200, address
        assert answer.content == b"", address


def test_pages_that_do_not_exist_speak_the_readers_language(me: Person, anybody: Person) -> None:
    page = me.get("/no/such/page")
    assert (page.status, MISSING in page.text) == (404, True)
    assert 'lang="zh-hans"' in anybody.get("/no/such/page").html
    for address in ("/cases/%00/", "/cases/%F0%9F%98%80/", "/cases/" + "X" * 3000 + "/", "/cards/" + "9" * 5000 + "/"):
        assert me.get(address).status == 404
    assert me.get("/cards/" + "9" * 30 + "/").status == 404


def test_a_reference_of_ones_own_in_lower_case_is_not_found_but_searched(me: Person, theirs: CaseDriver) -> None:
    assert me.get(path(theirs).lower()).status == 404
    assert "138****0005" in me.get("/cases/", q=theirs.case.reference.lower()).text


def test_nothing_is_kept_by_caches_or_framed(me: Person, theirs: CaseDriver) -> None:
    for address in ("/", path(theirs), "/cases/"):
        headers = me.get(address).response.headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Cookie" in headers["Vary"]
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_receipt_of_the_other_team_with_the_same_bytes_is_another(
    me: Person, outsider: Person, theirs: CaseDriver, mobile: object, receipts_folder: Path
) -> None:
    page = outsider.fill("/cases/new/", press="draft", number="13800000005", carrier=theirs.case.carrier_id)
    own = Case.objects.get(reference=page.location.split("/")[2])
    outsider.fill(page.location, f"{page.location}receipts/", text="短信")
    mine, its = Receipt.objects.get(case=theirs.case), Receipt.objects.get(case=own)
    assert mine.sha256 == its.sha256
    assert outsider.get(f"/cases/{own.reference}/receipts/{its.pk}/").status == 200
    assert outsider.get(f"/cases/{own.reference}/receipts/{mine.pk}/").status == 404
    assert outsider.get(path(theirs, "receipts", str(mine.pk))).status == 404


def test_open_cases_are_told_only_within_the_team(outsider: Person, theirs: CaseDriver) -> None:
    page: Page = outsider.post("/cases/new/lookup/", number="13800000005")
    assert theirs.case.reference not in page.html
