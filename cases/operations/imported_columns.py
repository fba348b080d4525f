"""The columns that a team's register has beyond the product's own, as imports find and make them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from cases.formats.tables.titles import normalize_title
from cases.models import CardColumn, Team
from cases.models.choices import ColumnKind

_TITLE_LENGTH = 60
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class TeamColumns:
    """The own columns of a team by title, read once."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._columns = {normalize_title(column.title): column for column in CardColumn.objects.filter(team=team)}

    def key_of(self, title: str) -> str | None:
        """The key under which `Card.custom` has the values of a title; None where the team has no such column."""
        column = self._columns.get(normalize_title(title[:_TITLE_LENGTH]))
        return column.key if column else None

    def values_by_key(self, custom: Mapping[str, str]) -> dict[str, str]:
        """The values of those titles that have a column, by its key; two titles of one column share its value."""
        values: dict[str, str] = {}
        for title, value in custom.items():
            key = self.key_of(title)
            if key is not None:
                values[key] = f"{values[key]}；{value}" if key in values else value
        return values

    def missing(self, titles: Iterable[str]) -> list[str]:
        """The titles that have no column yet, in their order."""
        return list(
            {normalize_title(title[:_TITLE_LENGTH]): title for title in titles if self.key_of(title) is None}.values()
        )

    def add(self, values_by_title: Mapping[str, Iterable[str]]) -> None:
        """Make the columns that are missing, each of the kind that all its values have; a column that is there and
        has another kind becomes one of texts, or gets another choice, where a value would not fit in it."""
        with transaction.atomic():
            Team.objects.select_for_update(no_key=True).get(pk=self._team.pk)
            self._columns = TeamColumns(self._team)._columns  # as they are now that nobody else adds any
            position = max((column.position for column in self._columns.values()), default=0)
            number = max((int(column.key[1:]) for column in self._columns.values()), default=0)
            for title, values in values_by_title.items():
                column = self._columns.get(normalize_title(title[:_TITLE_LENGTH]))
                if column is not None:
                    _make_fit(column, values)
                    continue
                number, position = number + 1, position + 1
                kind = kind_of(values)
                column = CardColumn(
                    team=self._team, key=f"c{number}", title=title[:_TITLE_LENGTH], kind=kind, position=position
                )
                column.save()
                self._columns[normalize_title(column.title)] = column


def kind_of(values: Iterable[str]) -> ColumnKind:
    """The kind of a column that has these values: dates or numbers where all of them are such."""
    kinds = {_kind_of_value(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else ColumnKind.TEXT


def _kind_of_value(value: str) -> ColumnKind:
    if _NUMBER.fullmatch(value):
        return ColumnKind.NUMBER
    if _DAY.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            return ColumnKind.TEXT
        return ColumnKind.DATE
    return ColumnKind.TEXT


def _make_fit(column: CardColumn, values: Iterable[str]) -> None:
    if column.kind == ColumnKind.CHOICE:
        further = [value for value in dict.fromkeys(values) if value not in column.choices]
        column.choices = [*column.choices, *further]
    elif column.kind != ColumnKind.TEXT and kind_of([*values]) not in (column.kind,):
        column.kind = ColumnKind.TEXT
    else:
        return
    column.save(update_fields=["kind", "choices"])
