"""What integrity checks say: a flaw for each column or row that is not what was recorded, its values masked."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from cases.domain import masking
from cases.domain.business_days import local
from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import IntegrityFlaw
from cases.domain.stored_place import StoredPlace
from cases.operations.state_differences import StateDifference

_DIFFERS = gettext_noop("%(place)s: %(stored)s is stored, but %(recorded)s was recorded")
_ROW_MISSING = gettext_noop("%(place)s: recorded, but the row is missing")
_ROW_ADDED = gettext_noop("%(place)s: the row is stored, but was never recorded")
_UNREADABLE = gettext_noop("%(place)s cannot be read")

#: Characters of a text that a flaw quotes.
_MAX_CHARS = 80


def value_flaw(model: type[models.Model], row: object, column: str, stored: object, recorded: object) -> IntegrityFlaw:
    """A column (its attname) of one row holds another value than was recorded; `row`: what it is called in the record,
    empty for the case and its card."""
    values = {"stored": shown(column, stored), "recorded": shown(column, recorded)}
    return IntegrityFlaw(_DIFFERS, {"place": StoredPlace(model._meta.db_table, str(row), column), **values})


def row_missing(model: type[models.Model], row: object = "") -> IntegrityFlaw:
    """The record has a row that is not stored."""
    return IntegrityFlaw(_ROW_MISSING, {"place": StoredPlace(model._meta.db_table, str(row))})


def row_added(model: type[models.Model], row: object = "") -> IntegrityFlaw:
    """A row is stored that the record does not have."""
    return IntegrityFlaw(_ROW_ADDED, {"place": StoredPlace(model._meta.db_table, str(row))})


def unreadable(model: type[models.Model], column: str) -> IntegrityFlaw:
    """A column holds what its type does not allow."""
    return IntegrityFlaw(_UNREADABLE, {"place": StoredPlace(model._meta.db_table, column=column)})


def difference_flaw(difference: StateDifference) -> IntegrityFlaw:
    """A difference between the stored state and the record, as a flaw."""
    place = StoredPlace(difference.table, difference.row, difference.column)
    if difference.column:
        column = difference.column
        values = {"stored": shown(column, difference.stored), "recorded": shown(column, difference.recorded)}
        return IntegrityFlaw(_DIFFERS, {"place": place, **values})
    return IntegrityFlaw(_ROW_MISSING if difference.stored is None else _ROW_ADDED, {"place": place})


def shown(column: str, value: Any) -> Any:
    """A value as a flaw has it: moments by the clock of Shanghai, numbers and holders masked, a long text cut."""
    if isinstance(value, datetime):
        return str(local(value).replace(tzinfo=None))
    if isinstance(value, date | Decimal):
        return str(value)
    if not isinstance(value, str):
        return value
    if column == "number":
        return masking.mask_number(value)
    if column == "holder":
        return masking.mask_name(value)
    return masking.mask_text(str(value))[:_MAX_CHARS]  # `str`: of an enum's member its value
