"""The same click twice, one after the other: done once, nothing wrong."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from cases.domain.errors import ChangedMeanwhile, WrongTransition
from cases.models import Receipt, TimelineEntry, User
from cases.operations import (
    Acknowledged,
    Complain,
    FollowUp,
    MarkItem,
    Promised,
    ReceiptUpload,
    Returned,
    Submit,
    UnderReview,
    Verb,
    Verify,
    Withdraw,
    attach_receipts,
    perform,
)
from tests.helpers import CaseDriver, at, on
from tests.moments import AFTER_HOLIDAY

MOMENT = at("2026-10-09T09:00")

VERBS: list[Verb] = [
    Acknowledged(MOMENT),
    UnderReview(MOMENT),
    Promised(MOMENT, promised_on=on("2026-10-16")),
    Returned(MOMENT, reason="other"),
    FollowUp(MOMENT),
    MarkItem("card"),
    Verify(MOMENT, "call", "cancelled"),
    Verify(MOMENT, "call", "cancelled", confirm=True),
    Complain(MOMENT),
    Withdraw(),
]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: type(verb).__name__)
def test_the_same_click_twice_is_one_entry_even_from_a_page_that_is_old_by_now(
    submitted: CaseDriver, verb: Verb
) -> None:
    click, seen = uuid4(), submitted.fresh().version
    first = submitted.do(verb, AFTER_HOLIDAY, submit_token=click, expected_version=seen)
    again = submitted.do(verb, "2026-10-09T10:01", submit_token=click, expected_version=seen)
    assert (again.status, again.version, again.entry_count) == (first.status, first.version, 3)
    assert TimelineEntry.objects.filter(click=click).count() == 1
    assert submitted.chain_flaw is None


def test_submitting_twice(draft: CaseDriver) -> None:
    click, seen = uuid4(), draft.fresh().version
    draft.do(Submit(at("2026-09-30T15:00")), "2026-09-30T15:01", submit_token=click, expected_version=seen)
    draft.do(Submit(at("2026-09-30T15:00")), "2026-09-30T15:02", submit_token=click, expected_version=seen)
    assert draft.kinds == ["logged", "submitted"]
    assert draft.fresh().submission == 1


def test_without_the_click_it_is_a_second_act(draft: CaseDriver) -> None:
    draft.do(Submit(at("2026-09-30T15:00")), "2026-09-30T15:01")
    with pytest.raises(WrongTransition):
        draft.do(Submit(at("2026-09-30T15:00")), "2026-09-30T15:02")


@pytest.mark.usefixtures("receipts_folder")
def test_handing_in_a_receipt_twice(submitted: CaseDriver, manager: User) -> None:
    click = uuid4()
    for _ in range(2):
        attach_receipts(
            submitted.case,
            ReceiptUpload("other", [("a.txt", b"hello")]),
            by=manager,
            now=AFTER_HOLIDAY,
            submit_token=click,
        )
    assert Receipt.objects.count() == 1
    assert submitted.kinds == ["logged", "submitted", "receipt"]


def test_a_click_belongs_to_its_person(submitted: CaseDriver, agent: User) -> None:
    click = uuid4()
    submitted.do(FollowUp(MOMENT, words="one"), AFTER_HOLIDAY, submit_token=click)
    submitted.do(FollowUp(MOMENT, words="other"), AFTER_HOLIDAY, submit_token=click, by=agent)
    assert submitted.kinds[2:] == ["follow_up", "follow_up"]


def test_one_click_over_many_cases_done_again_after_a_part_of_it(
    new_driver: Callable[..., CaseDriver], manager: User
) -> None:
    click = uuid4()
    drivers = [new_driver(f"1390000000{n}", submitted="2026-09-30T15:00") for n in range(4)]
    perform(
        FollowUp(MOMENT), [driver.case for driver in drivers[:2]], by=manager, now=AFTER_HOLIDAY, submit_token=click
    )
    outcome = perform(
        FollowUp(MOMENT), [driver.case for driver in drivers], by=manager, now=AFTER_HOLIDAY, submit_token=click
    )
    assert len(outcome.done) == 4
    assert [len(driver.kinds) for driver in drivers] == [3, 3, 3, 3]


def test_a_page_that_is_old_by_now_is_told_and_overwrites_nothing(submitted: CaseDriver, agent: User) -> None:
    seen = submitted.fresh().version
    submitted.do(UnderReview(MOMENT, "先到"), AFTER_HOLIDAY, expected_version=seen)
    before = submitted.fresh()
    with pytest.raises(ChangedMeanwhile):
        submitted.do(Withdraw("后到"), "2026-10-09T10:01", by=agent, expected_version=seen)
    after = submitted.fresh()
    assert (after.status, after.version, after.entry_head) == ("under_review", before.version, before.entry_head)


def test_what_only_adds_to_the_record_is_not_stopped(submitted: CaseDriver, agent: User) -> None:
    seen = submitted.fresh().version
    submitted.do(UnderReview(MOMENT), AFTER_HOLIDAY, expected_version=seen)
    submitted.do(FollowUp(MOMENT), "2026-10-09T10:01", by=agent, expected_version=seen)
    submitted.do(Acknowledged(MOMENT), "2026-10-09T10:02", by=agent, expected_version=seen)
    assert submitted.kinds[2:] == ["under_review", "follow_up", "acknowledged"]


def test_a_follow_up_does_not_make_another_page_old(submitted: CaseDriver, agent: User) -> None:
    seen = submitted.fresh().version
    submitted.do(FollowUp(MOMENT), AFTER_HOLIDAY, by=agent)
    submitted.do(Withdraw(), "2026-10-09T10:01", expected_version=seen)
    assert submitted.status == "withdrawn"
