"""Cases taken over from a table: each begins in its standing, with what is known, and says what is not."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override

from cases.domain.deadlines import Terms
from cases.domain.errors import CaseError
from cases.models import Carrier, Case, Team, User
from cases.operations import NewCase, Reopen, Submit, Verify, Withdraw, open_case, perform_one
from cases.operations.integrity import check_rows
from cases.operations.take_over import TakeOver, is_confirmed_by_table
from cases.selectors import cases_of, working_calendar
from cases.selectors.statistics.scoreboard import scoreboard
from cases.wording.timeline import describe_entries
from tests.helpers import at, local_str

NOW = at("2026-10-16T10:00")
SUBMITTED = at("2026-09-30T15:00")


def taken_over(team: Team, by: User, carrier: Carrier, number: str = "13800138000", **fields: Any) -> Case:
    new_case = NewCase(number, carrier, "other", "hotline", take_over=TakeOver(**fields))
    case = open_case(team, new_case, by=by, now=NOW)
    return Case.objects.select_related("card", "carrier", "handler", "verification").get(pk=case.pk)


def test_submitted_on_a_known_day(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="submitted", submitted_at=SUBMITTED, reference="SL-1")
    assert (case.status, case.submission, case.round, case.carrier_reference) == ("submitted", 1, 1, "SL-1")
    assert (local_str(case.submitted_at), local_str(case.reply_by)) == ("2026-09-30 15:00", "2026-10-14 00:00")
    assert (
        local_str(case.next_reminder_at) == "2026-10-19 09:00"
    )  # nobody is told at once of what they have just imported


def test_submitted_nobody_knows_when_it_counts_from_now(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="submitted")
    assert (local_str(case.submitted_at), local_str(case.reply_by)) == ("2026-10-16 10:00", "2026-10-24 00:00")
    entry = case.entries.get(kind="taken_over")
    assert (entry.content.body["is_moment_known"], entry.content.body["submitted_at"]) == (False, None)


def test_under_review_the_carrier_has_its_days_from_now(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="under_review", submitted_at=SUBMITTED)
    assert (case.status, case.basis, local_str(case.submitted_at)) == (
        "under_review",
        "under_review",
        "2026-09-30 15:00",
    )
    assert local_str(case.reply_by) == "2026-10-22 00:00"
    assert case.was_late is False


def test_returned_with_its_day_and_reason(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(
        team, manager, mobile,
        status="returned", submitted_at=SUBMITTED, returned_on=date(2026, 10, 12), return_reason="arrears",
    )  # fmt: skip
    assert (case.status, case.return_reason, local_str(case.returned_at)) == ("returned", "arrears", "2026-10-12 18:00")
    case = perform_one(Submit(at("2026-10-16T09:00")), case, by=manager, now=NOW)
    assert (case.status, case.submission, case.round) == ("submitted", 2, 1)


def test_reported_done_waits_for_a_check(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(
        team, manager, mobile, status="reported_done", submitted_at=SUBMITTED, closed_on=date(2026, 10, 13)
    )
    assert (case.status, local_str(case.reported_done_at), case.reply_by) == ("submitted", "2026-10-13 18:00", None)
    case = perform_one(Verify(NOW, "call", "alive"), case, by=manager, now=NOW)
    assert (case.basis, case.round) == ("still_alive", 1)


def test_what_was_called_for_before_a_confirmed_case_came_is_settled_and_of_others_not(
    team: Team, manager: User, mobile: Carrier
) -> None:
    closed = taken_over(team, manager, mobile, status="confirmed", closed_on=date(2026, 9, 1))
    assert closed.reminded_until == NOW
    submitted = taken_over(team, manager, mobile, "13900139000", status="submitted", submitted_at=SUBMITTED)
    assert submitted.reminded_until is None


def test_a_draft_is_a_draft(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="draft")
    assert (case.status, case.submission, case.submitted_at) == ("draft", 0, None)


def test_confirmed_since_its_day_and_never_late(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="confirmed", closed_on=date(2026, 7, 2))
    assert (case.status, local_str(case.confirmed_at), local_str(case.closed_at)) == (
        "confirmed", "2026-07-02 18:00", "2026-10-16 10:00",
    )  # fmt: skip
    assert (case.submitted_at, case.submission, case.rounds.count(), case.was_late) == (None, 0, 0, False)
    assert case.verification is not None
    assert (case.verification.method, case.verification.finding) == ("", "cancelled")
    assert case.next_reminder_at is None  # nobody is asked for the bill of July
    assert scoreboard(cases_of(team), NOW, working_calendar()).team.cases == 0
    case = perform_one(Reopen("还能打通"), case, by=manager, now=NOW)
    assert (case.status, local_str(case.submitted_at)) == ("under_review", "2026-10-16 10:00")


def test_how_long_a_review_took_that_began_elsewhere_is_not_counted(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="under_review")
    perform_one(Verify(NOW, "call", "cancelled", confirm=True), case, by=manager, now=NOW)
    assert scoreboard(cases_of(team), NOW, working_calendar()).team.cases == 0


def test_what_is_confirmed_by_a_table_alone_can_be_withdrawn_as_a_mistake(
    team: Team, manager: User, mobile: Carrier
) -> None:
    case = taken_over(team, manager, mobile, status="confirmed")
    with pytest.raises(CaseError):
        perform_one(Withdraw("x"), case, by=manager, now=NOW)
    case = perform_one(Withdraw("x", mistake=True), case, by=manager, now=NOW)
    assert (case.status, case.confirmed_at, case.verification) == ("withdrawn", None, None)


def test_the_future_is_refused(team: Team, manager: User, mobile: Carrier) -> None:
    with pytest.raises(CaseError):
        taken_over(team, manager, mobile, status="submitted", submitted_at=at("2026-10-16T10:01"))
    assert Case.objects.count() == 0


@pytest.mark.parametrize("status", ["draft", "submitted", "under_review", "returned", "reported_done", "confirmed"])
def test_its_record_is_whole(team: Team, manager: User, mobile: Carrier, status: str) -> None:
    case = taken_over(team, manager, mobile, status=status)
    assert check_rows(case).flaws == []


def test_the_timeline_says_so(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="reported_done", closed_on=date(2026, 10, 13))
    with override("zh-hans"):
        entry = describe_entries(case.entries.select_related("content", "recorded_by").order_by("sequence"))[1]
    assert (entry.title, entry.lines) == (
        "从表格接管",
        [("表格中的状态", "运营商称已办结"), ("提交时间", "不详"), ("办结日期", "10月13日 周二")],
    )
    assert "没有提交时间的，期限从这条记录起算" in entry.words


def test_the_timeline_has_the_words_of_the_table(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="submitted", words="一直没消息")
    with override("zh-hans"):
        entry = describe_entries(case.entries.select_related("content", "recorded_by").order_by("sequence"))[1]
    assert entry.words.startswith("表格中的状态：“一直没消息”。")
    assert "没有提交时间的，期限从这条记录起算" in entry.words


def test_the_entry_says_all_that_the_table_did(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(
        team, manager, mobile, status="returned", submitted_at=SUBMITTED, returned_on=date(2026, 10, 12),
        return_reason="arrears", reference="SL-1", words="欠费",
    )  # fmt: skip
    body = case.entries.get(kind="taken_over").content.body
    about_the_row = {"round", "click", "calendar", "card", "terms", "by", "by_id"}
    assert {name: value for name, value in body.items() if name not in about_the_row} == {
        "status": "returned", "submitted_at": "2026-09-30T15:00:00+08:00", "is_moment_known": True,
        "returned_on": "2026-10-12", "closed_on": None, "reference": "SL-1", "return_reason": "arrears",
        "words": "欠费",
    }  # fmt: skip
    assert body["terms"]["reply_days"] == case.reply_days
    assert body["card"]["number"] == "13800138000"
    bare = taken_over(team, manager, mobile, "13800138001", status="confirmed", closed_on=date(2026, 7, 2))
    body = bare.entries.get(kind="taken_over").content.body
    assert (body["is_moment_known"], body["closed_on"], body["returned_on"], body["reference"]) == (
        False, "2026-07-02", None, "",
    )  # fmt: skip
    draft = taken_over(team, manager, mobile, "13800138002", status="draft")
    assert draft.entries.get(kind="taken_over").content.body["is_moment_known"] is True


def test_a_day_before_the_submission_or_after_today_is_moved_to_it(team: Team, manager: User, mobile: Carrier) -> None:
    """A table that names days only: what was returned on the day of submission was so after it."""
    late = at("2026-10-12T19:00")
    same = taken_over(team, manager, mobile, status="returned", submitted_at=late, returned_on=date(2026, 10, 12))
    assert (same.returned_at, same.last_reply_at) == (late, late)
    today = taken_over(
        team, manager, mobile, "13800138001", status="reported_done", submitted_at=SUBMITTED, closed_on=NOW.date()
    )
    assert (today.reported_done_at, today.last_reply_at) == (NOW, NOW)  # 18:00 is still to come
    unknown = taken_over(team, manager, mobile, "13800138002", status="returned", returned_on=date(2026, 10, 12))
    assert unknown.submitted_at == at("2026-10-12T18:00")


def test_a_confirmed_case_whose_submission_is_known_has_one(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="confirmed", submitted_at=SUBMITTED, closed_on=date(2026, 10, 8))
    assert (case.submission, case.submitted_at, case.rounds.count()) == (1, SUBMITTED, 0)
    assert case.verification is not None
    assert (case.verification.submission, case.verification.happened_at, case.verification.recorded_at) == (
        1, at("2026-10-08T18:00"), NOW,
    )  # fmt: skip


def test_the_carriers_terms_are_copied_unless_they_are_named(team: Team, manager: User, unicom: Carrier) -> None:
    case = taken_over(team, manager, unicom, status="submitted", submitted_at=SUBMITTED)
    assert (case.acknowledge_hours, case.review_days, case.window_days, case.reply_days) == (48, 2, 2, 7)
    terms = Terms(acknowledge_hours=1, review_days=4, window_days=5, reply_days=9)
    case = taken_over(team, manager, unicom, "13800138001", status="submitted", submitted_at=SUBMITTED, terms=terms)
    assert (case.acknowledge_hours, case.review_days, case.window_days, case.reply_days) == (1, 4, 5, 9)


def test_only_a_draft_is_taken_over(team: Team, manager: User, mobile: Carrier) -> None:
    case = taken_over(team, manager, mobile, status="submitted", submitted_at=SUBMITTED)
    with pytest.raises(CaseError):
        perform_one(TakeOver(status="submitted"), case, by=manager, now=NOW)


def test_what_only_a_table_confirmed(team: Team, manager: User, mobile: Carrier) -> None:
    def is_by_table(case: Case) -> bool:
        return is_confirmed_by_table(SimpleNamespace(case=case))  # type: ignore[arg-type]

    case = taken_over(team, manager, mobile, status="confirmed")
    assert is_by_table(case)
    assert not is_by_table(taken_over(team, manager, mobile, "13800138001", status="submitted"))
    checked = taken_over(team, manager, mobile, "13800138002", status="submitted")
    checked = perform_one(Verify(NOW, "call", "cancelled", confirm=True), checked, by=manager, now=NOW)
    assert not is_by_table(checked)
