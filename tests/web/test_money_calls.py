"""Call sheets about money: refunds that are overdue, and requests that came back for an unpaid bill.

It is Friday 2026-10-16, 10:00; the refunds were due on 10-15.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import operations as ops
from cases.models import Case, Refund
from tests.helpers import CaseDriver, at, on
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

REFUND, ARREARS = "/calls/china-mobile/refund/", "/calls/china-mobile/arrears/"


def record(me: Person, page: Page, address: str = REFUND, **typed: object) -> Page:
    form = next(form for form in page.forms if "click" in form.every)
    fields = {name: values if len(values) > 1 else values[0] for name, values in form.every.items()}
    return me.post(address, fields | {"happened_at": "2026-10-16T09:50"} | typed)


def returned(make: Make, number: str = "13800000041", owed: str | None = "36.50", **options: Any) -> CaseDriver:
    driver = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    reply = ops.Returned(at("2026-10-13T10:00"), reason="arrears", owed=Decimal(owed) if owed else None, **options)
    driver.do(reply, "2026-10-13T10:00")
    return driver


def refund_of(case: Case) -> tuple[str | None, str, str | None]:
    row = Refund.objects.get(case=case)
    return row.amount and str(row.amount), str(row.received), row.closed_on and row.closed_on.isoformat()


def test_overdue_refunds_are_a_sheet_of_their_carrier(me: Person, new_driver: Make) -> None:
    scenarios.refund_overdue(new_driver)
    scenarios.refund_overdue(new_driver, "13800000038")
    scenarios.refund_open(new_driver)  # due on 10-20
    page = me.get("/calls/")
    assert "China Mobile, Ask for refunds: 2 numbers, one call" in page.text
    assert "2 overdue" in page.text
    assert "2 numbers are due for a call now." in page.text


def test_the_sheet_says_how_much_is_due_how_and_since_when(me: Person, new_driver: Make) -> None:
    scenarios.refund_overdue(new_driver)
    page = me.get(REFUND)
    facts = "36.50 yuan outstanding, To a bank card (ending 6217), refund due by 15 Oct"
    assert facts in page.text
    assert "Call 10086" in page.text
    assert "the balance of 1 cancelled number, which is overdue. Please pay out 36.50 yuan." in page.text
    call_text, message_text = (page.part(name) for name in ("call-text", "message-text"))
    assert facts in call_text
    assert facts in message_text
    assert "Please pay out 36.50 yuan, and tell us by when it comes:" in message_text


def test_the_sum_of_all_is_said_only_where_each_is_known(me: Person, new_driver: Make) -> None:
    scenarios.refund_overdue(new_driver)
    part_paid = scenarios.refund_overdue(new_driver, "13800000038")
    part_paid.do(ops.ReceiveRefund(on("2026-10-15"), Decimal("6.50")), "2026-10-15T14:00")
    assert "Please pay out 66.50 yuan in all." in me.get(REFUND).text
    scenarios.refund_of_unknown_amount(new_driver)
    page = me.get(REFUND)
    assert "Please pay out" not in page.text
    assert "How much is each, when will it be paid" in page.text
    assert "amount not known, refund due by 15 Oct" in page.text
    assert "30.00 yuan outstanding" in page.text


def test_a_new_date_for_all_and_paid_for_some_are_one_act(me: Person, new_driver: Make) -> None:
    drivers = [scenarios.refund_overdue(new_driver, f"1380000005{number}") for number in range(4)]
    unknown = scenarios.refund_of_unknown_amount(new_driver)
    page = me.get(REFUND)
    token = next(form for form in page.forms if "click" in form.every).every["click"][0]
    place = [driver.case.reference for driver in (*drivers, unknown)]
    page = record(
        me, page, agent="工号 88", outcome="refund_promised", day="2026-10-30", words="月底到账",
        **{
            f"outcome_{place[1]}": "refund_received", f"day_{place[1]}": "2026-10-15",
            f"outcome_{place[2]}": "refund_received", f"day_{place[2]}": "2026-10-16", f"amount_{place[2]}": "6.50",
            f"outcome_{place[3]}": "not_asked",
            f"outcome_{place[4]}": "refund_received", f"day_{place[4]}": "2026-10-16", f"amount_{place[4]}": "12",
        },
    )  # fmt: skip
    assert "Call recorded on 4 cases." in me.follow(page).text
    assert [driver.kinds[-1] for driver in (*drivers, unknown)] == [
        "refund_promised", "refund_received", "refund_received", "refund_expected", "refund_received",
    ]  # fmt: skip
    assert drivers[0].fresh().refund_due_on == on("2026-10-30")
    assert drivers[0].last_content["agent"] == "工号 88"
    assert drivers[1].last_content["words"] == "Carrier representative: 工号 88\n月底到账"
    assert [refund_of(driver.case) for driver in (*drivers[1:3], unknown)] == [
        ("36.50", "36.50", "2026-10-15"), ("36.50", "6.50", None), (None, "12.00", "2026-10-16"),
    ]  # fmt: skip
    assert {driver.last_entry.click for driver in (*drivers[:3], unknown)} == {UUID(token)}
    page = me.post(f"/acts/{token}/undo/")
    assert "Undone on 4 cases" in page.text
    assert drivers[0].fresh().refund_due_on == on("2026-10-15")


def test_paid_without_a_day_is_the_day_of_the_call(me: Person, new_driver: Make) -> None:
    driver = scenarios.refund_overdue(new_driver)
    record(me, me.get(REFUND), outcome="refund_received")
    assert refund_of(driver.case) == ("36.50", "36.50", "2026-10-16")
    assert "No calls are due" in me.get("/calls/").text


def test_a_date_or_an_amount_that_is_missing_is_asked_for_and_nothing_is_recorded(me: Person, new_driver: Make) -> None:
    known, unknown = scenarios.refund_overdue(new_driver), scenarios.refund_of_unknown_amount(new_driver)
    page = record(me, me.get(REFUND), outcome="refund_promised", words="说会退")
    assert "Enter the promised date." in page.text
    page = record(me, me.get(REFUND), outcome="refund_received", words="说退了")
    assert page.text.count("Enter an amount in yuan, more than zero") == 1
    assert next(form for form in page.forms if "click" in form.every).fields["words"] == "说退了"
    assert [driver.kinds[-1] for driver in (known, unknown)] == ["refund_expected", "refund_expected"]


def test_asked_without_a_reply_it_is_due_again_the_next_day(me: Person, new_driver: Make, clock: Any) -> None:
    driver = scenarios.refund_overdue(new_driver)
    record(me, me.get(REFUND), outcome="no_reply", words="说再查")
    assert driver.kinds[-1] == "follow_up"
    assert "No calls are due" in me.get("/calls/").text
    clock.move_to(at("2026-10-17T09:00"))
    assert "Ask for refunds: 1 number" in me.get("/calls/").text


def test_while_a_complaint_about_it_runs_nobody_calls(me: Person, new_driver: Make) -> None:
    scenarios.refund_complained(new_driver)
    assert "No calls are due" in me.get("/calls/").text


def test_what_was_returned_for_an_unpaid_bill_shows_the_sum(me: Person, new_driver: Make) -> None:
    driver = returned(new_driver)
    assert "China Mobile, Settle unpaid bills: 1 number, one call" in me.get("/calls/").text
    page = me.get(ARREARS)
    assert "submitted on 12 Oct, 36.50 yuan unpaid" in page.text
    assert "was returned because 36.50 yuan are unpaid." in page.text
    assert "36.50 yuan unpaid" in page.part("call-text")
    assert "returned because 36.50 yuan are unpaid (1 number)." in page.part("message-text")
    assert "Complain in writing" not in page.text
    record(me, page, ARREARS, outcome="explained", words="APP 里缴清")
    assert (driver.kinds[-1], driver.last_content["words"]) == ("follow_up", "APP 里缴清")
    assert "No calls are due" in me.get("/calls/").text


def test_a_sum_that_nobody_named_is_asked_for(me: Person, new_driver: Make) -> None:
    returned(new_driver)
    returned(new_driver, "13800000042", owed=None)
    by_charge = returned(new_driver, "13800000043", owed=None)
    by_charge.do(ops.RecordCharge(ops.NewCharge(Decimal(8), on("2026-10-14"), "arrears")), "2026-10-14T10:00")
    page = me.get(ARREARS)
    assert "because of unpaid bills. I will read them out. How much is due for each" in page.text
    assert page.part("call-text").count("yuan unpaid") == 2
    assert "8.00 yuan unpaid" in page.text


def test_what_was_learned_in_a_call_is_not_asked_again(me: Person, new_driver: Make) -> None:
    returned(new_driver, way="call")
    papers = new_driver("13800000042", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    papers.do(ops.Returned(at("2026-10-13T10:00"), reason="papers"), "2026-10-13T10:00")
    assert "No calls are due" in me.get("/calls/").text


def test_the_number_of_queries_does_not_grow_with_the_numbers(me: Person, new_driver: Make) -> None:
    counts = []
    for many in (2, 6):
        for number in range(many):
            scenarios.refund_overdue(new_driver, f"13810{many:02}{number:04}")
            returned(new_driver, f"13820{many:02}{number:04}")
        me.get("/calls/")
        for address in ("/calls/", REFUND, ARREARS):
            with CaptureQueriesContext(connection) as queries:
                me.get(address)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
