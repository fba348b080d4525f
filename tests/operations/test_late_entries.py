"""Old replies, entered after newer ones: nothing moves backwards, nothing newer is undone."""

from itertools import permutations
from typing import Any

import pytest

from cases.operations import Promised, Reply, ReportedDone, UnderReview, Verify
from tests.helpers import CaseDriver, at, local_str, on


def under_review(moment: str) -> UnderReview:
    return UnderReview(at(moment))


def promise(moment: str, day: str) -> Promised:
    return Promised(at(moment), promised_on=on(day), accept_far=True)


def done(moment: str) -> ReportedDone:
    return ReportedDone(at(moment))


ENTERED_AT = "2026-10-13T18:00"


@pytest.mark.parametrize(
    ("newer", "older", "reply_by"),
    [
        # The running round rests on a promise: it is the carrier's last word.
        (promise("2026-10-09T10:00", "2026-10-12"), under_review("2026-10-08T10:00"), "2026-10-13 00:00"),
        (promise("2026-10-10T10:00", "2026-10-15"), promise("2026-10-09T10:00", "2026-10-20"), "2026-10-16 00:00"),
        (promise("2026-10-10T10:00", "2026-10-20"), promise("2026-10-09T10:00", "2026-10-15"), "2026-10-21 00:00"),
        # 'Under review' leaves the later of the two, so an older promise of a later day still stands ...
        (under_review("2026-10-10T10:00"), promise("2026-10-09T10:00", "2026-10-20"), "2026-10-21 00:00"),
        # ... and one of an earlier day moves nothing backwards.
        (under_review("2026-10-10T10:00"), promise("2026-10-09T10:00", "2026-10-10"), "2026-10-15 00:00"),
        (under_review("2026-10-10T10:00"), under_review("2026-10-08T10:00"), "2026-10-15 00:00"),
        # 'Done' that was taken back since.
        (under_review("2026-10-10T10:00"), done("2026-10-09T10:00"), "2026-10-15 00:00"),
        (promise("2026-10-10T10:00", "2026-10-20"), done("2026-10-09T10:00"), "2026-10-21 00:00"),
    ],
)
def test_an_older_reply_after_a_newer(submitted: CaseDriver, newer: Reply, older: Reply, reply_by: str) -> None:
    submitted.do(newer, ENTERED_AT)
    submitted.do(older, ENTERED_AT)
    assert submitted.reply_by == reply_by
    assert submitted.fresh().was_late is False
    assert local_str(submitted.fresh().last_reply_at) == local_str(newer.at)
    assert len(submitted.kinds) == 4  # it is on the record all the same
    assert submitted.chain_flaw is None


def test_after_done_an_older_reply_changes_nothing(submitted: CaseDriver) -> None:
    submitted.do(done("2026-10-12T10:00"), ENTERED_AT)
    submitted.do(promise("2026-10-09T10:00", "2026-10-20"), ENTERED_AT)
    submitted.do(under_review("2026-10-10T10:00"), ENTERED_AT)
    case = submitted.fresh()
    assert (case.status, case.reply_by, local_str(case.reported_done_at)) == (
        "under_review",
        None,
        "2026-10-12 10:00",
    )


def test_done_before_the_number_was_found_alive_changes_nothing(submitted: CaseDriver) -> None:
    submitted.do(done("2026-10-09T10:00"), ENTERED_AT)
    submitted.do(Verify(at("2026-10-12T10:00"), "call", "alive"), ENTERED_AT)
    submitted.do(done("2026-10-10T10:00"), ENTERED_AT)
    assert submitted.fresh().reported_done_at is None
    assert submitted.reply_by == "2026-10-16 00:00"


def test_an_old_reply_never_makes_a_case_late_or_timely_again(submitted: CaseDriver) -> None:
    submitted.do(under_review("2026-10-15T10:00"), "2026-10-15T10:00")
    assert submitted.fresh().was_late is True
    submitted.do(promise("2026-10-12T10:00", "2026-10-30"), "2026-10-15T11:00")
    assert submitted.fresh().was_late is True
    assert submitted.reply_by == "2026-10-31 00:00"


REPLIES: dict[str, Any] = {
    "review": under_review("2026-10-09T10:00"),
    "promise": promise("2026-10-10T10:00", "2026-10-22"),
    "done": done("2026-10-12T10:00"),
}


@pytest.mark.parametrize("order", list(permutations(REPLIES)))
def test_three_replies_in_any_order_come_to_the_same(submitted: CaseDriver, order: tuple[str, ...]) -> None:
    for name in order:
        submitted.do(REPLIES[name], ENTERED_AT)
    case = submitted.fresh()
    assert (case.status, case.reply_by, case.was_late) == ("under_review", None, False)
    assert local_str(case.reported_done_at) == "2026-10-12 10:00"


PROMISES = {
    "first": promise("2026-10-08T10:00", "2026-10-30"),
    "second": promise("2026-10-09T10:00", "2026-10-12"),
    "third": promise("2026-10-10T10:00", "2026-10-16"),
}


@pytest.mark.parametrize("order", list(permutations(PROMISES)))
def test_of_promises_the_last_that_was_given_stands(submitted: CaseDriver, order: tuple[str, ...]) -> None:
    for name in order:
        submitted.do(PROMISES[name], ENTERED_AT)
    case = submitted.fresh()
    assert (local_str(case.reply_by), case.promised_on) == ("2026-10-17 00:00", on("2026-10-16"))
