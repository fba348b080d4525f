"""Columns of entries that the chain covers by their contents only: an entry that erases contents keeps them."""

from collections.abc import Iterable

from cases.domain.json_values import Json, JsonObject
from cases.models import TimelineEntry

UNCHAINED_COLUMNS = ("recorded_by_id", "round", "click", "corrects")


def entry_column(entry: TimelineEntry, name: str) -> Json:
    """The stored value of one of these columns, as JSON has it."""
    value: Json = getattr(entry, name)
    return str(value) if name == "click" and value else value


def unchained_columns(entries: Iterable[TimelineEntry]) -> JsonObject:
    """The columns of the entries of one case: of each the values, in the order of the entries."""
    rows = list(entries)
    return {name: [entry_column(entry, name) for entry in rows] for name in UNCHAINED_COLUMNS}
