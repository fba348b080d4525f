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
from tests.helpers import CaseDriver, at

pytestmark = pytest.mark.django_db


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
    assert verify_timeline() == ("Checked: 2 cases with 5 entries and 0 receipts.\nAll records are intact.\n", "")
    out, error = verify_timeline("--json")
    counts = {"cases": 2, "entries": 5, "receipts": 0, "partly_replayed": 0}
    assert (json.loads(out), error) == ({"broken": [], **counts, "stopped_after": None}, "")


def test_an_empty_installation() -> None:
    assert verify_timeline() == ("Checked: 0 cases with 0 entries and 0 receipts.\nAll records are intact.\n", "")


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
