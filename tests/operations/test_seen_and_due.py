"""A reminder that is due and not yet sent: who may put it off by acting, and who may not."""

import pytest

from cases.models import CarrierMessage, User
from cases.operations import FollowUp, HandOver, MarkItem, Recalculate, UnderReview, Verb, Verify, propose_message
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, on

#: Overdue since midnight, to be told at 09:00; no sweep has run.
DUE, NOW = "2026-10-14 09:00", "2026-10-14T09:05"
TOMORROW = "2026-10-15 09:00"


@pytest.fixture
def due(submitted: CaseDriver, agent: User) -> CaseDriver:
    submitted.do(HandOver(agent), "2026-10-09T10:00")
    submitted.do(FollowUp(at("2026-10-13T10:00")), "2026-10-13T10:00")
    assert submitted.next_reminder == DUE
    return submitted


def test_whoever_takes_it_over_has_seen_it(due: CaseDriver, manager: User) -> None:
    due.do(HandOver(manager), NOW)
    assert due.next_reminder == TOMORROW


def test_whoever_is_given_it_has_not(due: CaseDriver, manager: User, agent: User) -> None:
    due.do(HandOver(manager), NOW, by=agent)
    assert due.next_reminder == DUE


def test_nobody_in_particular_has_not(due: CaseDriver) -> None:
    due.do(HandOver(None), NOW)
    assert due.next_reminder == DUE


def test_what_the_product_does_by_itself_puts_nothing_off(due: CaseDriver, manager: User) -> None:
    due.do(HandOver(manager), NOW, by=None)
    assert due.next_reminder == DUE


@pytest.mark.parametrize("verb", [MarkItem("card"), Verify(at("2026-10-14T09:01"), "call", "inconclusive")])
def test_what_only_adds_to_the_record_puts_nothing_off(due: CaseDriver, verb: Verb, agent: User) -> None:
    due.do(verb, NOW, by=agent)
    assert due.next_reminder == DUE


def test_a_check_that_found_it_cancelled_is_an_act(due: CaseDriver, agent: User) -> None:
    due.do(Verify(at("2026-10-14T09:01"), "account", "cancelled"), NOW, by=agent)
    assert due.next_reminder == TOMORROW


def test_a_call_settles_it(due: CaseDriver, agent: User) -> None:
    due.do(FollowUp(at("2026-10-14T09:01")), NOW, by=agent)
    assert due.next_reminder == "2026-10-16 09:00"
    assert due.fresh().reminded_until == at(NOW)


def test_a_call_while_it_is_snoozed_or_an_sms_waits_settles_nothing(due: CaseDriver, agent: User) -> None:
    before = due.fresh().reminded_until
    due.do(Snooze(on("2026-10-16")), NOW, by=agent)
    due.do(FollowUp(at("2026-10-14T09:10")), "2026-10-14T09:10", by=agent)
    assert due.fresh().reminded_until == before
    assert due.next_reminder == "2026-10-16 09:00"


def test_a_calendar_that_moves_nothing_leaves_it_due(due: CaseDriver) -> None:
    entries = len(due.kinds)
    due.do(Recalculate(), NOW, by=None)
    assert (due.next_reminder, len(due.kinds)) == (DUE, entries)


def test_a_calendar_that_was_wrong_moves_the_reminder_alone(due: CaseDriver) -> None:
    """What a person put off to the morning is not put off by the product, and what it moved is written."""
    case = due.fresh()
    type(case).objects.filter(pk=case.pk).update(next_reminder_at=at("2026-10-20T09:00"))
    due.do(Recalculate(), NOW, by=None)
    assert due.next_reminder == DUE


def test_a_person_who_changes_nothing_moves_nothing(due: CaseDriver, agent: User) -> None:
    case = due.fresh()
    type(case).objects.filter(pk=case.pk).update(next_reminder_at=at("2026-10-20T09:00"))
    due.do(HandOver(agent), NOW, by=agent)  # Unchanged: they have it
    assert due.next_reminder == "2026-10-20 09:00"


def test_an_answer_starts_its_own_reminders(due: CaseDriver, agent: User) -> None:
    due.do(UnderReview(at("2026-10-14T09:01")), NOW, by=agent)
    assert due.reply_by == "2026-10-20 00:00"  # the third working day after it is a Monday
    assert due.next_reminder == "2026-10-20 09:00"


def test_an_sms_that_waits_on_a_draft_is_told(draft: CaseDriver) -> None:
    """Of a request that was never submitted, reminders count from when it was logged."""
    moment = at("2026-10-09T10:00")
    message = CarrierMessage.objects.create(
        team=draft.case.team, sender="10086", text="synthetic", source="pasted", received_at=moment, stored_at=moment,
        digest="1" * 64,
    )  # fmt: skip
    propose_message(message, draft.case, by=None, now=moment)
    assert draft.next_reminder == "2026-10-09 10:00"
