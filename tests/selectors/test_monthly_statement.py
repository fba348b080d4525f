"""A team's month, told from what happened in it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cases import selectors
from cases.domain.statement_months import Month
from cases.models import Card, Carrier, Team
from cases.operations import Promised, Reopen, Verify, Withdraw
from cases.selectors.monthly_statement import CarrierMonth, load_statement, total_of
from tests.helpers import CaseDriver, at, on

Make = Callable[..., CaseDriver]
SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
YEARS_LATER = at("2029-01-01T00:00")


@pytest.fixture
def story(new_driver: Make, unicom: Carrier) -> list[CaseDriver]:
    """Handed in on 09-30 at 15:00, an answer due until 10-13, 24:00, by China Mobile."""
    late = new_driver("13800000001", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    done = new_driver("13800000002", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    Card.objects.update(monthly_fee=Decimal("31"))
    done.do(Verify(at("2026-10-15T09:00"), "hotline", "cancelled", confirm=True), "2026-10-15T09:00")  # two days late
    done.do(Reopen("the number rings"), "2026-11-02T09:00")
    done.do(Withdraw("we keep it"), "2026-11-03T09:00")
    draft = new_driver("13800000003", now="2026-10-31T23:59")
    other = new_driver("18600000004", carrier=unicom, now="2026-10-15T15:00", submitted="2026-10-15T15:00")
    return [late, done, draft, other]


def figures(line: CarrierMonth) -> list[object]:
    moved = [line.before, line.opened, line.reopened, line.confirmed, line.withdrawn, line.after]
    return [str(line.carrier and line.carrier.slug), *moved, line.late, line.days, str(line.cost)]


def month(team: Team, month: Month) -> list[list[object]]:
    return [figures(line) for line in load_statement(selectors.cases_of(team), month, YEARS_LATER).lines]


def test_each_month_as_it_was(story: list[CaseDriver], team: Team) -> None:
    assert month(team, SEPTEMBER) == [["china-mobile", 0, 2, 0, 0, 0, 2, 0, 0, "0"]]
    assert month(team, OCTOBER) == [
        ["china-mobile", 2, 1, 0, 1, 0, 2, 2, 20, "20.00"],  # 14th to 31st, and two days
        ["china-unicom", 0, 1, 0, 0, 0, 1, 1, 5, "0"],
    ]
    assert month(team, NOVEMBER)[0][:7] == ["china-mobile", 2, 0, 1, 0, 1, 2]
    assert month(team, Month(2026, 8)) == []


def test_what_happens_later_leaves_a_month_as_it_is(story: list[CaseDriver], team: Team) -> None:
    before = month(team, OCTOBER)
    late, _, draft, _ = story
    late.do(Verify(at("2026-11-20T09:00"), "hotline", "cancelled", confirm=True), "2026-11-20T09:00")
    draft.do(Withdraw("a mistake"), "2026-11-20T09:00")
    assert month(team, OCTOBER) == before
    # The first for twenty days, 20.67; the second, opened again, for the 2nd and the 3rd, 2.07.
    assert month(team, NOVEMBER)[0] == ["china-mobile", 2, 0, 1, 1, 2, 0, 1, 22, "22.74"]


def test_the_days_of_all_months_are_those_of_the_whole(submitted: CaseDriver, team: Team) -> None:
    Card.objects.update(monthly_fee=Decimal("31"))
    submitted.do(Promised(at("2026-10-13T10:00"), promised_on=on("2026-11-02")), "2026-10-13T10:00")
    submitted.do(Verify(at("2026-11-02T09:00"), "hotline", "cancelled", confirm=True), "2026-11-02T09:00")
    lines = [load_statement(selectors.cases_of(team), one, YEARS_LATER).lines[0] for one in (OCTOBER, NOVEMBER)]
    # Beyond its own window from the 14th on; a promise that is kept is never overdue.
    assert [(line.late, line.days, str(line.cost)) for line in lines] == [(0, 18, "18.00"), (0, 2, "2.07")]


def test_an_answer_due_by_the_end_of_the_month_is_late_in_the_next(new_driver: Make, team: Team) -> None:
    new_driver("13800000001", now="2026-10-23T15:00", submitted="2026-10-23T15:00")  # due 10-30, 24:00
    new_driver("13800000002", now="2026-11-23T15:00", submitted="2026-11-23T15:00")  # due 11-30, 24:00
    rows = [load_statement(selectors.cases_of(team), one, YEARS_LATER).total for one in (OCTOBER, NOVEMBER)]
    assert [(line.late, line.days, line.without_fee) for line in rows] == [(1, 1, 1), (1, 30, 1)]


def test_the_running_month_goes_up_to_now(new_driver: Make, team: Team) -> None:
    new_driver("13800000001", now="2026-10-23T15:00", submitted="2026-10-23T15:00")  # due 10-30, 24:00
    new_driver("13800000002", now="2026-11-02T15:00", submitted="2026-11-02T15:00")  # due 11-09, 24:00
    Card.objects.update(monthly_fee=Decimal("30"))
    cases = selectors.cases_of(team)
    for now, late, days, cost in (
        ("2026-11-09T23:59", 1, 9, "9.00"),
        ("2026-11-10T00:00", 2, 9, "9.00"),  # overdue from this instant; its first day has not begun
        ("2026-11-10T00:01", 2, 11, "11.00"),
    ):
        statement = load_statement(cases, NOVEMBER, at(now))
        assert (statement.is_over, statement.until) == (False, at(now))
        assert (statement.total.late, statement.total.days, str(statement.total.cost)) == (late, days, cost), now
    assert load_statement(cases, NOVEMBER, at("2026-12-01T00:00")).is_over
    assert load_statement(cases, OCTOBER, at("2026-11-10T00:00")).until == at("2026-11-01T00:00")


def test_logged_after_the_month_in_which_its_carrier_was_late(new_driver: Make, team: Team) -> None:
    driver = new_driver("13800000001", now="2026-11-05T10:00", submitted="2026-09-30T15:00")
    assert month(team, OCTOBER) == [["china-mobile", 0, 0, 0, 0, 0, 0, 1, 18, "0"]]
    assert month(team, NOVEMBER)[0][:7] == ["china-mobile", 0, 1, 0, 0, 0, 1]
    assert driver.case.team == team


def test_what_was_closed_in_an_earlier_month_is_not_closed_again(new_driver: Make, team: Team) -> None:
    for number, day in ((1, "2026-09-30"), (2, "2026-10-31")):
        driver = new_driver(f"1380000000{number}", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
        driver.do(Withdraw("we keep it"), f"{day}T23:59")
    confirmed = new_driver("13800000003", now="2026-09-29T15:00", submitted="2026-09-29T15:00")
    confirmed.do(Verify(at("2026-09-30T09:00"), "hotline", "cancelled", confirm=True), "2026-09-30T09:00")
    assert month(team, SEPTEMBER)[0][:7] == ["china-mobile", 0, 3, 0, 1, 1, 1]
    assert month(team, OCTOBER)[0][:7] == ["china-mobile", 1, 0, 0, 0, 1, 0]


def test_other_teams_have_their_own(story: list[CaseDriver], other_team: Team) -> None:
    assert month(other_team, OCTOBER) == []
    assert figures(total_of([])) == ["None", 0, 0, 0, 0, 0, 0, 0, 0, "0"]


def test_eight_queries_however_many(
    story: list[CaseDriver], team: Team, new_driver: Make, django_assert_num_queries: Any
) -> None:
    for n in range(5):
        new_driver(f"1390000000{n}", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    with django_assert_num_queries(8):
        load_statement(selectors.cases_of(team), OCTOBER, YEARS_LATER)
