"""Whatever is done in whatever order, a case never contradicts itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cases.domain.errors import CaseError
from cases.models import CalendarOverride, Carrier, Case, Escalation, Team, TimelineEntry, User, WaitingRound
from cases.operations import (
    Acknowledged,
    Action,
    Appeal,
    AppealAnswered,
    AppealDecided,
    CheckBill,
    Complain,
    ComplaintAnswered,
    Confirm,
    CorrectSubmission,
    ExpectRefund,
    FollowUp,
    HandOver,
    MarkItem,
    NewCharge,
    Promised,
    PromiseRefund,
    Recalculate,
    ReceiveRefund,
    RecordCharge,
    Reopen,
    ReportedDone,
    Returned,
    Submit,
    UnderReview,
    Verb,
    Verify,
    Withdraw,
    WriteOffRefund,
    perform_one,
    possible_actions,
)
from cases.operations.erasure import Retain
from cases.operations.follow_up import Snooze
from cases.operations.integrity import first_chain_flaw
from tests.helpers import at, new_case

START = at("2026-09-28T09:00")

#: How long ago something happened, and how long until the next thing is done.
AGO = st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(hours=7), timedelta(days=1), timedelta(days=4)])
PAUSE = st.sampled_from([timedelta(minutes=1), timedelta(hours=5), timedelta(days=1), timedelta(days=3)])
AHEAD = st.integers(-1, 30)

#: Every verb under the action that offers it, made of a moment, a later day, and a coin.
VERBS: list[tuple[Action, Callable[[datetime, Any, bool], Verb]]] = [
    (Action.SUBMIT, lambda when, day, coin: Submit(when)),
    (Action.REPLY, lambda when, day, coin: Acknowledged(when)),
    (Action.REPLY, lambda when, day, coin: UnderReview(when)),
    (Action.REPLY, lambda when, day, coin: Promised(when, promised_on=day, accept_far=coin)),
    (Action.REPLY, lambda when, day, coin: Returned(when, reason="other")),
    (Action.REPLY, lambda when, day, coin: ReportedDone(when)),
    (Action.FOLLOW_UP, lambda when, day, coin: FollowUp(when)),
    (Action.VERIFY, lambda when, day, coin: Verify(when, "call", "cancelled", confirm=coin)),
    (Action.VERIFY, lambda when, day, coin: Verify(when, "call", "alive" if coin else "inconclusive")),
    (Action.CONFIRM, lambda when, day, coin: Confirm()),
    (Action.COMPLAIN, lambda when, day, coin: Complain(when)),
    (Action.COMPLAINT_ANSWER, lambda when, day, coin: ComplaintAnswered(when, coin)),
    (Action.APPEAL, lambda when, day, coin: Appeal(when)),
    (Action.APPEAL_DECISION, lambda when, day, coin: AppealDecided(when, coin)),
    (Action.APPEAL_ANSWER, lambda when, day, coin: AppealAnswered(when, coin)),
    (Action.SNOOZE, lambda when, day, coin: Snooze(day if coin else None)),
    (Action.HAND_OVER, lambda when, day, coin: HandOver(None)),
    (Action.CORRECT, lambda when, day, coin: CorrectSubmission(when, "记错了")),
    (Action.CHARGE, lambda when, day, coin: RecordCharge(NewCharge(Decimal("8.50"), day))),
    (Action.BILL, lambda when, day, coin: CheckBill(when)),
    (Action.EXPECT_REFUND, lambda when, day, coin: ExpectRefund(Decimal(8) if coin else None, due_on=day)),
    (Action.EXPECT_REFUND, lambda when, day, coin: ExpectRefund()),
    (Action.PROMISE_REFUND, lambda when, day, coin: PromiseRefund(when, day)),
    (Action.RECEIVE_REFUND, lambda when, day, coin: ReceiveRefund(when.date(), Decimal("4.50"), is_all=coin)),
    (Action.WRITE_OFF_REFUND, lambda when, day, coin: WriteOffRefund("算了")),
    (Action.REOPEN, lambda when, day, coin: Reopen("还能打通")),
    (Action.KEEP, lambda when, day, coin: Retain(coin, "要打官司")),
    (Action.CHECKLIST, lambda when, day, coin: MarkItem("card", "done" if coin else "")),
]
# Withdrawing ends everything, so it is rare here.
RARE: tuple[Action, Callable[[datetime, Any, bool], Verb]] = (Action.WITHDRAW, lambda when, day, coin: Withdraw())


def life_of_a_case(team: Team, manager: User, mobile: Carrier) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            self.now = START
            moment = f"{START:%Y-%m-%dT%H:%M}"
            self.case = new_case(team, mobile, manager, now=moment, submitted=moment)
            self.was_late = False

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

        @rule(pick=st.integers(0, 10**6), ago=AGO, ahead=AHEAD, coin=st.booleans(), pause=PAUSE)
        def do_what_is_offered(self, pick: int, ago: timedelta, ahead: int, coin: bool, pause: timedelta) -> None:
            fitting = [(action, make) for action, make in VERBS if action in self.offered]
            if fitting:
                self.act(*fitting[pick % len(fitting)], ago, ahead, coin, pause)

        @rule(entry=st.sampled_from(VERBS), ago=AGO, ahead=AHEAD, coin=st.booleans(), pause=PAUSE)
        def do_anything(self, entry: Any, ago: timedelta, ahead: int, coin: bool, pause: timedelta) -> None:
            self.act(*entry, ago, ahead, coin, pause)

        @property
        def offered(self) -> list[Action]:
            return possible_actions(self.case, Escalation.objects.filter(case=self.case))

        def act(self, action: Action, make: Any, ago: timedelta, ahead: int, coin: bool, pause: timedelta) -> None:
            self.now += pause
            verb = make(self.now - ago, (self.now + timedelta(days=ahead)).date(), coin)
            before = Case.objects.filter(pk=self.case.pk).values().get()
            offered = self.offered
            try:
                self.case = perform_one(verb, self.case, by=manager, now=self.now)
            except CaseError:
                assert Case.objects.filter(pk=self.case.pk).values().get() == before
                return
            assert action in offered, f"{verb} was done, and no page would have offered it"
            if isinstance(verb, CorrectSubmission):
                self.was_late = self.case.was_late

        @rule(pause=PAUSE)
        @precondition(lambda self: self.case.entry_count > 12)
        def withdraw(self, pause: timedelta) -> None:
            self.act(*RARE, timedelta(0), 0, False, pause)

        @rule(ahead=st.integers(0, 12), working=st.booleans())
        def change_the_calendar(self, ahead: int, working: bool) -> None:
            CalendarOverride.objects.update_or_create(
                date=(self.now + timedelta(days=ahead)).date(), defaults={"working": working, "name": "x"}
            )
            self.recalculate()

        def recalculate(self) -> None:
            if self.case.status != "withdrawn":
                self.case = perform_one(Recalculate(), self.case, by=None, now=self.now)

        @invariant()
        def what_is_returned_is_what_is_stored(self) -> None:
            stored = Case.objects.get(pk=self.case.pk)
            for field in Case._meta.concrete_fields:
                assert getattr(stored, field.attname) == getattr(self.case, field.attname), field.name

        @invariant()
        def the_record_verifies_and_has_the_length_that_the_case_says(self) -> None:
            assert first_chain_flaw(self.case) is None
            assert TimelineEntry.objects.filter(case=self.case).count() == self.case.entry_count
            last = TimelineEntry.objects.filter(case=self.case).order_by("sequence").last()
            assert last is not None
            assert last.status_to == self.case.status

        @invariant()
        def there_is_a_deadline_exactly_while_a_round_runs_and_it_is_the_rounds(self) -> None:
            rounds = list(WaitingRound.objects.filter(case=self.case).order_by("number"))
            running = [r for r in rounds if r.ended_at is None]
            assert [r.number for r in rounds] == list(range(1, len(rounds) + 1))
            assert self.case.round == len(rounds)
            assert len(running) <= 1
            if running:
                (only,) = running
                assert only is rounds[-1]
                assert (self.case.reply_by, self.case.basis) == (only.reply_by, only.basis)
                assert (self.case.promised_on, self.case.submission) == (only.named_day, only.submission)
                assert self.case.status in ("submitted", "under_review")
            else:
                assert (self.case.reply_by, self.case.basis, self.case.promised_on) == (None, "", None)
                assert self.case.provisional is False

        @invariant()
        def rounds_end_after_they_began_and_are_late_as_they_say(self) -> None:
            for row in WaitingRound.objects.filter(case=self.case, ended_at__isnull=False):
                assert row.ended_at is not None
                assert row.started_at <= row.ended_at <= self.now
                if row.late:
                    assert row.ended_at >= row.reply_by
                    assert self.case.was_late

        @invariant()
        def once_late_always_late_but_for_a_correction(self) -> None:
            assert self.case.was_late or not self.was_late
            self.was_late = self.case.was_late

        @invariant()
        def the_next_reminder_is_one_that_nobody_has_seen(self) -> None:
            if self.case.next_reminder_at is not None:
                assert self.case.next_reminder_at > (self.case.reminded_until or self.case.created_at)
                assert self.case.status != "withdrawn"

        @invariant()
        def done_and_returned_and_confirmed_are_told_by_their_moments(self) -> None:
            case = self.case
            assert (case.confirmed_at is not None) == (case.status == "confirmed")
            assert (case.returned_at is not None) == (case.status == "returned") or case.status == "withdrawn"
            assert (case.closed_at is not None) == (case.status in ("confirmed", "withdrawn"))
            if case.status in ("submitted", "under_review"):
                assert (case.reply_by is None) == (case.reported_done_at is not None)

        @invariant()
        def calculating_again_by_the_same_calendar_changes_nothing(self) -> None:
            version, entries = self.case.version, self.case.entry_count
            self.recalculate()
            assert (self.case.version, self.case.entry_count) == (version, entries)

    return Life


def test_random_lives(team: Team, manager: User, mobile: Carrier) -> None:
    run_state_machine_as_test(
        life_of_a_case(team, manager, mobile),
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_its_verb_here(action: Action) -> None:
    assert action in {action for action, _ in [*VERBS, RARE]} | {
        Action.RECEIPTS,
        Action.ERASE,
    }  # an erased case takes nothing more
