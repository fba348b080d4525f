"""Anchors: a line a day over all cases, and what is found by it, named by case."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from cases.models import Anchor, Case, Team, User
from cases.models.anchor_store import AnchorsBusy, anchor_store
from cases.operations import FollowUp, anchors
from cases.operations.anchor_check import check_anchors
from cases.operations.anchors import make_anchor, make_daily_anchor
from cases.operations.deletion import delete_team
from tests.helpers import CaseDriver, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("receipts_folder")]

DAY = at("2026-10-09T03:30")


@pytest.fixture
def three(receipts_folder: Path, new_driver: Callable[..., CaseDriver]) -> list[CaseDriver]:
    return [new_driver(f"1390013900{n}", submitted="2026-09-30T15:00") for n in range(3)]


@pytest.fixture
def anchored(three: list[CaseDriver]) -> list[CaseDriver]:
    """Three cases with two entries each, all of them in anchor 1."""
    make_anchor(DAY)
    return three


def follow_up(driver: CaseDriver, moment: str = "2026-10-09T10:00") -> None:
    driver.do(FollowUp(at(moment), words="催办"), moment)


def run_sql(*statements: str, **params: Any) -> None:
    """Below the ORM, as somebody with the database in hand would; foreign keys do not stop them either."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params)


def delete_with_rows(case: Case) -> None:
    run_sql(
        "DELETE FROM cases_timelinecontent WHERE entry_id IN"
        " (SELECT id FROM cases_timelineentry WHERE case_id = %(id)s)",
        "DELETE FROM cases_timelineentry WHERE case_id = %(id)s",
        "DELETE FROM cases_waitinground WHERE case_id = %(id)s",
        "DELETE FROM cases_case WHERE id = %(id)s",
        id=case.pk,
    )


def cut_tail(case: Case, count: int) -> None:
    """The entries after `count` are gone, and the case says that there never were any."""
    run_sql(
        "DELETE FROM cases_timelinecontent WHERE entry_id IN"
        " (SELECT id FROM cases_timelineentry WHERE case_id = %(id)s AND sequence > %(count)s)",
        "DELETE FROM cases_timelineentry WHERE case_id = %(id)s AND sequence > %(count)s",
        "UPDATE cases_case SET entry_count = %(count)s, entry_head ="
        " (SELECT entry_hash FROM cases_timelineentry WHERE case_id = %(id)s AND sequence = %(count)s)"
        " WHERE id = %(id)s",
        id=case.pk,
        count=count,
    )


def flaws() -> list[str]:
    return [str(flaw) for flaw in check_anchors().flaws]


def test_a_line_says_all_that_it_stands_for(anchored: list[CaseDriver]) -> None:
    [text] = anchor_store.lines()
    line = json.loads(text)
    assert list(line) == ["count", "format", "key", "made_at", "previous", "root", "sequence", "signature"]
    assert (line["count"], line["sequence"], line["previous"]) == (3, 1, "0" * 64)
    assert line["made_at"] == "2026-10-08T19:30:00.000000+00:00"
    assert text.endswith(b'"}\n')
    assert Anchor.objects.get().line == text.decode()
    report = check_anchors()
    assert (report.count, report.compared, report.flaws) == (1, 1, [])


def test_one_a_day_by_the_clock_of_beijing(three: list[CaseDriver]) -> None:
    moments = ["2026-10-09T00:10", "2026-10-09T23:50", "2026-10-10T00:05"]
    assert [make_daily_anchor(at(moment)) is not None for moment in moments] == [True, False, True]
    assert [json.loads(line)["sequence"] for line in anchor_store.lines()] == [1, 2]


def test_lines_follow_each_other_and_cases_may_go_on(anchored: list[CaseDriver]) -> None:
    follow_up(anchored[0])
    make_anchor(DAY + timedelta(days=1))
    follow_up(anchored[0], "2026-10-10T10:00")
    report = check_anchors()
    assert (report.count, report.compared, report.flaws) == (2, 2, [])


def test_no_cases_at_all(db: None) -> None:
    make_anchor(DAY)
    assert json.loads(anchor_store.lines()[0])["count"] == 0
    assert flaws() == []


# Forgeries


def test_a_case_deleted_with_all_its_rows_is_named(anchored: list[CaseDriver]) -> None:
    delete_with_rows(anchored[1].case)
    assert flaws() == [
        f"{anchored[1].case.reference}: the case is missing: anchor 1 of 2026-10-09 03:30 has it with 2 entries. It "
        "was deleted from the database, or an older backup was restored"
    ]


