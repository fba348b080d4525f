"""What the carrier's answers do: domain.md, the table of 'Waiting rounds, replies, promises', row by row."""

from typing import Any

import pytest

from cases.domain.business_days import YearNotCovered
from cases.domain.errors import (
    BeforeSubmission,
    EffectiveDayInThePast,
    EffectiveDayMissing,
    InTheFuture,
    PromisedDayMissing,
    PromiseFarAhead,
    PromiseInThePast,
    ReturnReasonMissing,
)
from cases.models import CalendarOverride, Carrier
from cases.operations import (
    REPLIES,
    Acknowledged,
    FollowUp,
    Promised,
    Recalculate,
    ReportedDone,
    Returned,
    TakesEffect,
    UnderReview,
    Verify,
    make_reply,
)
from tests.helpers import CaseDriver, at, local_str, on


def promise(moment: str, day: str, **more: Any) -> Promised:
    return Promised(at(moment), promised_on=on(day), **more)


class TestAcknowledged:
    def test_it_settles_the_missing_acknowledgement_and_nothing_else(self, submitted: CaseDriver) -> None:
        submitted.do(Acknowledged(at("2026-09-30T15:05"), "短信:已受理", reference="CM-1"), "2026-09-30T15:06")
        case = submitted.fresh()
        assert (case.status, case.carrier_reference) == ("submitted", "CM-1")
        assert local_str(case.acknowledged_at) == local_str(case.last_reply_at) == "2026-09-30 15:05"
        assert submitted.reply_by == "2026-10-14 00:00"
        assert submitted.rounds == [(1, "submission", "2026-10-14 00:00", None, False)]
        assert submitted.next_reminder == "2026-10-12 09:00"  # window_open: ack_missing is settled

    def test_the_earliest_of_several_counts(self, submitted: CaseDriver) -> None:
        submitted.do(Acknowledged(at("2026-10-09T10:00")), "2026-10-09T10:00")
        submitted.do(Acknowledged(at("2026-10-08T10:00")), "2026-10-09T11:00")
        submitted.do(Acknowledged(at("2026-10-09T12:00")), "2026-10-09T12:00")
        case = submitted.fresh()
        assert local_str(case.acknowledged_at) == "2026-10-08 10:00"
        assert local_str(case.last_reply_at) == "2026-10-09 12:00"

    def test_after_the_deadline_the_carrier_is_as_late_as_before(self, submitted: CaseDriver) -> None:
        submitted.do(Acknowledged(at("2026-10-15T10:00")), "2026-10-15T10:00")
        assert submitted.reply_by == "2026-10-14 00:00"


class TestUnderReview:
    def test_the_first_time_the_next_round_starts(self, submitted: CaseDriver) -> None:
        submitted.do(UnderReview(at("2026-10-12T10:20"), "还在审核", "工号 8086"), "2026-10-12T10:25")
        assert submitted.status == "under_review"
        assert submitted.rounds == [
            (1, "submission", "2026-10-14 00:00", "2026-10-12 10:20", False),
            (2, "under_review", "2026-10-16 00:00", None, False),
        ]
        assert submitted.reply_by == "2026-10-16 00:00"
        assert submitted.next_reminder == "2026-10-16 09:00"
        assert submitted.last_content["reply_by"] == ["2026-10-14T00:00:00+08:00", "2026-10-16T00:00:00+08:00"]
        assert submitted.last_content["agent"] == "工号 8086"

    def test_it_never_shortens(self, submitted: CaseDriver) -> None:
        submitted.do(UnderReview(at("2026-10-01T10:00")), "2026-10-01T10:00")
        assert submitted.reply_by == "2026-10-14 00:00"
        assert submitted.fresh().round == 2
        assert "reply_by" not in submitted.last_content

    def test_the_same_answer_again_buys_no_more_time(self, submitted: CaseDriver) -> None:
        submitted.do(UnderReview(at("2026-10-12T10:20")), "2026-10-12T10:25")
        submitted.do(UnderReview(at("2026-10-15T10:00"), "还在审核"), "2026-10-15T10:00")
        assert submitted.reply_by == "2026-10-16 00:00"
        assert submitted.fresh().round == 2
        assert submitted.kinds[-1] == "under_review"
        assert local_str(submitted.fresh().last_reply_at) == "2026-10-15 10:00"

    def test_a_late_answer_ends_a_late_round(self, submitted: CaseDriver) -> None:
        submitted.do(UnderReview(at("2026-10-14T00:00")), "2026-10-15T09:00")
        assert submitted.fresh().was_late is True
        assert submitted.rounds[0] == (1, "submission", "2026-10-14 00:00", "2026-10-14 00:00", True)
        assert submitted.reply_by == "2026-10-20 00:00"

    def test_an_answer_in_time_that_is_entered_late_was_in_time(self, submitted: CaseDriver) -> None:
        submitted.do(UnderReview(at("2026-10-13T23:59")), "2026-10-15T09:00")
        assert submitted.fresh().was_late is False
        assert submitted.reply_by == "2026-10-17 00:00"


