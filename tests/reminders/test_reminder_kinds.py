"""A literal schedule for every kind of reminder that is not in domain.md's table, through the real sweep."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cases import operations as ops
from cases.domain.business_days import WorkingCalendar
from cases.models import Carrier, CarrierMessage, Case, Refund, Reminder, Team, User
from cases.operations import Verb
from cases.operations.follow_up import Snooze
from cases.operations.proposed_refunds import proposed_refund
from cases.reminders.pipeline import run_sweep
from tests.helpers import at, local_str, new_case, on

pytestmark = pytest.mark.django_db


def every_day(first: str, last: str) -> None:
    """Sweep at a few moments of each day: as the morning begins and before it, and in the evening."""
    day, end = at(first[:10]), at(last)
    while day <= end:
        for hours in (timedelta(hours=8, minutes=59), timedelta(hours=9), timedelta(hours=20)):
            if at(first) <= day + hours <= end:
                run_sweep(day + hours)
        day += timedelta(days=1)


def reminders_since(case: Case, since: str) -> list[tuple[str, int, str | None]]:
    """Kind, ordinal and moment of what was written for a case from a moment on."""
    reminders = Reminder.objects.filter(case=case, at__gte=at(since)).order_by("at")
    return [(r.kind, r.ordinal, local_str(r.at)) for r in reminders]


def say(case: Case, by: User, moment: str, verb: Verb) -> None:
    ops.perform_one(verb, Case.objects.get(pk=case.pk), by=by, now=at(moment))


@pytest.fixture
def autumn(team: Team, mobile: Carrier, manager: User) -> Case:
    """Handed in on Tuesday 2026-09-01 at 10:00; its answer is due by the end of 09-08."""
    return new_case(team, mobile, manager, now="2026-09-01T10:00", submitted="2026-09-01T10:00", handler=manager)


def test_done_says_the_carrier_make_sure_on_the_next_working_day(overdue: Case, manager: User) -> None:
    say(overdue, manager, "2026-09-30T17:00", ops.ReportedDone(at("2026-09-30T16:30")))
    every_day("2026-09-30T17:00", "2026-11-20T12:00")
    assert reminders_since(overdue, "2026-09-30T16:00") == [("verify", 1, "2026-10-08 09:00")]


def test_returned_is_our_turn_on_the_third_working_day_and_every_fifth(overdue: Case, manager: User) -> None:
    say(overdue, manager, "2026-10-13T11:00", ops.Returned(at("2026-10-13T11:00"), reason="arrears"))
    every_day("2026-10-13T11:00", "2026-11-02T12:00")
    assert reminders_since(overdue, "2026-10-13T11:00") == [
        ("returned", 3, "2026-10-16 09:00"),
        ("returned", 8, "2026-10-23 09:00"),
        ("returned", 13, "2026-10-30 09:00"),
    ]


def test_a_broken_promise_takes_the_place_of_overdue(overdue: Case, manager: User) -> None:
    every_day("2026-10-08T09:00", "2026-10-12T12:00")
    promise = ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-16"))
    say(overdue, manager, "2026-10-12T15:00", promise)
    every_day("2026-10-12T16:00", "2026-10-29T12:00")
    assert reminders_since(overdue, "2026-10-12T12:00") == [
        ("promise_broken", 1, "2026-10-19 09:00"),
        ("still_overdue", 3, "2026-10-21 09:00"),
        ("still_overdue", 5, "2026-10-23 09:00"),
        ("still_overdue", 7, "2026-10-27 09:00"),
        ("complain", 1, "2026-10-28 09:00"),  # counted from the first deadline, 10-13
        ("still_overdue", 9, "2026-10-29 09:00"),
    ]


def test_a_complaint_without_an_answer(autumn: Case, manager: User) -> None:
    say(autumn, manager, "2026-09-20T11:00", ops.Complain(at("2026-09-20T11:00")))
    every_day("2026-09-20T11:00", "2026-10-30T12:00")
    # Its 15 days end on 10-05, within National Day's holiday, and so, by article 203, with 10-08. After that it comes
    # every fifth working day; 10-10, a Saturday, is one.
    assert reminders_since(autumn, "2026-09-20T11:00") == [
        ("complaint_unanswered", 1, "2026-10-09 09:00"),
        ("complaint_unanswered", 6, "2026-10-15 09:00"),
        ("complaint_unanswered", 11, "2026-10-22 09:00"),
        ("complaint_unanswered", 16, "2026-10-29 09:00"),
    ]


def test_a_second_complaint_without_an_answer_is_told_like_the_first(autumn: Case, manager: User) -> None:
    say(autumn, manager, "2026-09-20T11:00", ops.Complain(at("2026-09-20T11:00")))
    every_day("2026-09-20T11:00", "2026-10-09T12:00")
    say(autumn, manager, "2026-10-09T13:00", ops.ComplaintAnswered(at("2026-10-09T13:00"), satisfied=False))
    say(autumn, manager, "2026-10-09T14:00", ops.Complain(at("2026-10-09T14:00")))
    every_day("2026-10-09T14:00", "2026-10-30T12:00")
    # Its 15 days end on Saturday 10-24, and so with Monday 10-26.
    assert reminders_since(autumn, "2026-09-20T11:00") == [
        ("complaint_unanswered", 1, "2026-10-09 09:00"),
        ("complaint_unanswered", 1, "2026-10-27 09:00"),
    ]


def test_a_cancellation_that_takes_effect_later_is_verified_after_its_day(overdue: Case, manager: User) -> None:
    pending = ops.TakesEffect(at("2026-10-12T10:20"), effective_on=on("2026-11-20"))
    say(overdue, manager, "2026-10-12T10:25", pending)
    every_day("2026-10-12T11:00", "2026-12-07T12:00")
    assert reminders_since(overdue, "2026-10-12T11:00") == [
        ("verify", 1, "2026-11-23 09:00"),
        ("still_overdue", 3, "2026-11-25 09:00"),
        ("still_overdue", 5, "2026-11-27 09:00"),
        ("still_overdue", 7, "2026-12-01 09:00"),
        ("still_overdue", 9, "2026-12-03 09:00"),
        ("complain", 1, "2026-12-07 09:00"),
    ]


def test_a_complaint_does_not_silence_what_is_our_turn(autumn: Case, manager: User) -> None:
    say(autumn, manager, "2026-09-20T11:00", ops.Complain(at("2026-09-20T11:00")))
    say(autumn, manager, "2026-09-21T10:00", ops.Returned(at("2026-09-21T10:00"), reason="papers"))
    every_day("2026-09-21T10:00", "2026-10-09T12:00")
    assert reminders_since(autumn, "2026-09-21T10:00") == [
        ("returned", 3, "2026-09-24 09:00"),
        ("complaint_unanswered", 1, "2026-10-09 09:00"),  # with the eighth day in 'returned', and more serious
    ]


def test_what_fell_in_a_snooze_is_told_when_it_ends_the_most_serious_of_it(overdue: Case, manager: User) -> None:
    every_day("2026-10-08T08:00", "2026-10-26T12:00")
    say(overdue, manager, "2026-10-26T13:00", Snooze(on("2026-10-31")))
    every_day("2026-10-26T14:00", "2026-11-04T12:00")
    # The call to complain, of 10-28, fell in it; 10-31 is a Saturday.
    assert reminders_since(overdue, "2026-10-26T12:00") == [
        ("complain", 1, "2026-11-02 09:00"),
        ("still_overdue", 16, "2026-11-04 09:00"),
    ]


def test_an_appeal_has_five_working_days_to_be_accepted_and_thirty_days_to_be_answered(
    autumn: Case, manager: User
) -> None:
    say(autumn, manager, "2026-09-20T11:00", ops.Complain(at("2026-09-20T11:00")))
    every_day("2026-09-20T12:00", "2026-10-09T12:00")
    say(autumn, manager, "2026-10-12T10:00", ops.Appeal(at("2026-10-12T10:00")))
    every_day("2026-10-12T11:00", "2026-12-01T12:00")
    assert reminders_since(autumn, "2026-10-12T10:00") == [
        ("appeal_decision", 1, "2026-10-20 09:00"),  # five working days end with Monday 10-19
        ("appeal_answer", 1, "2026-11-12 09:00"),  # thirty days end with Wednesday 11-11
    ]


def test_an_appeal_that_was_accepted_owes_the_answer_only(autumn: Case, manager: User) -> None:
    say(autumn, manager, "2026-09-20T11:00", ops.Complain(at("2026-09-20T11:00")))
    every_day("2026-09-20T12:00", "2026-10-09T12:00")
    say(autumn, manager, "2026-10-12T10:00", ops.Appeal(at("2026-10-12T10:00")))
    say(autumn, manager, "2026-10-15T10:00", ops.AppealDecided(at("2026-10-15T10:00"), accepted=True))
    every_day("2026-10-15T11:00", "2026-12-01T12:00")
    assert reminders_since(autumn, "2026-10-12T10:00") == [("appeal_answer", 1, "2026-11-12 09:00")]


@pytest.mark.parametrize(
    ("confirmed", "told_at"),
    [
        ("2026-10-13T11:00", "2026-11-05 09:00"),
        ("2026-12-01T10:00", "2027-01-05 09:00"),
        ("2026-10-31T10:00", "2026-11-05 09:00"),
        ("2026-11-02T10:00", "2026-12-07 09:00"),  # 12-05 is a Saturday
    ],
)
def test_a_look_at_the_final_bill_on_the_fifth_of_the_next_month(
    overdue: Case, manager: User, confirmed: str, told_at: str
) -> None:
    every_day("2026-10-28T09:00" if confirmed > "2026-10-28" else "2026-10-12T09:00", confirmed)
    check = ops.Verify(at(confirmed), method="hotline", finding="cancelled", confirm=True)
    say(overdue, manager, confirmed, check)
    every_day(confirmed, "2027-01-06T12:00")
    assert reminders_since(overdue, confirmed) == [("final_bill", 1, told_at)]


def owe(overdue: Case, manager: User, due: str) -> None:
    """Confirmed on 2026-10-12, with 36.50 yuan to come by a day; the bill is looked at in November."""
    say(overdue, manager, "2026-10-12T10:00", ops.Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True))
    say(overdue, manager, "2026-10-12T11:00", ops.ExpectRefund(Decimal("36.50"), due_on=on(due)))


def test_a_refund_reminder_by_reminder_over_a_month_end(overdue: Case, manager: User) -> None:
    """Due on Friday 10-30; a new day is named, a part comes, and then the rest."""
    owe(overdue, manager, "2026-10-30")
    every_day("2026-10-12T11:00", "2026-11-10T12:00")
    say(overdue, manager, "2026-11-10T14:00", ops.CheckBill(at("2026-11-10T14:00")))
    say(overdue, manager, "2026-11-10T15:00", ops.PromiseRefund(at("2026-11-10T15:00"), on("2026-11-19"), "call"))
    every_day("2026-11-10T15:00", "2026-11-23T12:00")
    say(overdue, manager, "2026-11-23T15:00", ops.ReceiveRefund(on("2026-11-23"), Decimal("30")))
    every_day("2026-11-23T15:00", "2026-12-07T12:00")
    say(overdue, manager, "2026-12-07T15:00", ops.ReceiveRefund(on("2026-12-07")))
    every_day("2026-12-07T15:00", "2027-01-15T12:00")
    assert reminders_since(overdue, "2026-10-12T11:00") == [
        ("refund_due", 1, "2026-11-02 09:00"),  # 10-31 is a Saturday
        ("final_bill", 1, "2026-11-05 09:00"),
        ("refund_due", 6, "2026-11-09 09:00"),
        ("refund_due", 1, "2026-11-20 09:00"),  # of the day that was named anew
        ("refund_due", 6, "2026-11-27 09:00"),
        ("refund_due", 11, "2026-12-04 09:00"),
    ]


def test_another_refund_of_the_same_case_is_told_anew(overdue: Case, manager: User) -> None:
    owe(overdue, manager, "2026-10-20")
    every_day("2026-10-12T11:00", "2026-10-21T12:00")
    say(overdue, manager, "2026-10-21T14:00", ops.WriteOffRefund("记错了金额"))
    say(overdue, manager, "2026-10-21T15:00", ops.ExpectRefund(Decimal("8"), due_on=on("2026-10-21")))
    every_day("2026-10-21T15:00", "2026-10-23T12:00")
    assert reminders_since(overdue, "2026-10-12T11:00") == [
        ("refund_due", 1, "2026-10-21 09:00"),
        ("refund_due", 1, "2026-10-22 09:00"),
    ]


def test_a_refund_that_is_recorded_late_is_told_on_the_next_morning(overdue: Case, manager: User) -> None:
    """Due since 10-20, and recorded on the 22nd."""
    say(overdue, manager, "2026-10-12T10:00", ops.Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True))
    every_day("2026-10-12T11:00", "2026-10-22T12:00")
    say(overdue, manager, "2026-10-22T14:00", ops.ExpectRefund(due_on=on("2026-10-20")))
    every_day("2026-10-22T14:00", "2026-10-29T12:00")
    assert reminders_since(overdue, "2026-10-12T11:00") == [
        ("refund_due", 1, "2026-10-21 09:00"),
        ("refund_due", 6, "2026-10-28 09:00"),
    ]


def test_a_refund_is_told_while_a_complaint_runs(overdue: Case, manager: User) -> None:
    say(overdue, manager, "2026-10-12T09:00", ops.ReportedDone(at("2026-10-12T09:00")))
    say(overdue, manager, "2026-10-12T10:00", ops.ExpectRefund(due_on=on("2026-10-21")))
    say(overdue, manager, "2026-10-20T11:00", ops.Complain(at("2026-10-20T11:00")))
    every_day("2026-10-20T11:00", "2026-10-29T12:00")
    assert reminders_since(overdue, "2026-10-20T11:00") == [
        ("refund_due", 1, "2026-10-22 09:00"),
        ("refund_due", 6, "2026-10-29 09:00"),
    ]


def test_from_the_sms_to_the_last_of_the_money_over_a_month_end(overdue: Case, manager: User) -> None:
    """The SMS says 'done' and names a refund by Friday 10-30; it is accepted, promised anew, and comes in two parts."""
    text = "【中国移动】您的号码已销户，余额36.50元将于10月30日前退至您尾号6217的银行卡。（合成）"
    fields = {"source": "pasted", "meaning": "done", "state": "proposed", "case": overdue, "card": overdue.card}
    received_at = at("2026-10-09T10:20")
    moments = {"received_at": received_at, "stored_at": received_at}
    message = CarrierMessage.objects.create(
        team=overdue.team, sender="10086", text=text, digest="synthetic", **fields, **moments
    )
    say(overdue, manager, "2026-10-09T11:00", ops.RecordMessage(message, ops.ReportedDone(received_at)))
    found = ops.Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True)
    say(overdue, manager, "2026-10-12T10:05", found)

    case = Case.objects.get(pk=overdue.pk)
    proposal = proposed_refund([message], case, list(case.entries.all()), WorkingCalendar())
    assert proposal is not None
    assert (proposal.action, proposal.values) == (
        "expect-refund",
        {"amount": Decimal("36.50"), "way": "bank_card", "account_ending": "6217", "due_on": on("2026-10-30")},
    )
    accepted = ops.ACTIONS[proposal.action].make_verb({"roaming": False, "words": "", **proposal.values})
    say(overdue, manager, "2026-10-12T11:00", accepted)
    every_day("2026-10-12T11:00", "2026-11-10T12:00")
    say(overdue, manager, "2026-11-10T15:00", ops.PromiseRefund(at("2026-11-10T15:00"), on("2026-11-19"), "call"))
    every_day("2026-11-10T15:00", "2026-11-23T12:00")
    say(overdue, manager, "2026-11-23T15:00", ops.ReceiveRefund(on("2026-11-23"), Decimal("30")))
    every_day("2026-11-23T15:00", "2026-12-07T12:00")
    say(overdue, manager, "2026-12-07T15:00", ops.ReceiveRefund(on("2026-12-07")))
    every_day("2026-12-07T15:00", "2027-01-15T12:00")

    assert reminders_since(overdue, "2026-10-12T11:00") == [
        ("refund_due", 1, "2026-11-02 09:00"),  # 10-31 is a Saturday
        ("final_bill", 1, "2026-11-05 09:00"),
        ("refund_due", 6, "2026-11-09 09:00"),
        ("refund_due", 1, "2026-11-20 09:00"),  # of the day that was promised
        ("refund_due", 6, "2026-11-27 09:00"),  # 30 yuan have come
        ("refund_due", 11, "2026-12-04 09:00"),
    ]
    refund = Refund.objects.get(case=overdue)
    assert (refund.received, refund.received_on, refund.closed_on) == (
        Decimal("36.50"),
        on("2026-12-07"),
        on("2026-12-07"),
    )
    assert Case.objects.get(pk=overdue.pk).refund_due_on is None
