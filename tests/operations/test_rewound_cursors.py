"""How far the sweep goes back for what a case missed: to what nobody was told of, in this submission."""

from datetime import timedelta

import pytest

from cases.domain.reminder_kinds import ReminderKind
from cases.models import Carrier, Case, Reminder, ReminderGroup, Team, User
from cases.operations.next_reminder import MissedReminder, rewind_cursors, told_in_any_round
from tests.helpers import at, new_case

pytestmark = [pytest.mark.django_db, pytest.mark.forged]
EARLY, LATER, CURSOR = at("2026-10-14T09:00"), at("2026-10-16T09:00"), at("2026-10-20T09:00")
INSTANT = timedelta(microseconds=1)
OVERDUE, COMPLAIN, MESSAGE = ReminderKind.OVERDUE, ReminderKind.COMPLAIN, ReminderKind.MESSAGE


@pytest.fixture
def pair(team: Team, manager: User, mobile: Carrier) -> list[Case]:
    cases = [new_case(team, mobile, manager, number=f"1380000000{n}", submitted="2026-09-30T15:00") for n in (1, 2)]
    for case in cases:
        case.reminded_until = CURSOR
    return cases


def told(case: Case, kind: ReminderKind, *, ordinal: int = 1, occasion: str = "", is_told: bool = True) -> Reminder:
    group = ReminderGroup.objects.create(team=case.team, made_at=EARLY) if is_told else None
    return Reminder.objects.create(
        case=case, bundle=group, round=1, kind=kind, ordinal=ordinal, occasion=occasion, at=EARLY
    )


def missed(moment: object, kind: ReminderKind, ordinal: int = 1, occasion: str = "") -> MissedReminder:
    return MissedReminder(moment, (1 if kind is OVERDUE else None, kind, ordinal, occasion))  # type: ignore[arg-type]


def test_back_to_just_before_the_first_that_was_missed(pair: list[Case]) -> None:
    case, other = pair
    rewind_cursors({case: [missed(LATER, OVERDUE), missed(EARLY, COMPLAIN)], other: []})
    assert (case.reminded_until, other.reminded_until) == (EARLY - INSTANT, CURSOR)


def test_what_was_told_in_any_round_is_not_missed(pair: list[Case]) -> None:
    """Beside what comes anew with each round, which counts whatever was told before."""
    case, other = pair
    told(case, COMPLAIN)
    told(case, OVERDUE)
    rewind_cursors({case: [missed(EARLY, COMPLAIN), missed(LATER, OVERDUE)], other: [missed(EARLY, COMPLAIN)]})
    assert (case.reminded_until, other.reminded_until) == (LATER - INSTANT, EARLY - INSTANT)
    case.reminded_until = CURSOR
    rewind_cursors({case: [missed(EARLY, COMPLAIN)]})
    assert case.reminded_until == CURSOR


@pytest.mark.parametrize(
    "other",
    [
        {"kind": COMPLAIN, "ordinal": 2},
        {"kind": ReminderKind.COMPLAINT_UNANSWERED},
        {"kind": COMPLAIN, "occasion": "m7"},
        {"kind": COMPLAIN, "is_told": False},  # written, and released again
    ],
)
def test_something_else_that_was_told_says_nothing_of_it(pair: list[Case], other: dict[str, object]) -> None:
    case = pair[0]
    told(case, **other)  # type: ignore[arg-type]
    rewind_cursors({case: [missed(EARLY, COMPLAIN)]})
    assert case.reminded_until == EARLY - INSTANT


def test_the_advice_to_complain_is_of_its_submission_and_a_message_of_none(pair: list[Case]) -> None:
    case, other = pair
    for kind in (COMPLAIN, MESSAGE, OVERDUE):
        told(case, kind)
        told(other, kind)
    assert set(told_in_any_round([case.pk]).values_list("kind", flat=True)) == {"complain", "message"}
    Case.objects.filter(pk=case.pk).update(submission=2)
    assert set(told_in_any_round([case.pk]).values_list("kind", flat=True)) == {"message"}
    rewind_cursors({case: [missed(EARLY, COMPLAIN)]})
    assert case.reminded_until == EARLY - INSTANT
