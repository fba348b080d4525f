"""``manage.py verify_timeline``: what it prints, and how it ends."""

import json
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import connection
from django.utils import translation

from cases.management import timeline_check
from cases.management.progress_bar import ProgressBar
from cases.models import CalendarEdition, Case
from cases.operations import FollowUp
from cases.operations.anchors import make_anchor
from cases.operations.integrity import check_rows
from tests.helpers import CaseDriver, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("receipts_folder")]


FORGED = "2026-09-01 07:00:00+00:00"


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
    counts = {"cases": 2, "entries": 5, "receipts": 0, "partly_replayed": 0, "calendars": []}
    assert (json.loads(out), error) == ({"broken": [], **counts, "anchors": anchors, "stopped_after": None}, "")


def test_an_empty_installation() -> None:
    assert verify_timeline("--empty") == (
        "Checked: 0 cases with 0 entries and 0 receipts.\nNo anchor has been made yet.\nAll records are intact.\n",
        "",
    )


def test_every_broken_case_is_named_with_its_first_broken_entry(two: list[CaseDriver]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_timelineentry SET kind = 'promised'")
    out, error = verify_timeline()
    first, second = (driver.case.reference for driver in two)
    altered = [line for line in out.splitlines() if line.endswith("was altered")]
    assert altered == [
        *(f"{first}: entry {number} was altered" for number in (1, 2)),
        *(f"{second}: entry {number} was altered" for number in (1, 2, 3)),
    ]
    assert error == "2 cases failed the integrity check."
    out, error = verify_timeline("--json")
    broken: list[dict[str, Any]] = json.loads(out)["broken"]
    assert [(b["case"], b["first"]) for b in broken] == [
        (first, "entry 1 was altered"),
        (second, "entry 1 was altered"),
    ]
    assert error


@pytest.mark.forged
def test_an_altered_calendar_is_one_line_however_many_cases_it_counts(two: list[CaseDriver]) -> None:
    edition = CalendarEdition.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_calendaredition SET body = '{}'")
    out, error = verify_timeline()
    first = two[0].case.reference
    assert [line for line in out.splitlines() if "cases_calendaredition" in line] == [
        f"The working calendar {edition.digest[:12]} (cases_calendaredition) is missing or was altered. 2 cases were "
        f"counted by it, the first of them {first}."
    ]
    assert error == "2 cases failed the integrity check."
    data = json.loads(verify_timeline("--json")[0])
    assert data["calendars"] == [{"edition": edition.digest[:12], "first": first, "count": 2}]
    assert len(data["broken"]) == 2


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


@pytest.mark.forged
def test_what_differs_is_named_for_people_and_for_programs(two: list[CaseDriver]) -> None:
    first, second = (driver.case.reference for driver in two)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET submitted_at = %s WHERE id = %s", [FORGED, two[1].case.pk])
        cursor.execute("UPDATE cases_card SET number = '13700137000' WHERE id = %s", [two[0].case.card_id])
    out, error = verify_timeline()
    assert out.splitlines()[:2] == [
        f"{first}: card, number (cases_card.number): 137****7000 is stored, but 138****8000 was recorded",
        f"{second}: case, submitted (cases_case.submitted_at): 2026-09-01 15:00:00 is stored, but 2026-09-30 15:00:00 "
        "was recorded",
    ]
    assert error == "2 cases failed the integrity check."
    broken: list[dict[str, Any]] = json.loads(verify_timeline("--json")[0])["broken"]
    assert [(case["case"], case["differences"]) for case in broken] == [
        (
            first,
            [
                {
                    "table": "cases_card",
                    "row": "",
                    "column": "number",
                    "stored": "137****7000",
                    "recorded": "138****8000",
                }
            ],
        ),
        (
            second,
            [
                {
                    "table": "cases_case",
                    "row": "",
                    "column": "submitted_at",
                    "stored": "2026-09-01 15:00:00",
                    "recorded": "2026-09-30 15:00:00",
                }
            ],
        ),
    ]
    assert broken[0]["first"] == "cases_card, number: 137****7000 is stored, but 138****8000 was recorded"


def test_entries_of_an_earlier_release_are_told_and_no_flaw(two: list[CaseDriver]) -> None:
    migration = import_module("cases.migrations.0028_state_as_of")
    migration.record_states(apps, None)
    out, error = verify_timeline()
    assert "Of 2 cases the first entries were erased or recorded by an earlier release." in out
    assert error == ""
    report = check_rows(two[0].case)
    assert list(map(str, report.notes)) == ["entries 1 to 2 were recorded by an earlier release and are not replayed"]


class TestStoppedAndGoingOn:
    @pytest.fixture(autouse=True)
    def _one_by_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("cases.operations.integrity.CHUNK", 1)

    @pytest.fixture
    def three(self, two: list[CaseDriver], new_driver: Callable[..., CaseDriver]) -> list[str]:
        return [driver.case.reference for driver in [*two, new_driver("13700137000")]]

    def test_after_a_case(self, three: list[str]) -> None:
        assert verify_timeline("--after", three[0])[0].startswith("Checked: 2 cases with 4 entries")
        assert verify_timeline("--after", three[2])[0].startswith("Checked: 0 cases with 0 entries")
        assert verify_timeline("--after", "XK-22222222") == ("", "Case not found: XK-22222222.")

    def test_a_stopped_run_says_where_to_go_on(self, three: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        check = timeline_check.check_chunk

        def stopped_at_the_third(keys: Sequence[int]) -> timeline_check.CheckedChunk:
            if Case.objects.get(pk__in=keys).reference == three[2]:
                raise KeyboardInterrupt
            return check(keys)

        monkeypatch.setattr("cases.management.timeline_check.check_chunk", stopped_at_the_third)
        out, error = verify_timeline()
        assert out == "Checked: 2 cases with 5 entries and 0 receipts.\n"
        assert error == f"Stopped. To check the remaining cases: verify_timeline --after {three[1]}"
        data = json.loads(verify_timeline("--json")[0])
        assert (data["cases"], data["stopped_after"]) == (2, three[1])
        monkeypatch.undo()
        assert verify_timeline("--after", three[1])[0].startswith("Checked: 1 cases with 1 entries")

    def test_stopped_at_once(self, three: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*args: object) -> Iterator[timeline_check.CheckedChunk]:
            raise KeyboardInterrupt
            yield

        monkeypatch.setattr("cases.management.commands.verify_timeline.checked_chunks", interrupted)
        assert verify_timeline()[1] == "Stopped before the first case was checked."


@pytest.mark.forged
@pytest.mark.django_db(transaction=True)
def test_several_processes_find_the_same(two: list[CaseDriver], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.operations.integrity.CHUNK", 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET submitted_at = %s", [FORGED])
    alone = verify_timeline()
    assert verify_timeline("--processes", "2") == alone
    assert alone[1] == "2 cases failed the integrity check."


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 0.0, 30.0, 240.0])
    monkeypatch.setattr("cases.management.progress_bar.monotonic", lambda: next(moments))
    terminal = OutputWrapper(Terminal())
    bar = ProgressBar(terminal, 2000)
    for count in (0, 500, 1000, 2000):
        bar.show(count)
    bar.clear()
    shown = terminal._out.getvalue().split("\r\x1b[K")
    assert shown == [
        "",
        "[------------------------------]   0%  0 / 2,000",
        "[#######-----------------------]  25%  500 / 2,000  0 s",
        "[###############---------------]  50%  1,000 / 2,000  30 s",
        "[##############################] 100%  2,000 / 2,000",
        "",
    ]


def test_no_bar_elsewhere(two: list[CaseDriver]) -> None:
    errors = StringIO()
    call_command("verify_timeline", stdout=StringIO(), stderr=errors)
    assert errors.getvalue() == ""