class TestPromised:
    def test_the_round_ends_with_the_promised_day(self, submitted: CaseDriver) -> None:
        submitted.do(promise("2026-10-13T16:00", "2026-10-19"), "2026-10-13T16:00")
        case = submitted.fresh()
        assert (case.status, case.basis, case.promised_on) == ("submitted", "promise", on("2026-10-19"))
        assert submitted.reply_by == "2026-10-20 00:00"
        assert submitted.next_reminder == "2026-10-20 09:00"
        assert submitted.last_content["promised_on"] == "2026-10-19"

    def test_even_if_it_is_earlier(self, submitted: CaseDriver) -> None:
        submitted.do(promise("2026-10-08T16:00", "2026-10-09"), "2026-10-08T16:00")
        assert submitted.reply_by == "2026-10-10 00:00"

    def test_a_promise_for_a_day_off(self, submitted: CaseDriver) -> None:
        submitted.do(promise("2026-10-13T16:00", "2026-10-18"), "2026-10-13T16:00")  # a Sunday
        assert submitted.reply_by == "2026-10-19 00:00"
        assert submitted.next_reminder == "2026-10-19 09:00"

    def test_for_the_same_day(self, submitted: CaseDriver) -> None:
        submitted.do(promise("2026-10-13T16:00", "2026-10-13"), "2026-10-13T16:00")
        assert submitted.reply_by == "2026-10-14 00:00"

    def test_for_a_day_before_it_was_given(self, submitted: CaseDriver) -> None:
        with pytest.raises(PromiseInThePast):
            submitted.do(promise("2026-10-13T00:00", "2026-10-12"), "2026-10-13T16:00")

    def test_a_promise_that_was_broken_before_it_was_entered_is_overdue_at_once(self, submitted: CaseDriver) -> None:
        submitted.do(promise("2026-10-09T10:00", "2026-10-12"), "2026-10-13T16:00")
        assert submitted.reply_by == "2026-10-13 00:00"
        assert submitted.next_reminder == "2026-10-14 09:00"  # not at once, but on the next morning

    def test_far_ahead_it_is_asked_back_and_taken_when_accepted(self, submitted: CaseDriver) -> None:
        with pytest.raises(PromiseFarAhead) as caught:
            submitted.do(promise("2026-10-13T16:00", "2026-11-04"), "2026-10-13T16:00")
        assert caught.value.params == {"days": 15}
        assert submitted.reply_by == "2026-10-14 00:00"
        submitted.do(promise("2026-10-13T16:00", "2026-11-04", accept_far=True), "2026-10-13T16:00")
        # Kept as what was said, but it buys no more than 15 working days.
        assert submitted.fresh().promised_on == on("2026-11-04")
        assert submitted.reply_by == "2026-11-04 00:00"
        assert submitted.next_reminder == "2026-10-28 09:00"  # the ladder keeps counting: complain

    def test_fifteen_working_days_are_not_far(self, submitted: CaseDriver) -> None:
        submitted.do(promise("2026-10-13T16:00", "2026-11-03"), "2026-10-13T16:00")
        assert submitted.reply_by == "2026-11-04 00:00"

    def test_a_second_promise_replaces_the_first(self, submitted: CaseDriver) -> None:
        submitted.do(promise("2026-10-13T16:00", "2026-10-15"), "2026-10-13T16:00")
        submitted.do(promise("2026-10-16T10:00", "2026-10-20"), "2026-10-16T10:00")
        assert submitted.rounds == [
            (1, "submission", "2026-10-14 00:00", "2026-10-13 16:00", False),
            (2, "promise", "2026-10-16 00:00", "2026-10-16 10:00", True),
            (3, "promise", "2026-10-21 00:00", None, False),
        ]
        assert submitted.fresh().was_late is True

    def test_under_review_after_a_promise_never_shortens_it(self, submitted: CaseDriver) -> None:
        submitted.do(promise("2026-10-09T10:00", "2026-10-23"), "2026-10-09T10:00")
        submitted.do(UnderReview(at("2026-10-12T10:00")), "2026-10-12T10:00")
        assert submitted.reply_by == "2026-10-24 00:00"
        assert (submitted.fresh().basis, submitted.fresh().promised_on) == ("under_review", None)

    def test_a_year_that_nobody_knows(self, submitted: CaseDriver) -> None:
        with pytest.raises(YearNotCovered):
            submitted.do(promise("2026-10-09T10:00", "2062-10-09", accept_far=True), "2026-10-09T10:00")
        assert submitted.reply_by == "2026-10-14 00:00"


