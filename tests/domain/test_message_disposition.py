"""What is done with a carrier's message without a person (domain.md, "Carriers' SMS")."""

import pytest

from cases.domain.message_disposition import disposition_of, resolve_received_at
from cases.domain.message_meaning import Meaning
from tests.moments import at

NOW = at("2026-10-09T12:00")

DISPOSITIONS = {
    "registered": "record",
    "under_review": "record",
    "more_papers": "propose",
    "refused": "propose",
    "promised": "propose",
    "precancelled": "propose",
    "done": "propose",
    "code": "set_aside",
    "marketing": "set_aside",
    "unrelated": "set_aside",
    "ambiguous": "propose",
}


def test_what_comes_in_time_by_meaning() -> None:
    dispositions = {m.value: disposition_of(m, is_late=False, was_reported_done=False).value for m in Meaning}
    assert dispositions == DISPOSITIONS


@pytest.mark.parametrize(("is_late", "was_reported_done"), [(True, False), (False, True)])
def test_late_or_after_done_nothing_is_recorded(is_late: bool, was_reported_done: bool) -> None:
    dispositions = {
        m.value: disposition_of(m, is_late=is_late, was_reported_done=was_reported_done).value for m in Meaning
    }
    assert dispositions == DISPOSITIONS | {"registered": "propose", "under_review": "propose"}


def test_more_than_an_hour_ago_is_late() -> None:
    assert resolve_received_at(None, NOW) == (NOW, False)
    assert resolve_received_at(at("2026-10-09T11:00"), NOW) == (at("2026-10-09T11:00"), False)
    assert resolve_received_at(at("2026-10-09T10:59"), NOW) == (at("2026-10-09T10:59"), True)


def test_a_clock_that_is_ahead() -> None:
    assert resolve_received_at(at("2026-10-09T12:30"), NOW) == (NOW, False)
    assert resolve_received_at(at("2027-10-09T12:00"), NOW) == (NOW, True)  # the phone's clock is lost
