"""The check of the whole installation: whatever is changed below the ORM, in any column or file, is found and named."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cases.models import Carrier, Team, TimelineEntry, User
from cases.operations import FollowUp, NewCase, ReceiptUpload, Submit, attach_receipts
from cases.operations.integrity import check_integrity, check_integrity_of_all
from cases.operations.open_cases import open_cases
from tests.helpers import CaseDriver, at

pytestmark = pytest.mark.forged

BYTES = b"synthetic: a receipt"
SHA = hashlib.sha256(BYTES).hexdigest()
SHORT = SHA[:12]


@pytest.fixture
def case_with_receipt(
    submitted: CaseDriver, new_driver: Callable[..., CaseDriver], manager: User, receipts_folder: Path
) -> CaseDriver:
    """A case with a submission, a call and a receipt, between two others."""
    submitted.do(FollowUp(at("2026-10-09T10:00"), words="催办"), "2026-10-09T10:00")
    submitted.case = attach_receipts(
        submitted.case,
        ReceiptUpload("form", [("受理单.txt", BYTES)]),
        by=manager,
        now=at("2026-10-09T11:00"),
        words="柜台给的",
    )
    new_driver("13900139000").do(Submit(at("2026-10-09T12:00")), "2026-10-09T12:00")
    assert submitted.kinds == ["logged", "submitted", "follow_up", "receipt"]
    return submitted


def flaws_of(driver: CaseDriver) -> list[str]:
    """What is wrong with the case; the others hold."""
    reports = list(check_integrity_of_all())
    assert len(reports) == 2
    assert [str(flaw) for one in reports for flaw in one.flaws] == list(map(str, check_integrity(driver.case).flaws))
    return [str(flaw) for flaw in check_integrity(driver.case).flaws]


def below(sql: str, *values: Any) -> None:
    """Run SQL past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount >= 1


def entry(driver: CaseDriver, sequence: int) -> int:
    return TimelineEntry.objects.get(case=driver.case, sequence=sequence).pk


def test_an_untouched_installation_holds(case_with_receipt: CaseDriver) -> None:
    assert [(a.entries, len(a.receipts), a.flaws) for a in check_integrity_of_all()] == [(4, 1, []), (2, 0, [])]


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("sequence", 7, "entry 2 is missing"),
        ("kind", "promised", "entry 2 was altered"),
        ("status_from", "returned", "entry 2 was altered"),
        ("status_to", "under_review", "entry 2 was altered"),
        ("recorded_at", "2026-10-09 02:00:00.000001+00:00", "entry 2 was altered"),
        ("content_digest", "0" * 64, "the content of entry 2 was altered"),
        ("entry_hash", "0" * 64, "entry 2 was altered"),
        ("round", 2, "cases_timelineentry 2, round: 2 is stored, but 1 was recorded"),
        ("recorded_by_id", None, "cases_timelineentry 2, recorded_by_id: None is stored, but {person} was recorded"),
        (
            "click",
            "7b1d6a0e6d4f4e0a9d550f4b3f7f0001",
            "cases_timelineentry 2, click: 7b1d6a0e-6d4f-4e0a-9d55-0f4b3f7f0001 is stored, but None was recorded",
        ),
    ],
)
def test_each_column_of_an_entry(case_with_receipt: CaseDriver, column: str, value: Any, found: str) -> None:
    below(f"UPDATE cases_timelineentry SET {column} = %s WHERE id = %s", value, entry(case_with_receipt, 2))
    assert flaws_of(case_with_receipt)[0] == found.format(person=case_with_receipt.by.pk)


def test_an_entry_moved_to_another_case(case_with_receipt: CaseDriver) -> None:
    below(
        "UPDATE cases_timelineentry SET case_id = case_id + 1, sequence = 3 WHERE id = %s", entry(case_with_receipt, 4)
    )
    rows = [[str(flaw) for flaw in one.flaws] for one in check_integrity_of_all()]
    assert rows[0][0] == "4 entries were recorded, 3 are there"
    assert rows[1][0] == "entry 3 was altered"


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("entry_head", "0" * 64, "the last entry is not the one that was recorded last"),
        ("entry_count", 5, "5 entries were recorded, 4 are there"),
        ("reference", "XK-22222222", "entry 1 was altered"),
        ("status", "under_review", "cases_case, status: under_review is stored, but submitted was recorded"),
        ("reason", "x", "cases_case, reason: x is stored, but cost was recorded"),
    ],
)
def test_the_case(case_with_receipt: CaseDriver, column: str, value: Any, found: str) -> None:
    below(f"UPDATE cases_case SET {column} = %s WHERE id = %s", value, case_with_receipt.case.pk)
    assert flaws_of(case_with_receipt)[0] == found


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("sha256", "0" * 64, f"receipt {SHORT}, named in entry 4, is missing"),
        ("name", "别的.txt", f"cases_receipt {SHORT}, name: 别的.txt is stored, but 受理单.txt was recorded"),
        ("kind", "letter", f"cases_receipt {SHORT}, kind: letter is stored, but form was recorded"),
        (
            "detected_type",
            "application/pdf",
            f"cases_receipt {SHORT}, detected_type: application/pdf is stored, but text/plain was recorded",
        ),
        ("size", 21, f"cases_receipt {SHORT}, size: 21 is stored, but 20 was recorded"),
        (
            "added_at",
            "2026-10-09 03:00:01+00:00",
            f"cases_receipt {SHORT}, added_at: 2026-10-09 11:00:01 is stored, but 2026-10-09 11:00:00 was recorded",
        ),
        ("added_by_id", None, f"cases_receipt {SHORT}, added_by_id: None is stored, but {{person}} was recorded"),
    ],
)
def test_each_column_of_a_receipt(case_with_receipt: CaseDriver, column: str, value: Any, found: str) -> None:
    below(f"UPDATE cases_receipt SET {column} = %s", value)
    assert flaws_of(case_with_receipt)[0] == found.format(person=case_with_receipt.by.pk)


