"""A case read as its record has it, whatever the tables say, and as it is stored where the record cannot tell."""

import pytest

from cases.models import Card, Carrier, Case, Charge, Team, User
from cases.operations import HandOver, NewCharge, RecordCharge
from cases.operations.as_recorded import CaseAsRecorded, case_as_recorded
from tests.bystanders import Bystanders
from tests.helpers import CaseDriver, at, many_drafts, on

pytestmark = pytest.mark.forged


@pytest.fixture
def driver(bystanders: Bystanders, submitted: CaseDriver, agent: User) -> CaseDriver:
    submitted.do(HandOver(agent), "2026-10-09T10:00")
    for amount, day in (("8", "2026-10-05"), ("3", "2026-10-01"), ("5", "2026-10-05")):
        charge = NewCharge(Charge._meta.get_field("amount").to_python(amount), on(day))
        submitted.do(RecordCharge(charge), "2026-10-09T10:00")
    return submitted


def read(driver: CaseDriver) -> CaseAsRecorded:
    return case_as_recorded(Case.objects.select_related("card", "carrier").get(pk=driver.case.pk))


def test_an_untouched_case_is_what_it_is(driver: CaseDriver, agent: User) -> None:
    found = read(driver)
    assert (found.differs, found.case.handler, found.case.card.number) == (False, agent, "13800138000")
    assert [(str(row.amount), str(row.day)) for row in found.charges] == [
        ("3.00", "2026-10-01"), ("8.00", "2026-10-05"), ("5.00", "2026-10-05"),
    ]  # fmt: skip
    assert [row.number for row in found.rounds] == [1]
    assert len(found.entries) == 6


def test_a_handler_that_nobody_recorded_is_not_shown(driver: CaseDriver, agent: User, manager: User) -> None:
    for forged in (manager.pk, None):
        Case.objects.filter(pk=driver.case.pk).update(handler=forged)
        found = read(driver)
        assert (found.differs, found.case.handler) == (True, agent)


def test_nor_a_number_a_holder_or_a_carrier(driver: CaseDriver, unicom: Carrier) -> None:
    Card.objects.filter(pk=driver.case.card_id).update(holder="李四光")
    assert (read(driver).case.card.holder, read(driver).differs) == ("", False)  # the register may change by itself
    Card.objects.filter(pk=driver.case.card_id).update(holder="")
    Card.objects.filter(pk=driver.case.card_id).update(number="13911112222")
    assert (read(driver).case.card.number, read(driver).differs) == ("13800138000", True)
    Card.objects.filter(pk=driver.case.card_id).update(number="13800138000")
    Case.objects.filter(pk=driver.case.pk).update(carrier=unicom)
    assert (read(driver).case.carrier.slug, read(driver).differs) == ("china-mobile", True)


def test_nor_a_moment(driver: CaseDriver) -> None:
    Case.objects.filter(pk=driver.case.pk).update(submitted_at=at("2026-09-01T10:00"))
    found = read(driver)
    assert (found.case.submitted_at, found.differs) == (at("2026-09-30T15:00"), True)


def test_where_nothing_is_recorded_it_is_as_stored(team: Team, mobile: Carrier) -> None:
    (case,) = many_drafts(team, mobile, 1)
    found = case_as_recorded(Case.objects.select_related("card", "carrier").get(pk=case.pk))
    assert (found.replayed, found.differs, found.entries, found.charges) == (None, False, [], [])
    assert found.case.card.number == "13900000000"
