"""An entry undone, voided or amended: the case is what the rest of its record says, and the old entry stays.

After each test every case is compared with its record (tests/replay_check.py).
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from cases.domain.corrections import (
    AfterRecording,
    AlreadyVoided,
    AmendmentInTheWay,
    CorrectionNeedsManager,
    EntryFixed,
    EntryInTheWay,
    NoSuchEntry,
    UndoneByOthers,
    UndoTooLate,
)
from cases.domain.errors import BeforeSubmission, ChangedMeanwhile, OpenCaseExists, PromiseInThePast, ReasonMissing
from cases.domain.roles import ViewerReadOnly
from cases.models import Case, Charge, ChecklistMark, Reminder, User, Verification
from cases.operations import (
    Acknowledged,
    Complain,
    Confirm,
    FollowUp,
    HandOver,
    MarkItem,
    NewCharge,
    Promised,
    RecordCharge,
    Returned,
    Submit,
    UnderReview,
    Verify,
    Withdraw,
)
from cases.operations.corrections import AmendEntry, UndoEntry, VoidEntry
from cases.operations.follow_up import Snooze
from cases.reminders.pipeline import run_sweep
from tests.helpers import CaseDriver, at, local_str, on

# `submitted`: entry 1 logged, entry 2 submitted on 2026-09-30 at 15:00; the answer is due by 10-14 00:00.


def test_a_wrong_reply_is_undone(submitted: CaseDriver) -> None:
    submitted.do(UnderReview(at("2026-10-13T09:00"), words="别的号"), "2026-10-13T09:05")
    assert submitted.status == "under_review"
    assert submitted.reply_by != "2026-10-14 00:00"
    submitted.do(UndoEntry(3), "2026-10-13T09:15")
    assert (submitted.status, submitted.reply_by) == ("submitted", "2026-10-14 00:00")
    assert submitted.rounds == [(1, "submission", "2026-10-14 00:00", None, False)]
    assert submitted.fresh().last_reply_at is None
    assert submitted.kinds == ["logged", "submitted", "under_review", "voided"]
    last = submitted.last_content
    assert (last["corrects"], last["corrected_kind"], last["undone"], last["words"]) == (3, "under_review", True, "")
    assert last["reply_by"][1] == "2026-10-14T00:00:00+08:00"
    assert submitted.chain_flaw is None


def test_the_old_entry_stays_as_it_was(submitted: CaseDriver) -> None:
    submitted.do(UnderReview(at("2026-10-09T09:00"), words="别的号"), "2026-10-09T09:05")
    before = submitted.entries.get(sequence=3)
    submitted.do(VoidEntry(3, "记错案件"), "2026-10-09T10:00")
    after = submitted.entries.get(sequence=3)
    assert (after.entry_hash, after.content.body, after.status_to) == (
        before.entry_hash,
        before.content.body,
        "under_review",
    )


@pytest.mark.parametrize(
    ("now", "refused"),
    [("2026-10-09T09:15", None), ("2026-10-09T09:16", UndoTooLate), ("2026-10-10T09:00", UndoTooLate)],
)
def test_ten_minutes(submitted: CaseDriver, now: str, refused: Any) -> None:
    submitted.do(UnderReview(at("2026-10-09T09:00")), "2026-10-09T09:05")
    if refused is None:
        submitted.do(UndoEntry(3), now)
        return
    with pytest.raises(refused) as error:
        submitted.do(UndoEntry(3), now)
    assert error.value.params == {"minutes": 10}
    assert submitted.kinds == ["logged", "submitted", "under_review"]


def test_nobody_undoes_what_another_did(submitted: CaseDriver, agent: User) -> None:
    submitted.do(UnderReview(at("2026-10-09T09:00")), "2026-10-09T09:05", by=agent)
    with pytest.raises(UndoneByOthers):  # not even a manager: for them there is 'void'
        submitted.do(UndoEntry(3), "2026-10-09T09:06")


def test_a_manager_voids_what_anybody_recorded_an_agent_their_own_of_today(
    submitted: CaseDriver, agent: User, viewer: User
) -> None:
    submitted.do(FollowUp(at("2026-10-09T09:00")), "2026-10-09T09:05", by=agent)
    submitted.do(FollowUp(at("2026-10-09T10:00")), "2026-10-09T10:05")
    submitted.do(FollowUp(at("2026-10-09T11:00")), "2026-10-09T11:05", by=agent)
    with pytest.raises(CorrectionNeedsManager):
        submitted.do(VoidEntry(4, "重复"), "2026-10-09T12:00", by=agent)
    with pytest.raises(CorrectionNeedsManager):
        submitted.do(VoidEntry(3, "重复"), "2026-10-10T00:00", by=agent)
    with pytest.raises(ViewerReadOnly):
        submitted.do(VoidEntry(3, "重复"), "2026-10-09T12:00", by=viewer)
    submitted.do(VoidEntry(5, "重复"), "2026-10-09T23:59", by=agent)
    assert local_str(submitted.fresh().last_follow_up_at) == "2026-10-09 10:00"
    submitted.do(VoidEntry(4, "重复"), "2026-10-20T09:00")
    assert local_str(submitted.fresh().last_follow_up_at) == "2026-10-09 09:00"


def test_a_reason_is_needed(submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at("2026-10-09T09:00")), "2026-10-09T09:05")
    for verb in (VoidEntry(3, " "), AmendEntry(3, {"words": "改"}, "")):
        with pytest.raises(ReasonMissing):
            submitted.do(verb, "2026-10-09T09:06")


def test_yesterdays_promise_is_voided_and_the_deadline_is_that_of_before(submitted: CaseDriver) -> None:
    submitted.do(Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-16")), "2026-10-09T09:05")
    assert submitted.reply_by == "2026-10-17 00:00"
    submitted.do(VoidEntry(3, "听错了"), "2026-10-10T09:00")
    assert submitted.reply_by == "2026-10-14 00:00"
    assert submitted.fresh().promised_on is None
    assert submitted.next_reminder == "2026-10-12 09:00"  # the first call, from Sunday the 11th on


def test_what_came_after_a_voided_entry_is_counted_without_it(submitted: CaseDriver) -> None:
    submitted.do(Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-16")), "2026-10-09T09:05")
    submitted.do(Returned(at("2026-10-18T09:00"), reason="papers"), "2026-10-18T09:05")
    assert submitted.rounds[-1] == (2, "promise", "2026-10-17 00:00", "2026-10-18 09:00", True)
    submitted.do(VoidEntry(3, "听错了"), "2026-10-18T10:00")
    assert submitted.status == "returned"
    assert submitted.rounds == [(1, "submission", "2026-10-14 00:00", "2026-10-18 09:00", True)]


def test_lateness_follows(submitted: CaseDriver) -> None:
    """Promised for the 20th: the answer of the 16th was in time. Without the promise it was late."""
    submitted.do(Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-20")), "2026-10-09T09:05")
    submitted.do(Returned(at("2026-10-16T09:00"), reason="papers"), "2026-10-16T09:05")
    assert submitted.fresh().was_late is False
    submitted.do(VoidEntry(3, "另一张卡"), "2026-10-16T10:00")
    assert submitted.fresh().was_late is True


def test_what_rests_on_an_entry_stands_in_its_way(submitted: CaseDriver) -> None:
    submitted.do(Returned(at("2026-10-09T09:00"), reason="papers"), "2026-10-09T09:05")
    submitted.do(Submit(at("2026-10-10T09:00")), "2026-10-10T09:05")
    with pytest.raises(EntryInTheWay) as error:
        submitted.do(VoidEntry(3, "记错"), "2026-10-10T10:00")
    assert {name: str(value) for name, value in error.value.params.items()} == {
        "entry": "4", "what": "resubmitted", "day": "2026-10-10",
    }  # fmt: skip
    submitted.do(VoidEntry(4, "没有交"), "2026-10-10T10:00")
    submitted.do(VoidEntry(3, "记错"), "2026-10-10T10:01")
    assert (submitted.status, submitted.reply_by) == ("submitted", "2026-10-14 00:00")


def test_of_a_closed_case_the_closing_entry_goes_first(submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at("2026-10-09T09:00")), "2026-10-09T09:05")
    submitted.do(Verify(at("2026-10-12T09:00"), "hotline", "cancelled"), "2026-10-12T09:05")
    submitted.do(Confirm(), "2026-10-12T09:06")
    for sequence in (2, 3, 4):
        with pytest.raises(EntryInTheWay) as error:
            submitted.do(VoidEntry(sequence, "记错"), "2026-10-12T10:00")
        assert error.value.params["entry"] == 5
    submitted.do(VoidEntry(5, "还没停机"), "2026-10-12T10:00")
    case = submitted.fresh()
    assert (case.status, submitted.reply_by, case.confirmed_at, case.closed_at) == (
        "submitted",
        "2026-10-14 00:00",
        None,
        None,
    )
    assert case.verification is not None
    submitted.do(VoidEntry(4, "看错号"), "2026-10-12T10:01")
    assert submitted.fresh().verification is None
    assert Verification.objects.count() == 0
    submitted.do(VoidEntry(3, "重复"), "2026-10-12T10:02")
    submitted.do(VoidEntry(2, "没有交"), "2026-10-12T10:03")
    assert submitted.status == "draft"


def test_a_confirmation_by_a_check_is_one_entry(submitted: CaseDriver) -> None:
    submitted.do(Verify(at("2026-10-12T09:00"), "hotline", "cancelled", confirm=True), "2026-10-12T09:05")
    submitted.do(UndoEntry(3), "2026-10-12T09:06")
    assert (submitted.status, Verification.objects.count()) == ("submitted", 0)


def test_a_withdrawal_is_undone(submitted: CaseDriver) -> None:
    submitted.do(Withdraw("不销了"), "2026-10-09T09:00")
    submitted.do(UndoEntry(3), "2026-10-09T09:01")
    assert (submitted.status, submitted.reply_by, submitted.fresh().closed_at) == (
        "submitted",
        "2026-10-14 00:00",
        None,
    )


def test_a_case_is_not_opened_beside_another_of_its_card(
    submitted: CaseDriver, new_driver: Callable[..., CaseDriver]
) -> None:
    submitted.do(Withdraw("不销了"), "2026-10-09T09:00")
    other = new_driver("13800138000", now="2026-10-09T09:01")
    with pytest.raises(OpenCaseExists) as error:
        submitted.do(UndoEntry(3), "2026-10-09T09:02")
    assert error.value.params == {"reference": other.case.reference}
    assert submitted.status == "withdrawn"


def test_voiding_the_submission_makes_it_a_draft(submitted: CaseDriver) -> None:
    submitted.do(VoidEntry(2, "还没有交"), "2026-10-09T09:00")
    case = submitted.fresh()
    assert (case.status, case.submission, case.submitted_at, case.reply_by) == ("draft", 0, None, None)
    assert submitted.rounds == []
    assert submitted.next_reminder is None


def test_charges_marks_complaints_and_handlers_follow(submitted: CaseDriver, agent: User) -> None:
    submitted.do(RecordCharge(NewCharge(Decimal("19.80"), on("2026-10-08"))), "2026-10-09T09:00")
    submitted.do(MarkItem("card"), "2026-10-09T09:01")
    submitted.do(HandOver(agent), "2026-10-09T09:02")
    submitted.do(Complain(at("2026-10-09T09:00")), "2026-10-09T09:03")
    submitted.do(Snooze(on("2026-10-12")), "2026-10-09T09:04")
    for sequence in (3, 4, 5, 6, 7):
        submitted.do(VoidEntry(sequence, "试试"), "2026-10-09T10:00")
    case = submitted.fresh()
    assert (Charge.objects.count(), ChecklistMark.objects.count(), case.escalations.count()) == (0, 0, 0)
    assert (case.handler, case.snoozed_until) == (None, None)


@pytest.mark.parametrize("sequence", [1, 4])
def test_the_first_entry_and_corrections_are_not_voided(submitted: CaseDriver, sequence: int) -> None:
    submitted.do(Acknowledged(at("2026-10-09T09:00")), "2026-10-09T09:05")
    submitted.do(VoidEntry(3, "记错"), "2026-10-09T09:06")
    with pytest.raises(EntryFixed):
        submitted.do(VoidEntry(sequence, "记错"), "2026-10-09T09:07")
    with pytest.raises(AlreadyVoided):
        submitted.do(VoidEntry(3, "记错"), "2026-10-09T09:07")
    with pytest.raises(NoSuchEntry):
        submitted.do(VoidEntry(9, "记错"), "2026-10-09T09:07")


def test_voiding_compares_the_version_undoing_does_not(submitted: CaseDriver) -> None:
    before = submitted.case.version
    submitted.do(UnderReview(at("2026-10-09T09:00")), "2026-10-09T09:05")
    with pytest.raises(ChangedMeanwhile):
        submitted.do(VoidEntry(3, "记错"), "2026-10-09T09:06", expected_version=before)
    submitted.do(UndoEntry(3), "2026-10-09T09:06", expected_version=before)


def test_a_promised_day_is_amended(submitted: CaseDriver) -> None:
    submitted.do(Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-16"), words="16日"), "2026-10-09T09:05")
    submitted.do(AmendEntry(3, {"promised_on": "2026-10-19", "words": "16日"}, "听成了16"), "2026-10-09T10:00")
    assert submitted.reply_by == "2026-10-20 00:00"
    assert submitted.rounds[-1] == (2, "promise", "2026-10-20 00:00", None, False)
    last = submitted.last_content
    assert (last["corrects"], last["changes"], last["was"], last["words"]) == (
        3, {"promised_on": "2026-10-19"}, {"promised_on": "2026-10-16"}, "听成了16",
    )  # fmt: skip
    submitted.do(AmendEntry(3, {"promised_on": "2026-10-15"}, "又听了录音"), "2026-10-09T11:00")
    assert submitted.last_content["was"] == {"promised_on": "2026-10-19"}
    assert submitted.reply_by == "2026-10-16 00:00"


def test_moment_reference_reason_and_channel_are_amended(submitted: CaseDriver) -> None:
    submitted.do(Acknowledged(at("2026-10-09T09:00"), reference="A1"), "2026-10-09T09:05")
    submitted.do(Returned(at("2026-10-10T09:00"), reason="papers"), "2026-10-10T09:05")
    submitted.do(AmendEntry(3, {"at": "2026-10-08T09:00:00+08:00", "reference": "A2"}, "看短信"), "2026-10-10T10:00")
    submitted.do(AmendEntry(4, {"reason": "arrears"}, "要先补缴"), "2026-10-10T10:01")
    submitted.do(AmendEntry(1, {"reason": "harassment", "channel": "branch"}, "选错"), "2026-10-10T10:02")
    submitted.do(AmendEntry(2, {"at": "2026-09-30T09:00:00+08:00"}, "上午交的"), "2026-10-10T10:03")
    case = submitted.fresh()
    assert local_str(case.acknowledged_at) == "2026-10-08 09:00"
    assert (case.carrier_reference, case.return_reason, case.reason, case.channel) == (
        "A2",
        "arrears",
        "harassment",
        "branch",
    )
    assert local_str(case.submitted_at) == "2026-09-30 09:00"
    assert submitted.kinds[-4:] == ["amended"] * 4


def test_an_amendment_obeys_the_rules_of_its_entry(submitted: CaseDriver) -> None:
    submitted.do(Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-16")), "2026-10-09T09:05")
    with pytest.raises(PromiseInThePast):
        submitted.do(AmendEntry(3, {"promised_on": "2026-10-08"}, "改"), "2026-10-09T10:00")
    with pytest.raises(BeforeSubmission):
        submitted.do(AmendEntry(3, {"at": "2026-09-30T14:00:00+08:00"}, "改"), "2026-10-09T10:00")
    with pytest.raises(AfterRecording):
        submitted.do(AmendEntry(3, {"at": "2026-10-09T09:30:00+08:00"}, "改"), "2026-10-09T10:00")


def test_what_does_not_fit_an_amendment_is_named(draft: CaseDriver) -> None:
    draft.do(Submit(at("2026-10-08T09:00")), "2026-10-12T09:00")
    draft.do(Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-16")), "2026-10-12T09:05")
    with pytest.raises(AmendmentInTheWay) as error:  # then the carrier promised before it was asked
        draft.do(AmendEntry(2, {"at": "2026-10-10T09:00:00+08:00"}, "改"), "2026-10-12T10:00")
    assert (error.value.params["entry"], type(error.value.params["why"])) == (3, BeforeSubmission)
    draft.do(AmendEntry(2, {"at": "2026-10-08T10:00:00+08:00"}, "改"), "2026-10-12T10:00")
    assert local_str(draft.fresh().submitted_at) == "2026-10-08 10:00"


def test_the_same_click_twice_is_one_correction(submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at("2026-10-09T09:00")), "2026-10-09T09:05")
    token = uuid4()
    for _ in range(2):
        submitted.do(VoidEntry(3, "重复"), "2026-10-09T09:06", submit_token=token)
    assert submitted.kinds == ["logged", "submitted", "follow_up", "voided"]


def test_what_a_voided_follow_up_settled_is_called_for_again(submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at("2026-10-14T08:00")), "2026-10-14T09:30")
    assert submitted.fresh().reminded_until == at("2026-10-14T09:30")
    submitted.do(UndoEntry(3), "2026-10-14T09:31")
    assert submitted.fresh().reminded_until is None
    assert submitted.next_reminder == "2026-10-15 09:00"


def test_all_cases_are_left_as_they_were_by_a_refusal(submitted: CaseDriver) -> None:
    submitted.do(Returned(at("2026-10-09T09:00"), reason="papers"), "2026-10-09T09:05")
    submitted.do(Submit(at("2026-10-10T09:00")), "2026-10-10T09:05")
    before = Case.objects.values().get(pk=submitted.case.pk)
    with pytest.raises(EntryInTheWay):
        submitted.do(VoidEntry(3, "记错"), "2026-10-10T10:00")
    assert Case.objects.values().get(pk=submitted.case.pk) == before


def test_a_round_that_takes_the_number_of_one_that_is_gone_is_told_of(submitted: CaseDriver) -> None:
    submitted.do(Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-12")), "2026-10-09T09:05")
    run_sweep(at("2026-10-13T09:00"))
    submitted.do(VoidEntry(3, "别的号码"), "2026-10-13T10:00")
    submitted.do(Promised(at("2026-10-13T10:00"), promised_on=on("2026-10-13")), "2026-10-13T10:05")
    assert submitted.rounds[-1][:3] == (2, "promise", "2026-10-14 00:00")
    run_sweep(at("2026-10-14T09:00"))
    broken = Reminder.objects.filter(case=submitted.case, kind="promise_broken").order_by("at")
    assert [(r.round, local_str(r.at)) for r in broken] == [(2, "2026-10-13 09:00"), (2, "2026-10-14 09:00")]
