"""What SQLite keeps in another form than the program writes: Python reads the same, and SQL another value."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation

from cases import wording
from cases.models import Carrier, Team, User
from cases.operations.integrity import check_rows
from tests.helpers import CaseDriver
from tests.integrity.rich_case import make_rich_case

pytestmark = [
    pytest.mark.forged,
    pytest.mark.sqlite,  # PostgreSQL has types for all of them
]


@pytest.fixture
def rich(team: Team, manager: User, mobile: Carrier, receipts_folder: Any) -> CaseDriver:
    return make_rich_case(team, mobile, manager)


def below(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount >= 1


def in_words(driver: CaseDriver) -> list[str]:
    with translation.override("en"):
        return [wording.flaw_message(flaw) for flaw in check_rows(driver.case).flaws]


ODD = "is stored in a form that Xiaoka never writes"


def test_what_the_program_writes_is_none(rich: CaseDriver) -> None:
    assert in_words(rich) == []


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("UPDATE cases_case SET logged_by_mistake = 2", "cases_case.logged_by_mistake"),
        ("UPDATE cases_case SET logged_by_mistake = 'x'", "cases_case.logged_by_mistake"),
        ("UPDATE cases_case SET was_late = 2.5", "cases_case.was_late"),
        ("UPDATE cases_case SET kept = 2", "cases_case.kept"),
        (
            "UPDATE cases_case SET submitted_at = replace(replace(submitted_at, '-', ''), ' ', 'T')",
            "cases_case.submitted_at",
        ),
        ("UPDATE cases_case SET closed_at = 'zz;-'", "cases_case.closed_at"),
        ("UPDATE cases_case SET reason = CAST(reason AS BLOB)", "cases_case.reason"),
        ("UPDATE cases_waitinground SET late = 3 WHERE number = 1", "cases_waitinground.late"),
        ("UPDATE cases_charge SET amount = amount + 0.0049 WHERE id = (SELECT min(id) FROM cases_charge)", "amount"),
        (
            "UPDATE cases_charge SET day = '2026-W40-4' WHERE id = (SELECT min(id) FROM cases_charge)",
            "cases_charge.day",
        ),
        ("UPDATE cases_receipt SET added_at = added_at || '+00:00'", "cases_receipt.added_at"),
        ("UPDATE cases_timelineentry SET round = '1.0' WHERE sequence = 2", "cases_timelineentry"),
        ("UPDATE cases_card SET holder = CAST(holder AS BLOB)", "cases_card.holder"),
    ],
)
def test_each_is_found_and_named(rich: CaseDriver, sql: str, place: str) -> None:
    below(sql)
    assert any(place in words for words in in_words(rich)), in_words(rich)


def test_a_moment_written_otherwise_is_named_in_words(rich: CaseDriver) -> None:
    below("UPDATE cases_case SET submitted_at = replace(submitted_at, ' ', 'T')")
    assert in_words(rich) == [f"case, submitted (cases_case.submitted_at) {ODD}"]


def test_a_number_that_looks_the_same_when_masked(rich: CaseDriver) -> None:
    below("UPDATE cases_card SET number = '13811118000'")
    assert in_words(rich) == [
        "card, number (cases_card.number): another 138****8000 than the one that was recorded is stored"
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cases_receipt SET sha256 = CAST(sha256 AS BLOB)",
        "UPDATE cases_case SET reference = x'fffe'",
        "UPDATE cases_card SET number = CAST(number AS BLOB)",
    ],
)
def test_nothing_stops_the_check_or_shows_a_number(rich: CaseDriver, sql: str) -> None:
    below(sql)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_timeline", "--json", stdout=out)
    (broken,) = json.loads(out.getvalue())["broken"]
    assert broken["flaws"]
    assert "13800138000" not in out.getvalue()


def test_a_row_that_names_another_which_is_not_there(rich: CaseDriver) -> None:
    with transaction.atomic():
        below("UPDATE cases_card SET carrier_id = 999999")
        with translation.override("en"), pytest.raises(CommandError, match="A row names another that is not there"):
            call_command("verify_timeline", stdout=StringIO())
        transaction.set_rollback(True)