def pending(moment: str, day: str | None = None, **more: Any) -> TakesEffect:
    return TakesEffect(at(moment), effective_on=on(day) if day else None, **more)


class TestTakesEffect:
    """预销户: agreed, cancelled on a day, and revocable until then."""

    @pytest.fixture
    def waits(self, submitted: CaseDriver) -> CaseDriver:
        """Told on Monday 2026-10-12 that it is cancelled on Friday 11-20."""
        submitted.do(pending("2026-10-12T10:20", "2026-11-20", words="预销户"), "2026-10-12T10:25")
        return submitted

    def test_the_next_round_ends_with_the_day_that_was_named(self, waits: CaseDriver) -> None:
        case = waits.fresh()
        assert (case.status, case.promised_on, case.takes_effect_on) == ("submitted", None, on("2026-11-20"))
        assert (case.provisional, case.was_late) == (False, False)
        assert waits.rounds == [
            (1, "submission", "2026-10-14 00:00", "2026-10-12 10:20", False),
            (2, "takes_effect", "2026-11-21 00:00", None, False),
        ]
        assert waits.next_reminder == "2026-11-23 09:00"  # to verify, on the Monday after
        assert waits.last_content["effective_on"] == "2026-11-20"
        assert "roaming" not in waits.last_content

    def test_for_the_same_day(self, submitted: CaseDriver) -> None:
        submitted.do(pending("2026-10-12T10:20", "2026-10-12"), "2026-10-12T10:25")
        assert submitted.reply_by == "2026-10-13 00:00"
        assert submitted.next_reminder == "2026-10-13 09:00"

    def test_however_far(self, submitted: CaseDriver) -> None:
        submitted.do(pending("2026-10-12T10:20", "2027-06-30"), "2026-10-12T10:25")
        assert submitted.reply_by == "2027-07-01 00:00"
        assert submitted.fresh().provisional is False  # a day that was named is a date

    def test_for_a_day_before_the_reply(self, submitted: CaseDriver) -> None:
        with pytest.raises(EffectiveDayInThePast):
            submitted.do(pending("2026-10-12T00:00", "2026-10-11"), "2026-10-12T10:25")
        assert submitted.reply_by == "2026-10-14 00:00"

    def test_for_a_day_that_no_calendar_knows(self, submitted: CaseDriver) -> None:
        with pytest.raises(YearNotCovered):
            submitted.do(pending("2026-10-12T10:20", "2062-01-01"), "2026-10-12T10:25")

    def test_no_day_and_no_term_of_the_carrier(self, submitted: CaseDriver) -> None:
        with pytest.raises(EffectiveDayMissing):
            submitted.do(pending("2026-10-12T10:20"), "2026-10-12T10:25")
        assert submitted.kinds == ["logged", "submitted"]

    @pytest.mark.parametrize(
        ("said", "roaming", "effective_on"),
        [
            ("2026-10-12T10:20", False, "2026-11-20"),
            ("2026-10-12T10:20", True, "2026-12-20"),
            ("2026-10-31T23:59", False, "2026-11-20"),
            ("2026-11-01T00:00", False, "2026-12-20"),
            ("2026-11-30T10:20", True, "2027-01-20"),
            ("2026-12-31T10:20", False, "2027-01-20"),
            ("2026-12-31T10:20", True, "2027-02-20"),
        ],
    )
    def test_without_a_day_it_is_the_carrier_s_own_term(
        self, submitted: CaseDriver, mobile: Carrier, said: str, roaming: bool, effective_on: str
    ) -> None:
        Carrier.objects.filter(pk=mobile.pk).update(effect_day=20)
        submitted.case = submitted.fresh()
        submitted.do(pending(said, roaming=roaming), said)
        assert submitted.fresh().takes_effect_on == on(effective_on)
        assert (submitted.last_content["effective_on"], submitted.last_content["roaming"]) == (effective_on, roaming)

    def test_a_day_that_was_named_comes_before_the_carrier_s_term(self, submitted: CaseDriver, mobile: Carrier) -> None:
        Carrier.objects.filter(pk=mobile.pk).update(effect_day=20)
        submitted.case = submitted.fresh()
        submitted.do(pending("2026-10-12T10:20", "2026-11-02", roaming=True), "2026-10-12T10:25")
        assert submitted.reply_by == "2026-11-03 00:00"

    def test_then_it_is_done_in_time(self, waits: CaseDriver) -> None:
        waits.do(ReportedDone(at("2026-11-20T18:00")), "2026-11-20T18:00")
        case = waits.fresh()
        assert (case.takes_effect_on, case.reply_by, case.was_late) == (None, None, False)
        assert waits.rounds[-1] == (2, "takes_effect", "2026-11-21 00:00", "2026-11-20 18:00", False)
        assert waits.next_reminder == "2026-11-23 09:00"

    def test_then_it_is_done_late(self, waits: CaseDriver) -> None:
        waits.do(ReportedDone(at("2026-11-21T00:00")), "2026-11-21T09:00")
        assert waits.fresh().was_late is True

    def test_then_it_is_found_alive_and_the_clock_goes_on(self, waits: CaseDriver) -> None:
        waits.do(Verify(at("2026-11-23T10:00"), method="hotline", finding="alive"), "2026-11-23T10:00")
        assert waits.rounds[-1] == (2, "takes_effect", "2026-11-21 00:00", None, False)
        waits.do(FollowUp(at("2026-11-23T11:00")), "2026-11-23T11:00")
        assert waits.next_reminder == "2026-11-25 09:00"  # still overdue

    def test_then_it_is_returned(self, waits: CaseDriver) -> None:
        waits.do(Returned(at("2026-10-20T10:00"), reason="arrears"), "2026-10-20T10:00")
        assert (waits.status, waits.fresh().takes_effect_on, waits.reply_by) == ("returned", None, None)

    def test_then_a_day_is_promised(self, waits: CaseDriver) -> None:
        waits.do(promise("2026-10-20T10:00", "2026-10-23"), "2026-10-20T10:00")
        case = waits.fresh()
        assert (case.promised_on, case.takes_effect_on) == (on("2026-10-23"), None)
        assert waits.reply_by == "2026-10-24 00:00"

    def test_then_it_is_said_to_be_under_review(self, waits: CaseDriver) -> None:
        waits.do(UnderReview(at("2026-10-20T10:00")), "2026-10-20T10:00")
        assert waits.rounds[-1] == (3, "under_review", "2026-11-21 00:00", None, False)

    def test_then_another_day_is_named(self, waits: CaseDriver) -> None:
        waits.do(pending("2026-10-20T10:00", "2026-12-20"), "2026-10-20T10:00")
        assert waits.rounds[-1] == (3, "takes_effect", "2026-12-21 00:00", None, False)

    def test_an_older_reply_that_is_entered_late_takes_nothing_back(self, waits: CaseDriver) -> None:
        waits.do(promise("2026-10-09T10:00", "2026-10-16"), "2026-10-13T10:00")
        assert (waits.reply_by, waits.fresh().takes_effect_on) == ("2026-11-21 00:00", on("2026-11-20"))

    def test_a_day_off_entered_by_hand_moves_the_reminder_and_not_the_day(self, waits: CaseDriver) -> None:
        CalendarOverride.objects.create(date=on("2026-11-20"), working=False, name="台风")
        CalendarOverride.objects.create(date=on("2026-11-23"), working=False, name="台风")
        waits.do(Recalculate("calendar changed"), "2026-11-18T10:00", by=None)
        assert waits.reply_by == "2026-11-21 00:00"
        assert waits.next_reminder == "2026-11-24 09:00"

    def test_by_a_call_it_is_a_reply_that_was_asked_for(self, submitted: CaseDriver) -> None:
        submitted.do(pending("2026-10-12T10:20", "2026-11-20", way="call"), "2026-10-12T10:25")
        assert submitted.kinds == ["logged", "submitted", "takes_effect"]
        assert submitted.last_content["way"] == "call"
        assert local_str(submitted.fresh().last_follow_up_at) == "2026-10-12 10:20"


