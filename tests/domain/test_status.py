"""domain.md, 'Status': every pair of statuses, allowed or forbidden."""

import pytest

from cases.domain.errors import WrongTransition
from cases.domain.status import OPEN_STATUSES, STATUS_LABELS, STATUSES_WITH_CARRIER, Status, check_transition

ALLOWED = {
    ("draft", "submitted"),
    ("draft", "withdrawn"),
    ("submitted", "under_review"),
    ("submitted", "returned"),
    ("submitted", "confirmed"),
    ("submitted", "withdrawn"),
    ("under_review", "returned"),
    ("under_review", "confirmed"),
    ("under_review", "withdrawn"),
    ("returned", "submitted"),
    ("returned", "withdrawn"),
    ("confirmed", "under_review"),
}
PAIRS = [(one, other) for one in Status for other in Status]


@pytest.mark.parametrize(("from_status", "to_status"), [pair for pair in PAIRS if pair in ALLOWED])
def test_what_may_follow(from_status: Status, to_status: Status) -> None:
    check_transition(from_status, to_status)


@pytest.mark.parametrize(("from_status", "to_status"), [pair for pair in PAIRS if pair not in ALLOWED])
def test_what_may_not_follow_is_a_named_error_with_both_ends(from_status: Status, to_status: Status) -> None:
    with pytest.raises(WrongTransition) as caught:
        check_transition(from_status, to_status)
    assert caught.value.params == {"from_status": from_status, "to_status": to_status}
    assert caught.value.code == "wrong_transition"


def test_there_are_six_statuses_and_each_has_a_label() -> None:
    assert [s.value for s in Status] == ["draft", "submitted", "under_review", "returned", "confirmed", "withdrawn"]
    assert set(STATUS_LABELS) == set(Status)


def test_open_and_with_the_carrier() -> None:
    assert [s.value for s in OPEN_STATUSES] == ["draft", "submitted", "under_review", "returned"]
    assert [s.value for s in STATUSES_WITH_CARRIER] == ["submitted", "under_review"]
