"""New rows written in statements with many rows each, from plain values.

Django's own bulk_create asks every value of every row what it is, and makes an object of each row first: with a hundred
thousand cases that takes longer than everything else that is done with them.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

#: Rows in one statement; fewer where the database takes fewer values.
_BATCH = 500
#: What is written as it is.
_PLAIN = frozenset((str, int, bool, type(None)))


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, ignore_conflicts: bool = False
) -> list[int]:
    """Insert rows with values for these columns (names of fields, or their attnames), and return their keys in order.

    Every column without a default of the database has to be among the names. With `ignore_conflicts` rows that a
    constraint refuses are left out, and so are their keys.
    """
    if not rows:
        return []
    connection = connections[router.db_for_write(model)]
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    prepare = [_preparer(field, connection) for field in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "
    key: Any = model._meta.pk
    tail = f"{' ON CONFLICT DO NOTHING' if ignore_conflicts else ''} RETURNING {quote(key.column)}"
    placeholders = f"({', '.join(['%s'] * len(fields))})"
    keys: list[int] = []
    with connection.cursor() as cursor:
        for batch in _batches(rows, connection, len(fields)):
            values = [convert(value) for row in batch for convert, value in zip(prepare, row, strict=True)]
            cursor.execute(f"{head}{', '.join([placeholders] * len(batch))}{tail}", values)
            keys += sorted(chain.from_iterable(cursor.fetchall()))  # as they were counted up, row by row
    return keys


def insert_objects(objects: Sequence[models.Model]) -> None:
    """Insert objects of one model, all their columns, and give them their keys."""
    if not objects:
        return
    model = type(objects[0])
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    keys = insert_rows(model, names, [[getattr(row, name) for name in names] for row in objects])
    for row, key in zip(objects, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, router.db_for_write(model)


def _preparer(field: Any, connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField | models.BinaryField):
        return lambda value: field.get_db_prep_save(value, connection)
    return lambda value: value if type(value) in _PLAIN else field.get_db_prep_save(value, connection)


def _batches(
    rows: Sequence[Sequence[Any]], connection: BaseDatabaseWrapper, width: int
) -> Iterator[Sequence[Sequence[Any]]]:
    most = connection.features.max_query_params
    size = max(1, min(_BATCH, most // width)) if most else _BATCH
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
