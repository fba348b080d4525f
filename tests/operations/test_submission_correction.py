"""The moment of submission was logged wrongly: everything that hangs on it follows, lateness included."""

import pytest

from cases.domain.business_days import YearNotCovered
from cases.domain.errors import AfterReply, BeforeReturn, InTheFuture, ReasonMissing
from cases.operations import (
    Acknowledged,
    CorrectSubmission,
    Promised,
    ReportedDone,
    Returned,
    Submit,
    UnderReview,
)
from tests.helpers import CaseDriver, at, local_str, on


def correct(moment: str, words: str = "回执上写的是另一天") -> CorrectSubmission:
    return CorrectSubmission(at(moment), words)


@pytest.fixture
def november(draft: CaseDriver) -> CaseDriver:
    """Submitted on Monday 2026-11-02 at 10:00: answer by the end of Monday 11-09."""
    draft.do(Submit(at("2026-11-02T10:00")), "2026-11-02T10:00")
    assert draft.reply_by == "2026-11-10 00:00"
    return draft


def test_all_deadlines_follow_and_the_record_keeps_both(submitted: CaseDriver) -> None:
    submitted.do(correct("2026-09-29T10:00"), "2026-10-08T11:00")
    case = submitted.fresh()
    assert local_str(case.submitted_at) == "2026-09-29 10:00"
    assert local_str(case.acknowledge_by) == "2026-09-30 10:00"
    assert local_str(case.review_by) == local_str(case.window_opens) == "2026-10-10 00:00"
    assert local_str(case.reply_by) == local_str(case.first_reply_by) == "2026-10-13 00:00"
    assert submitted.rounds == [(1, "submission", "2026-10-13 00:00", None, False)]
    assert submitted.kinds[-1] == "submission_corrected"
    assert submitted.last_content == {
        "by": "Li Na",
        "by_id": submitted.by.pk,
        "at": "2026-09-29T10:00:00+08:00",
        "before": "2026-09-30T15:00:00+08:00",
        "words": "回执上写的是另一天",
        "reply_by": ["2026-10-14T00:00:00+08:00", "2026-10-13T00:00:00+08:00"],
    }
    assert submitted.next_reminder == "2026-10-09 09:00"  # the missing acknowledgement, which nobody was told of


def test_it_needs_a_reason(submitted: CaseDriver) -> None:
    with pytest.raises(ReasonMissing):
        submitted.do(correct("2026-09-29T10:00", " \n"), "2026-10-08T11:00")


