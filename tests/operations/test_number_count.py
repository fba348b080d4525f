"""一证通查 as a verification: its counts in the record, and what it may do."""

import pytest

from cases.domain.number_count import CountNotLower, CountsOfAnotherMethod
from cases.operations import Verify
from cases.operations.recorded_verbs import recorded_verb
from tests.helpers import CaseDriver, at

WHEN = "2026-10-12T10:00"


def test_the_counts_are_in_the_record_and_may_confirm_as_a_failing_call_may(submitted: CaseDriver) -> None:
    submitted.do(Verify(at(WHEN), "count", "cancelled", confirm=True, count_before=3, count_after=2), WHEN)
    assert (submitted.status, submitted.kinds[-1]) == ("confirmed", "confirmed")
    names = ("method", "finding", "count_before", "count_after")
    assert [submitted.last_content[name] for name in names] == ["count", "cancelled", 3, 2]


def test_a_count_of_none_is_recorded_and_one_not_known_is_not(submitted: CaseDriver) -> None:
    submitted.do(Verify(at(WHEN), "count", "inconclusive", count_after=0), WHEN)
    assert submitted.last_content["count_after"] == 0
    assert "count_before" not in submitted.last_content


def test_entries_from_before_there_were_counts_are_read_as_ever() -> None:
    content = {"at": "2026-10-12T10:00:00+08:00", "method": "hotline", "finding": "alive", "words": "还在用"}
    assert recorded_verb("verified", content) == Verify(at(WHEN), "hotline", "alive", "还在用")
    counted = {**content, "method": "count", "count_before": 3, "count_after": 3}
    assert recorded_verb("verified", counted) == Verify(
        at(WHEN), "count", "alive", "还在用", count_before=3, count_after=3
    )


@pytest.mark.parametrize(
    ("verb", "error"),
    [
        (Verify(at(WHEN), "count", "cancelled", confirm=True, count_before=3, count_after=3), CountNotLower),
        (Verify(at(WHEN), "call", "cancelled", confirm=True, count_before=3, count_after=2), CountsOfAnotherMethod),
    ],
)
def test_what_does_not_fit_leaves_the_case_as_it_was(
    submitted: CaseDriver, verb: Verify, error: type[Exception]
) -> None:
    with pytest.raises(error):
        submitted.do(verb, WHEN)
    assert (submitted.status, submitted.kinds[-1]) == ("submitted", "submitted")
