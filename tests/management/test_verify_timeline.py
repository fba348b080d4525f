"""``manage.py verify_timeline``: what it prints, and how it ends."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from cases.operations import FollowUp
from cases.operations.anchors import make_anchor
from tests.helpers import CaseDriver, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("receipts_folder")]


def verify_timeline(*flags: str) -> tuple[str, str]:
    """What was printed, and the error it ended with."""
    out = StringIO()
    with translation.override("en"):
        try:
            call_command("verify_timeline", *flags, stdout=out)
        except CommandError as error:
            return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.fixture
def two(submitted: CaseDriver, new_driver: Callable[..., CaseDriver], receipts_folder: Path) -> list[CaseDriver]:
    other = new_driver("13900139000", submitted="2026-09-30T15:00")
    other.do(FollowUp(at("2026-10-09T10:00"), words="催办"), "2026-10-09T10:00")
    return [submitted, other]


def test_a_sound_installation(two: list[CaseDriver]) -> None:
    assert verify_timeline() == (
        "Checked: 2 cases with 5 entries and 0 receipts.\nNo anchor has been made yet.\nAll records are intact.\n",
        "",
    )
    out, error = verify_timeline("--json")
    anchors = {"count": 0, "compared": 0, "newest": None, "compared_from": None, "flaws": []}
    assert json.loads(out) == {"cases": 2, "entries": 5, "receipts": 0, "broken": [], "anchors": anchors}
    assert error == ""


def test_an_empty_installation() -> None:
    assert verify_timeline() == (
        "Checked: 0 cases with 0 entries and 0 receipts.\nNo anchor has been made yet.\nAll records are intact.\n",
        "",
    )


def test_every_broken_case_is_named_with_its_first_broken_entry(two: list[CaseDriver]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_timelineentry SET kind = 'promised'")
    out, error = verify_timeline()
    first, second = (driver.case.reference for driver in two)
    assert out.splitlines()[:2] == [f"{first}: entry 1 was altered", f"{second}: entry 1 was altered"]
    assert error == "2 cases failed the integrity check."
    out, error = verify_timeline("--json")
    broken: list[dict[str, Any]] = json.loads(out)["broken"]
    assert [(b["case"], b["first"]) for b in broken] == [
        (first, "entry 1 was altered"),
        (second, "entry 1 was altered"),
    ]
    assert error


def test_a_case_deleted_with_all_its_rows_is_named_by_the_anchor(two: list[CaseDriver]) -> None:
    make_anchor(at("2026-10-10T03:30"))
    assert verify_timeline()[0] == (
        "Checked: 2 cases with 5 entries and 0 receipts.\n"
        "Anchors: 1, the newest of 10 Oct 2026, 03:30. The cases of 1 were compared.\n"
        "All records are intact.\n"
    )
    reference, key = two[0].case.reference, two[0].case.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM cases_timelinecontent WHERE entry_id IN "
            f"(SELECT id FROM cases_timelineentry WHERE case_id = {key})"
        )
        for table in ("timelineentry", "waitinground"):
            cursor.execute(f"DELETE FROM cases_{table} WHERE case_id = {key}")
        cursor.execute(f"DELETE FROM cases_case WHERE id = {key}")
    flaw = (
        "the case is missing: anchor 1 of 2026-10-10 03:30 has it with 2 entries. It was deleted from the database, or "
        "an older backup was restored"
    )
    out, error = verify_timeline()
    assert f"{reference}: {flaw}\n" in out
    assert error == "The records do not match the anchors."
    out, error = verify_timeline("--json")
    assert json.loads(out)["anchors"] == {
        "count": 1,
        "compared": 1,
        "newest": "2026-10-09T19:30:00+00:00",
        "compared_from": None,
        "flaws": [{"case": reference, "flaw": f"{reference}: {flaw}"}],
    }
    assert error == "The records do not match the anchors."


def test_records_accepted_after_a_restore_say_why(two: list[CaseDriver]) -> None:
    make_anchor(at("2026-10-10T03:30"))
    out = StringIO()
    call_command("make_anchor", "--accept", "restored the backup of 9 October", stdout=out)
    line = json.loads(out.getvalue())
    assert (line["sequence"], line["accepted"]) == (2, "restored the backup of 9 October")
    assert (
        "Records are compared with anchors from 2 on only, as a system administrator decided: restored the backup of 9 "
        "October\n" in verify_timeline()[0]
    )
