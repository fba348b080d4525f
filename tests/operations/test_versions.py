"""Which acts make another person's page old, verb by verb, and what an old page may still do."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from cases.domain.errors import ChangedMeanwhile
from cases.models import User
from cases.operations import (
    Acknowledged,
    Appeal,
    CheckBill,
    Complain,
    ComplaintAnswered,
    Confirm,
    CorrectSubmission,
    ExpectRefund,
    FollowUp,
    HandOver,
    MarkItem,
    NewCharge,
    Promised,
    PromiseRefund,
    ReceiveRefund,
    RecordCharge,
    Reopen,
    ReportedDone,
    Returned,
    Submit,
    TakesEffect,
    UnderReview,
    Verb,
    Verify,
    Withdraw,
    WriteOffRefund,
)
from cases.operations.erasure import Erase, Retain
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, on
from tests.replay.test_every_verb import verbs

MOMENT = at("2026-10-09T09:00")
CLOSED = [Verify(MOMENT, "hotline", "cancelled", confirm=True)]
COMPLAINED = [Complain(MOMENT)]
OWED = [*CLOSED, ExpectRefund(Decimal(36))]

#: What another person must have seen before acting: what came before, and the act, which makes a page old.
MAKES_OLD: dict[str, tuple[list[Verb], Verb]] = {
    "status": ([], Withdraw()),
    "a round": ([], UnderReview(MOMENT)),
    "another deadline": ([], Promised(MOMENT, promised_on=on("2026-10-16"))),
    "takes effect": ([], TakesEffect(MOMENT, effective_on=on("2026-11-01"))),
    "returned": ([], Returned(MOMENT, reason="other")),
    "submitted again": ([Returned(MOMENT, reason="other")], Submit(MOMENT)),
    "reported done": ([], ReportedDone(MOMENT)),
    "verified, and nothing else": ([], Verify(MOMENT, "call", "cancelled")),
    "alive, which takes a verification away": ([Verify(MOMENT, "call", "cancelled")], Verify(MOMENT, "call", "alive")),
    "alive after 'done'": ([ReportedDone(MOMENT)], Verify(MOMENT, "call", "alive")),
    "confirmed": ([Verify(MOMENT, "call", "cancelled")], Confirm()),
    "reopened": (CLOSED, Reopen("还能打通")),
    "the handler, and nothing else": ([], HandOver(None)),
    "the hour of the submission": ([], CorrectSubmission(at("2026-09-30T14:00"), "记错了")),
    "a complaint": ([], Complain(MOMENT)),
    "an answered complaint": (COMPLAINED, ComplaintAnswered(MOMENT, False)),
    "a refund": (CLOSED, ExpectRefund()),
    "a refund's new day": (OWED, PromiseRefund(MOMENT, on("2026-11-20"))),
    "a part of a refund": (OWED, ReceiveRefund(on("2026-10-09"), Decimal(6))),
    "a refund written off": (OWED, WriteOffRefund("算了")),
    "an appeal": ([*COMPLAINED, ComplaintAnswered(MOMENT, False)], Appeal(MOMENT, anyway=True)),
}  # fmt: skip

#: What only adds to the record.
LEAVES_FRESH: dict[str, tuple[list[Verb], Verb]] = {
    "a call": ([], FollowUp(MOMENT)),
    "acknowledged": ([], Acknowledged(MOMENT)),
    "an item": ([], MarkItem("card")),
    "a snooze": ([], Snooze(on("2026-10-20"))),
    "a charge": ([], RecordCharge(NewCharge(Decimal(8), on("2026-10-01")))),
    "verified without a finding": ([], Verify(MOMENT, "call", "inconclusive")),
    "alive, which nobody had doubted": ([], Verify(MOMENT, "call", "alive")),
    "the bill looked at": (CLOSED, CheckBill(MOMENT)),
    "kept": (CLOSED, Retain(True, "诉讼")),
}

#: Verbs that an old page may still do, since they only add to the record.
NOT_GUARDED = {
    "AttachReceipts", "ChangeCard", "CheckBill", "CorrectNumber", "FinalizeLetter", "FinalizeSharedLetter", "FollowUp",
    "MarkItem",
    "RecordCharge", "RecordRefund", "RecordState", "Recalculate", "Snooze", "UndoEntry", "Acknowledged",
}  # fmt: skip


@pytest.fixture
def driver(submitted: CaseDriver, agent: User) -> CaseDriver:
    submitted.do(HandOver(agent), "2026-09-30T16:00")
    return submitted


def versions(driver: CaseDriver, before: list[Verb], act: Verb) -> tuple[int, int]:
    """The version that a page shows after what came before, and the one after the act."""
    for verb in before:
        driver.do(verb, "2026-10-09T09:30")
    shown = driver.fresh().version
    driver.do(act, "2026-10-09T10:00")
    return shown, driver.fresh().version


@pytest.mark.parametrize("name", MAKES_OLD)
def test_a_page_from_before_is_refused(driver: CaseDriver, agent: User, name: str) -> None:
    shown, current = versions(driver, *MAKES_OLD[name])
    assert current == shown + 1
    entries = len(driver.kinds)
    for verb in (Withdraw(), Verify(MOMENT, "call", "alive"), Complain(MOMENT), HandOver(agent)):
        with pytest.raises(ChangedMeanwhile):
            driver.do(verb, "2026-10-09T10:01", by=agent, expected_version=shown)
    assert len(driver.kinds) == entries


@pytest.mark.parametrize("name", LEAVES_FRESH)
def test_a_page_from_before_still_serves(driver: CaseDriver, name: str) -> None:
    shown, current = versions(driver, *LEAVES_FRESH[name])
    assert current == shown
    act = Reopen("还能打通") if driver.status == "confirmed" else Withdraw()
    driver.do(act, "2026-10-09T10:01", expected_version=shown)


def test_a_page_of_the_right_version_is_taken_and_makes_the_next(driver: CaseDriver) -> None:
    shown = driver.fresh().version
    driver.do(UnderReview(MOMENT), "2026-10-09T10:00", expected_version=shown)
    driver.do(Withdraw(), "2026-10-09T10:01", expected_version=shown + 1)
    assert driver.fresh().version == shown + 2


def test_an_erased_case_is_new_to_every_page(driver: CaseDriver, manager: User, receipts_folder: Path) -> None:
    driver.do(CLOSED[0], "2026-10-09T09:30")
    shown = driver.fresh().version
    driver.do(Retain(True, "诉讼"), "2026-10-09T09:40")
    driver.do(Erase(), "2026-10-09T10:00", expected_version=shown)
    assert driver.fresh().erased_at == at("2026-10-09T10:00")


def guarded_verbs() -> Iterator[tuple[str, bool]]:
    for verb in verbs():
        yield verb.__name__, verb.guarded


def test_every_verb_refuses_an_old_page_unless_it_is_named_here() -> None:
    not_guarded = {name for name, guarded in guarded_verbs() if not guarded}
    assert not_guarded == NOT_GUARDED
