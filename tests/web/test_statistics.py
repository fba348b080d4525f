"""What it all comes to, by carrier and for the team."""

from decimal import Decimal
from typing import Any

from cases.models import Card, Carrier
from cases.operations import NewCharge, NoteCharge
from tests.helpers import on
from tests.web import cases
from tests.web.cases import Make
from tests.web.page import Person


def test_nothing_yet(me: Person) -> None:
    assert "Nothing to count yet" in me.get("/statistics/").text


def test_a_line_for_each_carrier_and_one_for_the_team(
    me: Person, outsider: Person, desk_of: Make, unicom: Carrier
) -> None:
    late = cases.overdue(desk_of)
    Card.objects.update(monthly_fee=Decimal("31"))
    late.do(NoteCharge(NewCharge(Decimal("1234.5"), on("2026-10-01"))), "2026-10-02T10:00")
    desk_of("18600000004", carrier=unicom, now="2026-10-15T15:00", submitted="2026-10-15T15:00")
    cases.promise_broken(desk_of)  # late too; nobody entered its fee, and its carrier's own window runs until 10-19
    told = me.get("/statistics/").part("statistics")
    assert "China Mobile 2 2 1,234.50 yuan 0.00 yuan 3.00 yuan" in told
    assert "China Unicom 1 0 0.00 yuan 0.00 yuan 0.00 yuan" in told
    assert told.endswith("The whole team 3 2 1,234.50 yuan 0.00 yuan 3.00 yuan")
    assert "Nothing to count yet" in outsider.get("/statistics/").text


def test_late_cases_without_a_fee_are_told(me: Person, desk_of: Make) -> None:
    cases.overdue(desk_of)
    assert "1 late case has no monthly fee on its card" in me.get("/statistics/").text


def test_the_queries_do_not_grow(me: Person, desk_of: Make, django_assert_max_num_queries: Any) -> None:
    for n in range(4):
        cases.overdue(desk_of, f"1380000000{n}")
    with django_assert_max_num_queries(14):
        me.get("/statistics/")