def test_a_receipt_that_no_entry_names(case_with_receipt: CaseDriver) -> None:
    below(
        "INSERT INTO cases_receipt (case_id, kind, name, detected_type, size, sha256, added_at)"
        " SELECT case_id, kind, name, detected_type, size, %s, added_at FROM cases_receipt",
        "a" * 64,
    )
    found = flaws_of(case_with_receipt)
    assert found == [
        "receipt aaaaaaaaaaaa is named in no entry",
        "the file of receipt aaaaaaaaaaaa is gone or was altered",
    ]


def test_a_receipt_that_lost_its_row(case_with_receipt: CaseDriver) -> None:
    below("DELETE FROM cases_receipt")
    assert flaws_of(case_with_receipt) == [f"receipt {SHORT}, named in entry 4, is missing"]


def test_every_bit_of_a_receipts_file(case_with_receipt: CaseDriver, receipts_folder: Path) -> None:
    path = receipts_folder / str(case_with_receipt.case.team_id) / SHA[:2] / SHA
    gone = [f"the file of receipt {SHORT} is gone or was altered"]
    for at_byte in range(len(BYTES)):
        altered = bytearray(BYTES)
        altered[at_byte] ^= 1 << at_byte % 8
        path.write_bytes(altered)
        assert list(map(str, check_integrity(case_with_receipt.case).flaws)) == gone
    path.write_bytes(BYTES + b"\0")
    assert flaws_of(case_with_receipt) == gone
    path.unlink()
    assert flaws_of(case_with_receipt) == gone
    path.write_bytes(BYTES)
    assert flaws_of(case_with_receipt) == []


@pytest.mark.parametrize("sequence", [1, 3, 4])
def test_a_content_that_is_missing_and_was_never_erased(case_with_receipt: CaseDriver, sequence: int) -> None:
    below("DELETE FROM cases_timelinecontent WHERE entry_id = %s", entry(case_with_receipt, sequence))
    assert flaws_of(case_with_receipt) == [
        f"the content of entry {sequence} is missing, and no later entry says that it was erased"
    ]


@pytest.mark.parametrize(
    ("table", "column", "value", "found"),
    [
        ("content", "body", '{"words": ', "the content of entry 2 was altered"),
        ("content", "body", "[" * 100_000, "entry 2 cannot be read"),
        ("content", "body", '{"words": "\\ud800"}', "the content of entry 2 was altered"),
        ("content", "salt", "salt", "entry 2 cannot be read"),
        ("entry", "recorded_at", "yesterday", "entry 2 cannot be read"),
        ("entry", "click", "none", "entry 2 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_still_checked(
    case_with_receipt: CaseDriver, table: str, column: str, value: str, found: str
) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL itself refuses these values, and finds a fallen bit when data checksums are on
    key = {"content": "entry_id", "entry": "id"}[table]
    changed = entry(case_with_receipt, 2)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")  # a bit that falls over on the disk asks nobody
        cursor.execute(f"UPDATE cases_timeline{table} SET {column} = %s WHERE {key} = %s", [value, changed])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert flaws_of(case_with_receipt) == [found]


def test_an_entry_whose_number_is_none(case_with_receipt: CaseDriver) -> None:
    if connection.vendor != "sqlite":
        return  # as above
    below("UPDATE cases_timelineentry SET sequence = 'two' WHERE id = %s", entry(case_with_receipt, 2))
    assert flaws_of(case_with_receipt)[:2] == ["entry 2 is missing", "entry two cannot be read"]


def test_a_column_of_the_case_that_cannot_be_read_is_named(case_with_receipt: CaseDriver) -> None:
    if connection.vendor != "sqlite":
        return  # as above
    below("UPDATE cases_case SET submitted_at = '2026-13-40 15:00:00' WHERE id = %s", case_with_receipt.case.pk)
    assert flaws_of(case_with_receipt) == ["cases_case, submitted_at cannot be read"]


def test_many_cases_in_few_queries(
    team: Team, manager: User, mobile: Carrier, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.operations.integrity.CHUNK", 50)
    open_cases(
        team,
        [NewCase(str(13900000000 + number), mobile, "cost", "app") for number in range(120)],
        by=manager,
        now=at("2026-09-30T15:00"),
    )
    told: list[int] = []
    with django_assert_max_num_queries(1 + 3 * 20):
        assert sum(1 for found in check_integrity_of_all(told.append) if not found.flaws) == 120
    assert told[-1] == 120