@pytest.mark.forged
def test_a_tail_cut_with_its_head_set_back_is_named(anchored: list[CaseDriver]) -> None:
    follow_up(anchored[2])
    make_anchor(DAY + timedelta(days=1))
    cut_tail(anchored[2].case, 2)
    assert anchored[2].chain_flaw is None  # the record by itself looks whole
    assert flaws() == [
        f"{anchored[2].case.reference}: its record was set back: anchor 2 of 2026-10-10 03:30 has it with 3 entries, "
        "now there are 2. An older backup was restored, or entries were removed at the end"
    ]


def test_a_record_written_anew_is_named_also_when_it_is_longer(anchored: list[CaseDriver]) -> None:
    """An older state, worked with again: at the count of the anchor stands another entry."""
    follow_up(anchored[0])
    make_anchor(DAY + timedelta(days=1))
    expected = [
        f"{anchored[0].case.reference}: its record was rewritten: entry 3 is not the one that anchor 2 of 2026-10-10 "
        "03:30 has. An older backup was restored and then worked with, or entries were exchanged"
    ]
    for moment in ("2026-10-10T11:00", "2026-10-10T12:00"):
        if moment.endswith("11:00"):
            cut_tail(anchored[0].case, 2)
        follow_up(CaseDriver(anchored[0].fresh(), anchored[0].by), moment)
        assert anchored[0].chain_flaw is None
        assert flaws() == expected


def test_what_a_newer_anchor_no_longer_knows_an_older_one_still_names(anchored: list[CaseDriver]) -> None:
    """A forger waits until the next anchor is made over the forged database."""
    delete_with_rows(anchored[0].case)
    for day in range(1, 12):
        make_anchor(DAY + timedelta(days=day))
    assert len(flaws()) == 1
    assert flaws()[0].startswith(f"{anchored[0].case.reference}: the case is missing: anchor 1 of")
    assert Anchor.objects.get(sequence=12).flaws == 1


def test_the_leaves_of_the_newest_seven_are_kept_where_nothing_is_wrong(anchored: list[CaseDriver]) -> None:
    for day in range(1, 10):
        make_anchor(DAY + timedelta(days=day))
    assert anchor_store.with_leaves() == [4, 5, 6, 7, 8, 9, 10]
    report = check_anchors()
    assert (report.count, report.compared, report.flaws) == (10, 7, [])


def test_anchors_that_an_administrator_set_aside_are_no_longer_compared(anchored: list[CaseDriver]) -> None:
    delete_with_rows(anchored[0].case)
    make_anchor(DAY + timedelta(days=1), accepted="恢复了备份")
    report = check_anchors()
    assert (report.count, report.compared, report.flaws) == (2, 1, [])
    assert report.accepted
    assert (report.accepted.sequence, report.accepted.accepted) == (2, "恢复了备份")


# The file


def altered(change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = anchor_store.folder / "anchors.jsonl"
    path.write_bytes(b"".join(change(anchor_store.lines())))


@pytest.fixture
def four_days(anchored: list[CaseDriver]) -> list[CaseDriver]:
    for day in range(1, 4):
        make_anchor(DAY + timedelta(days=day))
    return anchored


@pytest.mark.usefixtures("four_days")
def test_a_cut_file_is_found() -> None:
    altered(lambda lines: lines[:2])
    assert flaws() == ["the anchor file was cut: it lacks anchor 3–4"]
    altered(lambda lines: lines[1:])
    assert flaws() == [
        "anchor 2 does not follow the line before it in the anchor file",
        "the anchor file was cut: it lacks anchor 1",
        "the anchor file was cut: it lacks anchor 3–4",
    ]


@pytest.mark.usefixtures("four_days")
def test_a_cut_file_and_database_still_show_by_the_other_files() -> None:
    altered(lambda lines: lines[:2])
    Anchor.objects.filter(sequence__gt=2).delete()
    assert flaws() == ["the anchor file was cut: it lacks anchor 3–4"]


@pytest.mark.usefixtures("four_days")
def test_an_altered_line_is_found() -> None:
    altered(lambda lines: [lines[0], lines[1].replace(b'"count":3', b'"count":2'), *lines[2:]])
    assert flaws() == [
        "the signature of anchor 2 is not valid",
        "anchor 3 does not follow the line before it in the anchor file",
        "anchor 2 differs between the anchor file and the database",
    ]
    altered(lambda lines: [lines[0], b"{}\n", *lines[2:]])
    assert flaws() == [
        "line 2 of the anchor file was altered",
        "anchor 3 does not follow the line before it in the anchor file",
    ]


@pytest.mark.usefixtures("four_days")
def test_a_line_signed_with_another_key_is_found(settings: Any) -> None:
    settings.SIGNING_KEY = ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]
    assert [flaw.split(" fingerprint")[0] for flaw in flaws()] == [
        f"anchor {n} was signed with a different key," for n in (1, 2, 3, 4)
    ]


