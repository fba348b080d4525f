"""Every verb in every status: done where domain.md has it, elsewhere refused by a named error, nothing touched."""

from collections.abc import Callable

import pytest

from cases.domain.errors import CaseError, NothingToAnswer, WrongState, WrongTransition
from cases.models import Case, TimelineEntry, User, Verification, WaitingRound
from cases.operations import (
    Acknowledged,
    Appeal,
    AppealAnswered,
    AppealDecided,
    AttachReceipts,
    Complain,
    ComplaintAnswered,
    Confirm,
    CorrectSubmission,
    FollowUp,
    MarkItem,
    NewReceipt,
    Promised,
    Recalculate,
    Reopen,
    ReportedDone,
    Returned,
    Submit,
    UnderReview,
    Verb,
    Verify,
    Withdraw,
)
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, on

DONE_AT = "2026-10-12T10:00"
MOMENT = at("2026-10-12T09:00")

STEPS: dict[str, list[Verb]] = {
    "draft": [],
    "submitted": [Submit(at("2026-09-30T15:00"))],
    "under_review": [Submit(at("2026-09-30T15:00")), UnderReview(at("2026-10-09T10:00"))],
    "returned": [Submit(at("2026-09-30T15:00")), Returned(at("2026-10-09T10:00"), reason="arrears")],
    "confirmed": [
        Submit(at("2026-09-30T15:00")),
        Verify(at("2026-10-09T10:00"), "hotline", "cancelled", confirm=True),
    ],
    "withdrawn": [Withdraw("不办了")],
}
HANDED_IN = {"submitted", "under_review", "returned"}
WITH_CARRIER = {"submitted", "under_review"}
OPEN = {"draft", "submitted", "under_review", "returned"}

#: The verb, the statuses that it is for, the error everywhere else, and the status that it leads to (None: none).
VERBS: dict[str, tuple[Verb, set[str], type[Exception], str | None]] = {
    "submit": (Submit(MOMENT), {"draft", "returned"}, WrongTransition, "submitted"),
    "acknowledged": (Acknowledged(MOMENT), WITH_CARRIER, WrongState, None),
    "under review": (UnderReview(MOMENT), WITH_CARRIER, WrongState, "under_review"),
    "promised": (Promised(MOMENT, promised_on=on("2026-10-16")), WITH_CARRIER, WrongState, None),
    "returned": (Returned(MOMENT, reason="contract"), WITH_CARRIER, WrongState, "returned"),
    "reported done": (ReportedDone(MOMENT), WITH_CARRIER, WrongState, None),
    "follow up": (FollowUp(MOMENT), HANDED_IN | {"confirmed"}, WrongState, None),
    "tick": (MarkItem("card"), OPEN, WrongState, None),
    "snooze": (Snooze(on("2026-10-20")), HANDED_IN, WrongState, None),
    "verify": (Verify(MOMENT, "call", "inconclusive"), WITH_CARRIER, WrongState, None),
    "verify and confirm": (Verify(MOMENT, "call", "cancelled", confirm=True), WITH_CARRIER, WrongState, "confirmed"),
    "confirm": (Confirm(), set(), WrongState, "confirmed"),  # with the carrier: NotVerified, see test_proof.py
    "reopen": (Reopen("号码还能打通"), {"confirmed"}, WrongState, "under_review"),
    "withdraw": (Withdraw(), OPEN, WrongTransition, "withdrawn"),
    "complain": (Complain(MOMENT), HANDED_IN, WrongState, None),
    "complaint answered": (ComplaintAnswered(MOMENT, satisfied=True), set(), NothingToAnswer, None),
    "appeal": (Appeal(MOMENT), set(), WrongState, None),  # where handed in: NoComplaintYet, see test_escalating.py
    "appeal decided": (AppealDecided(MOMENT, accepted=True), set(), NothingToAnswer, None),
    "appeal answered": (AppealAnswered(MOMENT, satisfied=True), set(), NothingToAnswer, None),
    "correct": (CorrectSubmission(at("2026-09-29T15:00"), "记错了"), WITH_CARRIER, WrongState, None),
    "recalculate": (Recalculate(), OPEN | {"confirmed"}, WrongState, None),
    "attach": (AttachReceipts((NewReceipt("sms", "a.txt", "text/plain", 3, "a" * 64),)), {*STEPS}, WrongState, None),
}
SPECIAL = {
    ("confirm", "submitted"),
    ("confirm", "under_review"),
    ("complain", "confirmed"),
    *(("appeal", status) for status in HANDED_IN | {"confirmed"}),
}


@pytest.fixture
def in_status(draft: CaseDriver) -> Callable[[str], CaseDriver]:
    def make(status: str) -> CaseDriver:
        for verb in STEPS[status]:
            draft.do(verb, "2026-10-09T11:00")
        assert draft.status == status
        return draft

    return make


def everything(case: Case) -> list[object]:
    """All that is stored of a case, to be compared."""
    rows = [Case.objects.filter(pk=case.pk), WaitingRound.objects.filter(case=case), TimelineEntry.objects.all()]
    return [list(row.values()) for row in [*rows, Verification.objects.all()]]


ALLOWED = [(name, status) for name, (_, statuses, _, _) in VERBS.items() for status in STEPS if status in statuses]


@pytest.mark.parametrize(("name", "status"), ALLOWED)
def test_allowed(in_status: Callable[[str], CaseDriver], name: str, status: str) -> None:
    driver, (verb, _, _, leads_to) = in_status(status), VERBS[name]
    before = driver.fresh().entry_count
    driver.do(verb, DONE_AT)
    assert driver.status == (leads_to or status)
    unchanged = name == "recalculate"  # by the same calendar there is nothing to change, and nothing to record
    assert driver.fresh().entry_count == before + (not unchanged)
    if not unchanged:
        assert (driver.last_entry.status_from, driver.last_entry.status_to) == (status, leads_to or status)
    assert driver.chain_flaw is None


@pytest.mark.parametrize("status", STEPS)
def test_everything_else_is_forbidden(in_status: Callable[[str], CaseDriver], status: str) -> None:
    driver = in_status(status)
    before = everything(driver.case)
    for name, (verb, statuses, error, _) in VERBS.items():
        if status in statuses or (name, status) in SPECIAL:
            continue
        with pytest.raises(CaseError) as caught:
            driver.do(verb, DONE_AT)
        assert caught.type is error, name
        if error is not NothingToAnswer:
            assert caught.value.params["from_status"] == status, name
        assert everything(driver.case) == before, name


def test_the_product_may_act_without_a_person(submitted: CaseDriver) -> None:
    submitted.do(AttachReceipts((NewReceipt("sms", "a.txt", "text/plain", 3, "a" * 64),)), DONE_AT, by=None)
    assert submitted.last_content["by"] == ""
    assert submitted.last_entry.recorded_by is None


def test_a_case_handed_back_is_the_case_as_it_stands(submitted: CaseDriver, manager: User) -> None:
    returned = submitted.do(UnderReview(MOMENT), DONE_AT)
    assert returned.status == "under_review"
    assert returned.version == submitted.fresh().version
