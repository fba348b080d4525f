"""Each reason of a return has its own advice: on the case's page, in the words for the call, and in reminders."""

import pytest

from cases import operations as ops
from cases.models import CarrierFact
from tests.helpers import at
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

STEPS = {
    "arrears": "Pay what is owed and keep the receipt, then submit again",
    "contract": "End the contract or bundle, then submit again",
    "papers": "Provide the missing documents, then submit again",
    "special": "Release the premium number or the linked SIMs, then submit again",
    "home": "Ask for the refusal in writing, or submit again at the home branch",
    "other": "Do what the carrier asked for, then submit again",
}
SCRIPTS = {
    "arrears": "was returned because of an unpaid bill. How much is due up to the cancellation date",
    "contract": "was returned because of a contract or bundle. Which one is it",
    "papers": "was returned because documents are missing. Which ones exactly",
    "special": "was returned because it is a premium number or linked to other SIMs.",
    "home": "Please accept it, or give me the refusal in writing.",
    "other": "What exactly is missing, and what do I have to do?",
}


@pytest.mark.parametrize("reason", STEPS)
def test_each_reason_has_a_step_a_place_and_words_of_its_own(me: Person, new_driver: Make, reason: str) -> None:
    driver = new_driver("13800000010", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.Returned(at("2026-10-14T10:00"), reason=reason), "2026-10-14T10:00")
    text = me.get(path(driver)).text
    assert f"Next step {STEPS[reason]}" in text
    assert SCRIPTS[reason] in text
    for label in ("What to do", "Where to go", "What to bring"):
        assert label in text
    assert ("The amount owed is not known: call 10086." in text) == (reason == "arrears")


def test_the_sum_is_asked_for_with_the_return_and_shown(me: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    me.fill(path(driver, "reply"), kind="returned", reason="arrears", owed="36.8")
    text = me.get(path(driver)).text
    assert "Amount owed: 36.80 yuan." in text
    assert "Pay only in the carrier’s own app, at a branch or as 10086 tells you" in text
    assert "was returned because 36.80 yuan are unpaid." in text
    assert "Amount owed 36.80 yuan" in text  # the timeline


def test_a_sum_that_is_none_is_refused_at_its_field(me: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    page = me.fill(path(driver, "reply"), kind="returned", reason="arrears", owed="0", words="欠费")
    assert "Amount owed (yuan)" in page.text
    assert "欠费" in page.html
    assert driver.fresh().status == "submitted"


def test_what_is_known_of_the_carrier_stands_beside_it_with_its_source(me: Person, new_driver: Make) -> None:
    driver = scenarios.returned(new_driver)
    facts = {"payment": "演示：账单在 App 首页。", "papers": "演示：要身份证。"}
    for topic, statement in facts.items():
        CarrierFact.objects.create(
            carrier=driver.case.carrier, topic=topic, statement=statement, source="演示来源", confidence="L"
        )
    text = me.get(path(driver)).text
    assert "Paying a bill 演示：账单在 App 首页。 Source: 演示来源 (Low: one unverified page)" in text
    assert "演示：要身份证。" not in text
