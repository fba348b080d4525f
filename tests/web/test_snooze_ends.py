"""A snooze mutes the waiting, not the answer: everything that the carrier does ends it, and the page says what did.

The case was submitted on 2026-09-30 and is overdue since 10-14; it is snoozed on Thursday 10-15 until Friday 10-30.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cases import operations as ops
from cases.inbox.process import process_stored
from cases.models import Carrier, CarrierMessage
from cases.operations import propose_message, set_message_aside
from cases.operations.follow_up import Snooze
from cases.operations.integrity import check_integrity
from tests.helpers import CaseDriver, at, local_str, on
from tests.inbox.conftest import storing
from tests.web.html_client import Person

Make = Callable[..., CaseDriver]


@pytest.fixture
def case(receipts_folder: Path, new_driver: Make) -> CaseDriver:
    driver = new_driver("13900139000", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    driver.do(Snooze(on("2026-10-30")), "2026-10-15T10:00")
    return driver


def next_reminder(driver: CaseDriver) -> str | None:
    return local_str(driver.fresh().next_reminder_at)


def message(driver: CaseDriver, now: str) -> CarrierMessage:
    return CarrierMessage.objects.create(
        team=driver.case.team, source="pasted", sender="10086", text="合成短信", received_at=at(now), stored_at=at(now),
        digest=driver.case.card.number * 5,
    )  # fmt: skip


def test_nothing_is_told_while_nothing_happens(case: CaseDriver) -> None:
    assert next_reminder(case) == "2026-10-30 09:00"


@pytest.mark.parametrize(
    ("verb", "moment", "told"),
    [
        # On the third working day in 'returned'.
        (ops.Returned(at("2026-10-16T10:00"), reason="papers"), "2026-10-16T10:00", "2026-10-21 09:00"),
        # On the working day after 'done'.
        (ops.ReportedDone(at("2026-10-16T10:00")), "2026-10-16T10:00", "2026-10-19 09:00"),
        # The last bill, on the 5th of the next month.
        (
            ops.Verify(at("2026-10-16T10:00"), "hotline", "cancelled", confirm=True),
            "2026-10-16T10:00",
            "2026-11-05 09:00",
        ),
    ],
)
def test_what_the_carrier_does_ends_it(case: CaseDriver, verb: ops.Verb, moment: str, told: str) -> None:
    case.do(verb, moment)
    assert (case.fresh().snoozed_until, case.fresh().snoozed_at) == (None, None)
    assert next_reminder(case) == told


def test_a_message_ends_it_at_once(case: CaseDriver) -> None:
    propose_message(message(case, "2026-10-16T10:00"), case.fresh(), by=None, now=at("2026-10-16T10:00"))
    assert case.fresh().snoozed_until is None
    assert next_reminder(case) == "2026-10-16 10:00"


@pytest.mark.parametrize(
    ("text", "kind", "moment"),
    [
        # Acknowledged: the deadline stays, and what the snooze held back since 10-12 is due at once.
        ("【中国移动】您的号码13900139000销户申请已受理，工单号SL4711。", "acknowledged", "2026-10-12 09:00"),
        # Under review: three more working days, to the end of 10-21.
        ("【中国移动】您的号码13900139000销户申请正在审核中，请耐心等待。", "under_review", "2026-10-22 09:00"),
    ],
)
def test_a_message_that_is_recorded_by_itself_ends_it(
    case: CaseDriver, mobile: Carrier, text: str, kind: str, moment: str
) -> None:
    mobile.sms_senders = ["10086"]
    mobile.save()
    storing(case.case.team)(text, when="2026-10-16T10:00")
    process_stored(at("2026-10-16T10:00"))
    assert case.kinds[-1] == kind
    assert case.last_entry.recorded_by is None
    assert (case.fresh().snoozed_until, case.fresh().snoozed_at) == (None, None)
    assert next_reminder(case) == moment
    assert check_integrity(case.fresh()).flaws == []


def test_the_same_message_recorded_by_a_person_leaves_it(case: CaseDriver) -> None:
    arrived = message(case, "2026-10-16T10:00")
    case.do(ops.RecordMessage(arrived, ops.Acknowledged(at("2026-10-16T10:00"))), "2026-10-16T10:05")
    assert case.fresh().snoozed_until == on("2026-10-30")


def test_an_advertisement_does_not(case: CaseDriver) -> None:
    advertisement = message(case, "2026-10-16T10:00")
    advertisement = propose_message(advertisement, case.fresh(), by=None, now=at("2026-10-16T10:00"), is_move=False)
    set_message_aside(advertisement, by=None, now=at("2026-10-16T10:05"))
    assert case.fresh().snoozed_until == on("2026-10-30")
    assert next_reminder(case) == "2026-10-30 09:00"


def test_a_promise_made_meanwhile_is_waited_for_and_told_when_it_breaks(case: CaseDriver) -> None:
    case.do(ops.Promised(at("2026-10-16T10:00"), promised_on=on("2026-10-20")), "2026-10-16T10:00")
    assert next_reminder(case) == "2026-10-21 09:00"


def test_a_promise_made_before_is_told_when_it_breaks(new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-16")), "2026-10-12T15:00")
    driver.do(Snooze(on("2026-10-30")), "2026-10-13T10:00")
    assert next_reminder(driver) == "2026-10-19 09:00"


def test_a_promise_that_was_broken_when_it_was_snoozed_stays_quiet(new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-13")), "2026-10-12T15:00")
    driver.do(Snooze(on("2026-10-30")), "2026-10-14T10:00")
    assert next_reminder(driver) == "2026-10-30 09:00"


@pytest.mark.parametrize(
    "verb",
    [
        ops.Acknowledged(at("2026-10-16T10:00")),
        ops.FollowUp(at("2026-10-16T10:00")),
        ops.Verify(at("2026-10-16T10:00"), "call", "inconclusive"),
    ],
)
def test_what_moves_nothing_leaves_it(case: CaseDriver, verb: ops.Verb) -> None:
    case.do(verb, "2026-10-16T10:00")
    assert case.fresh().snoozed_until == on("2026-10-30")


def test_the_page_says_why_it_ended(me: Person, case: CaseDriver, new_driver: Make, clock: Any) -> None:
    path = f"/cases/{case.case.reference}/"
    note = "The snooze until 30 Oct has ended:"
    assert note not in me.get(path).text  # Friday 10-16, 10:00
    message_path = new_driver("13900139001", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    message_path.do(Snooze(on("2026-10-30")), "2026-10-15T10:00")
    at_nine = at("2026-10-16T09:00")
    propose_message(message(message_path, "2026-10-16T09:00"), message_path.fresh(), by=None, now=at_nine)
    assert f"{note} an SMS from the carrier arrived." in me.get(f"/cases/{message_path.case.reference}/").text
    promised = new_driver("13900139002", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    promised.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-15")), "2026-10-12T15:00")
    promised.do(Snooze(on("2026-10-30")), "2026-10-13T10:00")
    promised_page = me.get(f"/cases/{promised.case.reference}/").text
    assert f"{note} the promised date passed without a reply." in promised_page
    case.do(ops.ReportedDone(at("2026-10-16T09:30")), "2026-10-16T09:30")
    assert f"{note} the carrier said that it is done." in me.get(path).text
    case.do(ops.Verify(at("2026-10-16T09:40"), "hotline", "alive"), "2026-10-16T09:40")
    case.do(ops.Returned(at("2026-10-16T09:50"), reason="papers"), "2026-10-16T09:50")
    assert note in me.get(path).text
    clock.move_to(at("2026-10-30T10:00"))
    assert note not in me.get(path).text
