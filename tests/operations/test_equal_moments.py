"""What holds when two moments are the same: the carrier's word and our check, two replies, a reply and a deadline."""

from collections.abc import Callable

import pytest

from cases.domain.errors import AfterReply, AppealRunning, BeforeReturn, ComplaintRunning, NotVerified, WrongState
from cases.models import Escalation, WaitingRound
from cases.operations import (
    Acknowledged,
    Appeal,
    AppealAnswered,
    AppealDecided,
    Complain,
    ComplaintAnswered,
    Confirm,
    CorrectSubmission,
    FollowUp,
    Promised,
    Reopen,
    ReportedDone,
    Returned,
    Submit,
    UnderReview,
    Verify,
    Withdraw,
)
from cases.operations.erasure import Retain
from tests.helpers import CaseDriver, at, local_str, on

MOMENT = "2026-10-12T10:00"


class TestVerified:
    def test_two_checks_at_one_moment_the_one_recorded_last_holds(self, submitted: CaseDriver) -> None:
        submitted.do(Verify(at(MOMENT), "account", "cancelled"), "2026-10-12T11:00")
        submitted.do(Verify(at(MOMENT), "call", "alive"), "2026-10-12T11:01")
        assert submitted.fresh().verification is None
        submitted.do(Verify(at(MOMENT), "account", "cancelled"), "2026-10-12T11:02")
        assert submitted.fresh().verification is not None

    def test_a_moment_earlier_it_is_overtaken(self, submitted: CaseDriver) -> None:
        submitted.do(Verify(at(MOMENT), "account", "cancelled"), "2026-10-12T11:00")
        submitted.do(Verify(at("2026-10-12T09:59:59"), "call", "alive"), "2026-10-12T11:01")
        assert submitted.fresh().verification is not None

    def test_a_check_without_a_finding_overtakes_none(self, submitted: CaseDriver) -> None:
        submitted.do(Verify(at(MOMENT), "call", "inconclusive"), "2026-10-12T11:00")
        submitted.do(Verify(at("2026-10-12T09:00"), "account", "cancelled"), "2026-10-12T11:01")
        assert submitted.fresh().verification is not None

    @pytest.mark.parametrize(("moment", "is_taken_back"), [(MOMENT, True), ("2026-10-12T09:59:59", False)])
    def test_alive_at_the_moment_of_done_takes_it_back(
        self, submitted: CaseDriver, moment: str, is_taken_back: bool
    ) -> None:
        submitted.do(ReportedDone(at(MOMENT)), "2026-10-12T10:30")
        submitted.do(Verify(at(moment), "call", "alive"), "2026-10-12T11:00")
        assert (submitted.fresh().reported_done_at is None) is is_taken_back
        assert submitted.fresh().round == (2 if is_taken_back else 1)

    def test_alive_and_confirmed_in_one_is_only_alive(self, submitted: CaseDriver) -> None:
        submitted.do(Verify(at(MOMENT), "call", "alive", confirm=True), "2026-10-12T11:00")
        assert (submitted.status, submitted.kinds[-1]) == ("submitted", "verified")


