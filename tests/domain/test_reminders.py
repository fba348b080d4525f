"""Which reminders a case gets, kind by kind, as literal schedules."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

import pytest

from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis
from cases.domain.reminder_kinds import KINDS_BY_SERIOUSNESS, ReminderKind
from cases.domain.reminders import (
    NotificationHours,
    ScheduledReminder,
    iter_reminders,
    most_serious,
    next_reminder,
)
from tests.domain.scenarios import NATIONAL_DAY, SPRING_FESTIVAL
from tests.moments import CALENDAR, at, on


def first(n: int, state: CaseState, hours: NotificationHours | None = None) -> list[tuple[str, ReminderKind, int]]:
    reminders = islice(iter_reminders(state, CALENDAR, hours or NotificationHours()), n)
    return [(each.at.strftime("%m-%d %H:%M"), each.kind, each.ordinal) for each in reminders]


def all_of(state: CaseState, hours: NotificationHours | None = None) -> list[tuple[str, ReminderKind, int]]:
    return first(1000, state, hours)


class TestNoAnswerAtAll:
    """domain.md, the literal table under 'Reminders'."""

    def test_submitted_before_national_day(self) -> None:
        assert first(10, NATIONAL_DAY) == [
            ("10-08 09:00", ReminderKind.ACK_MISSING, 1),
            ("10-12 09:00", ReminderKind.WINDOW_OPEN, 1),
            ("10-14 09:00", ReminderKind.OVERDUE, 1),
            ("10-16 09:00", ReminderKind.STILL_OVERDUE, 3),
            ("10-20 09:00", ReminderKind.STILL_OVERDUE, 5),
            ("10-22 09:00", ReminderKind.STILL_OVERDUE, 7),
            ("10-26 09:00", ReminderKind.STILL_OVERDUE, 9),
            ("10-28 09:00", ReminderKind.COMPLAIN, 1),
            ("11-04 09:00", ReminderKind.STILL_OVERDUE, 16),
            ("11-11 09:00", ReminderKind.STILL_OVERDUE, 21),
        ]

    def test_submitted_before_spring_festival(self) -> None:
        assert first(10, SPRING_FESTIVAL) == [
            ("02-14 17:30", ReminderKind.ACK_MISSING, 1),
            ("02-26 09:00", ReminderKind.WINDOW_OPEN, 1),
            ("02-28 09:00", ReminderKind.OVERDUE, 1),
            ("03-03 09:00", ReminderKind.STILL_OVERDUE, 3),
            ("03-05 09:00", ReminderKind.STILL_OVERDUE, 5),
            ("03-09 09:00", ReminderKind.STILL_OVERDUE, 7),
            ("03-11 09:00", ReminderKind.STILL_OVERDUE, 9),
            ("03-13 09:00", ReminderKind.COMPLAIN, 1),
            ("03-20 09:00", ReminderKind.STILL_OVERDUE, 16),
            ("03-27 09:00", ReminderKind.STILL_OVERDUE, 21),
        ]

    def test_a_reminder_knows_when_it_was_raised(self) -> None:
        raised = [each.raised_at for each in islice(iter_reminders(NATIONAL_DAY, CALENDAR), 3)]
        assert raised == [at("2026-10-01 15:00"), at("2026-10-11 00:00"), at("2026-10-14 00:00")]

    def test_it_goes_on_to_the_end_of_the_calendar_and_stops_quietly(self) -> None:
        reminders = list(iter_reminders(NATIONAL_DAY, CALENDAR))
        assert reminders[-1].kind is ReminderKind.STILL_OVERDUE
        assert at("2027-12-24") < reminders[-1].at < at("2028-01-01")

    def test_no_case_no_reminder(self) -> None:
        assert all_of(CaseState()) == []


class TestWhatTheCarrierSays:
    def test_an_acknowledged_request_is_not_missed(self) -> None:
        assert first(1, replace(NATIONAL_DAY, acknowledged=True)) == [("10-12 09:00", ReminderKind.WINDOW_OPEN, 1)]

    def test_a_later_round_has_no_acknowledgement_and_no_window(self) -> None:
        under_review = replace(NATIONAL_DAY, first_round=False, round_no=2, basis=Basis.UNDER_REVIEW)
        assert first(1, under_review) == [("10-14 09:00", ReminderKind.OVERDUE, 1)]

    def test_a_broken_promise_takes_the_place_of_overdue(self) -> None:
        promise = CaseState(
            waiting=True,
            round_no=2,
            basis=Basis.PROMISE,
            reply_by=at("2026-10-17 00:00"),  # Friday 10-16 was promised
            first_reply_by=at("2026-10-14 00:00"),
        )
        assert first(6, promise) == [
            ("10-19 09:00", ReminderKind.PROMISE_BROKEN, 1),
            ("10-21 09:00", ReminderKind.STILL_OVERDUE, 3),
            ("10-23 09:00", ReminderKind.STILL_OVERDUE, 5),
            ("10-27 09:00", ReminderKind.STILL_OVERDUE, 7),
            ("10-28 09:00", ReminderKind.COMPLAIN, 1),
            ("10-29 09:00", ReminderKind.STILL_OVERDUE, 9),
        ]

    def test_a_promise_does_not_put_the_complaint_off(self) -> None:
        far_promise = CaseState(
            waiting=True,
            round_no=2,
            basis=Basis.PROMISE,
            reply_by=at("2026-11-14 00:00"),
            first_reply_by=at("2026-10-14 00:00"),
        )
        assert first(2, far_promise) == [
            ("10-28 09:00", ReminderKind.COMPLAIN, 1),
            ("11-16 09:00", ReminderKind.PROMISE_BROKEN, 1),
        ]

    def test_a_submission_that_was_complained_about_calls_for_no_second_complaint(self) -> None:
        complained = replace(NATIONAL_DAY, complaint_lodged=True)
        assert first(9, complained)[6:] == [
            ("10-26 09:00", ReminderKind.STILL_OVERDUE, 9),
            ("11-04 09:00", ReminderKind.STILL_OVERDUE, 16),
            ("11-11 09:00", ReminderKind.STILL_OVERDUE, 21),
        ]

    def test_done_as_the_carrier_says_is_verified_once_on_the_next_working_day(self) -> None:
        assert all_of(CaseState(reported_done_at=at("2026-10-09 16:00"))) == [("10-10 09:00", ReminderKind.VERIFY, 1)]
        assert all_of(CaseState(reported_done_at=at("2026-09-30 08:00"))) == [("10-08 09:00", ReminderKind.VERIFY, 1)]

    def test_returned_is_our_turn_on_the_third_working_day_and_every_fifth(self) -> None:
        assert first(4, CaseState(returned_at=at("2026-09-29 11:00"))) == [
            ("10-09 09:00", ReminderKind.RETURNED, 3),
            ("10-15 09:00", ReminderKind.RETURNED, 8),
            ("10-22 09:00", ReminderKind.RETURNED, 13),
            ("10-29 09:00", ReminderKind.RETURNED, 18),
        ]

    @pytest.mark.parametrize(
        ("confirmed", "bill"),
        [
            ("2026-10-16 10:00", "11-05 09:00"),
            ("2026-10-01 00:00", "11-05 09:00"),
            ("2026-10-31 23:59", "11-05 09:00"),
            ("2026-08-05 10:00", "09-07 09:00"),  # 09-05 is a Saturday
            ("2026-12-16 10:00", "01-05 09:00"),
            ("2026-01-31 10:00", "02-05 09:00"),
        ],
    )
    def test_the_final_bill_comes_on_the_fifth_of_the_next_month(self, confirmed: str, bill: str) -> None:
        assert all_of(CaseState(confirmed_at=at(confirmed))) == [(bill, ReminderKind.FINAL_BILL, 1)]

    def test_a_refund_is_told_the_day_after_it_was_due_and_every_fifth_working_day(self) -> None:
        """Due on Friday 30 October, over the end of the month."""
        owed = CaseState(confirmed_at=at("2026-10-12 10:00"), bill_checked=True, refund_due_on=on("2026-10-30"))
        assert first(5, owed) == [
            ("11-02 09:00", ReminderKind.REFUND_DUE, 1),
            ("11-09 09:00", ReminderKind.REFUND_DUE, 6),
            ("11-16 09:00", ReminderKind.REFUND_DUE, 11),
            ("11-23 09:00", ReminderKind.REFUND_DUE, 16),
            ("11-30 09:00", ReminderKind.REFUND_DUE, 21),
        ]

    def test_a_refund_that_falls_due_before_a_public_holiday(self) -> None:
        """Due on 30 September; 1 to 7 October are off, Saturday 10 October is worked."""
        owed = CaseState(confirmed_at=at("2026-09-09 10:00"), bill_checked=True, refund_due_on=on("2026-09-30"))
        assert first(4, owed) == [
            ("10-08 09:00", ReminderKind.REFUND_DUE, 1),
            ("10-14 09:00", ReminderKind.REFUND_DUE, 6),
            ("10-21 09:00", ReminderKind.REFUND_DUE, 11),
            ("10-28 09:00", ReminderKind.REFUND_DUE, 16),
        ]

    def test_a_refund_gives_way_to_the_final_bill_which_comes_once(self) -> None:
        owed = CaseState(confirmed_at=at("2026-10-12 10:00"), refund_due_on=on("2026-10-28"))
        assert first(4, owed) == [
            ("10-29 09:00", ReminderKind.REFUND_DUE, 1),
            ("11-05 09:00", ReminderKind.FINAL_BILL, 1),
            ("11-12 09:00", ReminderKind.REFUND_DUE, 11),
            ("11-19 09:00", ReminderKind.REFUND_DUE, 16),
        ]

    def test_a_refund_is_told_while_a_complaint_runs(self) -> None:
        owed = CaseState(
            reported_done_at=at("2026-09-29 16:00"),
            complaint_at=at("2026-10-20 11:00"),
            refund_due_on=on("2026-10-21"),
        )
        assert first(3, owed) == [
            ("09-30 09:00", ReminderKind.VERIFY, 1),
            ("10-22 09:00", ReminderKind.REFUND_DUE, 1),
            ("10-29 09:00", ReminderKind.REFUND_DUE, 6),
        ]

    def test_a_confirmed_case_is_not_verified_again(self) -> None:
        confirmed = CaseState(reported_done_at=at("2026-10-15 16:00"), confirmed_at=at("2026-10-15 17:00"))
        assert [kind for _, kind, _ in all_of(confirmed)] == [ReminderKind.FINAL_BILL]

    def test_the_month_of_a_confirmation_is_that_of_beijing(self) -> None:
        confirmed = CaseState(confirmed_at=datetime(2026, 10, 31, 16, 30, tzinfo=UTC))
        assert all_of(confirmed) == [("12-07 09:00", ReminderKind.FINAL_BILL, 1)]


class TestTheLadder:
    def test_a_running_complaint_reminds_in_place_of_the_ladder_until_it_is_answered(self) -> None:
        complaint = replace(NATIONAL_DAY, acknowledged=True, complaint_at=at("2026-09-20 11:00"), complaint_lodged=True)
        # 10-09 is the first day after its fifteen, then every fifth working day: 10-10 is worked.
        assert first(4, complaint) == [
            ("10-09 09:00", ReminderKind.COMPLAINT_UNANSWERED, 1),
            ("10-15 09:00", ReminderKind.COMPLAINT_UNANSWERED, 6),
            ("10-22 09:00", ReminderKind.COMPLAINT_UNANSWERED, 11),
            ("10-29 09:00", ReminderKind.COMPLAINT_UNANSWERED, 16),
        ]

    def test_a_request_that_is_not_acknowledged_is_no_rung_of_the_ladder(self) -> None:
        complaint = replace(NATIONAL_DAY, complaint_at=at("2026-09-20 11:00"), complaint_lodged=True)
        assert first(2, complaint) == [
            ("10-08 09:00", ReminderKind.ACK_MISSING, 1),
            ("10-09 09:00", ReminderKind.COMPLAINT_UNANSWERED, 1),
        ]

    def test_an_appeal_that_is_possible_on_a_saturday_is_told_on_monday(self) -> None:
        complaint = replace(NATIONAL_DAY, acknowledged=True, complaint_at=at("2026-11-05 11:00"), complaint_lodged=True)
        # Monday is the first working day after the fifteen days, the 30th the sixth.
        assert first(2, complaint) == [
            ("11-23 09:00", ReminderKind.COMPLAINT_UNANSWERED, 1),
            ("11-30 09:00", ReminderKind.COMPLAINT_UNANSWERED, 6),
        ]

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            (
                CaseState(reported_done_at=at("2026-09-29 16:00"), complaint_at=at("2026-09-20 11:00")),
                ("09-30 09:00", ReminderKind.VERIFY, 1),
            ),
            (
                CaseState(returned_at=at("2026-09-21 16:00"), complaint_at=at("2026-09-20 11:00")),
                ("09-24 09:00", ReminderKind.RETURNED, 3),
            ),
            (
                CaseState(returned_at=at("2026-09-21 16:00"), appeal_at=at("2026-09-20 11:00")),
                ("09-24 09:00", ReminderKind.RETURNED, 3),
            ),
        ],
    )
    def test_what_is_our_turn_is_told_while_a_complaint_or_an_appeal_runs(
        self, state: CaseState, expected: tuple[str, ReminderKind, int]
    ) -> None:
        assert first(1, state) == [expected]

    def test_an_appeal_has_two_moments_of_its_own(self) -> None:
        appeal = replace(
            NATIONAL_DAY,
            acknowledged=True,
            complaint_at=at("2026-09-10 11:00"),
            complaint_lodged=True,
            appeal_at=at("2026-09-30 15:00"),
        )
        assert all_of(appeal) == [
            ("10-14 09:00", ReminderKind.APPEAL_DECISION, 1),
            ("11-02 09:00", ReminderKind.APPEAL_ANSWER, 1),
        ]

    def test_an_accepted_appeal_only_waits_for_its_answer(self) -> None:
        accepted = replace(NATIONAL_DAY, acknowledged=True, appeal_at=at("2026-09-30 15:00"), appeal_decided=True)
        assert all_of(accepted) == [("11-02 09:00", ReminderKind.APPEAL_ANSWER, 1)]


class TestTakesEffect:
    """Told on 10-12 that it is cancelled on Friday 11-20."""

    PENDING = replace(
        NATIONAL_DAY,
        first_round=False,
        basis=Basis.TAKES_EFFECT,
        first_reply_by=at("2026-10-14"),
        reply_by=at("2026-11-21"),
    )

    def test_nothing_before_its_day_and_then_verify(self) -> None:
        assert first(4, self.PENDING) == [
            ("11-23 09:00", ReminderKind.VERIFY, 1),
            ("11-25 09:00", ReminderKind.STILL_OVERDUE, 3),
            ("11-27 09:00", ReminderKind.STILL_OVERDUE, 5),
            ("12-01 09:00", ReminderKind.STILL_OVERDUE, 7),
        ]

    def test_the_complaint_counts_from_its_day(self) -> None:
        assert first(6, self.PENDING)[-1] == ("12-07 09:00", ReminderKind.COMPLAIN, 1)


class TestSnooze:
    def test_what_would_have_come_earlier_becomes_the_most_serious_of_it(self) -> None:
        assert first(2, replace(NATIONAL_DAY, snoozed_until=on("2026-10-21"))) == [
            ("10-21 09:00", ReminderKind.STILL_OVERDUE, 5),
            ("10-22 09:00", ReminderKind.STILL_OVERDUE, 7),
        ]

    def test_a_complaint_to_make_outranks_a_later_still_overdue(self) -> None:
        assert first(2, replace(NATIONAL_DAY, snoozed_until=on("2026-11-04"))) == [
            ("11-04 09:00", ReminderKind.COMPLAIN, 1),
            ("11-11 09:00", ReminderKind.STILL_OVERDUE, 21),
        ]

    def test_a_snooze_that_ends_on_a_day_off_ends_on_the_next_working_day(self) -> None:
        assert first(2, replace(NATIONAL_DAY, snoozed_until=on("2026-10-17"))) == [
            ("10-19 09:00", ReminderKind.STILL_OVERDUE, 3),
            ("10-20 09:00", ReminderKind.STILL_OVERDUE, 5),
        ]

    def test_nothing_missed_nothing_said_when_it_ends(self) -> None:
        assert first(1, replace(NATIONAL_DAY, snoozed_until=on("2026-10-05"))) == first(1, NATIONAL_DAY)

    def test_a_moment_of_the_day_on_which_it_ends_keeps_its_time(self) -> None:
        snoozed = replace(SPRING_FESTIVAL, snoozed_until=on("2026-02-14"))
        assert first(1, snoozed) == [("02-14 17:30", ReminderKind.ACK_MISSING, 1)]

    def test_what_was_told_before_is_not_told_again_when_it_ends(self) -> None:
        # Told on 10-14 (overdue); snoozed until Friday the 16th, on which late day 3 comes by itself.
        snoozed = replace(NATIONAL_DAY, acknowledged=True, snoozed_until=on("2026-10-16"))
        assert next_reminder(snoozed, at("2026-10-14 09:00"), CALENDAR) == (
            at("2026-10-16 09:00"),
            ReminderKind.STILL_OVERDUE,
            3,
            at("2026-10-16"),
        )
        # Until Thursday: nothing fell in it.
        snoozed = replace(NATIONAL_DAY, acknowledged=True, snoozed_until=on("2026-10-15"))
        reminder = next_reminder(snoozed, at("2026-10-14 09:00"), CALENDAR)
        assert reminder is not None
        assert (reminder.at, reminder.ordinal) == (at("2026-10-16 09:00"), 3)

    def test_a_promise_that_breaks_ends_it(self) -> None:
        promised = replace(
            NATIONAL_DAY,
            first_round=False,
            basis=Basis.PROMISE,
            reply_by=at("2026-10-17"),
            first_reply_by=at("2026-10-14"),
            snoozed_at=at("2026-10-13 10:00"),
            snoozed_until=on("2026-10-27"),
        )
        assert first(2, promised) == [
            ("10-19 09:00", ReminderKind.PROMISE_BROKEN, 1),
            ("10-21 09:00", ReminderKind.STILL_OVERDUE, 3),
        ]

    def test_a_promise_that_was_broken_before_does_not(self) -> None:
        promised = replace(
            NATIONAL_DAY,
            first_round=False,
            basis=Basis.PROMISE,
            reply_by=at("2026-10-13"),
            first_reply_by=at("2026-10-14"),
            snoozed_at=at("2026-10-13 10:00"),
            snoozed_until=on("2026-10-16"),
        )
        assert first(1, promised) == [("10-16 09:00", ReminderKind.STILL_OVERDUE, 3)]

    def test_a_snooze_beyond_the_calendar_is_silent(self) -> None:
        assert all_of(replace(NATIONAL_DAY, snoozed_until=on("2029-01-01"))) == []


class TestSeriousness:
    def test_every_kind_has_its_place(self) -> None:
        assert sorted(KINDS_BY_SERIOUSNESS) == sorted(ReminderKind)

    def test_the_most_serious_of_several(self) -> None:
        moment = at("2026-10-28 09:00")
        several = [
            ScheduledReminder(moment, kind, 1, moment)
            for kind in (ReminderKind.OVERDUE, ReminderKind.COMPLAIN, ReminderKind.VERIFY)
        ]
        assert most_serious(several).kind is ReminderKind.COMPLAIN

    def test_of_reminders_that_meet_only_the_most_serious_comes(self) -> None:
        # Both fall into the holiday, and so come on the first morning after it.
        meeting = replace(NATIONAL_DAY, window_opens=at("2026-10-02 00:00"))
        assert first(2, meeting) == [
            ("10-08 09:00", ReminderKind.WINDOW_OPEN, 1),
            ("10-14 09:00", ReminderKind.OVERDUE, 1),
        ]
