"""One act for many cases: few queries, each case done wholly or refused by name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from cases.domain.errors import ChangedMeanwhile, WrongState, WrongTransition
from cases.models import Carrier, Case, Team, TimelineContent, TimelineEntry, User, WaitingRound
from cases.operations import (
    AttachReceipts,
    Confirm,
    CorrectSubmission,
    FollowUp,
    HandOver,
    MarkItem,
    NewReceipt,
    Promised,
    Recalculate,
    Reopen,
    Returned,
    Submit,
    UnderReview,
    Verb,
    VerbOutcome,
    Verify,
    Withdraw,
    perform,
)
from cases.operations.follow_up import Snooze
from cases.operations.integrity import first_chain_flaw
from tests.helpers import at, local_str, many_drafts, on

MOMENT = at("2026-10-09T09:00")
NOW = at("2026-10-09T10:00")

SUBMIT = Submit(at("2026-09-30T15:00"))
VERBS: dict[str, list[Verb]] = {
    "submit": [SUBMIT],
    "under review": [SUBMIT, UnderReview(MOMENT)],
    "promise": [SUBMIT, Promised(MOMENT, promised_on=on("2026-10-16"))],
    "returned": [SUBMIT, Returned(MOMENT, reason="other")],
    "resubmit": [SUBMIT, Returned(MOMENT, reason="other"), Submit(MOMENT)],
    "follow up": [SUBMIT, FollowUp(MOMENT)],
    "tick": [MarkItem("card")],
    "snooze": [SUBMIT, Snooze(on("2026-10-20"))],
    "hand over to nobody": [HandOver(None)],
    "receipt": [AttachReceipts((NewReceipt("sms", "a.txt", "text/plain", 3, "a" * 64),))],
    "verify": [SUBMIT, Verify(MOMENT, "call", "cancelled")],
    "confirm": [SUBMIT, Verify(MOMENT, "call", "cancelled"), Confirm()],
    "reopen": [SUBMIT, Verify(MOMENT, "call", "cancelled", confirm=True), Reopen("还能打通")],
    "correct": [SUBMIT, CorrectSubmission(at("2026-09-29T15:00"), "记错了")],
    "recalculate": [SUBMIT, Recalculate()],
    "withdraw": [SUBMIT, Withdraw()],
}


def queries_of(run: Callable[[], Any]) -> int:
    """How many statements it takes; counted, not kept: keeping them costs more than running them."""
    counted = 0

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal counted
        counted += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        run()
    return counted


@pytest.mark.parametrize("name", VERBS)
def test_the_number_of_queries_does_not_grow_with_the_cases(
    team: Team, manager: User, mobile: Carrier, name: str
) -> None:
    *before, verb = VERBS[name]
    cases = many_drafts(team, mobile, 15)
    for earlier in before:
        assert not perform(earlier, cases, by=manager, now=NOW).refused
    few = queries_of(lambda: perform(verb, cases[:3], by=manager, now=NOW))
    many = queries_of(lambda: perform(verb, cases[3:], by=manager, now=NOW))
    assert many == few


def test_twelve_hundred_cases(team: Team, manager: User, mobile: Carrier) -> None:
    cases = many_drafts(team, mobile, 1200)
    outcome = VerbOutcome()

    def submit_all() -> None:
        nonlocal outcome
        outcome = perform(SUBMIT, cases, by=manager, now=NOW)

    # Three chunks; a statement holds a hundred cases, on SQLite as many as fit into a thousand values.
    assert queries_of(submit_all) < 120
    assert (len(outcome.done), outcome.refused) == (1200, [])
    assert TimelineEntry.objects.count() == TimelineContent.objects.count() == WaitingRound.objects.count() == 1200
    assert {local_str(case.reply_by) for case in Case.objects.all()} == {"2026-10-14 00:00"}
    assert {case.pk for case in outcome.done} == {case.pk for case in cases}
    assert first_chain_flaw(Case.objects.get(pk=cases[0].pk)) is None
    assert first_chain_flaw(Case.objects.get(pk=cases[-1].pk)) is None


def test_some_done_some_refused_each_by_name(team: Team, manager: User, mobile: Carrier) -> None:
    cases = many_drafts(team, mobile, 9)
    perform(SUBMIT, cases[:6], by=manager, now=NOW)
    perform(Withdraw(), cases[:2], by=manager, now=NOW)
    outcome = perform(UnderReview(MOMENT), [*cases, cases[4]], by=manager, now=NOW)
    assert [case.pk for case in outcome.done] == [case.pk for case in cases[2:6]]
    assert [(case.pk, type(error), error.params) for case, error in outcome.refused] == [
        *[(case.pk, WrongState, {"from_status": "withdrawn"}) for case in cases[:2]],
        *[(case.pk, WrongState, {"from_status": "draft"}) for case in cases[6:]],
    ]
    stored = [case.status for case in Case.objects.order_by("pk")]
    assert stored == ["withdrawn"] * 2 + ["under_review"] * 4 + ["draft"] * 3
    assert all(first_chain_flaw(case) is None for case in Case.objects.all())


def test_a_refused_case_is_handed_back_as_it_is_stored(team: Team, manager: User, mobile: Carrier) -> None:
    cases = many_drafts(team, mobile, 2)
    perform(Withdraw(), cases[:1], by=manager, now=NOW)
    outcome = perform(SUBMIT, cases, by=manager, now=NOW)
    ((refused, error),) = outcome.refused
    assert isinstance(error, WrongTransition)
    assert (refused.status, refused.submission, refused.submitted_at) == ("withdrawn", 0, None)


def test_no_cases_no_queries_but_the_calendars(team: Team, manager: User) -> None:
    outcome = perform(SUBMIT, [], by=manager, now=NOW)
    assert (outcome.done, outcome.refused) == ([], [])


def test_a_page_seen_is_checked_for_every_case(team: Team, manager: User, mobile: Carrier) -> None:
    cases = many_drafts(team, mobile, 2)
    perform(SUBMIT, cases[:1], by=manager, now=NOW)
    outcome = perform(Withdraw(), cases, by=manager, now=NOW, expected_version=0)
    assert [type(error) for _, error in outcome.refused] == [ChangedMeanwhile]
    assert [case.pk for case in outcome.done] == [cases[1].pk]


def test_a_card_with_two_closed_cases_is_reopened_once(team: Team, manager: User, mobile: Carrier) -> None:
    """Neither sees the other open: the database holds the line, and the second is told whose case is open."""
    first, *others = many_drafts(team, mobile, 3)
    confirm = Verify(MOMENT, "call", "cancelled", confirm=True)
    perform(SUBMIT, [first, *others], by=manager, now=NOW)
    perform(confirm, [first, *others], by=manager, now=NOW)
    second = Case.objects.create(team=team, card=first.card, carrier=mobile, reason="cost", channel="app")
    perform(SUBMIT, [second], by=manager, now=NOW)
    perform(confirm, [second], by=manager, now=NOW)
    outcome = perform(Reopen("还能打通"), [first, second, *others], by=manager, now=NOW)
    assert [case.pk for case in outcome.done] == [first.pk, *(case.pk for case in others)]
    ((refused, error),) = outcome.refused
    assert (refused.pk, error.params) == (second.pk, {"reference": first.reference})
    assert Case.objects.get(pk=second.pk).status == "confirmed"
