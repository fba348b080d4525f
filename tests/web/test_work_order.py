"""What leads on the work list and what stands folded below; batches as one row; the filters that stay."""

from datetime import timedelta

import pytest

from cases import operations as ops
from cases import selectors
from cases.domain.work_order import LATER, NOW, WorkSection, section_of
from cases.models import Batch, Card, Carrier, Case, Membership, Team, User
from cases.operations.next_reminder import reminder_state, standing_of
from cases.selectors.work_list import load_sections, section_query
from tests.helpers import at, new_case
from tests.moments import NOW as FRIDAY
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make


@pytest.fixture
def every_state(new_driver: Make) -> None:
    for make in scenarios.STATES.values():
        make(new_driver)


@pytest.mark.forged
@pytest.mark.usefixtures("every_state")
def test_the_queries_say_what_the_rule_says_on_any_day(team: Team) -> None:
    calendar = selectors.working_calendar()
    some_message = Case.objects.get(card__number="13800000007")
    Case.objects.filter(pk=some_message.pk).update(message_at=FRIDAY)
    seen = set()
    for days in [*range(-2, 60), 75, 90]:
        now = FRIDAY + timedelta(days=days)
        found = {
            pk: section
            for section in WorkSection
            for pk in section_query(section, selectors.cases_of(team), now).values_list("pk", flat=True)
        }
        expected = {}
        for case in selectors.cases_of(team).prefetch_related("escalations"):
            basis = reminder_state(case, list(case.escalations.all())).basis
            if section := section_of(standing_of(case, now, calendar), basis):
                expected[case.pk] = section
        names = dict(Case.objects.values_list("pk", "card__number"))
        assert {names[pk]: section for pk, section in found.items()} == {
            names[pk]: section for pk, section in expected.items()
        }, now
        seen |= set(found.values())
    assert seen == set(WorkSection)


def test_what_waits_stands_below_and_folded(me: Person, new_driver: Make) -> None:
    scenarios.waiting(new_driver)
    complained = scenarios.complained(new_driver).case.card.number[-4:]
    scenarios.overdue(new_driver)
    page = me.get("/")
    assert NOW[0] == "overdue"
    assert LATER == ("escalated", "waiting")
    assert "138****0005" in page.part("overdue")
    assert complained not in page.part("overdue")
    assert complained in page.part("escalated")
    assert '<details class="section section--later" id="escalated">' in page.html
    assert page.html.index('id="overdue"') < page.html.index('id="escalated"') < page.html.index('id="waiting"')


def batch_of(me: Person, carrier: Carrier, numbers: str) -> Batch:
    me.fill("/batches/new/", numbers=numbers, carrier=carrier.pk, happened_at="2026-09-30T15:00")
    return Batch.objects.latest("pk")


def test_a_batch_is_one_row_that_unfolds(me: Person, mobile: Carrier, new_driver: Make) -> None:
    batch = batch_of(me, mobile, "13800138001 13800138002 13800138003")
    alone = batch_of(me, mobile, "13800138009")
    scenarios.complaint_old(new_driver)
    page = me.get("/")
    rows = page.part("overdue")
    assert rows.count("Batch ·") == 1
    assert f"Batch · China Mobile · {batch.pk} 3 cases" in rows
    assert f"China Mobile · {alone.pk}" not in rows
    assert page.html.count('name="case"') == 5
    assert f"/batches/{batch.pk}/answer/" in page.hrefs
    listed = me.get(f"/cases/?standing=to_chase&sort=reply_by&batch={batch.pk}")
    assert listed.part("results").startswith("3 cases")


def test_many_batches_leave_room_for_the_rest(me: Person, mobile: Carrier, team: Team) -> None:
    numbers = " ".join(f"138001{n:05}" for n in range(60))
    batch_of(me, mobile, numbers)
    batch_of(me, mobile, "13900138001")
    sections, _counts = load_sections(selectors.cases_of(team), FRIDAY, selectors.working_calendar())
    overdue = next(section for section in sections if section.key == "overdue")
    assert [(row.count, len(row.cases)) for row in overdue.rows] == [(60, 50), (1, 1)]
    assert (overdue.count, overdue.shown) == (61, 61)


