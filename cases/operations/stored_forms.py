"""Whether values are stored as this program writes them.

SQLite keeps whatever it is given: a 2 where a yes stands, a moment written otherwise, a fraction of a fen. Python reads
the same value, and SQL, by which lists and statistics go, another one. PostgreSQL has types of its own for all of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models

from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import IntegrityFlaw
from cases.domain.stored_place import StoredPlace
from cases.models import Card, Case, TimelineEntry
from cases.operations.engine.recorded_state import ROW_IDENTITY

_ODD_FORM = gettext_noop("%(place)s is stored in a form that Xiaoka never writes")
#: What a row is called where flaws name it, besides those of the state.
_NAMES: dict[type[models.Model], str] = {TimelineEntry: "sequence"}
#: Rows in one statement.
_AT_ONCE = 500


def form_flaws(rows: Iterable[models.Model]) -> Iterator[tuple[int, IntegrityFlaw]]:
    """Of rows as they were read (any models), each column whose stored form is another, with the key of its case; of a
    card with its own. One query for each model and 500 rows; none but on SQLite."""
    if connection.vendor != "sqlite":
        return
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        if row.pk is not None:
            by_model.setdefault(type(row), []).append(row)
    for model, of_model in by_model.items():
        for start in range(0, len(of_model), _AT_ONCE):
            yield from _of_model(model, of_model[start : start + _AT_ONCE])


def _of_model(model: type[models.Model], rows: Sequence[models.Model]) -> Iterator[tuple[int, IntegrityFlaw]]:
    fields = [field for field in model._meta.concrete_fields if _is_compared(field)]
    stored = _literals(model, fields, [row.pk for row in rows])
    for row in rows:
        for field, literal in zip(fields, stored.get(row.pk, ()), strict=False):
            if not _is_written_form(field, getattr(row, field.attname), literal):
                place = StoredPlace(model._meta.db_table, _name(row), field.attname)
                yield _case_key(row), IntegrityFlaw(_ODD_FORM, {"place": place})


def _is_compared(field: Any) -> bool:
    # A content is covered by its digest; a generated column is written by the database.
    return not isinstance(field, models.JSONField | models.BinaryField | models.GeneratedField)


def _literals(model: type[models.Model], fields: Sequence[Any], keys: Sequence[Any]) -> dict[Any, Sequence[str]]:
    """Each row's values as SQL literals, by its key: no converter comes between."""
    quote = connection.ops.quote_name
    meta: Any = model._meta
    columns = ", ".join(f"quote({quote(field.column)})" for field in fields)
    places = ", ".join(["%s"] * len(keys))
    key, table = quote(meta.pk.column), quote(meta.db_table)
    sql = f"SELECT {key}, {columns} FROM {table} WHERE {key} IN ({places})"
    with connection.cursor() as cursor:
        cursor.execute(sql, list(keys))
        return {key: literals for key, *literals in cursor.fetchall()}


def _is_written_form(field: Any, value: object, literal: str) -> bool:
    if value is None:
        return literal == "NULL"
    if isinstance(value, Decimal):
        return not literal.startswith("'") and Decimal(literal) == value
    try:
        prepared = field.get_db_prep_save(value, connection)
    except (TypeError, ValueError):  # it is not even of the type
        return False
    if isinstance(prepared, bool | int):
        return literal == str(int(prepared))
    text = str(prepared).replace("'", "''")
    return literal == f"'{text}'"


def _name(row: Any) -> str:
    name = ROW_IDENTITY.get(type(row)) or _NAMES.get(type(row))
    return str(getattr(row, name)) if name else ""


def _case_key(row: Any) -> int:
    return int(row.pk if isinstance(row, Case | Card) else row.case_id)


def broken_references() -> str:
    """What the database says of the first row that names one which is not there; '' where every one is."""
    try:
        connection.check_constraints()
    except Exception as error:  # of the driver
        return str(error)
    return ""
