"""What integrity checks say: a flaw for each column or row that is not what was recorded, its values masked."""

from dataclasses import dataclass, replace
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
_LOOKS_THE_SAME = gettext_noop("%(place)s: another %(stored)s than the one that was recorded is stored")
_ROW_MISSING = gettext_noop("%(place)s: recorded, but the row is missing")
_ROW_ADDED = gettext_noop("%(place)s: the row is stored, but was never recorded")
_DIFFERS_NOW = gettext_noop("%(place)s: %(stored)s is stored, but %(recorded)s follows from the record as it is now")
_UNREADABLE = gettext_noop("%(place)s cannot be read")

#: Characters of a text that a flaw quotes.
_MAX_CHARS = 80


def value_flaw(model: type[models.Model], row: object, column: str, stored: object, recorded: object) -> IntegrityFlaw:
    """A column (its attname) of one row holds another value than was recorded; `row`: what it is called in the record,
    empty for the case and its card."""
    return _difference(StoredPlace(model._meta.db_table, str(row), column), stored, recorded)


def _difference(place: StoredPlace, stored: object, recorded: object) -> IntegrityFlaw:
    values = {"stored": shown(place.column, stored), "recorded": shown(place.column, recorded)}
    is_same = values["stored"] == values["recorded"]  # where what is masked differs
    return IntegrityFlaw(_LOOKS_THE_SAME if is_same else _DIFFERS, {"place": place, **values})


def row_missing(model: type[models.Model], row: object = "") -> IntegrityFlaw:
    """The record has a row that is not stored."""
    return IntegrityFlaw(_ROW_MISSING, {"place": StoredPlace(model._meta.db_table, str(row))})


def row_added(model: type[models.Model], row: object = "") -> IntegrityFlaw:
    """A row is stored that the record does not have."""
    return IntegrityFlaw(_ROW_ADDED, {"place": StoredPlace(model._meta.db_table, str(row))})


def unreadable(model: type[models.Model], column: str) -> IntegrityFlaw:
    """A column holds what its type does not allow."""
    return IntegrityFlaw(_UNREADABLE, {"place": StoredPlace(model._meta.db_table, column=column)})


def against_altered_record(flaw: IntegrityFlaw) -> IntegrityFlaw:
    """The same flaw of a case whose record was altered itself: it does not tell any more what was recorded."""
    return replace(flaw, message=_DIFFERS_NOW) if flaw.message == _DIFFERS else flaw


@dataclass(frozen=True)
class CalendarFlaw(IntegrityFlaw):
    """An edition of the working calendar that is missing or was altered; it may be that of many cases."""

    @property
    def edition(self) -> str:
        """The first digits of its digest."""
        return str(self.params["edition"])


def calendar_flaw(edition: str, entry: int) -> CalendarFlaw:
    """`edition`: its digest; `entry`: the first one of the case that names it."""
    message = gettext_noop(
        "the working calendar %(edition)s (cases_calendaredition), by which entry %(entry)s was counted, is missing or "
        "was altered"
    )
    return CalendarFlaw(message, {"edition": edition[:12], "entry": entry})


def difference_flaw(difference: StateDifference) -> IntegrityFlaw:
    """A difference between the stored state and the record, as a flaw."""
    place = StoredPlace(difference.table, difference.row, difference.column)
    if difference.column:
        return _difference(place, difference.stored, difference.recorded)
    return IntegrityFlaw(_ROW_MISSING if difference.stored is None else _ROW_ADDED, {"place": place})


def shown(column: str, value: Any) -> Any:
    """A value as a flaw has it: moments by the clock of Shanghai, numbers and holders masked, a long text cut."""
    if isinstance(value, datetime):
        return str(local(value).replace(tzinfo=None))
    if isinstance(value, date | Decimal):
        return str(value)
    if not isinstance(value, str):
        return type(value).__name__ if isinstance(value, bytes) else value  # a number among bytes is not masked
    if column == "number":
        return masking.mask_number(value)
    if column == "holder":
        return masking.mask_name(value)
    return masking.mask_text(str(value))[:_MAX_CHARS]  # `str`: of an enum's member its value