@pytest.mark.parametrize(("moment", "error"), [("2026-10-08T11:03", InTheFuture), ("2003-12-31T10:00", YearNotCovered)])
def test_moments_that_are_refused(submitted: CaseDriver, moment: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        submitted.do(correct(moment), "2026-10-08T11:00")
    assert local_str(submitted.fresh().submitted_at) == "2026-09-30 15:00"


def test_the_moment_that_is_there_already_is_no_correction(submitted: CaseDriver) -> None:
    submitted.do(correct("2026-09-30T15:00"), "2026-10-08T11:00")
    assert submitted.kinds == ["logged", "submitted"]


@pytest.mark.parametrize("answer", [Acknowledged, UnderReview, ReportedDone])
def test_nothing_is_handed_in_after_it_was_answered(submitted: CaseDriver, answer: type[Acknowledged]) -> None:
    submitted.do(answer(at("2026-10-08T10:00")), "2026-10-08T10:00")
    with pytest.raises(AfterReply) as caught:
        submitted.do(correct("2026-10-08T10:01"), "2026-10-09T10:00")
    assert caught.value.params == {"replied_at": at("2026-10-08T10:00")}
    submitted.do(correct("2026-10-08T10:00"), "2026-10-09T10:00")
    assert local_str(submitted.fresh().submitted_at) == "2026-10-08 10:00"


def test_an_answer_that_seemed_late_was_in_time(november: CaseDriver) -> None:
    november.do(UnderReview(at("2026-11-11T10:00")), "2026-11-11T10:00")
    assert november.fresh().was_late is True
    november.do(correct("2026-11-04T10:00"), "2026-11-11T11:00")
    assert november.fresh().was_late is False
    assert november.rounds == [
        (1, "submission", "2026-11-12 00:00", "2026-11-11 10:00", False),
        (2, "under_review", "2026-11-17 00:00", None, False),
    ]
    assert local_str(november.fresh().first_reply_by) == "2026-11-12 00:00"


def test_an_answer_that_seemed_in_time_was_late(november: CaseDriver) -> None:
    november.do(correct("2026-11-04T10:00"), "2026-11-09T11:00")
    november.do(UnderReview(at("2026-11-11T10:00")), "2026-11-11T10:00")
    assert november.fresh().was_late is False
    november.do(correct("2026-11-02T10:00"), "2026-11-11T11:00")
    assert november.fresh().was_late is True
    assert november.rounds[0] == (1, "submission", "2026-11-10 00:00", "2026-11-11 10:00", True)


def test_a_late_first_submission_stays_late_when_the_second_is_corrected(november: CaseDriver) -> None:
    november.do(Returned(at("2026-11-10T10:00"), reason="other"), "2026-11-10T10:00")
    november.do(Submit(at("2026-11-11T10:00")), "2026-11-11T10:00")
    november.do(correct("2026-11-10T18:00"), "2026-11-11T11:00")
    assert november.fresh().was_late is True
    assert november.rounds == [
        (1, "submission", "2026-11-10 00:00", "2026-11-10 10:00", True),
        (2, "submission", "2026-11-18 00:00", None, False),
    ]


def test_the_second_submission_cannot_be_moved_before_the_return_of_the_first(november: CaseDriver) -> None:
    november.do(Returned(at("2026-11-10T10:00"), reason="other"), "2026-11-10T10:00")
    november.do(Submit(at("2026-11-11T10:00")), "2026-11-11T10:00")
    with pytest.raises(BeforeReturn):
        november.do(correct("2026-11-10T09:59"), "2026-11-11T11:00")


def test_a_deadline_that_had_passed_and_lies_ahead_now_is_a_new_round(november: CaseDriver) -> None:
    november.do(correct("2026-11-04T10:00"), "2026-11-10T10:00")
    assert november.rounds == [
        (1, "submission", "2026-11-12 00:00", "2026-11-10 10:00", False),
        (2, "submission", "2026-11-12 00:00", None, False),
    ]
    assert november.reply_by == "2026-11-12 00:00"
    assert november.next_reminder == "2026-11-11 09:00"  # the open window, which nobody was told of
    assert november.fresh().was_late is False


def test_a_deadline_that_lay_ahead_and_has_passed_now_is_overdue_in_the_same_round(november: CaseDriver) -> None:
    november.do(correct("2026-11-04T10:00"), "2026-11-09T10:00")
    november.do(correct("2026-11-02T10:00"), "2026-11-10T10:00")
    assert november.rounds == [(1, "submission", "2026-11-10 00:00", None, False)]
    assert november.next_reminder == "2026-11-11 09:00"  # late day 1 is before their eyes; told on the next morning


def test_what_under_review_must_not_shorten_moves_along(november: CaseDriver) -> None:
    november.do(UnderReview(at("2026-11-03T10:00")), "2026-11-03T10:00")
    assert november.reply_by == "2026-11-10 00:00"
    november.do(correct("2026-11-03T09:00"), "2026-11-03T11:00")
    assert november.reply_by == "2026-11-11 00:00"


def test_a_promise_keeps_its_day(november: CaseDriver) -> None:
    november.do(Promised(at("2026-11-03T10:00"), promised_on=on("2026-11-13")), "2026-11-03T10:00")
    november.do(correct("2026-11-03T09:00"), "2026-11-03T11:00")
    assert november.reply_by == "2026-11-14 00:00"
    assert local_str(november.fresh().first_reply_by) == "2026-11-11 00:00"


def test_after_done_only_the_past_moves(november: CaseDriver) -> None:
    november.do(ReportedDone(at("2026-11-10T10:00")), "2026-11-10T10:00")
    assert november.fresh().was_late is True
    november.do(correct("2026-11-03T10:00"), "2026-11-10T11:00")
    case = november.fresh()
    assert (case.was_late, case.reply_by, local_str(case.first_reply_by)) == (False, None, "2026-11-11 00:00")
