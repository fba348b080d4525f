"""Making sure, confirming, and opening again (domain.md, 'Status' and the table of 'Waiting rounds')."""

import pytest

from cases.domain.errors import BeforeSubmission, InTheFuture, NotVerified, OpenCaseExists, ReasonMissing
from cases.models import Carrier, Team, Verification
from cases.operations import Confirm, Promised, Reopen, ReportedDone, UnderReview, Verify, Withdraw
from tests.helpers import CaseDriver, at, local_str, new_case, on


def check(moment: str, finding: str = "cancelled", *, method: str = "hotline", confirm: bool = False) -> Verify:
    return Verify(at(moment), method, finding, confirm=confirm)


class TestConfirming:
    def test_a_check_then_a_confirmation_by_it(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-12T10:00", method="account"), "2026-10-12T10:05")
        assert submitted.status == "submitted"
        assert submitted.reply_by == "2026-10-14 00:00"
        submitted.do(Confirm("收到短信"), "2026-10-15T09:00")
        case = submitted.fresh()
        assert (case.status, case.reply_by, case.was_late) == ("confirmed", None, False)
        assert local_str(case.confirmed_at) == "2026-10-12 10:00"
        assert local_str(case.closed_at) == "2026-10-15 09:00"
        assert submitted.next_reminder == "2026-11-05 09:00"  # final_bill
        assert submitted.kinds[-2:] == ["verified", "confirmed"]
        assert (submitted.last_content["at"], submitted.last_content["method"]) == (
            "2026-10-12T10:00:00+08:00",
            "account",
        )
        assert submitted.rounds == [(1, "submission", "2026-10-14 00:00", "2026-10-12 10:00", False)]

    def test_both_in_one_act_with_one_entry(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-12T10:00", confirm=True), "2026-10-12T10:05")
        case = submitted.fresh()
        assert (case.status, case.verification) == ("confirmed", Verification.objects.get())
        assert submitted.kinds == ["logged", "submitted", "confirmed"]
        assert submitted.last_content["finding"] == "cancelled"

    def test_late(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-14T00:00", confirm=True), "2026-10-14T10:00")
        assert submitted.fresh().was_late is True

    def test_done_then_confirmed(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-12T10:00")), "2026-10-12T10:00")
        submitted.do(check("2026-10-30T10:00", confirm=True), "2026-10-30T10:00")
        assert (submitted.status, submitted.fresh().was_late) == ("confirmed", False)

    def test_not_without_a_check(self, submitted: CaseDriver) -> None:
        with pytest.raises(NotVerified):
            submitted.do(Confirm(), "2026-10-12T10:00")
        assert submitted.status == "submitted"

    @pytest.mark.parametrize("finding", ["alive", "inconclusive"])
    def test_not_by_a_check_that_found_otherwise(self, submitted: CaseDriver, finding: str) -> None:
        submitted.do(check("2026-10-12T10:00", finding, confirm=True), "2026-10-12T10:00")
        assert (submitted.status, submitted.kinds[-1]) == ("submitted", "verified")
        with pytest.raises(NotVerified):
            submitted.do(Confirm(), "2026-10-12T10:01")

    def test_not_by_a_check_that_a_later_one_refuted(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-12T10:00"), "2026-10-12T10:00")
        submitted.do(check("2026-10-12T15:00", "alive"), "2026-10-12T15:00")
        with pytest.raises(NotVerified):
            submitted.do(Confirm(), "2026-10-12T16:00")

    def test_a_check_that_could_not_tell_refutes_nothing(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-12T10:00"), "2026-10-12T10:00")
        submitted.do(check("2026-10-12T15:00", "inconclusive", method="call"), "2026-10-12T15:00")
        submitted.do(Confirm(), "2026-10-12T16:00")
        assert local_str(submitted.fresh().confirmed_at) == "2026-10-12 10:00"

    def test_an_older_check_entered_later_refutes_nothing(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-12T15:00"), "2026-10-12T15:00")
        submitted.do(check("2026-10-12T10:00", "alive"), "2026-10-12T15:30")
        submitted.do(Confirm(), "2026-10-12T16:00")
        assert local_str(submitted.fresh().confirmed_at) == "2026-10-12 15:00"

    def test_an_older_check_entered_later_proves_nothing(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-12T15:00", "alive"), "2026-10-12T15:00")
        with pytest.raises(NotVerified):
            submitted.do(check("2026-10-12T10:00", confirm=True), "2026-10-12T15:30")
        submitted.do(check("2026-10-12T10:00"), "2026-10-12T15:30")
        assert submitted.fresh().verification is None
        assert Verification.objects.count() == 2

    @pytest.mark.parametrize(("moment", "error"), [("2026-10-12T10:03", InTheFuture), ("2026-09-30", BeforeSubmission)])
    def test_moments_that_are_refused(self, submitted: CaseDriver, moment: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            submitted.do(check(moment, confirm=True), "2026-10-12T10:00")
        assert not Verification.objects.exists()


class TestFoundAlive:
    def test_after_the_carrier_said_done_it_gets_three_working_days(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-09T10:00")), "2026-10-09T10:00")
        submitted.do(check("2026-10-12T10:00", "alive", method="call"), "2026-10-12T10:00")
        case = submitted.fresh()
        assert (case.status, case.basis, case.reported_done_at) == ("submitted", "still_alive", None)
        assert submitted.reply_by == "2026-10-16 00:00"
        assert submitted.next_reminder == "2026-10-16 09:00"
        assert submitted.rounds[1] == (2, "still_alive", "2026-10-16 00:00", None, False)

    def test_while_it_owes_its_answer_the_clock_goes_on(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-15T10:00", "alive"), "2026-10-15T10:00")
        assert submitted.reply_by == "2026-10-14 00:00"
        assert submitted.fresh().round == 1

    def test_before_it_said_done_it_says_nothing_about_that(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-12T10:00")), "2026-10-12T10:00")
        submitted.do(check("2026-10-12T09:59", "alive"), "2026-10-12T11:00")
        assert local_str(submitted.fresh().reported_done_at) == "2026-10-12 10:00"

    def test_again_and_again(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-09T10:00")), "2026-10-09T10:00")
        submitted.do(check("2026-10-12T10:00", "alive"), "2026-10-12T10:00")
        submitted.do(ReportedDone(at("2026-10-19T10:00")), "2026-10-19T10:00")
        assert submitted.fresh().was_late is True
        submitted.do(check("2026-10-20T10:00", "alive"), "2026-10-20T10:00")
        assert submitted.reply_by == "2026-10-24 00:00"


@pytest.fixture
def confirmed(submitted: CaseDriver) -> CaseDriver:
    submitted.do(check("2026-10-12T10:00", confirm=True), "2026-10-12T10:00")
    return submitted


class TestReopening:
    def test_three_working_days_from_now(self, confirmed: CaseDriver) -> None:
        confirmed.do(Reopen("号码还能打通"), "2026-10-14T11:00")
        case = confirmed.fresh()
        assert (case.status, case.basis) == ("under_review", "reopened")
        assert (case.confirmed_at, case.closed_at, case.verification, case.reported_done_at) == (None,) * 4
        assert confirmed.reply_by == "2026-10-20 00:00"
        assert confirmed.next_reminder == "2026-10-20 09:00"
        assert confirmed.last_content["words"] == "号码还能打通"
        assert confirmed.last_entry.status_from == "confirmed"

    @pytest.mark.parametrize("words", ["", "  "])
    def test_not_without_a_reason(self, confirmed: CaseDriver, words: str) -> None:
        with pytest.raises(ReasonMissing):
            confirmed.do(Reopen(words), "2026-10-14T11:00")
        assert confirmed.status == "confirmed"

    def test_not_while_the_card_has_another_open_case(self, confirmed: CaseDriver, team: Team, mobile: Carrier) -> None:
        other = new_case(team, mobile, confirmed.by, now="2026-10-13T10:00")
        with pytest.raises(OpenCaseExists) as caught:
            confirmed.do(Reopen("号码还能打通"), "2026-10-14T11:00")
        assert caught.value.params == {"reference": other.reference}
        CaseDriver(other, confirmed.by).do(Withdraw(), "2026-10-14T12:00")
        confirmed.do(Reopen("号码还能打通"), "2026-10-14T13:00")
        assert confirmed.status == "under_review"

    def test_the_old_check_confirms_nothing_any_more(self, confirmed: CaseDriver) -> None:
        confirmed.do(Reopen("号码还能打通"), "2026-10-14T11:00")
        with pytest.raises(NotVerified):
            confirmed.do(Confirm(), "2026-10-14T12:00")
        confirmed.do(check("2026-10-15T10:00", confirm=True), "2026-10-15T10:00")
        assert local_str(confirmed.fresh().confirmed_at) == "2026-10-15 10:00"

    def test_under_review_buys_a_reopened_case_no_time_a_promise_does(self, confirmed: CaseDriver) -> None:
        confirmed.do(Reopen("号码还能打通"), "2026-10-14T11:00")
        confirmed.do(UnderReview(at("2026-10-15T10:00")), "2026-10-15T10:00")
        assert confirmed.reply_by == "2026-10-20 00:00"
        confirmed.do(Promised(at("2026-10-15T11:00"), promised_on=on("2026-10-22")), "2026-10-15T11:00")
        assert confirmed.reply_by == "2026-10-23 00:00"

    def test_once_late_always_late(self, submitted: CaseDriver) -> None:
        submitted.do(check("2026-10-20T10:00", confirm=True), "2026-10-20T10:00")
        submitted.do(Reopen("又有月租"), "2026-10-21T10:00")
        submitted.do(check("2026-10-21T11:00", confirm=True), "2026-10-21T11:00")
        assert submitted.fresh().was_late is True
