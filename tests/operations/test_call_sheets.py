"""Call sheets below the pages: who stands on which, in which order and since when; and what an answer records."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from cases import selectors
from cases.domain.calls import CallOutcome, CallPurpose
from cases.domain.case_standing import Standing, StandingKind, Step
from cases.domain.errors import PromisedDayMissing, ReturnReasonMissing
from cases.models import Batch, Carrier, Case, Team, User
from cases.operations import Acknowledged, Complain, FollowUp, Promised, ReportedDone, Verify
from cases.operations.call_sheets import (
    Call,
    CallAnswer,
    CallRow,
    CallSheet,
    answer_verb,
    call_sheet,
    call_sheets,
    record_call,
    sheet_of_cases,
)
from cases.operations.replies import Returned
from tests.helpers import CaseDriver, at, new_case, on

NOW = at("2026-10-16T10:00")
ASK, VERIFY, COMPLAIN = CallPurpose.ASK, CallPurpose.VERIFY, CallPurpose.COMPLAIN
TOKEN = UUID("00000000-0000-4000-8000-000000000001")
Make = Callable[..., CaseDriver]
LATE = Standing(StandingKind.OVERDUE, Step.CHASE, late_days=3)


def sheets(team: Team, now: str | None = None) -> dict[str, list[str]]:
    """The sheets in their order, each with the last digits of its numbers."""
    moment = at(now) if now else NOW
    found = call_sheets(selectors.cases_of(team), moment, selectors.working_calendar())
    return {
        f"{sheet.carrier.slug} {sheet.purpose}": [row.case.card.number[-2:] for row in sheet.rows] for sheet in found
    }


def handed_in(make: Make, number: int, moment: str, **options: Carrier) -> CaseDriver:
    return make(f"138000000{number:02}", now=moment, submitted=moment, **options)


# Sheets


def test_the_sheet_and_the_row_that_wait_longest_come_first(
    team: Team, new_driver: Make, unicom: Carrier, other_team: Team, stranger: User, mobile: Carrier
) -> None:
    handed_in(new_driver, 1, "2026-10-08T09:00")
    handed_in(new_driver, 2, "2026-10-08T15:00")  # due at the same moment as the first
    handed_in(new_driver, 3, "2026-09-30T15:00")
    handed_in(new_driver, 4, "2026-09-18T15:00", carrier=unicom)
    handed_in(new_driver, 5, "2026-10-12T09:00").do(ReportedDone(at("2026-10-12T10:00")), "2026-10-12T10:00")
    handed_in(new_driver, 6, "2026-10-09T09:00").do(ReportedDone(at("2026-10-09T10:00")), "2026-10-09T10:00")
    handed_in(new_driver, 7, "2026-10-12T09:00")  # a first call, and nothing is late
    new_case(other_team, mobile, stranger, number="13800000009", submitted="2026-09-30T15:00")
    assert list(sheets(team).items()) == [
        ("china-unicom ask", ["04"]),
        ("china-mobile ask", ["03", "01", "02", "07"]),
        ("china-mobile verify", ["06", "05"]),
    ]
    calendar = selectors.working_calendar()
    of_mobile = call_sheet(selectors.cases_of(team), mobile, ASK, NOW, calendar)
    assert (len(of_mobile.cases), of_mobile.late_count) == (4, 3)
    assert call_sheet(selectors.cases_of(team), unicom, VERIFY, NOW, calendar).rows == []


def test_the_line_that_is_called(mobile: Carrier, unicom: Carrier) -> None:
    lines = {(carrier.slug, purpose): CallSheet(carrier, purpose, []).line for carrier in (mobile, unicom)
             for purpose in CallPurpose}  # fmt: skip
    assert lines == {
        ("china-mobile", "complain"): "10080", ("china-mobile", "ask"): "10086", ("china-mobile", "verify"): "10086",
        ("china-mobile", "refund"): "10086", ("china-mobile", "arrears"): "10086",
        ("china-unicom", "complain"): "10010", ("china-unicom", "ask"): "10010", ("china-unicom", "verify"): "10010",
        ("china-unicom", "refund"): "10010", ("china-unicom", "arrears"): "10010",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("batches", "parts"),
    [
        ([0, 0], [(0, [0, 1])]),
        ([1, 0, 1], [(1, [0, 2]), (0, [1])]),
        ([1, 0, 2, 1, 0], [(1, [0, 3]), (0, [1, 2, 4])]),  # of the second batch one stands here alone
        ([0, 1, 1, 0, 2, 2], [(0, [0]), (1, [1, 2]), (0, [3]), (2, [4, 5])]),
        ([], []),
    ],
)
def test_rows_of_a_batch_stand_together(batches: list[int], parts: list[tuple[int, list[int]]]) -> None:
    of = {number: Batch(pk=number) for number in batches if number}
    rows = [CallRow(Case(pk=pk, batch=of.get(number)), LATE) for pk, number in enumerate(batches)]
    shown = CallSheet(Carrier(), ASK, rows).by_batch()
    assert [(batch.pk if batch else 0, [row.case.pk for row in part]) for batch, part in shown] == parts


def test_what_was_asked_about_stays_due_or_not(team: Team, new_driver: Make, mobile: Carrier) -> None:
    late, fresh = handed_in(new_driver, 1, "2026-09-30T15:00"), handed_in(new_driver, 2, "2026-10-16T09:00")
    sheet = sheet_of_cases([fresh.case, late.case], mobile, ASK, NOW, selectors.working_calendar())
    assert [(row.case.pk, row.is_late) for row in sheet.rows] == [(fresh.case.pk, False), (late.case.pk, True)]


# Since when a call is due


def test_who_was_called_today_is_not_called_again(team: Team, new_driver: Make) -> None:
    for number, moment in ((1, "2026-10-15T23:59"), (2, "2026-10-16T00:00")):
        handed_in(new_driver, number, "2026-09-30T15:00").do(FollowUp(at(moment)), "2026-10-16T00:30")
    assert sheets(team) == {"china-mobile ask": ["01"]}


def test_what_was_checked_today_is_not_checked_again(team: Team, new_driver: Make) -> None:
    for number, moment in ((1, "2026-10-15T23:59"), (2, "2026-10-16T00:00")):
        driver = handed_in(new_driver, number, "2026-10-12T09:00")
        driver.do(ReportedDone(at("2026-10-13T10:00")), "2026-10-13T10:00")
        driver.do(Verify(at(moment), "hotline", "inconclusive"), "2026-10-16T00:30")
    for number, moment in ((3, "2026-10-15T23:59"), (4, "2026-10-16T00:00")):
        handed_in(new_driver, number, "2026-09-30T15:00").do(
            Verify(at(moment), "hotline", "inconclusive"), "2026-10-16T00:30"
        )
    assert sheets(team) == {"china-mobile ask": ["03"], "china-mobile verify": ["01"]}


def test_the_first_call_is_due_from_the_days_of_review_on(team: Team, new_driver: Make) -> None:
    """Submitted on Monday 12th: first call from the 15th, 24:00, to ask for; once called after that, no more."""
    driver = handed_in(new_driver, 1, "2026-10-12T09:00")
    driver.do(Acknowledged(at("2026-10-12T11:00")), "2026-10-12T11:00")
    opens = driver.fresh().window_opens
    assert opens == at("2026-10-16T00:00")
    assert sheets(team, "2026-10-15T23:59") == {}
    assert sheets(team, "2026-10-16T00:00") == {"china-mobile ask": ["01"]}
    driver.do(FollowUp(at("2026-10-15T23:59")), "2026-10-15T23:59")
    assert sheets(team, "2026-10-16T00:00") == {"china-mobile ask": ["01"]}
    driver.do(FollowUp(at("2026-10-16T00:00")), "2026-10-16T00:00")
    assert sheets(team, "2026-10-16T10:00") == {}


def test_an_unregistered_request_is_asked_about_once_its_time_is_over(team: Team, new_driver: Make) -> None:
    driver = handed_in(new_driver, 1, "2026-10-12T09:00")
    assert driver.fresh().acknowledge_by == at("2026-10-13T09:00")
    assert sheets(team, "2026-10-13T08:59") == {}
    assert sheets(team, "2026-10-13T09:00") == {"china-mobile ask": ["01"]}
    driver.do(FollowUp(at("2026-10-13T09:00")), "2026-10-13T09:00")
    assert sheets(team, "2026-10-14T10:00") == {}


@pytest.mark.forged  # a message that waits
def test_where_an_sms_or_a_complaint_waits_nobody_calls(team: Team, new_driver: Make) -> None:
    first, second, _ = (handed_in(new_driver, number, "2026-09-14T15:00") for number in (1, 2, 3))
    assert sheets(team) == {"china-mobile complain": ["01", "02", "03"]}
    Case.objects.filter(pk=first.case.pk).update(message_at=NOW)
    second.do(Complain(at("2026-10-15T10:00")), "2026-10-15T10:00")
    assert sheets(team) == {"china-mobile complain": ["03"]}


def test_a_promise_later_than_the_carriers_own_time_is_complained_about(team: Team, new_driver: Make) -> None:
    """Of September; the promised day is still to come."""
    driver = handed_in(new_driver, 1, "2026-09-14T15:00")
    driver.do(Promised(at("2026-10-14T10:00"), promised_on=on("2026-10-30"), accept_far=True), "2026-10-14T10:00")
    assert sheets(team) == {"china-mobile complain": ["01"]}
    driver.do(FollowUp(at("2026-10-16T09:00")), "2026-10-16T09:00")
    assert sheets(team) == {}
    assert sheets(team, "2026-10-17T09:00") == {"china-mobile complain": ["01"]}


# Answers


CALL = Call(NOW, "工号 88", "还在审核", "还在审核 工号 88")


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        (
            CallAnswer(CallOutcome.NO_REPLY, reference="SL-1"),
            {"kind": "follow_up", "at": NOW, "way": "call", "words": "还在审核", "agent": "工号 88",
             "reference": "SL-1"},
        ),
        (CallAnswer(CallOutcome.NO_ANSWER), {"kind": "follow_up", "words": "还在审核", "agent": "工号 88"}),
        (
            CallAnswer(CallOutcome.COMPLAINED, reference="TS-1"),
            {"kind": "complaint", "at": NOW, "reference": "TS-1", "words": "还在审核 工号 88"},
        ),
        (
            CallAnswer(CallOutcome.CANCELLED),
            {"kind": "verified", "at": NOW, "method": "hotline", "finding": "cancelled", "confirm": True,
             "words": "还在审核 工号 88"},
        ),
        (CallAnswer(CallOutcome.ALIVE), {"finding": "alive", "words": "还在审核 工号 88"}),
        (
            CallAnswer(CallOutcome.PROMISED, day=date(2026, 10, 30), accept_far=True, reference="SL-2"),
            {"kind": "promised", "at": NOW, "promised_on": date(2026, 10, 30), "accept_far": True, "agent": "工号 88",
             "words": "还在审核", "way": "call", "reference": "SL-2"},
        ),
        (CallAnswer(CallOutcome.RETURNED, reason="arrears"), {"kind": "returned", "reason": "arrears", "way": "call"}),
        (
            CallAnswer(CallOutcome.REFUND_PROMISED, day=date(2026, 10, 30)),
            {"kind": "refund_promised", "at": NOW, "promised_on": date(2026, 10, 30), "agent": "工号 88",
             "words": "还在审核", "way": "call"},
        ),
        (
            CallAnswer(CallOutcome.REFUND_RECEIVED),
            {"kind": "refund_received", "on": date(2026, 10, 16), "amount": None, "is_all": False,
             "words": "还在审核 工号 88"},
        ),
        (
            CallAnswer(CallOutcome.REFUND_RECEIVED, day=date(2026, 10, 14), amount=Decimal(20), is_all=True),
            {"on": date(2026, 10, 14), "amount": Decimal(20), "is_all": True},
        ),
        (CallAnswer(CallOutcome.EXPLAINED), {"kind": "follow_up", "way": "call", "words": "还在审核"}),
        (CallAnswer(CallOutcome.UNDER_REVIEW), {"kind": "under_review", "at": NOW, "words": "还在审核"}),
    ],
)  # fmt: skip
def test_what_an_answer_records(answer: CallAnswer, fields: dict[str, object]) -> None:
    verb = answer_verb(CALL, answer)
    assert {name: getattr(verb, name) for name in fields} == fields


def test_an_answer_that_lacks_its_day_or_reason_is_none() -> None:
    with pytest.raises(PromisedDayMissing):
        answer_verb(CALL, CallAnswer(CallOutcome.PROMISED))
    with pytest.raises(ReturnReasonMissing):
        answer_verb(CALL, CallAnswer(CallOutcome.RETURNED))
    with pytest.raises(PromisedDayMissing):
        answer_verb(CALL, CallAnswer(CallOutcome.REFUND_PROMISED))
    assert answer_verb(CALL, CallAnswer(CallOutcome.NOT_ASKED)) is None
    assert isinstance(answer_verb(CALL, CallAnswer(CallOutcome.RETURNED, reason="papers")), Returned)


def test_one_call_is_recorded_on_each_case_that_was_asked_about(team: Team, new_driver: Make, manager: User) -> None:
    """A clock a minute ahead of ours is no future; where nobody answered, that is noted, unless something was typed."""
    one, two, three, left = (handed_in(new_driver, number, "2026-09-30T15:00") for number in (1, 2, 3, 4))
    answers = {
        one.case: CallAnswer(CallOutcome.NO_REPLY),
        two.case: CallAnswer(CallOutcome.NO_ANSWER),
        three.case: CallAnswer(CallOutcome.UNDER_REVIEW),
        left.case: CallAnswer(CallOutcome.NOT_ASKED),
    }
    for words, noted in (("", ["", "无人接听", ""]), ("占线", ["占线", "占线", "占线"])):
        call = Call(NOW + timedelta(minutes=1), "88", words, words)
        token = UUID(int=TOKEN.int + len(words))
        answers = {Case.objects.get(pk=case.pk): answer for case, answer in answers.items()}
        for _ in range(2):  # the same form again records nothing more
            outcome = record_call(call, answers, unanswered_words="无人接听", by=manager, now=NOW, submit_token=token)
            assert (len(outcome.done), outcome.refused) == (3, [])
        bodies = [driver.last_entry.content.body for driver in (one, two, three)]
        assert [body["words"] for body in bodies] == noted
        assert [body["at"] for body in bodies] == ["2026-10-16T10:00:00+08:00"] * 3
    assert [len(driver.kinds) for driver in (one, two, three, left)] == [4, 4, 4, 2]