def numbers_on(page: Page) -> set[str]:
    return {said[-4:] for href, said in page.links if href.startswith("/cases/XK-") and "****" in said}


@pytest.fixture
def three(
    new_driver: Make, manager: User, agent: User, unicom: Carrier, other_team: Team, stranger: User, mobile: Carrier
) -> None:
    """One of the manager's, one of a colleague's in a department, one at another carrier; and a bystander."""
    mine = scenarios.overdue(new_driver, "13800000001")
    theirs = scenarios.overdue(new_driver, "13800000002")
    theirs.do(ops.HandOver(agent), "2026-10-16T09:00")
    Card.objects.filter(number="13800000002").update(department="电销一部")
    other = new_driver("18600000003", carrier=unicom, submitted="2026-09-30T15:00")
    for driver in (mine, other):
        driver.do(ops.HandOver(manager), "2026-10-16T09:00")
    new_case(other_team, mobile, stranger, number="13911112222", submitted="2026-09-30T15:00")
    Card.objects.filter(number="13911112222").update(department="电销一部")


@pytest.mark.usefixtures("three")
def test_a_filter_stays_for_its_person_and_team(me: Person, colleague: Person, manager: User, agent: User) -> None:
    assert numbers_on(me.get("/")) == {"0001", "0002", "0003"}
    me.post("/", mine="yes")
    assert numbers_on(me.get("/")) == {"0001", "0003"}
    me.post("/", carrier="china-mobile")
    assert numbers_on(me.get("/")) == {"0001"}
    assert Membership.objects.get(user=manager).work_filter == {"mine": "yes", "carrier": "china-mobile"}
    assert "China Mobile ×" in me.get("/").text
    # Whoever else works there sees everybody's; so does an address that says so, without a change.
    assert Membership.objects.get(user=agent).work_filter == {}
    assert numbers_on(colleague.get("/")) == {"0001", "0002", "0003"}
    assert numbers_on(me.get("/?show=all")) == {"0001", "0002", "0003"}
    assert numbers_on(me.get("/?department=电销一部")) == {"0002"}
    assert numbers_on(me.get("/")) == {"0001"}
    me.post("/", drop="carrier")
    assert numbers_on(me.get("/")) == {"0001", "0003"}
    me.post("/", mine="")
    assert Membership.objects.get(user=manager).work_filter == {}


@pytest.mark.usefixtures("three")
def test_the_counts_are_those_of_the_filter(me: Person) -> None:
    me.post("/", department="电销一部")
    page = me.get("/")
    tally = next(href for href, said in page.links if said == "1 Overdue")
    assert tally == "/cases/?standing=overdue&department=%E7%94%B5%E9%94%80%E4%B8%80%E9%83%A8&sort=reply_by"
    assert numbers_on(me.get(tally)) == {"0002"}


def test_a_filter_that_finds_nothing_is_not_an_empty_installation(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    me.post("/", department="法务部")
    page = me.get("/")
    assert "Nothing to do among what you filter Filters that stay hide the rest. Show everything" in page.text
    assert "/?show=all" in page.hrefs
    assert "No cases yet" not in page.text
    assert "法务部 ×" in page.text


def test_a_number_typed_as_a_department_is_kept_masked(me: Person, manager: User) -> None:
    me.post("/", department="13800138000")
    assert Membership.objects.get(user=manager).work_filter == {"department": "138****8000"}


@pytest.mark.forged
def test_a_message_that_waits_has_a_section(me: Person, new_driver: Make) -> None:
    case = scenarios.waiting(new_driver).case
    Case.objects.filter(pk=case.pk).update(message_at=at("2026-10-16T08:00"))
    page = me.get("/")
    assert "138****0002" in page.part("message")
    assert not page.part("waiting")
