"""The directory of carriers: numbers, terms, what is known and how surely, and branches as each team notes them."""

from collections.abc import Callable

import pytest

from cases.models import Branch, Carrier, CarrierFact, Case, Team, User
from cases.models.choices import RequestChannel
from tests.helpers import on
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

MOBILE = "/carriers/china-mobile/"
NEW = f"{MOBILE}branches/new/"


@pytest.fixture
def shared(mobile: Carrier) -> Branch:
    return Branch.objects.create(carrier=mobile, name="城北营业厅", address="北环路 5 号")


def test_the_list_names_every_carrier_with_its_numbers(me: Person, unicom: Carrier, virtual: Carrier) -> None:
    page = me.get("/carriers/")
    assert "China Mobile 10086 10080 network operator" in page.text
    assert "China Unicom 10010 – " in page.text
    assert "Xiaomi Mobile 4009223838 – virtual operator" in page.text
    assert MOBILE in page.hrefs


def test_a_carriers_page_says_its_terms_and_what_is_known_how_surely(
    me: Person, mobile: Carrier, unicom: Carrier
) -> None:
    CarrierFact.objects.create(
        carrier=mobile,
        topic="online",
        statement="应用里办理",
        statement_en="In the app",
        source="某网页",
        source_en="a page",
        confidence="L",
    )
    page = me.get(MOBILE)
    assert "Hotline 10086 Complaint line 10080" in page.text
    assert "For guidance only" in page.part("facts")
    assert "In the app Online cancellation · Source: a page (Low: one unverified page)" in page.part("facts")
    assert me.get("/carriers/nobody/").status == 404
    assert "应用里办理 线上注销 · 来源：某网页（低：一处网页，未核实）" in me.in_chinese(MOBILE).part("facts")


def test_a_source_in_one_language_is_shown_in_both(me: Person, mobile: Carrier) -> None:
    mobile.facts.create(topic="online", statement="说法", statement_en="It is said", source="某网页", confidence="L")
    assert "Source: 某网页 (Low: one unverified page)" in me.get(MOBILE).part("facts")


DEFAULTS = (
    "Default time limits (this carrier has published none): acknowledgement within 24 hours, review within 3 working "
    "days, reply within 5 working days; make a first call after 3 working days."
)
DEFAULTS_ZH = (
    "默认时限（这家运营商未公布自己的时限）：24 小时内受理，3 个工作日审核，5 个工作日内答复；满 3 个工作日可首次催问。"
)


def test_default_time_limits_are_called_that(me: Person, mobile: Carrier) -> None:
    assert DEFAULTS in me.get(MOBILE).text
    assert DEFAULTS_ZH in me.in_chinese(MOBILE).text


def test_a_carriers_own_time_limits_are_not_called_defaults(me: Person, unicom: Carrier) -> None:
    own = (
        "Acknowledges requests within 48 hours, reviews them in 2 working days and replies within 7 working days. "
        "Make a first call after 2 working days."
    )
    page = me.get("/carriers/china-unicom/")
    assert own in page.text
    assert "efault" not in page.part("main")
    page = me.in_chinese("/carriers/china-unicom/")
    assert "48 小时内受理，2 个工作日审核，7 个工作日内答复；满 2 个工作日可首次催问。" in page.text
    assert "默认" not in page.part("main")


def test_of_time_limits_of_both_kinds_the_defaults_are_named(me: Person, mobile: Carrier) -> None:
    Carrier.objects.update(reply_days=7, acknowledge_hours=48)
    told = (
        "Time limits, some of them defaults (this carrier has published none for review, a first call): "
        "acknowledgement within 48 hours, review within 3 working days, reply within 7 working days; make a first call "
        "after 3 working days."
    )
    assert told in me.get(MOBILE).text
    told = (
        "时限（其中审核、首次催问为默认，这家运营商未公布）："
        "48 小时内受理，3 个工作日审核，7 个工作日内答复；满 3 个工作日可首次催问。"
    )
    assert told in me.in_chinese(MOBILE).text


def test_only_for_people_who_are_signed_in(anybody: Person, mobile: Carrier) -> None:
    for address in ("/carriers/", MOBILE, NEW, "/statistics/"):
        assert anybody.get(address).location.startswith("/sign-in/")


