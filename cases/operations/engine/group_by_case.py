"""Rows that hang on cases, put together case by case."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class _OfCase(Protocol):
    @property
    def case_id(self) -> int: ...


RowT = TypeVar("RowT", bound=_OfCase)


def group_by_case(rows: Iterable[RowT]) -> dict[int, list[RowT]]:
    """The rows by the keys of their cases, in their order; a case without rows is not there."""
    groups: dict[int, list[RowT]] = {}
    for row in rows:
        groups.setdefault(row.case_id, []).append(row)
    return groups
