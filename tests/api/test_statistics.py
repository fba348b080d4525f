"""What it all comes to: the figures of the pages, for programs."""

from decimal import Decimal

from cases.models import Card
from cases.operations import Verify
from tests.api.conftest import Program
from tests.helpers import at
from tests.web import scenarios


def test_how_things_stand(program: Program, new_driver: scenarios.Make) -> None:
    for make in (scenarios.overdue, scenarios.due_today, scenarios.promised_today, scenarios.confirmed):
        make(new_driver)
    answer = program.get("statistics/overview?weeks=2")
    assert answer["open"] == 3
    assert answer["weeks"] == [
        {"monday": "2026-10-05", "confirmed": 0},
        {"monday": "2026-10-12", "confirmed": 1},
    ]
    assert answer["due"][0] == {"date": "2026-10-16", "working": True, "by_terms": 1, "promised": 1}
    assert sum(age["counts"]["overdue"] for age in answer["ages"]) == 1
    assert program.get("statistics/overview?carrier=nobody", 404)["code"] == "not_found"


def test_carriers_compared(program: Program, new_driver: scenarios.Make) -> None:
    for number in range(5):
        scenarios.confirmed(new_driver, f"1380000006{number}")
    answer = program.get("statistics/carriers")
    (mobile,) = answer["carriers"]
    assert mobile["carrier"] == {"slug": "china-mobile", "name": "China Mobile"}
    assert mobile["all"] == answer["team"] | {"channel": ""}
    assert (mobile["all"]["cases"], mobile["all"]["median"]) == (5, 3)
    assert mobile["channels"][0]["answered_24h"] == {"count": 0, "of": 5, "percent": 0}
    assert mobile["channels"][0]["answered_3_days"] == {"count": 5, "of": 5, "percent": 100}
    assert program.get("statistics/carriers?weeks=0", 422)["errors"][0]["field"] == "weeks"


def test_a_month(program: Program, new_driver: scenarios.Make) -> None:
    scenarios.overdue(new_driver)
    scenarios.complained(new_driver)
    answer = program.get("statements/2026-09")
    assert answer["total"] == {
        "carrier": None, "before": 0, "opened": 2, "reopened": 0, "confirmed": 0, "withdrawn": 0, "after": 2, "late": 1,
        "days": 6, "cost": "0.00", "without_fee": 1,
    }  # fmt: skip
    assert (answer["over"], answer["until"]) == (True, "2026-10-01T00:00:00+08:00")
    running = program.get("statements/2026-10")
    assert (running["over"], running["until"]) == (False, "2026-10-16T10:00:00+08:00")
    assert program.get("statements/2026-11", 422)["code"] == "month_not_over"
    assert program.get("statements/now", 422)["code"] == "no_month"


def test_what_it_saved(program: Program, new_driver: scenarios.Make) -> None:
    driver = new_driver("13800000060", now="2026-08-03T09:00", submitted="2026-08-03T09:00")
    driver.do(Verify(at("2026-08-04T11:00"), "hotline", "cancelled", confirm=True), "2026-08-04T11:00")
    Card.objects.filter(pk=driver.case.card_id).update(monthly_fee=Decimal("19.90"), department="Sales")
    answer = program.get("statistics/savings?period=year")
    assert answer["fees"] == {"month": "19.90", "year": "39.80", "all": "39.80"}
    assert answer["trend"][-2:] == [
        {"month": "2026-09", "fees": "19.90", "recovered": "0.00"},
        {"month": "2026-10", "fees": "19.90", "recovered": "0.00"},
    ]
    line = {
        "fees": "39.80", "cards": 1, "without_fee": 0, "recovered": "0.00", "delay": "0.00", "still_open": "0.00",
        "money_open": 1,
    }  # fmt: skip
    assert answer["carriers"] == [line | {"key": "china-mobile"}]
    assert answer["departments"] == [line | {"key": "Sales"}]
    assert answer["reasons"] == [line | {"key": "cost"}]
    assert answer["total"] == line | {"key": ""}
    assert program.get("statistics/savings?period=day", 422)["errors"][0]["field"] == "period"
    assert program.get("statistics/savings?carrier=nobody", 404)["code"] == "not_found"
    month = program.get("statements/2026-09")["savings"]
    assert month["total"] == {
        "key": "", "fees": "19.90", "cards": 1, "without_fee": 0, "recovered": "0.00", "delay": "0.00",
    }  # fmt: skip
    assert [line["key"] for line in month["carriers"]] == ["china-mobile"]


def test_whether_a_case_is_settled(program: Program, new_driver: scenarios.Make) -> None:
    waiting, confirmed = scenarios.waiting(new_driver), scenarios.confirmed(new_driver, "13800000060")
    case = program.get(f"cases/{confirmed.case.reference}")
    assert (case["settled"], case["open_matters"]) == (False, ["bill"])
    case = program.get(f"cases/{waiting.case.reference}")
    assert (case["settled"], case["open_matters"]) == (None, [])
    (row,) = program.get("cases?standing=money_open")["items"]
    assert (row["reference"], row["settled"]) == (confirmed.case.reference, False)
    assert program.get("cases?standing=settled")["items"] == []
