"""The work list: what must I do now?"""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import operations as ops
from cases.models import Card, Carrier, Case, Team, User
from tests.helpers import at, new_case
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

STANDINGS = ["overdue", "due_today", "promised_today", "to_verify", "returned", "draft", "waiting"]
SECTIONS = [*STANDINGS[:3], "message", "to_verify", "returned", "to_call", "draft", "escalated", "waiting"]


def order(page: Page) -> list[str]:
    """The sections that the page has, as they follow each other."""
    return sorted((name for name in SECTIONS if page.part(name)), key=lambda name: page.html.index(f'id="{name}"'))


def test_sections_stand_in_the_order_of_urgency_each_with_its_cases(me: Person, new_driver: Make) -> None:
    for name, make in scenarios.STATES.items():
        if name in ("draft", "waiting", "due_today", "promised_today", "overdue", "to_verify", "returned"):
            make(new_driver)
    scenarios.confirmed(new_driver)
    scenarios.withdrawn(new_driver)

    page = me.get("/")

    assert order(page) == STANDINGS
    assert page.part("overdue").startswith("Overdue, your turn 1 138****0005 China Mobile 3 working days overdue")
    assert page.part("overdue").endswith("Call 10086 and chase Record a follow-up")
    assert "138****0003" in page.part("due_today")
    assert "due today" in page.part("due_today")
    assert "138****0004" in page.part("promised_today")
    assert "138****0004" not in page.part("due_today")
    assert "138****0008" in page.part("to_verify")
    assert "Verify that the number has really been cancelled Verify the number" in page.part("to_verify")
    assert "138****0010" in page.part("returned")
    assert "Pay what is owed and keep the receipt, then submit again Mark as submitted" in page.part("returned")
    assert "138****0002" in page.part("waiting")
    assert "4 working days left" in page.part("waiting")
    assert "No action needed yet: the carrier still has time SL-4711" in page.part("waiting")
    assert "138****0003" not in page.part("waiting")
    assert "138****0004" not in page.part("waiting")
    assert "138****0001" in page.part("draft")
    assert "138****0011" not in page.text
    assert "138****0012" not in page.text


