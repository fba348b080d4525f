"""Tables, rows, columns and values of the database as people call them, in the active language."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from cases.domain.stored_place import StoredPlace
from cases.wording.joining import with_note

#: Columns whose field has no label of its own, or whose label says too little beside others, by their attnames.
_LABELS: Mapping[str, Any] = {
    "acknowledge_hours": gettext_lazy("hours to acknowledge"),
    "answer_by": pgettext_lazy("column of a table", "answer due"),
    "answered_at": pgettext_lazy("column of a table", "answered"),
    "basis": pgettext_lazy("column of a table", "basis of the deadline"),
    "body": pgettext_lazy("column of a table", "text"),
    "card_id": gettext_lazy("card"),
    "click": pgettext_lazy("column of a table", "submit token"),
    "code": pgettext_lazy("column of a table", "checklist item"),
    "corrects": pgettext_lazy("column of a table", "corrected entry"),
    "created_at": pgettext_lazy("column of a table", "logged"),
    "decided_at": pgettext_lazy("column of a table", "decided"),
    "ended_at": pgettext_lazy("column of a table", "end"),
    "fields": pgettext_lazy("column of a table", "details entered"),
    "final_at": pgettext_lazy("column of a table", "finalised"),
    "first_reply_by": pgettext_lazy("column of a table", "first reply due"),
    "kind": pgettext_lazy("column of a table", "type"),
    "late": gettext_lazy("was overdue"),
    "lodged_at": pgettext_lazy("column of a table", "filed"),
    "named_day": pgettext_lazy("column of a table", "date named by the carrier"),
    "number": gettext_lazy("number"),
    "receipt_id": gettext_lazy("receipt"),
    "recorded_at": gettext_lazy("recorded"),
    "recorded_by_id": gettext_lazy("recorded by"),
    "reference": gettext_lazy("carrier reference number (受理单号)"),
    "reply_by": gettext_lazy("reply due"),
    "reply_days": gettext_lazy("working days in all"),
    "review_days": gettext_lazy("working days of review"),
    "round": gettext_lazy("waiting round"),
    "satisfied": pgettext_lazy("column of a table", "settled"),
    "sequence": pgettext_lazy("column of a table", "entry number"),
    "snoozed_at": pgettext_lazy("column of a table", "snoozed"),
    "started_at": pgettext_lazy("column of a table", "start"),
    "submission": pgettext_lazy("column of a table", "submission number"),
    "window_days": gettext_lazy("working days until a first call"),
}
#: Tables whose rows are called by the entry that recorded them.
_CALLED_BY_ENTRIES = {"cases_verification", "cases_escalation", "cases_charge", "cases_letter", "cases_message"}
_TABLES: Mapping[str, Any] = {"cases_letter": gettext_lazy("letter")}


def place_in_words(place: StoredPlace) -> str:
    """'waiting round 2, reply due (cases_waitinground.reply_by)'."""
    row = str(_TABLES.get(place.table) or _model(place.table)._meta.verbose_name)
    if place.row and place.table in _CALLED_BY_ENTRIES:
        row = _("%(what)s of entry %(entry)s") % {"what": row, "entry": place.row}
    elif place.row:
        row = pgettext("a row of a table", "%(what)s %(row)s") % {"what": row, "row": place.row}
    if not place.column:
        return with_note(row, place.table)
    text = pgettext("a column of a row", "%(row)s, %(column)s") % {"row": row, "column": column_label(place)}
    return with_note(text, f"{place.table}.{_field(place).column}")


def column_label(place: StoredPlace) -> str:
    """'reply due'."""
    return str(_LABELS.get(place.column) or _field(place).verbose_name)


def value_in_words(place: StoredPlace, value: object) -> str:
    """A value of this column: the label of a choice, 'yes', or 'nothing' where there is none."""
    if value is None or value == "":
        return pgettext("a value that is not there", "nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = _field(place)
    if place.column == "verification" and isinstance(value, int):
        return _("%(what)s of entry %(entry)s") % {"what": field.verbose_name, "entry": value}
    if isinstance(field, models.ForeignKey) and isinstance(value, int):
        return f"#{value}"
    labels = dict(field.flatchoices or ())
    return str(labels.get(value, value))


def _field(place: StoredPlace) -> Any:
    return next(
        field for field in _model(place.table)._meta.concrete_fields if place.column in (field.attname, field.name)
    )


@cache
def _model(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)
