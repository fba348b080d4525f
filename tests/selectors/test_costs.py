"""The cost of delay and the charges of cases, one by one and by carrier."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from cases import selectors
from cases.models import Card, Carrier, Charge, Team, User
from cases.operations import (
    NewCase,
    NewCharge,
    Promised,
    RecordCharge,
    RecordRefund,
    Returned,
    Submit,
    Verify,
    open_case,
)
from cases.operations.take_over import TakeOver
from cases.selectors import costs
from cases.selectors.costs import Delay
from tests.helpers import CaseDriver, at, on
from tests.moments import NOW

Make = Callable[..., CaseDriver]


def fee(driver: CaseDriver, yuan: str) -> CaseDriver:
    Card.objects.filter(pk=driver.case.card_id).update(monthly_fee=Decimal(yuan))
    return driver


def delay(driver: CaseDriver, now: str) -> Delay:
    case = driver.fresh()
    return costs.delay_of(case, costs.rounds_of(case), at(now))


def test_a_case_without_answer_costs_more_each_day(submitted: CaseDriver) -> None:
    fee(submitted, "31")
    assert delay(submitted, "2026-10-13T23:59") == Delay(0, Decimal("0.00"))
    assert delay(submitted, "2026-10-16T10:00") == Delay(3, Decimal("3.00"))


def test_without_a_fee_the_days_are_known_and_the_cost_is_not(submitted: CaseDriver) -> None:
    assert delay(submitted, "2026-10-16T10:00") == Delay(3, None)


def test_a_draft_costs_nothing(draft: CaseDriver) -> None:
    assert delay(fee(draft, "31"), "2026-12-16T10:00") == Delay(0, Decimal("0.00"))


def test_promises_do_not_stop_it_a_return_does_and_a_new_submission_starts_anew(submitted: CaseDriver) -> None:
    fee(submitted, "31")
    submitted.do(Promised(at("2026-10-13T10:00"), promised_on=on("2026-10-20")), "2026-10-13T10:00")
    assert delay(submitted, "2026-10-15T10:00") == Delay(2, Decimal("2.00"))
    submitted.do(Returned(at("2026-10-16T09:00"), reason="papers"), "2026-10-16T09:00")
    assert delay(submitted, "2026-10-30T10:00") == Delay(3, Decimal("3.00"))
    submitted.do(Submit(at("2026-10-19T10:00")), "2026-10-19T10:00")  # answer due by 10-26, 24:00
    assert delay(submitted, "2026-10-26T23:00") == Delay(3, Decimal("3.00"))
    submitted.do(Verify(at("2026-10-27T09:00"), "hotline", "cancelled", confirm=True), "2026-10-27T09:00")
    assert delay(submitted, "2026-12-30T10:00") == Delay(4, Decimal("4.00"))


@pytest.fixture
def many(new_driver: Make, unicom: Carrier) -> list[CaseDriver]:
    late = fee(new_driver("13800000001", now="2026-09-30T15:00", submitted="2026-09-30T15:00"), "31")
    late.do(RecordCharge(NewCharge(Decimal("19.90"), on("2026-10-01"))), "2026-10-02T10:00")
    late.do(RecordCharge(NewCharge(Decimal("10"), on("2026-10-01"), "other")), "2026-10-02T10:00")
    late.do(RecordRefund(Charge.objects.get(kind="other").pk, on("2026-10-05")), "2026-10-06T10:00")
    unknown = new_driver("13800000002", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    done = fee(new_driver("13800000003", now="2026-09-30T15:00", submitted="2026-09-30T15:00"), "62")
    done.do(Verify(at("2026-10-14T09:00"), "hotline", "cancelled", confirm=True), "2026-10-14T09:00")
    other = fee(new_driver("18600000004", carrier=unicom, now="2026-10-15T15:00", submitted="2026-10-15T15:00"), "100")
    return [late, unknown, done, other]


def test_the_sums_of_each_carrier_and_of_all(many: list[CaseDriver], team: Team) -> None:
    mobile, unicom = costs.by_carrier(selectors.cases_of(team), NOW)
    assert (str(mobile.carrier and mobile.carrier.slug), mobile.open, mobile.overdue) == ("china-mobile", 2, 2)
    assert (mobile.charges, mobile.refunded) == (Decimal("29.90"), Decimal("10.00"))
    assert (mobile.cost, mobile.without_fee) == (Decimal("5.00"), 1)  # 3 days of 1 yuan, 1 day of 2
    assert (unicom.open, unicom.overdue, unicom.charges, unicom.cost) == (1, 0, 0, 0)
    total = costs.total_of([mobile, unicom])
    assert (total.carrier, total.open, total.overdue, total.without_fee) == (None, 3, 2, 1)
    assert (total.charges, total.refunded, total.cost) == (Decimal("29.90"), Decimal("10.00"), Decimal("5.00"))


def test_another_teams_cases_are_not_in_it(many: list[CaseDriver], other_team: Team) -> None:
    assert costs.by_carrier(selectors.cases_of(other_team), NOW) == []
    assert costs.total_of([]).open == 0


def test_the_number_of_queries_does_not_grow(
    many: list[CaseDriver], team: Team, new_driver: Make, django_assert_num_queries: Any
) -> None:
    for n in range(5):
        fee(new_driver(f"1390000000{n}", now="2026-09-30T15:00", submitted="2026-09-30T15:00"), "31")
    with django_assert_num_queries(4):
        mobile, _ = costs.by_carrier(selectors.cases_of(team), NOW)
    assert mobile.cost == Decimal("20.00")
    directory = list(Carrier.objects.all())
    with django_assert_num_queries(3):
        lines = costs.by_carrier(selectors.cases_of(team), NOW, directory)
    assert [(line.carrier and line.carrier.slug, line.cost) for line in lines] == [
        ("china-mobile", Decimal("20.00")),
        ("china-unicom", Decimal("0.00")),
    ]


def test_the_sum_is_that_of_the_cases_one_by_one(many: list[CaseDriver], team: Team) -> None:
    now = "2026-12-31T10:00"
    lines = costs.by_carrier(selectors.cases_of(team), at(now))
    each = (delay(driver, now).cost or Decimal() for driver in many)
    assert costs.total_of(lines).cost == sum(each, Decimal())


def test_a_promise_does_not_move_the_carriers_own_window(submitted: CaseDriver) -> None:
    """By all rounds in memory, as a dossier counts: from the 14th on, whatever was promised on the 13th."""
    submitted.do(Promised(at("2026-10-13T10:00"), promised_on=on("2026-11-02")), "2026-10-13T10:00")
    case = submitted.fresh()
    case.card.monthly_fee = Decimal("31")
    rounds = list(case.rounds.order_by("number"))
    assert len(rounds) == 2
    delay = costs.delay_of_rounds(case, rounds, at("2026-11-01T00:00"))
    assert (delay.days, str(delay.cost)) == (18, "18.00")


@pytest.mark.parametrize("submitted_at", [at("2026-09-01T15:00"), None])
def test_of_a_review_that_a_table_brought_only_what_is_known_counts(
    team: Team, manager: User, mobile: Carrier, submitted_at: datetime | None
) -> None:
    """Taken over on 10-16 as under review: three working days, to 10-21; late from the 22nd to the 31st."""
    take_over = TakeOver(status="under_review", submitted_at=submitted_at)
    new_case = NewCase("13800138000", mobile, "other", "hotline", take_over=take_over)
    case = open_case(team, new_case, by=manager, now=at("2026-10-16T10:00"))
    case.card.monthly_fee = Decimal("31")
    case.card.save()
    now = at("2026-10-31T10:00")
    by_query, in_memory = (
        costs.delay_of(case, costs.rounds_of(case), now),
        costs.delay_of_rounds(case, list(case.rounds.all()), now),
    )
    assert (by_query.days, str(by_query.cost)) == (in_memory.days, str(in_memory.cost)) == (10, "10.00")
    (line,) = costs.by_carrier(selectors.cases_of(team), now)
    assert (line.overdue, str(line.cost)) == (1, "10.00")
