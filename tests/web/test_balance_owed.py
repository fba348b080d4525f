"""A balance that is owed back, recorded with the 'done', the check or the confirmation that it follows from.

It is Friday 2026-10-16, 10:00.
"""

import pytest

from cases import operations as ops
from cases.models import Refund
from tests.helpers import CaseDriver, at
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

BALANCE = {"balance_amount": "36.50", "balance_way": "bank_card", "balance_ending": "6217",
           "balance_due_on": "2026-11-20"}  # fmt: skip
CANCELLED = {"method": "hotline", "finding": "cancelled", "confirm": "on", "happened_at": "2026-10-16T09:50"}
DONE = {"kind": "reported_done", "happened_at": "2026-10-16T09:50"}


def refunds(driver: CaseDriver) -> list[tuple[str | None, str, str, str, str]]:
    rows = Refund.objects.filter(case=driver.case)
    return [
        (row.amount and str(row.amount), row.way, row.account_ending, row.due_on.isoformat(), row.due_basis)
        for row in rows
    ]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("action", "typed", "kind"),
    [
        ("reply", DONE, "reported_done"),
        ("follow-up", {**DONE, "way": "call"}, "reported_done"),
        ("verify", CANCELLED, "confirmed"),
    ],
)
def test_one_press_records_both_and_one_undo_takes_both_back(
    me: Person, new_driver: Make, action: str, typed: dict[str, str], kind: str
) -> None:
    driver = scenarios.overdue(new_driver)
    version, before = driver.fresh().version, driver.kinds
    page = me.follow(me.fill(path(driver, action), **typed, **BALANCE, owes_balance="on"))
    assert driver.kinds == [*before, kind, "refund_expected"]
    assert refunds(driver) == [("36.50", "bank_card", "6217", "2026-11-20", "carrier_word")]
    title = {"reported_done": "Carrier reported it done", "confirmed": "Confirmed as cancelled"}[kind]
    assert f"Recorded: {title}, Refund expected" in page.text
    assert driver.fresh().version == version + 2
    (undo,) = [form.action for form in page.forms if form.action.startswith("/acts/")]
    assert "Undone on 1 case" in me.post(undo).text
    assert refunds(driver) == []
    assert driver.fresh().reported_done_at is None
    assert driver.status == "submitted"
    assert driver.chain_flaw is None


def test_the_confirmation_of_an_earlier_check_takes_it_too(me: Person, new_driver: Make) -> None:
    driver = scenarios.to_verify(new_driver)
    driver.do(ops.Verify(at("2026-10-16T09:00"), "hotline", "cancelled"), "2026-10-16T09:00")
    me.fill(path(driver, "confirm"), words="已销", owes_balance="on")
    assert driver.kinds[-2:] == ["confirmed", "refund_expected"]
    # Nobody named a day: 15 working days after 'done' of 10-15.
    assert refunds(driver) == [(None, "unknown", "", "2026-11-05", "working_days")]


def test_an_amount_without_the_tick_is_a_balance_and_nothing_typed_is_none(me: Person, new_driver: Make) -> None:
    first, second = scenarios.to_verify(new_driver), scenarios.to_verify(new_driver, "13800000018")
    me.fill(path(first, "verify"), **CANCELLED, balance_amount="8")
    me.fill(path(second, "verify"), **CANCELLED)
    assert [len(refunds(driver)) for driver in (first, second)] == [1, 0]
    assert second.kinds[-1] == "confirmed"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"balance_ending": "6217 0000 1234 5678"}, "Enter at most the last 4 digits or letters."),
        ({"balance_due_on": "2026-10-14"}, "This is before the day of the cancellation (15 Oct)."),
        ({"balance_amount": "0.00"}, "Enter an amount in yuan, more than zero"),
        # Without the confirmation, of a number that the carrier has not reported done.
        ({"confirm": ""}, "A refund can be recorded once the carrier has reported the cancellation done"),
    ],
)
def test_a_refused_refund_keeps_everything_typed_and_saves_nothing(
    me: Person, new_driver: Make, typed: dict[str, str], sentence: str
) -> None:
    driver = scenarios.overdue(new_driver) if "confirm" in typed else scenarios.to_verify(new_driver)
    before = driver.kinds
    fields = {**CANCELLED, **BALANCE, "words": "客服说已销", **typed}
    page = me.fill(path(driver, "verify"), **fields)
    assert sentence in page.text
    assert driver.kinds == before
    assert refunds(driver) == []
    kept = page.form().fields
    names = ("words", "happened_at", *BALANCE)
    assert [kept[name] for name in names] == [fields[name] for name in names]
    assert '<details class="balance-fold" open>' in page.html


def test_of_another_reply_or_finding_no_balance_is_owed(me: Person, new_driver: Make) -> None:
    driver, alive = scenarios.overdue(new_driver), scenarios.to_verify(new_driver)
    me.fill(path(driver, "reply"), kind="under_review", happened_at="2026-10-16T09:50", **BALANCE)
    me.fill(path(alive, "verify"), **{**CANCELLED, "finding": "alive"}, **BALANCE)
    assert [driver.kinds[-1] for driver in (driver, alive)] == ["under_review", "verified"]
    assert not Refund.objects.exists()


def test_it_is_folded_and_left_out_where_a_refund_is_recorded(me: Person, new_driver: Make) -> None:
    driver = scenarios.to_verify(new_driver)
    for action in ("reply", "follow-up", "verify"):
        html = me.get(path(driver, action)).html
        assert '<details class="balance-fold">' in html
        assert "A balance is owed back" in html
    driver.do(ops.ExpectRefund(), "2026-10-16T09:00")
    for action in ("reply", "follow-up", "verify"):
        assert "balance" not in me.get(path(driver, action)).html
    driver.do(ops.WriteOffRefund("没有余额"), "2026-10-16T09:10")
    assert "balance_amount" not in me.get(path(driver, "verify")).html
    me.fill(path(driver, "verify"), **CANCELLED)
    assert driver.kinds[-1] == "confirmed"


def test_a_form_for_many_cases_does_not_ask(me: Person, new_driver: Make) -> None:
    cases = [scenarios.to_verify(new_driver, f"1380000001{number}").case for number in (7, 8)]
    page = me.post("/cases/many/", {"case": [case.reference for case in cases]}, action="verify")
    assert page.status == 200
    assert "balance" not in page.html


def test_sent_twice_it_is_recorded_once(me: Person, new_driver: Make) -> None:
    driver = scenarios.to_verify(new_driver)
    form = me.get(path(driver, "verify")).form()
    for _ in range(2):
        me.post(path(driver, "verify"), form.fields | CANCELLED | BALANCE)
    assert driver.kinds[-2:] == ["confirmed", "refund_expected"]
    assert len(refunds(driver)) == 1
