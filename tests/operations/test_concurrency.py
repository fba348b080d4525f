"""Two real threads, each with a connection of its own, on whatever database the tests run."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from cases.domain.errors import ChangedMeanwhile, OpenCaseExists, WrongState, WrongTransition
from cases.domain.status import OPEN_STATUSES
from cases.models import Card, Carrier, Case, Receipt, Team, TimelineEntry, User
from cases.operations import (
    Confirm,
    FollowUp,
    NewCase,
    ReceiptUpload,
    Reopen,
    Submit,
    UnderReview,
    Verify,
    Withdraw,
    attach_receipts,
    perform,
    perform_one,
)
from cases.operations.integrity import first_chain_flaw
from cases.operations.open_cases import open_cases
from tests.helpers import CaseDriver, at, many_drafts, new_case, run_concurrently
from tests.moments import AFTER_HOLIDAY

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT = at("2026-10-09T09:00")


def test_two_people_with_the_same_page_one_of_them_is_told(submitted: CaseDriver, manager: User, agent: User) -> None:
    case = submitted.fresh()
    results = run_concurrently(
        lambda: perform_one(Withdraw("甲"), case, by=manager, now=AFTER_HOLIDAY, expected_version=case.version),
        lambda: perform_one(
            UnderReview(MOMENT, "乙"), case, by=agent, now=AFTER_HOLIDAY, expected_version=case.version
        ),
    )
    assert sorted(type(result).__name__ for result in results) == ["Case", "ChangedMeanwhile"]
    winner = 1 if isinstance(results[0], ChangedMeanwhile) else 0
    assert submitted.status == ["withdrawn", "under_review"][winner]
    assert submitted.last_content["words"] == "甲乙"[winner]
    assert len(submitted.kinds) == 3
    assert submitted.chain_flaw is None


def test_without_a_page_the_second_sees_the_new_state(submitted: CaseDriver, manager: User, agent: User) -> None:
    submitted.do(Verify(MOMENT, "account", "cancelled"), "2026-10-09T09:30")
    case = submitted.fresh()
    results = run_concurrently(
        lambda: perform_one(Withdraw(), case, by=manager, now=AFTER_HOLIDAY),
        lambda: perform_one(Confirm(), case, by=agent, now=AFTER_HOLIDAY),
    )
    if isinstance(results[0], Case):
        assert isinstance(results[1], WrongState)
        assert submitted.status == "withdrawn"
    else:
        assert isinstance(results[0], WrongTransition)
        assert submitted.status == "confirmed"
    assert len(submitted.kinds) == 4
    assert submitted.chain_flaw is None


def test_two_follow_ups_are_both_kept_in_one_chain(submitted: CaseDriver, manager: User, agent: User) -> None:
    case = submitted.fresh()
    run_concurrently(
        *(
            lambda by=by: perform_one(FollowUp(MOMENT), case, by=by, now=AFTER_HOLIDAY)  # type: ignore[misc]
            for by in (manager, agent, manager, agent)
        )
    )
    assert submitted.kinds[2:] == ["follow_up"] * 4
    assert list(submitted.entries.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert submitted.chain_flaw is None


def test_the_same_click_at_once_submits_once(draft: CaseDriver, manager: User) -> None:
    case, click = draft.fresh(), uuid4()
    results = run_concurrently(
        *[
            lambda: perform_one(
                Submit(MOMENT), case, by=manager, now=AFTER_HOLIDAY, submit_token=click, expected_version=case.version
            )
        ]
        * 2
    )
    assert [result.status for result in results] == ["submitted", "submitted"]
    assert draft.kinds == ["logged", "submitted"]


def test_the_same_click_at_once_replies_once(submitted: CaseDriver, manager: User) -> None:
    case, click = submitted.fresh(), uuid4()
    results = run_concurrently(
        *[lambda: perform_one(UnderReview(MOMENT), case, by=manager, now=AFTER_HOLIDAY, submit_token=click)] * 2
    )
    assert [result.status for result in results] == ["under_review", "under_review"]
    assert submitted.kinds == ["logged", "submitted", "under_review"]


@pytest.mark.usefixtures("receipts_folder")
def test_the_same_receipt_at_once_is_kept_once(submitted: CaseDriver, manager: User) -> None:
    case, click = submitted.fresh(), uuid4()
    results = run_concurrently(
        *[
            lambda: attach_receipts(
                case, ReceiptUpload("other", [("a.txt", b"hello")]), by=manager, now=AFTER_HOLIDAY, submit_token=click
            )
        ]
        * 2
    )
    assert results == [case, case]
    assert Receipt.objects.count() == 1
    assert submitted.kinds == ["logged", "submitted", "receipt"]


@pytest.mark.parametrize("known", [False, True])
def test_the_same_click_at_once_logs_once(team: Team, manager: User, mobile: Carrier, known: bool) -> None:
    if known:
        Card.objects.create(team=team, number="13800138000", carrier=mobile)
    click = uuid4()
    results = run_concurrently(
        *[lambda: new_case(team, mobile, manager, submitted="2026-09-30T15:00", click=click)] * 2
    )
    case = Case.objects.get()
    assert results == [case, case]
    assert TimelineEntry.objects.count() == 2
    assert first_chain_flaw(case) is None


@pytest.mark.parametrize("known", [False, True])
def test_one_number_logged_by_two_people_at_once(
    team: Team, manager: User, agent: User, mobile: Carrier, known: bool
) -> None:
    if known:
        Card.objects.create(team=team, number="13800138000", carrier=mobile)
    results = run_concurrently(
        lambda: new_case(team, mobile, manager, click=uuid4()),
        lambda: new_case(team, mobile, agent, click=uuid4()),
    )
    case = Case.objects.get()
    assert sorted(type(result).__name__ for result in results) == ["Case", "OpenCaseExists"]
    (row,) = [result for result in results if isinstance(result, OpenCaseExists)]
    assert row.params == {"reference": case.reference}


def test_a_case_reopened_while_the_card_gets_a_new_one(
    submitted: CaseDriver, team: Team, manager: User, agent: User, mobile: Carrier
) -> None:
    submitted.do(Verify(MOMENT, "account", "cancelled", confirm=True), "2026-10-09T09:30")
    case = submitted.fresh()
    results = run_concurrently(
        lambda: perform_one(Reopen("还能打通"), case, by=manager, now=AFTER_HOLIDAY),
        lambda: new_case(team, mobile, agent, now="2026-10-09T10:00"),
    )
    assert sorted(type(result).__name__ for result in results) == ["Case", "OpenCaseExists"]
    assert Case.objects.filter(status__in=OPEN_STATUSES).count() == 1


def test_two_batches_over_the_same_cases_wait_for_each_other(
    team: Team, manager: User, agent: User, mobile: Carrier, new_driver: Callable[..., CaseDriver]
) -> None:
    cases = many_drafts(team, mobile, 30)
    results = run_concurrently(
        lambda: perform(Submit(MOMENT), cases, by=manager, now=AFTER_HOLIDAY),
        lambda: perform(Submit(MOMENT), cases[::-1], by=agent, now=AFTER_HOLIDAY),
    )
    assert sum(len(result.done) for result in results) == 30
    assert {type(error) for result in results for _, error in result.refused} == {WrongTransition}
    assert TimelineEntry.objects.count() == 30
    assert all(first_chain_flaw(case) is None for case in Case.objects.all())


def test_lists_with_the_same_numbers_at_once_open_each_case_once(team: Team, manager: User, mobile: Carrier) -> None:
    new_cases = [NewCase(str(13800000000 + n), mobile, "cost", "hotline") for n in range(20)]
    results = run_concurrently(
        lambda: open_cases(team, new_cases, by=manager, now=AFTER_HOLIDAY),
        lambda: open_cases(team, new_cases[::-1], by=manager, now=AFTER_HOLIDAY),
    )
    kinds = sorted(type(result).__name__ for outcome in results for result in outcome)
    assert kinds == ["Case"] * 20 + ["OpenCaseExists"] * 20
    assert Card.objects.count() == Case.objects.count() == TimelineEntry.objects.count() == 20
