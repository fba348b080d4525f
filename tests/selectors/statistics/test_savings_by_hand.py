"""The example of docs/statistics.md, 'What it saved', worked by hand there."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from cases import selectors
from cases.domain.savings import Period
from cases.domain.statement_months import Month
from cases.models import Card, Carrier, Charge, Team
from cases.operations import (
    CheckBill,
    ExpectRefund,
    NewCharge,
    ReceiveRefund,
    RecordCharge,
    RecordRefund,
    Reopen,
    Verify,
    WriteOffRefund,
)
from cases.selectors.settlement import money_open, settled
from cases.selectors.statistics.savings import savings, savings_of_month
from tests.helpers import CaseDriver, at, on

Make = Callable[..., CaseDriver]
NOW = at("2026-11-15T10:00")


@pytest.fixture
def example(new_driver: Make, mobile: Carrier, unicom: Carrier) -> dict[str, CaseDriver]:
    def cancelled(number: str, carrier: Carrier, confirmed: str) -> CaseDriver:
        driver = new_driver(number, carrier=carrier, now=f"{confirmed[:10]}T08:00", submitted=f"{confirmed[:10]}T08:00")
        driver.do(Verify(at(confirmed), "hotline", "cancelled", confirm=True), confirmed)
        return driver

    def card(driver: CaseDriver, fee: str | None, department: str) -> None:
        values = {"monthly_fee": Decimal(fee) if fee else None, "department": department}
        Card.objects.filter(pk=driver.case.card_id).update(**values)

    a = cancelled("13800000001", mobile, "2025-11-20T10:00")
    a.do(CheckBill(at("2025-12-06T10:00"), NewCharge(Decimal("19.90"), on("2025-12-05"))), "2025-12-06T10:00")
    a.do(RecordRefund(Charge.objects.get(case=a.case).pk, on("2026-01-20")), "2026-01-20T10:00")
    b = cancelled("18600000002", unicom, "2026-10-31T23:50")
    b.do(ExpectRefund(Decimal("47.00")), "2026-11-01T10:00")
    b.do(RecordCharge(NewCharge(Decimal("59.00"), on("2026-11-05"))), "2026-11-06T10:00")
    b.do(ReceiveRefund(on("2026-11-12"), Decimal("35.00")), "2026-11-12T10:00")
    b.do(WriteOffRefund("余下的不要了"), "2026-11-12T10:05")
    c = cancelled("13800000003", mobile, "2026-09-10T10:00")
    d = cancelled("13800000004", mobile, "2025-12-05T10:00")
    d.do(Reopen("号码又能打通了"), "2026-10-05T10:00")
    before = cancelled("18600000005", unicom, "2025-11-20T10:00")
    before.do(CheckBill(at("2025-12-06T10:00")), "2025-12-06T10:00")
    e = cancelled("18600000005", unicom, "2026-06-15T10:00")
    e.do(CheckBill(at("2026-07-06T10:00")), "2026-07-06T10:00")
    e.do(ExpectRefund(Decimal("12.00"), due_on=on("2026-12-01")), "2026-11-10T10:00")
    cases = {"a": a, "b": b, "c": c, "d": d, "e": e}
    for name, fee in {"a": "19.90", "b": "59.00", "c": None, "d": "8.00", "e": "100.00"}.items():
        card(cases[name], fee, "电销二部" if name in "be" else "电销一部")
    return cases


def test_as_the_document_has_it(example: dict[str, CaseDriver], team: Team, mobile: Carrier, unicom: Carrier) -> None:
    cases = selectors.cases_of(team)
    year = savings(cases, Period.YEAR, NOW)
    assert {str(period): str(amount) for period, amount in year.fees.items()} == {
        "month": "178.90",
        "year": "777.90",
        "all": "797.80",
    }
    recovered = {period: str(savings(cases, period, NOW).total.recovered) for period in Period}
    assert recovered == {Period.MONTH: "35.00", Period.YEAR: "54.90", Period.ALL: "54.90"}
    assert [(line.key, str(line.fees)) for line in year.by("carrier")] == [
        (unicom.pk, "559.00"),
        (mobile.pk, "218.90"),
    ]
    assert [(line.key, str(line.fees)) for line in year.by("department")] == [
        ("电销二部", "559.00"),
        ("电销一部", "218.90"),
    ]
    total = year.total
    assert (str(total.still_open), total.without_fee, total.cards, total.money_open) == ("71.00", 1, 3, 3)
    assert [str(row.fees) for row in year.trend] == [*["19.90"] * 7, *["119.90"] * 4, "178.90"]


def test_which_of_them_are_settled(example: dict[str, CaseDriver], team: Team) -> None:
    cases = selectors.cases_of(team)
    assert {case.pk for case in money_open(cases)} == {example[name].case.pk for name in "bce"}
    first_of_e = cases.exclude(pk=example["e"].case.pk).get(card=example["e"].case.card_id)
    assert {case.pk for case in settled(cases)} == {example["a"].case.pk, first_of_e.pk}


def test_the_statement_of_october(example: dict[str, CaseDriver], team: Team) -> None:
    total = savings_of_month(selectors.cases_of(team), Month(2026, 10), NOW).total
    assert (str(total.fees), total.cards, total.without_fee, total.recovered) == ("119.90", 2, 1, 0)