class TestReturned:
    def test_it_waits_on_us_and_no_deadline_runs(self, submitted: CaseDriver) -> None:
        submitted.do(Returned(at("2026-10-09T11:00"), "请先结清欠费", reason="arrears"), "2026-10-09T11:00")
        case = submitted.fresh()
        assert (case.status, case.return_reason, case.reply_by) == ("returned", "arrears", None)
        assert submitted.next_reminder == "2026-10-13 09:00"
        assert submitted.last_content["reason"] == "arrears"
        assert submitted.last_content["reply_by"] == ["2026-10-14T00:00:00+08:00", None]

    def test_late(self, submitted: CaseDriver) -> None:
        submitted.do(Returned(at("2026-10-14T11:00"), reason="other"), "2026-10-14T11:00")
        assert submitted.fresh().was_late is True

    def test_after_it_was_said_to_be_done(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-09T11:00")), "2026-10-09T11:00")
        submitted.do(Returned(at("2026-10-12T11:00"), reason="other"), "2026-10-12T11:00")
        assert (submitted.status, submitted.fresh().reported_done_at) == ("returned", None)


class TestReportedDone:
    def test_the_status_stays_and_it_is_never_overdue(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-12T11:00"), "已销户"), "2026-10-12T11:05")
        case = submitted.fresh()
        assert (case.status, case.reply_by, case.basis) == ("submitted", None, "")
        assert local_str(case.reported_done_at) == "2026-10-12 11:00"
        assert submitted.next_reminder == "2026-10-13 09:00"  # verify
        assert submitted.rounds == [(1, "submission", "2026-10-14 00:00", "2026-10-12 11:00", False)]

    def test_said_again_the_first_time_counts(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-12T11:00")), "2026-10-12T11:05")
        submitted.do(ReportedDone(at("2026-10-14T11:00")), "2026-10-14T11:05")
        assert local_str(submitted.fresh().reported_done_at) == "2026-10-12 11:00"
        assert submitted.kinds[-2:] == ["reported_done", "reported_done"]

    def test_late(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-20T11:00")), "2026-10-20T11:05")
        assert submitted.fresh().was_late is True

    def test_under_review_after_all_takes_it_back(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-09T11:00")), "2026-10-09T11:00")
        submitted.do(UnderReview(at("2026-10-14T10:00")), "2026-10-14T10:00")
        assert (submitted.status, submitted.fresh().reported_done_at) == ("under_review", None)
        assert submitted.reply_by == "2026-10-20 00:00"

    def test_under_review_again_after_all_takes_it_back_too(self, submitted: CaseDriver) -> None:
        submitted.do(UnderReview(at("2026-10-08T11:00")), "2026-10-08T11:00")
        submitted.do(ReportedDone(at("2026-10-09T11:00")), "2026-10-09T11:00")
        submitted.do(UnderReview(at("2026-10-14T10:00")), "2026-10-14T10:00")
        assert submitted.fresh().reported_done_at is None
        assert submitted.reply_by == "2026-10-20 00:00"

    def test_a_promise_after_all_takes_it_back(self, submitted: CaseDriver) -> None:
        submitted.do(ReportedDone(at("2026-10-09T11:00")), "2026-10-09T11:00")
        submitted.do(promise("2026-10-12T10:00", "2026-10-13"), "2026-10-12T10:00")
        assert submitted.fresh().reported_done_at is None
        assert submitted.reply_by == "2026-10-14 00:00"


class TestFollowUp:
    def test_the_carrier_is_as_late_as_before(self, submitted: CaseDriver) -> None:
        submitted.do(FollowUp(at("2026-10-15T10:20"), "visit", "再等等", "工号 1"), "2026-10-15T10:25")
        assert submitted.reply_by == "2026-10-14 00:00"
        assert submitted.fresh().round == 1
        assert local_str(submitted.fresh().last_follow_up_at) == "2026-10-15 10:20"
        assert submitted.fresh().last_reply_at is None
        assert submitted.last_content["way"] == "visit"
        assert submitted.next_reminder == "2026-10-16 09:00"


@pytest.mark.parametrize("kind", sorted(REPLIES))
class TestEveryReply:
    def say(self, kind: str, moment: str) -> Any:
        return make_reply(
            kind, at=at(moment), words="好", reason="other", promised_on=on("2026-10-16"), effective_on=on("2026-11-20")
        )

    def test_not_in_the_future(self, submitted: CaseDriver, kind: str) -> None:
        with pytest.raises(InTheFuture):
            submitted.do(self.say(kind, "2026-10-12T10:03"), "2026-10-12T10:00")

    def test_not_before_the_submission(self, submitted: CaseDriver, kind: str) -> None:
        with pytest.raises(BeforeSubmission) as caught:
            submitted.do(self.say(kind, "2026-09-30T14:59"), "2026-10-12T10:00")
        assert caught.value.params == {"submitted_at": at("2026-09-30T15:00")}

    def test_at_the_very_moment_of_the_submission(self, submitted: CaseDriver, kind: str) -> None:
        submitted.do(self.say(kind, "2026-09-30T15:00"), "2026-10-12T10:00")
        assert local_str(submitted.fresh().last_reply_at) == "2026-09-30 15:00"

    def test_one_entry_with_its_words(self, submitted: CaseDriver, kind: str) -> None:
        submitted.do(self.say(kind, "2026-10-12T09:00"), "2026-10-12T10:00")
        assert submitted.kinds == ["logged", "submitted", kind]
        assert (submitted.last_content["at"], submitted.last_content["words"]) == ("2026-10-12T09:00:00+08:00", "好")


def test_a_promise_needs_a_day_and_a_return_a_reason() -> None:
    with pytest.raises(PromisedDayMissing) as no_day:
        Promised(at("2026-10-09T11:00"))
    with pytest.raises(ReturnReasonMissing) as no_reason:
        make_reply("returned", at=at("2026-10-09T11:00"), reason="")
    assert (no_day.value.code, no_reason.value.code) == ("day_missing", "wanted_missing")
