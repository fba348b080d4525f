"""Pages of long lists: each begins where the one before it ended, so that the thousandth costs what the first does.

An address names a place in a list by the key of a row, and by the moment that the list is ordered by.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar

from django.db.models import Case, F, Func, Model, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.fields import BigIntegerField, DateTimeField, Field
from django.db.models.lookups import GreaterThan, LessThan

from cases.selectors.search import MAX_KEYS

M = TypeVar("M", bound=Model)

_CURSOR = re.compile(r"(?:(\d{1,17})\.)?(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class RowKey(NamedTuple):
    """A row's key, and what the list is ordered by; None where that is null, or was not fetched."""

    pk: int
    value: datetime | str | None = None


class _Start(NamedTuple):
    """Where a page begins: after a row, before it if `backwards`, or at the head of the list."""

    cursor: RowKey | None = None
    backwards: bool = False


@dataclass(frozen=True)
class Order:
    """By a column and then by key, or the other way round; without a column by key, the newest first.

    Rows where the column is null follow the others either way, the newest first; `never_null`: there are none. A column
    of another table (`card__number`) must not change: its value is looked up, and no address holds it.
    """

    column: str = ""
    descending: bool = False
    never_null: bool = False
    extra_filter: Q = field(default_factory=Q)

    @property
    def is_joined(self) -> bool:
        return "__" in self.column

    def sorted(self, rows: Collection[RowKey]) -> list[RowKey]:
        """The rows in this order."""
        filled, empty = [row for row in rows if row.value is not None], [row for row in rows if row.value is None]
        filled.sort(key=attrgetter("value", "pk"), reverse=self.descending)
        empty.sort(key=attrgetter("pk"), reverse=True)
        return filled + empty

    def order_by(self) -> list[OrderBy]:
        """The whole list in this order, for one query."""
        if not self.column:
            return [F("pk").desc()]
        ordering = OrderBy(F(self.column), descending=self.descending, nulls_last=True)
        if self.descending or self.is_joined or self.never_null:
            return [ordering, OrderBy(F("pk"), descending=self.descending)]
        is_null = When(**{f"{self.column}__isnull": True}, then=F("pk") * -1)
        return [ordering, OrderBy(Case(is_null, default=F("pk"), output_field=BigIntegerField()))]

    def cursor_of(self, row: Model) -> str:
        """A row's place, for an address: microseconds since 1970, where the column has a moment, and the key."""
        moment = None if self.is_joined or not self.column else getattr(row, self.column)
        return str(row.pk) if moment is None else f"{(moment - _EPOCH) // _MICROSECOND}.{row.pk}"

    def segments(self) -> list[tuple[Q, str]]:
        """Condition and column of each part of the list: the rows with a value, and those without."""
        if not self.column:
            return [(Q(), "")]
        if self.is_joined or self.never_null:
            return [(self.extra_filter, self.column)]
        return [(Q(**{f"{self.column}__isnull": False}), self.column), (Q(**{f"{self.column}__isnull": True}), "")]


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """One page; `newer` and `older` are the queries of the pages before and after it, empty where there is none."""

    rows: list[M]
    count: int
    newer: str = ""
    older: str = ""

    @property
    def is_part(self) -> bool:
        return bool(self.newer or self.older)


def get_page(
    matches: QuerySet[M], visible: QuerySet[M], order: Order, params: Mapping[str, str], size: int
) -> KeysetPage[M]:
    """The page of `matches` that `params` asks for (`before` or `after` a cursor), or the first; two queries, sometimes
    three.

    `visible` are the rows that the reader may see. Fewer than MAX_KEYS matches are sorted here, so that no planner can
    choose wrongly; more are dense, and the index of the order is scanned.
    """
    backwards = "before" in params
    cursor = _parse_cursor(params.get("before") or params.get("after") or "", order)
    keys = _matching_keys(matches, order)
    cursor = _resolve_cursor(keys, visible, order, cursor)
    rows, more = _page_rows(matches, keys, visible, order, _Start(cursor, backwards), size)
    if cursor and (not rows or (backwards and not more)):
        # Back at the beginning, or past the end: the first page, and a whole one.
        cursor, backwards = None, False
        rows, more = _page_rows(matches, keys, visible, order, _Start(), size)
    newer = f"before={order.cursor_of(rows[0])}" if rows and cursor else ""
    older = f"after={order.cursor_of(rows[-1])}" if rows and (more or backwards) else ""
    return KeysetPage(rows, len(keys), newer, older)


def rows_after(
    matches: QuerySet[M], visible: QuerySet[M], order: Order, cursor: RowKey | None, size: int
) -> tuple[list[M], bool]:
    """The rows after a cursor, or the first, and whether there are more; chosen as by `get_page`."""
    keys = _matching_keys(matches, order)
    start = _Start(_resolve_cursor(keys, visible, order, cursor))
    return _page_rows(matches, keys, visible, order, start, size)