def test_a_branch_of_ones_own_call_ahead_until_somebody_asked(me: Person, colleague: Person, outsider: Person) -> None:
    response = me.follow(me.fill(NEW, name="人民路营业厅", address="人民路 88 号", phone="021-5555 0000"))
    assert "人民路营业厅 not known whether it takes cancellations: call first" in response.part("branches")
    branch = Branch.objects.get()
    page = colleague.follow(
        colleague.fill(f"{MOBILE}branches/{branch.pk}/", takes="yes", asked_on="2026-10-14", note="带原卡")
    )
    assert "人民路营业厅 takes cancellations" in page.part("branches")
    assert "asked on 14 Oct 带原卡 added by your team" in page.part("branches")
    assert "人民路" not in outsider.get(MOBILE).text
    address = f"{MOBILE}branches/{branch.pk}/"
    assert outsider.get(address).status == outsider.post(address, name="x", takes="unknown").status == 404
    assert outsider.post(address, press="remove").status == 404
    assert Branch.objects.get().name == "人民路营业厅"


def test_an_answer_needs_its_day_and_what_was_typed_stays(me: Person) -> None:
    page = me.fill(NEW, name="站前营业厅", takes="no", note="只办本地卡")
    assert "Enter the date you asked" in page.text
    assert page.form().fields["note"] == "只办本地卡"
    assert "This date is in the future." in me.fill(NEW, name="站前", takes="no", asked_on="2026-10-17").text
    assert "This field is required." in me.fill(NEW, name=" ").text
    assert not Branch.objects.exists()


def test_what_a_team_notes_of_a_branch_that_everybody_sees_is_its_own(
    me: Person, outsider: Person, shared: Branch, team: Team
) -> None:
    address = f"{MOBILE}branches/{shared.pk}/"
    assert "This branch is visible to all teams" in me.get(address).text
    assert "Delete" not in me.get(address).text
    mine = me.follow(me.fill(address, takes="no", asked_on="2026-10-15")).part("branches")
    assert mine.count("城北营业厅") == 1
    assert "does not take cancellations" in mine
    theirs = outsider.get(MOBILE).part("branches")
    assert "call first" in theirs
    assert "visible to all teams" in theirs
    own = Branch.objects.get(team=team)
    assert (own.takes, own.asked_on, own.address) == ("no", on("2026-10-15"), "北环路 5 号")
    assert me.get(address).status == 404  # they see their own note instead
    me.post(f"{MOBILE}branches/{own.pk}/", press="remove")
    assert "visible to all teams" in me.get(MOBILE).part("branches")
    me.post(address, press="remove")
    assert list(Branch.objects.all()) == [shared]


def test_a_branch_is_found_under_its_own_carrier_only(me: Person, unicom: Carrier, shared: Branch) -> None:
    assert me.get(f"/carriers/china-unicom/branches/{shared.pk}/").status == 404


@pytest.mark.forged
def test_a_case_that_goes_by_branch_shows_them_and_notes_which_was_visited(
    me: Person, new_driver: Make, shared: Branch
) -> None:
    driver = scenarios.waiting(new_driver)
    assert "城北营业厅" not in me.get(path(driver)).part("carrier")
    Case.objects.update(channel=RequestChannel.BRANCH)
    page = me.get(path(driver))
    assert "城北营业厅 not known whether it takes cancellations: call first" in page.part("carrier")
    visit = next(href for href, said in page.links if said == "Record a visit")
    form = me.get(visit).form().fields
    assert (form["way"], form["words"]) == ("visit", "城北营业厅")
    assert "Visit to a branch" in me.follow(me.send(me.get(visit), path(driver, "follow-up"))).text


def test_a_viewer_reads_and_notes_nothing(viewer: User, sign_in: Callable[..., Person], shared: Branch) -> None:
    viewer_client = sign_in(viewer)
    page = viewer_client.get(MOBILE)
    assert "城北营业厅" in page.part("branches")
    assert "Add a branch" not in page.text
    assert "Record what it said" not in page.text
    assert viewer_client.get(NEW).status == viewer_client.post(NEW, name="x", takes="unknown").status == 403
    assert viewer_client.post(f"{MOBILE}branches/{shared.pk}/", name="x", takes="unknown").status == 403
    assert viewer_client.get("/statistics/").status == 200
