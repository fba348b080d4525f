"""Rows that the record does not call by a key, found by what they hold."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from cases.models import TimelineEntry

RowT = TypeVar("RowT")


def pair(
    entries: Sequence[TimelineEntry], rows: Sequence[RowT], same: Sequence[Callable[[TimelineEntry, RowT], bool]]
) -> tuple[list[tuple[TimelineEntry, RowT]], list[TimelineEntry], list[RowT]]:
    """Each entry with its row, in the order of the entries, and what is left of both.

    `same`: ways to tell that a row is an entry's, the surest first; a later one is for what the ones before left.
    """
    pairs: dict[int, tuple[TimelineEntry, RowT]] = {}
    left = list(rows)
    for is_same in same:
        for index, entry in enumerate(entries):
            if index in pairs:
                continue
            own = next((row for row in left if is_same(entry, row)), None)
            if own is not None:
                pairs[index] = (entry, own)
                left.remove(own)
    unpaired = [entry for index, entry in enumerate(entries) if index not in pairs]
    return [pairs[index] for index in sorted(pairs)], unpaired, left
