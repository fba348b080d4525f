"""Pages of long lists: each begins where the one before it ended, so that the thousandth costs what the first does.

A place in a list stands in an address as the key of a row, and the moment that the list is ordered by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.fields import DateTimeField, Field
from django.db.models.lookups import GreaterThan, LessThan

from cases.selectors.search import SPARSE

M = TypeVar("M", bound=Model)

_PLACE = re.compile(r"(?:(\d{1,17})\.)?(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Order:
    """By a column and then by key; without a column by key, the newest first.

    Rows without a moment follow the others, the newest first, unless it is `certain` that there is none. A column of
    another table (`card__number`) must not change: its value is looked up, and stands in no address.
    """

    column: str = ""
    certain: bool = False
    also: Q = field(default_factory=Q)

    @property
    def is_joined(self) -> bool:
        return "__" in self.column

    def place(self, pk: int, value: Any = None) -> tuple[Any, ...]:
        """What rows are compared by."""
        return (1, -pk) if value is None else (0, value, pk)

    def by(self) -> list[OrderBy]:
        """The whole list in this order, for one query."""
        return [F(self.column).asc(nulls_last=True), F("pk").asc()] if self.column else [F("pk").desc()]

    def written(self, row: Any) -> str:
        """A row's place, for an address."""
        moment = None if self.is_joined or not self.column else getattr(row, self.column)
        return str(row.pk) if moment is None else f"{(moment - _EPOCH) // _MICROSECOND}.{row.pk}"

    def stretches(self) -> list[tuple[Q, str]]:
        """The list in one piece, or in two: with a value and without; and how each is ordered."""
        if not self.column:
            return [(Q(), "")]
        if self.is_joined or self.certain:
            return [(self.also, self.column)]
        return [(Q(**{f"{self.column}__isnull": False}), self.column), (Q(**{f"{self.column}__isnull": True}), "")]


@dataclass(frozen=True)
class Place:
    pk: int
    value: Any = None


@dataclass(frozen=True)
class Listed(Generic[M]):
    """One page; `newer` and `older` are the addresses' ends of the pages before and after it, empty where none is."""

    rows: list[M]
    count: int
    newer: str = ""
    older: str = ""

    @property
    def is_part(self) -> bool:
        return bool(self.newer or self.older)


def listed(found: QuerySet[M], among: QuerySet[M], order: Order, asked: Mapping[str, str], size: int) -> Listed[M]:
    """The page of `found` that is asked for (`before` or `after` a place), or the first; two queries, sometimes three.

    `among` are the rows that the reader may see. Where few are found they are put in order here: whatever narrows the
    list, no planner can choose wrongly then. Otherwise they are dense, and the order's index is walked.
    """
    backwards = "before" in asked
    place = _read(asked.get("before") or asked.get("after") or "", order)
    few = _few(found, order)
    place = _looked_up(few, among, order, place)
    rows, more = _part(found, few, among, order, place, backwards, size)
    if place and (not rows or (backwards and not more)):
        # Back at the beginning, or nowhere: the first page, and a whole one.
        place, backwards = None, False
        rows, more = _part(found, few, among, order, None, False, size)
    newer = f"before={order.written(rows[0])}" if rows and place else ""
    older = f"after={order.written(rows[-1])}" if rows and (more or backwards) else ""
    return Listed(rows, len(few), newer, older)


def following(
    found: QuerySet[M], among: QuerySet[M], order: Order, place: Place | None, size: int
) -> tuple[list[M], bool]:
    """The rows after a place, or the first, and whether there are more; as `listed` finds them."""
    few = _few(found, order)
    return _part(found, few, among, order, _looked_up(few, among, order, place), False, size)


def _few(found: QuerySet[M], order: Order) -> list[tuple[Any, ...]]:
    """What is found, as keys and by what they are ordered, where it is less than SPARSE; else so many keys."""
    columns = ["pk", order.column] if order.column else ["pk"]
    if not order.is_joined:
        return list(found.order_by().values_list(*columns)[:SPARSE])
    keys = list(found.order_by().values_list("pk")[:SPARSE])  # without a look at the other table for each
    if len(keys) == SPARSE:
        return keys
    return list(found.model._default_manager.filter(pk__in=[pk for (pk,) in keys]).order_by().values_list(*columns))


def _part(
    found: QuerySet[M],
    few: list[tuple[Any, ...]],
    among: QuerySet[M],
    order: Order,
    place: Place | None,
    backwards: bool,
    size: int,
) -> tuple[list[M], bool]:
    """The rows of a page, and whether there are more in the direction in which it was looked for."""
    if len(few) < SPARSE:
        return _sorted(few, among, order, place, backwards, size)
    rows = _walk(found, order, place, backwards, size + 1)
    return (rows[-size:] if backwards else rows[:size]), len(rows) > size


def _read(text: str, order: Order) -> Place | None:
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    moment = _EPOCH + int(found[1]) * _MICROSECOND if found[1] and order.column and not order.is_joined else None
    return Place(int(found[2]), moment)


def _looked_up(few: list[tuple[Any, ...]], among: QuerySet[M], order: Order, place: Place | None) -> Place | None:
    """The place with the value that did not stand in the address; "" of a row that the reader may not see.

    The row may be none of those that are found any more.
    """
    if place is None or not order.is_joined:
        return place
    known = [row[1] for row in few if row[0] == place.pk and len(row) > 1]
    known = known or list(among.filter(pk=place.pk).order_by().values_list(order.column, flat=True)[:1])
    return Place(place.pk, known[0] if known else "")


def _sorted(
    few: list[tuple[Any, ...]], among: QuerySet[M], order: Order, place: Place | None, backwards: bool, size: int
) -> tuple[list[M], bool]:
    places = sorted((order.place(*row), row[0]) for row in few)
    if place:
        here = order.place(place.pk, place.value)
        places = [its for its in places if (its[0] < here if backwards else its[0] > here)]
    keys = [pk for _, pk in (places[-size:] if backwards else places[:size])]
    rows = among.in_bulk(keys)
    return [rows[pk] for pk in keys if pk in rows], len(places) > size


def _walk(found: QuerySet[M], order: Order, place: Place | None, backwards: bool, most: int) -> list[M]:
    rows: list[M] = []
    stretches = order.stretches()
    if place:
        at = len(stretches) - 1 if place.value is None else 0
        stretches = stretches[: at + 1] if backwards else stretches[at:]
    for number, (where, column) in enumerate(reversed(stretches) if backwards else stretches):
        part = found.filter(where)
        if place and number == 0:
            part = part.filter(_beyond(place, column, backwards))
        down = backwards if column else not backwards
        by = [F(name).desc() if down else F(name).asc() for name in ([column, "pk"] if column else ["pk"])]
        rows += part.order_by(*by)[: most - len(rows)]
        if len(rows) == most:
            break
    return rows[::-1] if backwards else rows


class _Row(Func):
    """(a, b): compared as one, which an index of both can be walked by."""

    template = "(%(expressions)s)"
    arg_joiner = ", "
    output_field: "Field[Any, Any]" = DateTimeField()


def _beyond(place: Place, column: str, backwards: bool) -> Q:
    if not column:
        return Q(pk__gt=place.pk) if backwards else Q(pk__lt=place.pk)
    compared = LessThan if backwards else GreaterThan
    beyond = Q(compared(_Row(F(column), F("pk")), _Row(Value(place.value), Value(place.pk))))
    if "__" in column:  # an index of the other table knows nothing of our key
        beyond &= Q(**{f"{column}__{'lte' if backwards else 'gte'}": place.value})
    return beyond
