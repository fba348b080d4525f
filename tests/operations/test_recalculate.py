"""The working calendar was corrected by hand: the open deadlines follow (domain.md, 'Working days')."""

from datetime import date

import pytest

from cases.domain.errors import WrongState
from cases.models import CalendarOverride, Escalation, PublishedYear
from cases.operations import (
    Acknowledged,
    Complain,
    FollowUp,
    Promised,
    Recalculate,
    Reopen,
    ReportedDone,
    Returned,
    Submit,
    UnderReview,
    Verify,
    Withdraw,
    perform,
)
from tests.helpers import CaseDriver, at, local_str, on
from tests.moments import NOW


@pytest.fixture
def november(draft: CaseDriver) -> CaseDriver:
    """Submitted on Friday 2026-11-20 at 18:00: answer by the end of Friday 11-27."""
    draft.do(Submit(at("2026-11-20T18:00")), "2026-11-20T18:00")
    return draft


def override(day: str, *, working: bool) -> None:
    CalendarOverride.objects.create(date=on(day), working=working, name="台风")


def recalculate(driver: CaseDriver, now: str) -> None:
    driver.do(Recalculate("calendar changed"), now, by=None)


def test_a_day_off_within_the_window_moves_the_deadline_in_the_same_round(november: CaseDriver) -> None:
    override("2026-11-24", working=False)
    recalculate(november, "2026-11-23T10:00")
    case = november.fresh()
    assert local_str(case.window_opens) == local_str(case.review_by) == "2026-11-27 00:00"
    assert local_str(case.reply_by) == local_str(case.first_reply_by) == "2026-12-01 00:00"
    assert november.rounds == [(1, "submission", "2026-12-01 00:00", None, False)]
    assert november.kinds[-1] == "recalculated"
    assert november.last_content == {
        "by": "",
        "by_id": None,
        "words": "calendar changed",
        "provisional": False,
        "reply_by": ["2026-11-28T00:00:00+08:00", "2026-12-01T00:00:00+08:00"],
    }
    assert november.chain_flaw is None


def test_a_working_day_within_the_window_does_too(november: CaseDriver) -> None:
    override("2026-11-21", working=True)
    recalculate(november, "2026-11-21T10:00")
    assert november.reply_by == "2026-11-27 00:00"


def test_a_day_outside_the_window_changes_nothing_and_is_not_recorded(november: CaseDriver) -> None:
    override("2026-11-20", working=False)  # the day of the event never counts
    override("2026-12-24", working=False)
    recalculate(november, "2026-11-23T10:00")
    assert november.kinds == ["logged", "submitted"]
    assert november.fresh().version == 1


def test_a_deadline_that_had_passed_and_lies_ahead_now_is_a_new_round(november: CaseDriver) -> None:
    november.do(FollowUp(at("2026-11-28T09:00")), "2026-11-28T09:00")
    assert november.next_reminder == "2026-11-30 09:00"
    override("2026-11-27", working=False)
    recalculate(november, "2026-11-28T10:00")
    assert november.rounds == [
        (1, "submission", "2026-12-01 00:00", "2026-11-28 10:00", False),
        (2, "submission", "2026-12-01 00:00", None, False),
    ]
    assert november.next_reminder == "2026-12-01 09:00"
    assert november.fresh().was_late is False


def test_a_day_that_moves_a_reminder_alone_is_not_for_the_record(november: CaseDriver) -> None:
    november.do(FollowUp(at("2026-11-28T09:00")), "2026-11-28T09:00")
    override("2026-11-30", working=False)
    recalculate(november, "2026-11-28T10:00")
    assert november.next_reminder == "2026-12-01 09:00"
    assert november.kinds == ["logged", "submitted", "follow_up"]


def test_what_under_review_must_not_shorten_is_computed_again_too(november: CaseDriver) -> None:
    november.do(UnderReview(at("2026-11-23T10:00")), "2026-11-23T10:00")
    assert november.reply_by == "2026-11-28 00:00"
    override("2026-11-25", working=False)
    recalculate(november, "2026-11-24T10:00")
    assert november.reply_by == "2026-12-01 00:00"
    # What is over keeps the deadline that it had.
    assert november.rounds[0] == (1, "submission", "2026-11-28 00:00", "2026-11-23 10:00", False)


def test_what_is_taken_back_after_the_calendar_changed_counts_by_the_new_one(november: CaseDriver) -> None:
    november.do(ReportedDone(at("2026-11-23T10:00")), "2026-11-23T10:00")
    override("2026-11-25", working=False)
    recalculate(november, "2026-11-23T11:00")
    november.do(UnderReview(at("2026-11-23T12:00")), "2026-11-23T12:00")
    assert november.reply_by == "2026-12-01 00:00"
    entries = november.fresh().entry_count
    recalculate(november, "2026-11-23T13:00")
    assert november.fresh().entry_count == entries


