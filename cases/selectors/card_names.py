"""The names that cards have of people and departments: to filter cases by them, and to find and offer them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from cases.models import Card, Case, Team
from cases.models.lookups import iexact_indexed
from cases.selectors.search import MAX_KEYS, clean_text, fetch_together, scan, team_cards

#: The columns of names, each with an index that begins with the team.
NameColumn = Literal["holder", "user", "department"]
NAME_COLUMNS: tuple[NameColumn, ...] = ("holder", "user", "department")
#: After every character that text can hold.
_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True)
class CardName:
    """A name, and how many cards have it, counted no further than MAX_KEYS."""

    name: str
    count: int


def filter_by_card(cases: QuerySet[Case], names: Mapping[NameColumn, str], *teams: Team) -> QuerySet[Case]:
    """The cases of these teams whose cards have these names, whatever the case of their letters; empty ones match all.

    One query, and those of the cases are as with a search (`cases.selectors.search`).
    """
    return with_cards(
        cases, [iexact_indexed(column, clean_text(name)) for column, name in names.items() if clean_text(name)], *teams
    )


def with_cards(cases: QuerySet[Case], conditions: Sequence[Q], *teams: Team) -> QuerySet[Case]:
    """The cases of these teams whose cards meet all conditions; without any, all."""
    if not conditions:
        return cases
    (keys,) = fetch_together(team_cards(teams).filter(*conditions).order_by().values("pk")[:MAX_KEYS])
    if len(keys) < MAX_KEYS:
        return cases.filter(card__in=keys) if keys else cases.none()
    card = Card.objects.filter(*conditions, pk=OuterRef("card")).order_by().values("pk")[:1]
    return scan(cases.alias(named_card=Subquery(card)), Q(named_card__isnull=False))


# From each name of the index to the next one: as many steps as there are names, however many cards have each.
_NAMES = """
WITH RECURSIVE names(folded, place) AS (
  SELECT (
    SELECT {folded} FROM cases_card
    WHERE cases_card.team_id = %(team)s AND {folded} {starts} {text} AND {folded} < {last} ORDER BY {folded} LIMIT 1
  ), 1
  UNION ALL
  SELECT (
    SELECT {folded} FROM cases_card
    WHERE cases_card.team_id = %(team)s AND {folded} > names.folded AND {folded} < {last} ORDER BY {folded} LIMIT 1
  ), names.place + 1
  FROM names WHERE names.folded IS NOT NULL AND names.place < %(limit)s
)
SELECT
  (SELECT {column} FROM cases_card WHERE cases_card.team_id = %(team)s AND {folded} = names.folded LIMIT 1),
  (SELECT COUNT(*) FROM (
    SELECT 1 FROM cases_card WHERE cases_card.team_id = %(team)s AND {folded} = names.folded LIMIT %(cap)s
  ) one)
FROM names WHERE names.folded IS NOT NULL ORDER BY names.place
"""


def card_names(team: Team, column: NameColumn, text: str = "", *, limit: int = 20) -> list[CardName]:
    """The first names of a team's cards in this column that begin with a text, in the order of their characters; one
    query."""
    text = clean_text(text)
    collation = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    statement = _NAMES.format(
        column=f'cases_card."{column}"',
        folded=f'UPPER(cases_card."{column}"){collation}',
        starts=">=" if text else ">",  # no empty name
        text=f"UPPER(%(text)s){collation}",
        last=f"UPPER(%(last)s){collation}",
    )
    params: dict[str, Any] = {"team": team.pk, "text": text, "last": text + _LAST_CHARACTER, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(statement, params | {"cap": MAX_KEYS})
        return [CardName(name, count) for name, count in cursor.fetchall()]
