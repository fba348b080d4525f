"""What the carrier owes back, on the pages: the case, the work list, the list of cases."""

from decimal import Decimal

import pytest

from cases.models import Refund
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path


def test_from_expected_to_received_on_the_page_of_the_case(me: Person, new_driver: Make) -> None:
    driver = scenarios.confirmed(new_driver)
    part = me.get(path(driver)).part("refunds")
    assert "Does the carrier owe you the rest of the balance?" in part
    expected = path(driver, "expect-refund")
    assert expected in me.get(path(driver)).hrefs
    part = me.follow(
        me.fill(expected, amount="36.50", way="bank_card", account_ending="6217", due_on="2026-10-20", words="退到卡上")
    ).part("refunds")
    assert "China Mobile owes a refund of 36.50 yuan. The carrier said it would pay by 20 Oct." in part
    assert "To a bank card (ending 6217) 36.50 yuan due 20 Oct · 36.50 yuan outstanding · 退到卡上" in part
    part = me.follow(me.fill(path(driver, "receive-refund"), amount="30", day="2026-10-16")).part("refunds")
    assert "China Mobile still owes 6.50 yuan of 36.50 yuan." in part
    part = me.follow(me.fill(path(driver, "receive-refund"), day="2026-10-16")).part("refunds")
    assert "36.50 yuan due 20 Oct · 36.50 yuan received · received 16 Oct · 退到卡上" in part
    assert "owes" not in part
    text = me.get(path(driver)).text
    assert "Refund expected" in text
    assert "Account ending 6217" in text


@pytest.mark.parametrize("typed", ["6217 0000 1234 5678", "62170"])
def test_an_account_number_is_refused_and_what_was_typed_stays(me: Person, new_driver: Make, typed: str) -> None:
    driver = scenarios.confirmed(new_driver)
    page = me.fill(path(driver, "expect-refund"), amount="36.50", account_ending=typed, words="原路退回")
    assert "Enter at most the last 4 digits or letters. Xiaoka does not store account numbers." in page.text
    assert (page.form().fields["account_ending"], page.form().fields["words"]) == (typed, "原路退回")
    assert not Refund.objects.exists()


def test_what_does_not_fit_is_said_at_its_field(me: Person, new_driver: Make) -> None:
    driver = scenarios.confirmed(new_driver)
    page = me.fill(path(driver, "expect-refund"), due_on="2026-10-14")
    assert "This is before the day of the cancellation (15 Oct)." in page.text
    driver = scenarios.refund_open(new_driver)
    for fields, sentence in (
        ({"day": "2026-10-17"}, "This date is in the future."),
        ({"day": "2026-10-01"}, "This is before the request was submitted (12 Oct)."),
        ({"day": "2026-10-16", "amount": "30", "is_all": "on"}, "36.50 yuan are outstanding, so this is a part."),
    ):
        assert sentence in me.fill(path(driver, "receive-refund"), **fields).text
    page = me.fill(path(driver, "promise-refund"), promised_on="2206-01-01")
    assert "The working-day calendar covers" in page.text
    assert Refund.objects.get().received == 0


def test_a_new_date_and_a_write_off(me: Person, new_driver: Make) -> None:
    driver = scenarios.refund_overdue(new_driver)
    page = me.get(path(driver))
    assert "Next step Call 10086 and ask for the refund" in page.text
    assert "“Hello, the number 138****0028 has been cancelled" in page.text
    part = me.follow(me.fill(path(driver, "promise-refund"), promised_on="2026-11-20", way="unasked")).part("refunds")
    assert "The carrier said it would pay by 20 Nov. It was first due by 15 Oct." in part
    assert "first due 15 Oct, put off to 20 Nov" in part
    assert driver.fresh().last_follow_up_at is None
    me.fill(path(driver, "write-off-refund"), words="不值得再催")
    assert "written off" in me.get(path(driver)).part("refunds")


def test_a_complaint_can_be_closed_once_nothing_is_owed(me: Person, new_driver: Make) -> None:
    driver = scenarios.refund_complained(new_driver)
    closing = "Complaint in progress filed on 16 Oct, 08:00 nothing is owed any more: record the answer to close it"
    assert closing not in me.get(path(driver)).text
    me.follow(me.fill(path(driver, "receive-refund"), day="2026-10-16"))
    page = me.get(path(driver))
    assert closing in page.text
    assert path(driver, "complaint-answer") in page.hrefs


def test_the_work_list_has_a_tile_and_a_section(me: Person, new_driver: Make) -> None:
    scenarios.confirmed(new_driver)
    assert "Refund open" not in me.get("/").text
    scenarios.refund_open(new_driver)
    scenarios.refund_overdue(new_driver)
    page = me.get("/")
    tile = next(href for href, said in page.links if said == "2 Refund open")
    assert tile == "/cases/?standing=refund_open"
    listed = me.get(tile)
    assert "138****0027" in listed.text
    assert "138****0028" in listed.text
    assert "138****0011" not in listed.part("results")
    section = page.part("refund")
    assert section.startswith("Refund overdue 1 138****0028 China Mobile cancelled, confirmed")
    assert "Call 10086 and ask for the refund" in section


@pytest.mark.parametrize(("words", "count"), [("待退费", 2), ("退费超期", 1), ("refund-overdue", 1)])
def test_found_by_words(me: Person, new_driver: Make, words: str, count: int) -> None:
    scenarios.confirmed(new_driver)
    scenarios.refund_open(new_driver)
    scenarios.refund_overdue(new_driver)
    results = me.get(f"/cases/?q={words}").part("results")
    assert results.startswith(f"{count} case")


def test_the_forms_say_what_is_owed_and_what_a_blank_amount_means(me: Person, new_driver: Make) -> None:
    driver = scenarios.confirmed(new_driver)
    page = me.get(path(driver, "expect-refund"))
    assert "Leave blank if you do not know it." in page.text
    assert "owes" not in page.text
    driver = scenarios.refund_open(new_driver)
    for action in ("receive-refund", "promise-refund", "write-off-refund"):
        page = me.get(path(driver, action))
        assert "cancelled, refund open Submitted" in page.text, action
        assert "China Mobile owes a refund of 36.50 yuan." in page.text, action
    assert (
        "Amount received (yuan) Leave blank if all that is outstanding came."
        in me.get(path(driver, "receive-refund")).text
    )
    assert "owes a refund" not in me.get(path(driver, "follow-up")).text


def test_the_sum_received_is_exact(me: Person, new_driver: Make) -> None:
    driver = scenarios.refund_open(new_driver)
    me.fill(path(driver, "receive-refund"), amount="36.49", day="2026-10-16")
    assert Refund.objects.get().outstanding == Decimal("0.01")