@pytest.mark.usefixtures("four_days")
def test_altered_leaves_are_found() -> None:
    path = anchor_store.folder / "00000003.leaves.gz"
    data = bytearray(path.read_bytes())
    for change in (lambda: path.write_bytes(data[:-9]), path.unlink):
        change()
        assert flaws() == ["the list of cases of anchor 3 is missing or was altered"]


@pytest.mark.usefixtures("four_days")
def test_one_bit_anywhere_in_the_file_is_found() -> None:
    path = anchor_store.folder / "anchors.jsonl"
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        assert flaws(), place


@pytest.mark.forged
def test_an_older_database_is_named_as_what_it_is(anchored: list[CaseDriver]) -> None:
    """Restored from the night before: the file has an anchor that the database never heard of."""
    follow_up(anchored[0])
    make_anchor(DAY + timedelta(days=1))
    cut_tail(anchored[0].case, 2)
    Anchor.objects.filter(sequence=2).delete()
    assert flaws() == [
        "the database does not know anchor 2, which is in the anchor file: an older backup of the database was "
        "restored, or rows were deleted from it",
        f"{anchored[0].case.reference}: its record was set back: anchor 2 of 2026-10-10 03:30 has it with 3 entries, "
        "now there are 2. An older backup was restored, or entries were removed at the end",
    ]
    make_anchor(DAY + timedelta(days=2))
    assert [json.loads(line)["sequence"] for line in anchor_store.lines()] == [1, 2, 3]
    assert len(flaws()) == 2


# Stopped half way


def stop(*args: object, **options: object) -> None:
    raise InterruptedError


@pytest.mark.parametrize("written", [0, 100])
def test_a_line_that_did_not_reach_the_file_is_appended_by_the_next_run(
    anchored: list[CaseDriver], monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    with monkeypatch.context() as context:
        context.setattr(type(anchor_store), "append", stop)
        with pytest.raises(InterruptedError):
            make_anchor(DAY + timedelta(days=1))
    if written:
        anchor_store.append(Anchor.objects.get(sequence=2).line.encode()[:written])
    make_anchor(DAY + timedelta(days=1))
    assert [json.loads(line)["sequence"] for line in anchor_store.lines()] == [1, 2, 3]
    assert flaws() == []


def test_leaves_of_an_anchor_that_was_not_made_are_written_again(
    anchored: list[CaseDriver], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        context.setattr(Anchor.objects, "create", stop)
        with pytest.raises(InterruptedError):
            make_anchor(DAY + timedelta(days=1))
    assert flaws() == []
    make_anchor(DAY + timedelta(days=1))
    assert (anchor_store.with_leaves(), flaws()) == ([1, 2], [])


def test_two_at_once_make_one(three: list[CaseDriver]) -> None:
    with anchor_store.locked():
        assert make_daily_anchor(DAY) is None
        with pytest.raises(AnchorsBusy):
            make_anchor(DAY)
    assert make_daily_anchor(DAY) is not None


# What may go, and is not missed


def test_a_team_that_was_deleted_is_not_missed(anchored: list[CaseDriver], team: Team) -> None:
    delete_team(team, at("2026-10-10T03:00"))
    assert Case.objects.count() == 0
    assert flaws() == []
    make_anchor(at("2026-10-10T03:30"))
    assert flaws() == []


def test_a_case_lost_beside_a_deleted_team_is_still_missed(
    anchored: list[CaseDriver], team: Team, other_team: Team, stranger: User
) -> None:
    run_sql("UPDATE cases_case SET team_id = %(team)s WHERE id = %(id)s", team=other_team.pk, id=anchored[0].case.pk)
    delete_team(team, at("2026-10-10T03:00"))
    assert flaws() == []
    delete_with_rows(anchored[0].case)
    assert [flaw[:37] for flaw in flaws()] == [f"{anchored[0].case.reference}: the case is missing: anc"]


def test_a_hundred_cases_in_pages(
    three: list[CaseDriver], monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """However the cases are read, the root is that over all of them."""
    make_anchor(DAY)
    monkeypatch.setattr(anchors, "CHUNK", 2)
    monkeypatch.setattr("cases.operations.anchor_check.CHUNK", 2)
    make_anchor(DAY + timedelta(days=1))
    first, second = (json.loads(line) for line in anchor_store.lines())
    assert (first["root"], first["count"]) == (second["root"], second["count"])
    assert flaws() == []


def test_the_keys_of_a_line_are_of_this_installation(anchored: list[CaseDriver]) -> None:
    line = anchors.newest_line()
    assert line
    assert not line.is_signed_by(Ed25519PrivateKey.generate().public_key())
    assert isinstance(line.made_at, datetime)
