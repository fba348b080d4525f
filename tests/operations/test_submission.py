"""Handing in, handing in again, withdrawing (domain.md, 'Deadlines' and the table of 'Waiting rounds')."""

from collections.abc import Callable

import pytest

from cases.domain.business_days import YearNotCovered
from cases.domain.errors import BeforeReturn, InTheFuture
from cases.models import Carrier
from cases.operations import MarkItem, Returned, Submit, UnderReview, Verify, Withdraw
from tests.helpers import CaseDriver, at, local_str
from tests.moments import NOW

#: domain.md, the table under 'Deadlines'; and when 'overdue' would be said first.
TABLE = [
    ("2026-09-30T15:00", "2026-10-01 15:00", "2026-10-11 00:00", "2026-10-14 00:00"),
    ("2026-09-19T10:00", "2026-09-20 10:00", "2026-09-23 00:00", "2026-09-25 00:00"),
    ("2026-02-13T17:30", "2026-02-14 17:30", "2026-02-26 00:00", "2026-02-28 00:00"),
    ("2026-04-30T23:59", "2026-05-01 23:59", "2026-05-09 00:00", "2026-05-12 00:00"),
    ("2026-11-20T18:00", "2026-11-21 18:00", "2026-11-26 00:00", "2026-11-28 00:00"),
]


@pytest.mark.parametrize(("submitted", "acknowledge_by", "third", "fifth"), TABLE)
def test_the_deadlines_of_a_submission(
    new_driver: Callable[..., CaseDriver], submitted: str, acknowledge_by: str, third: str, fifth: str
) -> None:
    driver = new_driver("13800138000", now=submitted)
    driver.do(Submit(at(submitted)), submitted)
    case = driver.fresh()
    assert local_str(case.acknowledge_by) == acknowledge_by
    assert local_str(case.review_by) == local_str(case.window_opens) == third
    assert local_str(case.reply_by) == local_str(case.first_reply_by) == fifth


def test_the_entry_of_a_submission(draft: CaseDriver) -> None:
    draft.do(MarkItem("identity"), "2026-09-30T16:00")
    draft.do(Submit(at("2026-09-30T16:30"), "CM-20260930-77", "交给柜台"), "2026-09-30T17:00")
    assert draft.fresh().carrier_reference == "CM-20260930-77"
    assert draft.last_content == {
        "by": "Li Na",
        "by_id": draft.by.pk,
        "at": "2026-09-30T16:30:00+08:00",
        "terms": {"acknowledge_hours": 24, "review_days": 3, "window_days": 3, "reply_days": 5},
        "card": {"number": "13800138000", "holder": "", "carrier": "china-mobile"},
        "reference": "CM-20260930-77",
        "words": "交给柜台",
        "channel": "hotline",
        "ready": [],
        "waived": {},
        "not_checked": ["card", "account", "arrears", "contract", "contacts", "bindings"],
        "reply_by": [None, "2026-10-14T00:00:00+08:00"],
    }
    entry = draft.last_entry
    assert (entry.kind, entry.status_from, entry.status_to, entry.round) == ("submitted", "draft", "submitted", 1)
    assert entry.recorded_at == at("2026-09-30T17:00")


def test_a_draft_may_have_been_handed_in_before_it_was_logged(draft: CaseDriver) -> None:
    draft.do(Submit(at("2026-09-19T10:00")), "2026-09-30T15:01")
    assert draft.reply_by == "2026-09-25 00:00"