def _matching_keys(matches: QuerySet[M], order: Order) -> list[RowKey]:
    """The keys of the matches with the values they are ordered by, where there are fewer than MAX_KEYS; otherwise
    MAX_KEYS of them."""
    columns = ["pk", order.column] if order.column else ["pk"]
    if not order.is_joined:
        return [RowKey(*row) for row in matches.order_by().values_list(*columns)[:MAX_KEYS]]
    keys = list(matches.order_by().values_list("pk", flat=True)[:MAX_KEYS])  # the other table is not read for these
    if len(keys) == MAX_KEYS:
        return [RowKey(pk) for pk in keys]
    rows = matches.model._default_manager.filter(pk__in=keys).order_by().values_list(*columns)
    return [RowKey(*row) for row in rows]


def _page_rows(
    matches: QuerySet[M], keys: list[RowKey], visible: QuerySet[M], order: Order, start: _Start, size: int
) -> tuple[list[M], bool]:
    """The rows of a page, and whether there are more in its direction."""
    if len(keys) < MAX_KEYS:
        return _rows_by_keys(keys, visible, order, start, size)
    rows = _rows_by_index(matches, order, start, size + 1)
    return (rows[-size:] if start.backwards else rows[:size]), len(rows) > size


def _parse_cursor(text: str, order: Order) -> RowKey | None:
    parts = _CURSOR.fullmatch(text)
    if parts is None:
        return None
    moment = _EPOCH + int(parts[1]) * _MICROSECOND if parts[1] and order.column and not order.is_joined else None
    return RowKey(int(parts[2]), moment)


def _resolve_cursor(keys: list[RowKey], visible: QuerySet[M], order: Order, cursor: RowKey | None) -> RowKey | None:
    """The cursor with the value that its address left out; "" for a row that the reader may not see.

    The row need not match any more.
    """
    if cursor is None or not order.is_joined:
        return cursor
    values = [row.value for row in keys if row.pk == cursor.pk and row.value is not None]
    values = values or list(visible.filter(pk=cursor.pk).order_by().values_list(order.column, flat=True)[:1])
    return RowKey(cursor.pk, values[0] if values else "")


def _rows_by_keys(
    matching_keys: list[RowKey], visible: QuerySet[M], order: Order, start: _Start, size: int
) -> tuple[list[M], bool]:
    cursor, backwards = start
    sorted_keys = order.sorted({*matching_keys, *filter(None, [cursor])})
    if cursor:
        place = sorted_keys.index(cursor)
        sorted_keys = sorted_keys[:place] if backwards else sorted_keys[place + 1 :]
    keys = [row.pk for row in (sorted_keys[-size:] if backwards else sorted_keys[:size])]
    rows = visible.in_bulk(keys)
    return [rows[pk] for pk in keys if pk in rows], len(sorted_keys) > size


def _rows_by_index(matches: QuerySet[M], order: Order, start: _Start, limit: int) -> list[M]:
    cursor, backwards = start
    rows: list[M] = []
    segments = order.segments()
    if cursor:
        first = len(segments) - 1 if cursor.value is None else 0
        segments = segments[: first + 1] if backwards else segments[first:]
    for number, (condition, column) in enumerate(reversed(segments) if backwards else segments):
        segment = matches.filter(condition)
        is_descending = (order.descending if column else True) != backwards
        if cursor and number == 0:
            segment = segment.filter(_past_cursor(cursor, column, is_descending))
        ordering = [
            F(name).desc() if is_descending else F(name).asc() for name in ([column, "pk"] if column else ["pk"])
        ]
        rows += segment.order_by(*ordering)[: limit - len(rows)]
        if len(rows) == limit:
            break
    return rows[::-1] if backwards else rows


class _RowValue(Func):
    """(a, b): compared as one, by an index of both."""

    template = "(%(expressions)s)"
    arg_joiner = ", "
    output_field: "Field[datetime, datetime]" = DateTimeField()


def _past_cursor(cursor: RowKey, column: str, is_descending: bool) -> Q:
    if not column:
        return Q(pk__lt=cursor.pk) if is_descending else Q(pk__gt=cursor.pk)
    lookup = LessThan if is_descending else GreaterThan
    condition = Q(lookup(_RowValue(F(column), F("pk")), _RowValue(Value(cursor.value), Value(cursor.pk))))
    if "__" in column:  # an index of the other table knows nothing of our key
        condition &= Q(**{f"{column}__{'lte' if is_descending else 'gte'}": cursor.value})
    return condition