class TestRounds:
    def test_an_answer_at_the_deadline_is_late_and_a_moment_before_is_not(
        self, new_driver: Callable[..., CaseDriver]
    ) -> None:
        for number, moment, is_late in (("1", "2026-10-14T00:00", True), ("2", "2026-10-13T23:59:59", False)):
            driver = new_driver(f"1380000000{number}", submitted="2026-09-30T15:00")
            driver.do(UnderReview(at(moment)), "2026-10-14T10:00")
            assert (driver.fresh().was_late, driver.rounds[0][4]) == (is_late, is_late)

    def test_a_second_promise_at_the_moment_of_the_first_counts(self, submitted: CaseDriver) -> None:
        submitted.do(Promised(at(MOMENT), promised_on=on("2026-10-16")), "2026-10-12T11:00")
        submitted.do(Promised(at(MOMENT), promised_on=on("2026-10-20")), "2026-10-12T11:01")
        assert (submitted.reply_by, submitted.fresh().round) == ("2026-10-21 00:00", 3)

    def test_an_older_promise_changes_nothing(self, submitted: CaseDriver) -> None:
        submitted.do(Promised(at(MOMENT), promised_on=on("2026-10-16")), "2026-10-12T11:00")
        submitted.do(Promised(at("2026-10-12T09:59:59"), promised_on=on("2026-10-20")), "2026-10-12T11:01")
        assert (submitted.reply_by, submitted.fresh().round) == ("2026-10-17 00:00", 2)

    @pytest.mark.parametrize(
        ("day", "reply_by"), [("2026-10-13", "2026-10-14 00:00"), ("2026-10-14", "2026-10-15 00:00")]
    )
    def test_under_review_gives_way_to_an_older_promise_of_a_later_day_only(
        self, submitted: CaseDriver, day: str, reply_by: str
    ) -> None:
        submitted.do(UnderReview(at("2026-10-09T10:00")), "2026-10-09T11:00")
        assert submitted.reply_by == "2026-10-14 00:00"
        submitted.do(Promised(at("2026-10-09T09:00"), promised_on=on(day)), "2026-10-09T12:00")
        assert (submitted.reply_by, submitted.fresh().round) == (reply_by, 2 if day == "2026-10-13" else 3)

    @pytest.mark.parametrize(("moment", "status"), [(MOMENT, True), ("2026-10-12T09:59:59", False)])
    def test_under_review_at_the_moment_of_done_takes_it_back(
        self, submitted: CaseDriver, moment: str, status: bool
    ) -> None:
        submitted.do(ReportedDone(at(MOMENT)), "2026-10-12T10:30")
        submitted.do(Promised(at(moment), promised_on=on("2026-10-16")), "2026-10-12T11:00")
        assert (submitted.fresh().reported_done_at is None) is status

    def test_a_round_never_ends_before_it_began(self, submitted: CaseDriver) -> None:
        submitted.do(Promised(at(MOMENT), promised_on=on("2026-10-16")), "2026-10-12T11:00")
        submitted.do(Verify(at("2026-10-09T10:00"), "account", "cancelled", confirm=True), "2026-10-12T12:00")
        last = WaitingRound.objects.filter(case=submitted.case).order_by("number").last()
        assert last is not None
        assert local_str(last.ended_at) == "2026-10-12 10:00"

    def test_a_submission_is_not_moved_past_the_first_answer_and_may_be_its_moment(self, submitted: CaseDriver) -> None:
        submitted.do(Acknowledged(at("2026-10-01T10:00")), "2026-10-01T11:00")
        with pytest.raises(AfterReply):
            submitted.do(CorrectSubmission(at("2026-10-01T10:00:01"), "x"), "2026-10-01T12:00")
        submitted.do(CorrectSubmission(at("2026-10-01T10:00"), "x"), "2026-10-01T12:00")
        assert submitted.fresh().submitted_at == at("2026-10-01T10:00")

    def test_nor_before_the_return_that_came_before_it(self, submitted: CaseDriver) -> None:
        submitted.do(Returned(at("2026-10-09T10:00"), reason="other"), "2026-10-09T10:00")
        submitted.do(Submit(at("2026-10-09T15:00")), "2026-10-09T15:00")
        with pytest.raises(BeforeReturn):
            submitted.do(CorrectSubmission(at("2026-10-09T09:59:59"), "x"), "2026-10-09T16:00")
        submitted.do(CorrectSubmission(at("2026-10-09T10:00"), "x"), "2026-10-09T16:00")
        assert submitted.fresh().submitted_at == at("2026-10-09T10:00")


