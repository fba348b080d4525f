"""Somebody else is quicker between a look at the database and the write: the constraint holds, and says it in words.

On SQLite a transaction is the lock, so that no second thread comes in between; here the rival's row is there from the
beginning, and what looks for it is made to see nothing.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError

from cases.domain.errors import OpenCaseExists
from cases.models import Card, Carrier, Case, Team, User
from cases.operations import FollowUp, NewCase, Reopen, Verify, Withdraw, corrections, open_case, perform
from cases.operations.corrections import LoadedRecord, VoidEntry
from cases.operations.engine.verb import Verb, Work
from cases.operations.open_cases import _Opener, open_cases
from tests.helpers import CaseDriver, at, new_case

NOW = at("2026-10-09T10:00")
CANCELLED = Verify(at("2026-10-09T09:00"), "account", "cancelled", confirm=True)


@pytest.fixture
def closed(new_driver: Callable[..., CaseDriver]) -> list[CaseDriver]:
    """Three closed cases; the card of the second has a new one."""
    drivers = [new_driver(f"1390000000{n}", submitted="2026-09-30T15:00") for n in range(3)]
    for driver in drivers:
        driver.do(CANCELLED, "2026-10-09T09:30")
    return drivers


@pytest.fixture
def rival(closed: list[CaseDriver], team: Team, manager: User, mobile: Carrier) -> Case:
    return new_case(team, mobile, manager, number="13900000001", now="2026-10-09T09:45")


@pytest.mark.django_db(transaction=True)
def test_of_a_chunk_only_the_case_with_a_rival_is_refused(
    closed: list[CaseDriver], rival: Case, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reopen, "load", lambda self, cases: {})
    outcome = perform(Reopen("还能打通"), [driver.case for driver in closed], by=manager, now=NOW)
    assert [case.pk for case in outcome.done] == [closed[0].case.pk, closed[2].case.pk]
    ((case, error),) = outcome.refused
    assert (case.pk, type(error), error.params) == (closed[1].case.pk, OpenCaseExists, {"reference": rival.reference})
    assert [driver.status for driver in closed] == ["under_review", "confirmed", "under_review"]
    assert [driver.kinds[-1] for driver in closed] == ["reopened", "confirmed", "reopened"]
    assert [driver.chain_flaw for driver in closed] == [None, None, None]


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_closed_a_case_is_not_voided_past_a_rival(
    closed: list[CaseDriver], rival: Case, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = closed[1]
    truly = corrections.load_records

    def blind(cases: Any) -> Any:
        return {pk: LoadedRecord(record.entries, record.messages, None) for pk, record in truly(cases).items()}

    monkeypatch.setattr(corrections, "load_records", blind)
    verb = VoidEntry(driver.last_entry.sequence, "记错了")
    outcome = perform(verb, [driver.case], by=manager, now=NOW)
    assert [(type(error), error.params) for _, error in outcome.refused] == [
        (OpenCaseExists, {"reference": rival.reference})
    ]
    assert driver.status == "confirmed"


class _Clash(Verb):
    """Breaks a constraint that no verb can name."""

    kind = FollowUp.kind

    def apply(self, work: Work) -> None:
        work.content |= {"words": "x"}

    def write(self, works: Any) -> None:
        raise IntegrityError("synthetic")


@pytest.mark.django_db(transaction=True)
def test_a_constraint_that_the_verb_cannot_name_is_no_refusal(closed: list[CaseDriver], manager: User) -> None:
    with pytest.raises(IntegrityError):
        perform(_Clash(), [closed[0].case], by=manager, now=NOW)
    assert closed[0].kinds == ["logged", "submitted", "confirmed"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [True, False])
def test_of_a_list_only_the_number_that_a_rival_opened_is_refused(
    team: Team, manager: User, mobile: Carrier, monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    if is_known:
        Card.objects.create(team=team, number="13900000003", carrier=mobile)
    rival = new_case(team, mobile, manager, number="13900000002", now="2026-10-09T09:45")
    looked = 0
    truly = _Opener._results_without_opening

    def blind_at_first(self: _Opener, new_cases: Any, refused: Any) -> Any:
        nonlocal looked
        looked += 1
        return {} if looked == 1 else truly(self, new_cases, refused)

    monkeypatch.setattr(_Opener, "_results_without_opening", blind_at_first)
    numbers = ["13900000001", "13900000002", "13900000003"]
    results = open_cases(team, [NewCase(n, mobile, "cost", "hotline") for n in numbers], by=manager, now=NOW)
    assert [type(result).__name__ for result in results] == ["Case", "OpenCaseExists", "Case"]
    assert results[1].params == {"reference": rival.reference}  # type: ignore[union-attr]
    assert Case.objects.count() == Card.objects.count() == 3


def test_a_number_with_an_open_case_in_another_team_is_no_rival(
    team: Team, manager: User, mobile: Carrier, other_team: Team, stranger: User
) -> None:
    theirs = new_case(other_team, mobile, stranger)
    case = open_case(team, NewCase("13800138000", mobile, "cost", "hotline"), by=manager, now=NOW)
    assert case.pk != theirs.pk
    assert case.card_id != theirs.card_id


def test_a_closed_case_of_the_card_is_no_rival(submitted: CaseDriver, team: Team, mobile: Carrier) -> None:
    submitted.do(Withdraw(), "2026-10-08T10:00")
    again = new_case(team, mobile, submitted.by, now="2026-10-09T10:00")
    assert again.card_id == submitted.case.card_id
