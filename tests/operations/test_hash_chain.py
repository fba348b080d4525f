"""Tampering below the ORM is found; erasing content, row and all, breaks nothing (domain.md, 'The record')."""

from collections.abc import Callable

import pytest
from django.db import connection

from cases.models import TimelineEntry
from cases.operations import FollowUp, ReportedDone, Submit, UnderReview, Verify
from tests.helpers import CaseDriver, at

pytestmark = pytest.mark.forged


@pytest.fixture
def six_entries(submitted: CaseDriver) -> CaseDriver:
    """A case with six entries."""
    submitted.do(UnderReview(at("2026-10-08T10:00"), "还在审核", "工号 1"), "2026-10-08T10:00")
    submitted.do(FollowUp(at("2026-10-09T10:00"), words="催办"), "2026-10-09T10:00")
    submitted.do(ReportedDone(at("2026-10-12T10:00"), "已销户"), "2026-10-12T10:00")
    submitted.do(Verify(at("2026-10-12T11:00"), "call", "cancelled", "打不通", confirm=True), "2026-10-12T11:00")
    assert submitted.chain_flaw is None
    return submitted


@pytest.fixture
def below(six_entries: CaseDriver) -> Callable[..., None]:
    """Run SQL past the ORM; %s places take an entry's key by its sequence number."""

    def run(sql: str, *sequences: int) -> None:
        keys = [TimelineEntry.objects.get(case=six_entries.case, sequence=n).pk for n in sequences]
        with connection.cursor() as cursor:
            cursor.execute(sql, keys)
            assert cursor.rowcount >= 1

    return run


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            """UPDATE cases_timelinecontent SET body = '{"words": "从未说过"}' WHERE entry_id = %s""",
            "the content of entry 3 was altered",
        ),
        ("UPDATE cases_timelinecontent SET body = '{}' WHERE entry_id = %s", "the content of entry 3 was altered"),
        ("UPDATE cases_timelinecontent SET body = 'null' WHERE entry_id = %s", "the content of entry 3 was altered"),
        (
            """UPDATE cases_timelinecontent SET body = '{"words": 1.5}' WHERE entry_id = %s""",
            "the content of entry 3 was altered",
        ),
        (
            "UPDATE cases_timelinecontent SET salt = (SELECT salt FROM cases_timelinecontent ORDER BY entry_id LIMIT 1)"
            " WHERE entry_id = %s",
            "the content of entry 3 was altered",
        ),
        ("UPDATE cases_timelineentry SET kind = 'promised' WHERE id = %s", "entry 3 was altered"),
        ("UPDATE cases_timelineentry SET status_from = 'draft' WHERE id = %s", "entry 3 was altered"),
        ("UPDATE cases_timelineentry SET status_to = 'submitted' WHERE id = %s", "entry 3 was altered"),
        (
            "UPDATE cases_timelineentry SET recorded_at = '2026-10-07 02:00:00+00:00' WHERE id = %s",
            "entry 3 was altered",
        ),
        ("UPDATE cases_timelineentry SET sequence = 9 WHERE id = %s", "entry 3 is missing"),
        ("UPDATE cases_timelineentry SET entry_hash = content_digest WHERE id = %s", "entry 3 was altered"),
    ],
)
def test_a_change_is_found(six_entries: CaseDriver, below: Callable[..., None], sql: str, found: str) -> None:
    below(sql, 3)
    assert six_entries.chain_flaw == found


def remove(below: Callable[..., None], sequence: int) -> None:
    below("DELETE FROM cases_timelinecontent WHERE entry_id = %s", sequence)
    below("DELETE FROM cases_timelineentry WHERE id = %s", sequence)


def test_a_removed_middle_is_found(six_entries: CaseDriver, below: Callable[..., None]) -> None:
    remove(below, 4)
    assert six_entries.chain_flaw == "entry 4 is missing"


def test_a_removed_middle_with_the_rest_moved_up_is_found(six_entries: CaseDriver, below: Callable[..., None]) -> None:
    remove(below, 4)
    below("UPDATE cases_timelineentry SET sequence = 4 WHERE id = %s", 5)
    below("UPDATE cases_timelineentry SET sequence = 5 WHERE id = %s", 6)
    assert six_entries.chain_flaw == "entry 4 was altered"