class TestEscalation:
    @pytest.fixture
    def complained(self, submitted: CaseDriver) -> CaseDriver:
        submitted.do(Complain(at("2026-10-09T10:00")), "2026-10-09T10:00")
        return submitted

    def test_an_answered_appeal_does_not_stand_in_the_way_of_the_next(self, complained: CaseDriver) -> None:
        complained.do(ComplaintAnswered(at("2026-10-12T10:00"), False), "2026-10-12T10:00")
        complained.do(Appeal(at("2026-10-13T10:00")), "2026-10-13T10:00")
        with pytest.raises(AppealRunning):
            complained.do(Appeal(at("2026-10-14T10:00")), "2026-10-14T10:00")
        complained.do(AppealDecided(at("2026-10-15T10:00"), accepted=True), "2026-10-15T10:00")
        with pytest.raises(AppealRunning):
            complained.do(Appeal(at("2026-10-15T11:00")), "2026-10-15T11:00")
        complained.do(AppealAnswered(at("2026-10-16T10:00"), satisfied=False), "2026-10-16T10:00")
        complained.do(Appeal(at("2026-10-19T10:00")), "2026-10-19T10:00")
        rows = Escalation.objects.filter(case=complained.case, kind="appeal").order_by("pk")
        assert [row.answered_at is None for row in rows] == [False, True]

    def test_nor_does_an_answered_complaint(self, complained: CaseDriver) -> None:
        with pytest.raises(ComplaintRunning) as refusal:
            complained.do(Complain(at("2026-10-10T10:00")), "2026-10-10T10:00")
        assert local_str(refusal.value.params["lodged_at"]) == "2026-10-09 10:00"  # type: ignore[arg-type]
        complained.do(ComplaintAnswered(at("2026-10-12T10:00"), True), "2026-10-12T10:00")
        complained.do(Complain(at("2026-10-13T10:00")), "2026-10-13T10:00")
        assert Escalation.objects.filter(case=complained.case, answered_at=None).count() == 1

    def test_an_answer_at_the_moment_of_the_complaint_is_taken(self, complained: CaseDriver) -> None:
        complained.do(ComplaintAnswered(at("2026-10-09T10:00"), True), "2026-10-09T11:00")
        assert Escalation.objects.get(case=complained.case).answered_at == at("2026-10-09T10:00")

    def test_a_complaint_is_refused_where_nothing_runs(self, draft: CaseDriver) -> None:
        with pytest.raises(WrongState):
            draft.do(Complain(at("2026-09-30T15:00")), "2026-09-30T16:00")


class TestReopened:
    def test_a_reopened_case_is_not_kept_and_starts_anew(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-09T10:00")), "2026-10-09T10:00")
        submitted.do(Verify(at("2026-10-12T09:00"), "hotline", "cancelled", confirm=True), "2026-10-12T09:30")
        submitted.do(Retain(True, "诉讼"), "2026-10-12T10:00")
        assert submitted.fresh().retain is True
        submitted.do(Reopen("还能打通"), "2026-10-13T10:00")
        case = submitted.fresh()
        assert (case.retain, case.erase_on, case.closed_at, case.confirmed_at) == (False, None, None, None)
        assert (case.bill_checked_at, case.reported_done_at, case.verification) == (None, None, None)
        assert case.submitted_at == at("2026-09-30T15:00")
        with pytest.raises(NotVerified):
            submitted.do(Confirm(), "2026-10-13T11:00")

    def test_closed_again_it_may_be_kept_again(self, submitted: CaseDriver) -> None:
        for hour in (9, 11):
            check = Verify(at(f"2026-10-12T{hour:02}:00"), "hotline", "cancelled", confirm=True)
            submitted.do(check, f"2026-10-12T{hour:02}:10")
            submitted.do(Retain(True, "诉讼"), f"2026-10-12T{hour:02}:20")
            submitted.do(Reopen("还能打通"), f"2026-10-12T{hour:02}:30")
        assert submitted.kinds.count("kept") == 2

    def test_only_a_confirmed_case_is_reopened(self, submitted: CaseDriver) -> None:
        submitted.do(Withdraw(), "2026-10-12T10:00")
        with pytest.raises(WrongState):
            submitted.do(Reopen("还能打通"), "2026-10-12T11:00")


def test_a_follow_up_at_the_moment_of_recording_is_taken(submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at(MOMENT)), MOMENT)
    assert submitted.fresh().last_follow_up_at == at(MOMENT)