def test_numbers_are_masked_on_lists(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    for path in ("/", "/cases/", "/cards/"):
        page = me.get(path)
        assert "138****0005" in page.text
        assert "13800000005" not in page.html
        assert "138 0000 0005" not in page.html


def test_counts_lead_to_the_list_that_holds_as_many(me: Person, new_driver: Make) -> None:
    for name, make in scenarios.STATES.items():
        if name != "promised_today":
            make(new_driver)
    scenarios.promised_today(new_driver)
    page = me.get("/")
    tallies = {href: said for href, said in page.links if "?standing=" in href and "→" not in said}
    assert len(tallies) == 8
    for href, said in tallies.items():
        count = int(said.split()[0])
        listed = me.get(href)
        shown = 0 if "No cases found" in listed.text else int(listed.part("results").split()[0])
        # What is promised for today is due today: the tallies count each case once.
        assert shown == count + {"due_today": 1}.get(href.partition("=")[2].partition("&")[0], 0), href


def test_each_row_leads_to_its_case_and_to_its_one_act(me: Person, new_driver: Make) -> None:
    late, checked = scenarios.overdue(new_driver).case, scenarios.to_verify(new_driver).case
    hrefs = me.get("/").hrefs
    assert f"/cases/{late.reference}/" in hrefs
    assert f"/cases/{late.reference}/follow-up/" in hrefs
    assert f"/cases/{checked.reference}/verify/" in hrefs


def test_the_longest_overdue_comes_first(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)  # due 10-13
    scenarios.promise_broken(new_driver)  # due 10-14
    scenarios.complaint_old(new_driver)  # due 09-08
    part = me.get("/").part("overdue")
    assert part.index("138****0014") < part.index("138****0005") < part.index("138****0006")


def test_with_no_case_at_all_it_says_how_to_begin(me: Person) -> None:
    page = me.get("/")
    assert page.part("first-use").startswith("Start with your spreadsheet")
    assert "Log your first cancellation: the number, the reason and when you submitted the request." in page.text
    assert page.hrefs.count("/cases/new/") == 1
    assert [form.action for form in page.forms if "pasted" in form.every] == ["/cards/import/"]
    assert order(page) == []


def test_who_may_only_read_is_not_asked_for_a_table(viewer: User, sign_in: Callable[[User], Person]) -> None:
    reader = sign_in(viewer)
    for address in ("/", "/cards/"):
        page = reader.get(address)
        assert [form.action for form in page.forms if "pasted" in form.every] == []
        assert {"/": "No cases yet", "/cards/": "No cards yet"}[address] in page.text


def test_with_cards_and_no_case_it_says_how_to_log_them(me: Person, team: Team, mobile: Carrier) -> None:
    Card.objects.create(team=team, number="13800000001", carrier=mobile)
    page = me.get("/")
    assert "No cases yet Your cards are under Cards." in page.text
    assert "/batches/new/" in page.hrefs
    assert "pasted" not in page.html


def test_with_every_case_closed_there_is_nothing_to_do(me: Person, new_driver: Make) -> None:
    scenarios.confirmed(new_driver)
    page = me.get("/")
    assert "Nothing to do right now" in page.text
    assert "No cases yet" not in page.text


def test_with_nothing_to_do_it_says_what_comes_next_and_when(me: Person, new_driver: Make) -> None:
    scenarios.waiting(new_driver)
    page = me.get("/")
    assert "Nothing to do right now Next reply due by the end of Thu 22 Oct (138****0002)." in page.text
    assert "No cases yet" not in page.text


def test_with_only_drafts_nothing_is_awaited(me: Person, new_driver: Make) -> None:
    scenarios.draft(new_driver)
    page = me.get("/")
    assert "Next reply due" not in page.text
    assert order(page) == ["draft"]


def test_the_clock_alone_moves_a_case_from_waiting_to_due_to_overdue(
    me: Person, new_driver: Make, clock: object
) -> None:
    scenarios.waiting(new_driver)
    seen = []
    for moment in ("2026-10-21T23:59", "2026-10-22T00:00", "2026-10-22T23:59", "2026-10-23T00:00"):
        clock.move_to(at(moment))  # type: ignore[attr-defined]
        seen += order(me.get("/"))
    assert seen == ["to_call", "due_today", "due_today", "overdue"]


def test_long_sections_are_cut_with_a_link_to_all_of_them(me: Person, new_driver: Make) -> None:
    for n in range(16):
        scenarios.overdue(new_driver, f"1390000{n:04}")
    for n in range(6):
        scenarios.draft(new_driver, f"1380000{n:04}")
    page = me.get("/")
    assert page.part("overdue").count("139****") == 15
    assert page.part("overdue").endswith("View all 16 →")
    assert page.part("draft").count("138****") == 5
    assert page.part("draft").endswith("View all 6 →")


def test_another_teams_cases_are_not_there(me: Person, other_team: Team, stranger: User, mobile: Carrier) -> None:
    new_case(other_team, mobile, stranger, number="13911112222", submitted="2026-09-30T15:00")
    assert "Start with your spreadsheet" in me.get("/").text
    assert "No cases yet" in me.get("/cases/").text
    assert "Start with your spreadsheet" in me.get("/cards/").text


def queries_of(me: Person, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert me.get(path).status == 200
    return len(queries)


def test_lists_ask_as_often_for_60_cases_as_for_7(me: Person, new_driver: Make) -> None:
    def seven(start: int) -> None:
        for n, name in enumerate(STANDINGS):
            scenarios.STATES[name](new_driver, f"1390000{start + n:04}")

    seven(0)
    few = {path: queries_of(me, path) for path in ("/", "/cases/", "/cards/", "/cases/?q=139&sort=number")}
    for more in range(1, 9):
        seven(more * 7)
    assert Case.objects.count() == 63
    many = {path: queries_of(me, path) for path in few}
    # A section that is cut is counted, which is one query; nothing else grows.
    assert many.pop("/") <= few.pop("/") + 7 <= 20
    assert many == few
    assert max(few.values()) <= 40


def test_a_case_page_asks_a_bounded_number_of_times(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    few = queries_of(me, f"/cases/{driver.case.reference}/")
    for n in range(30):
        driver.do(ops.FollowUp(at("2026-10-15T10:00"), words=f"call {n}"), "2026-10-15T10:00")
    assert queries_of(me, f"/cases/{driver.case.reference}/") == few <= 30