def test_a_cut_tail_is_found(six_entries: CaseDriver, below: Callable[..., None]) -> None:
    remove(below, 6)
    assert six_entries.chain_flaw == "6 entries were recorded, 5 are there"


def test_a_cut_tail_with_the_count_turned_back_is_found(six_entries: CaseDriver, below: Callable[..., None]) -> None:
    remove(below, 6)
    below("UPDATE cases_case SET entry_count = 5 WHERE id = (SELECT case_id FROM cases_timelineentry WHERE id = %s)", 1)
    assert six_entries.chain_flaw == "the last entry is not the one that was recorded last"


def test_a_whole_record_removed_is_found(six_entries: CaseDriver, below: Callable[..., None]) -> None:
    for sequence in range(1, 7):
        remove(below, sequence)
    assert six_entries.chain_flaw == "6 entries were recorded, 0 are there"


def test_two_entries_that_changed_places_are_found(six_entries: CaseDriver, below: Callable[..., None]) -> None:
    below("UPDATE cases_timelineentry SET sequence = 99 WHERE id = %s", 4)
    below("UPDATE cases_timelineentry SET sequence = 4 WHERE id = %s", 3)
    below("UPDATE cases_timelineentry SET sequence = 3 WHERE id = %s", 99)
    assert six_entries.chain_flaw == "entry 3 was altered"


def test_two_contents_that_changed_places_are_found(six_entries: CaseDriver, below: Callable[..., None]) -> None:
    below(
        "UPDATE cases_timelinecontent SET body = (SELECT body FROM cases_timelinecontent WHERE entry_id = %s)"
        " WHERE entry_id = %s",
        4,
        3,
    )
    assert six_entries.chain_flaw == "the content of entry 3 was altered"


def test_an_entry_of_another_case_does_not_fit(
    six_entries: CaseDriver, below: Callable[..., None], new_driver: Callable[..., CaseDriver]
) -> None:
    other = new_driver("13900139000")
    remove(below, 1)
    moved = other.entries.first()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_timelineentry SET case_id = %s WHERE id = %s", [six_entries.case.pk, moved.pk])
    assert six_entries.chain_flaw == "entry 1 was altered"


@pytest.mark.parametrize("sequences", [[1], [3], [6], [1, 2, 3, 4, 5, 6]])
def test_erased_content_breaks_nothing(
    six_entries: CaseDriver, below: Callable[..., None], sequences: list[int]
) -> None:
    for sequence in sequences:
        below("DELETE FROM cases_timelinecontent WHERE entry_id = %s", sequence)
    assert six_entries.chain_flaw is None


def test_the_record_goes_on_after_an_erasure(six_entries: CaseDriver, below: Callable[..., None]) -> None:
    below("DELETE FROM cases_timelinecontent WHERE entry_id = %s", 6)
    six_entries.do(FollowUp(at("2026-10-13T10:00")), "2026-10-13T10:00")
    assert six_entries.chain_flaw is None
    below("UPDATE cases_timelineentry SET kind = 'promised' WHERE id = %s", 6)
    assert six_entries.chain_flaw == "entry 6 was altered"


def test_it_holds_whatever_the_words_are(submitted: CaseDriver) -> None:
    words = "“引号” \\ \n\t 𠮷 🀄 é e\u0301 </script> %s {}"
    submitted.do(FollowUp(at("2026-10-09T10:00"), words=words), "2026-10-09T10:00")
    assert submitted.last_content["words"] == words
    assert submitted.chain_flaw is None


def test_two_records_do_not_touch_each_other(six_entries: CaseDriver, new_driver: Callable[..., CaseDriver]) -> None:
    other = new_driver("13900139000")
    other.do(Submit(at("2026-09-30T15:00")), "2026-09-30T15:00")
    assert (six_entries.chain_flaw, other.chain_flaw) == (None, None)
    assert six_entries.fresh().entry_head != other.fresh().entry_head