def test_an_ended_round_that_was_late_stays_late(november: CaseDriver) -> None:
    november.do(UnderReview(at("2026-11-28T10:00")), "2026-11-28T10:00")
    override("2026-11-24", working=False)
    recalculate(november, "2026-11-28T11:00")
    assert november.fresh().was_late is True
    assert november.rounds[0] == (1, "submission", "2026-11-28 00:00", "2026-11-28 10:00", True)


def test_a_promised_day_is_nobodys_to_move(november: CaseDriver) -> None:
    november.do(Promised(at("2026-11-23T10:00"), promised_on=on("2026-11-26")), "2026-11-23T10:00")
    override("2026-11-26", working=False)
    recalculate(november, "2026-11-24T10:00")
    assert november.reply_by == "2026-11-27 00:00"
    assert local_str(november.fresh().first_reply_by) == "2026-12-01 00:00"


def test_a_completed_year_ends_what_was_provisional(draft: CaseDriver) -> None:
    draft.do(Submit(at("2026-12-25T10:00")), "2026-12-25T10:00")
    assert (draft.fresh().provisional, draft.reply_by) == (True, "2027-01-05 00:00")
    PublishedYear.objects.create(year=2027)
    recalculate(draft, "2026-12-26T10:00")
    assert (draft.fresh().provisional, draft.reply_by) == (False, "2027-01-05 00:00")
    assert draft.kinds[-1] == "recalculated"
    assert draft.last_content["provisional"] is False


@pytest.mark.parametrize("returned", [False, True])
def test_a_running_complaint_follows(submitted: CaseDriver, returned: bool) -> None:
    submitted.do(Acknowledged(NOW), "2026-10-16T10:00")
    submitted.do(Complain(NOW), "2026-10-16T10:00")
    if returned:
        submitted.do(Returned(at("2026-10-19T10:00"), reason="other"), "2026-10-19T10:00")
    row = Escalation.objects.get()
    assert local_str(row.answer_by) == "2026-11-03 00:00"  # the 15th day, 10-31, is a Saturday
    # What was returned is our turn, whatever runs: the third working day.
    assert submitted.next_reminder == ("2026-10-22 09:00" if returned else "2026-11-03 09:00")
    override("2026-11-02", working=False)
    recalculate(submitted, "2026-10-20T10:00")
    row.refresh_from_db()
    assert local_str(row.answer_by) == "2026-11-04 00:00"
    assert submitted.next_reminder == ("2026-10-22 09:00" if returned else "2026-11-04 09:00")
    assert submitted.kinds[-1] == "recalculated"


def test_cases_that_wait_for_nothing_stay_as_they_are(november: CaseDriver) -> None:
    override("2026-11-24", working=False)
    november.do(ReportedDone(at("2026-11-23T10:00")), "2026-11-23T10:00")
    recalculate(november, "2026-11-23T11:00")
    case = november.fresh()
    assert (case.reply_by, local_str(case.first_reply_by)) == (None, "2026-12-01 00:00")
    november.do(Verify(at("2026-11-23T12:00"), "account", "cancelled", confirm=True), "2026-11-23T12:00")
    entries = november.fresh().entry_count
    CalendarOverride.objects.all().delete()
    recalculate(november, "2026-11-23T13:00")
    assert november.fresh().entry_count == entries


def test_a_reopened_case_follows_what_changed_while_it_was_closed(november: CaseDriver) -> None:
    november.do(Verify(at("2026-11-23T10:00"), "account", "cancelled", confirm=True), "2026-11-23T10:00")
    override("2026-11-24", working=False)
    recalculate(november, "2026-11-23T11:00")
    assert local_str(november.fresh().first_reply_by) == "2026-11-28 00:00"
    november.do(Reopen("又扣费了"), "2026-11-23T12:00")
    assert local_str(november.fresh().first_reply_by) == "2026-12-01 00:00"
    assert november.reply_by == "2026-11-28 00:00"


def test_a_withdrawn_case_is_left_alone(november: CaseDriver) -> None:
    november.do(Withdraw(), "2026-11-23T10:00")
    outcome = perform(Recalculate(), [november.case], by=None, now=at("2026-11-23T11:00"))
    assert outcome.done == []
    assert [type(error) for _, error in outcome.refused] == [WrongState]


def test_a_person_who_looked_meanwhile_is_not_stopped_by_the_product(november: CaseDriver) -> None:
    seen = november.fresh().version
    override("2026-12-24", working=False)
    recalculate(november, "2026-11-23T10:00")
    november.do(UnderReview(at("2026-11-23T11:00")), "2026-11-23T11:00", expected_version=seen)
    assert november.status == "under_review"
    assert isinstance(november.fresh().promised_on, date | None)
