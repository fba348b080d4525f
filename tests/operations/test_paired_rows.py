"""Entries and the rows that they speak of, by several ways to tell that they belong together."""

from types import SimpleNamespace as Thing
from typing import Any

from cases.operations.paired_rows import pair


def same_key(entry: Any, row: Any) -> bool:
    return bool(entry.key == row.key)


def same_day(entry: Any, row: Any) -> bool:
    return bool(entry.day == row.day)


def test_the_surest_way_comes_first_for_all_entries() -> None:
    """The second entry's day would fit the first row, which is the third's by its key."""
    first, second, third = Thing(key=1, day=1), Thing(key=9, day=3), Thing(key=3, day=9)
    rows = [Thing(key=3, day=3), Thing(key=1, day=5), Thing(key=7, day=3)]
    pairs, entries, left = pair([first, second, third], rows, [same_key, same_day])  # type: ignore[list-item]
    assert pairs == [(first, rows[1]), (second, rows[2]), (third, rows[0])]
    assert (entries, left) == ([], [])


def test_what_has_no_counterpart_is_left_on_both_sides() -> None:
    entries = [Thing(key=1, day=1), Thing(key=1, day=2), Thing(key=3, day=3)]
    rows = [Thing(key=1, day=4), Thing(key=5, day=5)]
    pairs, unpaired, left = pair(entries, rows, [same_key, same_day])  # type: ignore[arg-type]
    assert (pairs, unpaired, left) == ([(entries[0], rows[0])], entries[1:], [rows[1]])
    assert pair([], rows, [same_key]) == ([], [], rows)
    assert pair(entries, [], [same_key]) == ([], entries, [])  # type: ignore[arg-type]