@pytest.mark.parametrize(
    ("moment", "error"),
    [
        ("2026-09-30T16:02:00.000001", InTheFuture),
        ("2003-12-31T23:59", YearNotCovered),
        ("1999-01-01T00:00", YearNotCovered),
    ],
)
def test_moments_that_are_refused(draft: CaseDriver, moment: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        draft.do(Submit(at(moment)), "2026-09-30T16:00")
    assert draft.status == "draft"
    assert draft.kinds == ["logged"]


def test_the_moment_of_recording_itself_is_not_the_future(draft: CaseDriver) -> None:
    draft.do(Submit(at("2026-09-30T16:00")), "2026-09-30T16:00")
    assert draft.status == "submitted"


def test_a_clock_that_is_two_minutes_ahead_is_not_the_future(draft: CaseDriver) -> None:
    draft.do(Submit(at("2026-09-30T16:02")), "2026-09-30T16:00")
    assert draft.last_content["at"] == "2026-09-30T16:00:00+08:00"


def test_returned_then_handed_in_again_starts_anew(submitted: CaseDriver, mobile: Carrier) -> None:
    submitted.do(UnderReview(at("2026-10-09T10:00"), reference="CM-1"), "2026-10-09T10:00")
    submitted.do(Returned(at("2026-10-12T11:00"), "欠费 12 元", reason="arrears"), "2026-10-12T11:05")
    case = submitted.fresh()
    assert (case.status, case.return_reason, local_str(case.returned_at)) == ("returned", "arrears", "2026-10-12 11:00")
    assert (case.reply_by, case.basis) == (None, "")
    assert submitted.next_reminder == "2026-10-15 09:00"  # the 3rd working day in 'returned'

    Carrier.objects.filter(pk=mobile.pk).update(reply_days=2)
    submitted.do(Submit(at("2026-10-16T09:30"), "CM-2"), "2026-10-16T10:00")
    case = submitted.fresh()
    assert (case.status, case.submission, case.round, case.basis) == ("submitted", 2, 3, "submission")
    assert (case.returned_at, case.return_reason, case.acknowledged_at) == (None, "", None)
    assert (case.carrier_reference, case.reply_days) == ("CM-2", 2)
    assert local_str(case.reply_by) == local_str(case.first_reply_by) == "2026-10-21 00:00"
    assert local_str(case.acknowledge_by) == "2026-10-17 09:30"
    assert submitted.rounds == [
        (1, "submission", "2026-10-14 00:00", "2026-10-09 10:00", False),
        (2, "under_review", "2026-10-14 00:00", "2026-10-12 11:00", False),
        (3, "submission", "2026-10-21 00:00", None, False),
    ]
    assert submitted.kinds[-2:] == ["returned", "resubmitted"]
    assert case.was_late is False


def test_the_first_under_review_of_a_second_submission_buys_time_again(submitted: CaseDriver) -> None:
    submitted.do(UnderReview(at("2026-10-09T10:00")), "2026-10-09T10:00")
    submitted.do(Returned(at("2026-10-12T11:00"), reason="other"), "2026-10-12T11:00")
    submitted.do(Submit(at("2026-10-12T12:00")), "2026-10-12T12:00")
    assert submitted.reply_by == "2026-10-20 00:00"
    submitted.do(UnderReview(NOW), "2026-10-16T10:00")
    assert submitted.reply_by == "2026-10-22 00:00"


def test_nobody_hands_in_again_before_it_came_back(submitted: CaseDriver) -> None:
    submitted.do(Returned(at("2026-10-12T11:00"), reason="other"), "2026-10-12T11:05")
    with pytest.raises(BeforeReturn):
        submitted.do(Submit(at("2026-10-12T10:59")), "2026-10-13T10:00")
    submitted.do(Submit(at("2026-10-12T11:00")), "2026-10-13T10:00")
    assert submitted.status == "submitted"


def test_a_check_of_the_first_submission_does_not_confirm_the_second(submitted: CaseDriver) -> None:
    submitted.do(Verify(at("2026-10-09T10:00"), "hotline", "cancelled"), "2026-10-09T10:00")
    submitted.do(Returned(at("2026-10-12T11:00"), reason="other"), "2026-10-12T11:00")
    assert submitted.fresh().verification is None
    submitted.do(Submit(at("2026-10-12T12:00")), "2026-10-12T12:00")
    assert submitted.fresh().verification is None


def test_withdrawing_in_time(submitted: CaseDriver) -> None:
    submitted.do(Withdraw("号码还要用"), "2026-10-13T23:59")
    case = submitted.fresh()
    assert (case.status, case.reply_by, case.was_late) == ("withdrawn", None, False)
    assert local_str(case.closed_at) == "2026-10-13 23:59"
    assert submitted.next_reminder is None
    assert submitted.rounds == [(1, "submission", "2026-10-14 00:00", "2026-10-13 23:59", False)]
    assert submitted.last_content["words"] == "号码还要用"


def test_withdrawing_a_late_case_leaves_it_known_as_late(submitted: CaseDriver) -> None:
    submitted.do(Withdraw(), "2026-10-14T00:00")
    assert submitted.fresh().was_late is True
    assert submitted.rounds == [(1, "submission", "2026-10-14 00:00", "2026-10-14 00:00", True)]
