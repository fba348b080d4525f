"""Finding cards and cases by what somebody typed: each way of looking is a range of an index.

One condition of 'this or that' over two tables would be a walk through all that a team has. So each way is asked for by
itself, all of them in one statement, and no further than `SPARSE`. Where fewer are found, they are named by their keys.
Where more are found, they lie so densely that whatever order they are wanted in can be walked through, looking at each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case as When
from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as If

from cases.domain import phones
from cases.domain.errors import NumberRefused
from cases.models import Card, Carrier, Case, Team
from cases.models.lookups import iexact_indexed, istartswith_indexed

M = TypeVar("M", Card, Case)

#: Up to here what is found is named by its keys; counts on pages stop here too.
SPARSE = 1000


def search(cases: QuerySet[Case], text: str, *teams: Team) -> QuerySet[Case]:
    """By number (whole, masked, its beginning, its last four digits), our reference, the carrier's, the carrier, the
    holder; one query. `teams`: whose cases these are, where they are not everybody's."""
    text = _plain(text)
    if not text:
        return cases
    plain = cases.order_by().select_related(None)
    referred = [Q(reference=text.upper()), iexact_indexed("carrier_reference", text)]
    cards = _cards_by(text)
    found = together(
        _carriers(text),
        *(plain.filter(way).values("pk")[:SPARSE] for way in referred),
        *(_of(teams).filter(way).values("pk")[:SPARSE] for way in cards),
    )
    fits = Q(carrier__in=found[0]) if found[0] else Q()
    if any(len(keys) == SPARSE for keys in found):
        # Looked up and not joined: PostgreSQL, which cannot know how many fit, would put all cards together first.
        card = Card.objects.filter(_either(cards), pk=OuterRef("card")).order_by().values("pk")[:1]
        looked_up = cases.alias(fit_card=Subquery(card))
        return _walked(looked_up, _either([fits, *referred, Q(fit_card__isnull=False)]))
    fits |= _keys("pk", found[1:3]) | _keys("card", found[3:])
    return cases.filter(fits) if fits else cases.none()


def search_cards(cards: QuerySet[Card], text: str, *teams: Team) -> QuerySet[Card]:
    """By number (whole, masked, its beginning, its last four digits), carrier or holder; one query."""
    text = _plain(text)
    if not text:
        return cards
    ways = _cards_by(text)
    found = together(_carriers(text), *(_of(teams).filter(way).values("pk")[:SPARSE] for way in ways))
    fits = Q(carrier__in=found[0]) if found[0] else Q()
    if any(len(keys) == SPARSE for keys in found):
        return _walked(cards, _either([fits, *ways]))
    fits |= _keys("pk", found[1:])
    return cards.filter(fits) if fits else cards.none()


@dataclass(frozen=True)
class HowMany:
    """Asks how many rows there are, counting no further than `most`."""

    rows: QuerySet[Any, Any]
    most: int = SPARSE


def together(*asked: QuerySet[Any, Any] | HowMany) -> list[list[Any]]:
    """What each of these queries of one column finds, in one statement, and in no order; of how many, the number."""
    found: list[list[Any]] = [[] for _ in asked]
    parts, params = [], []
    for number, its in enumerate(asked):
        counting = isinstance(its, HowMany)
        rows = its.rows.order_by().values("pk")[: its.most] if isinstance(its, HowMany) else its
        try:
            sql, own = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:  # Django knows that nothing fits
            found[number] += [0] if counting else []
            continue
        parts.append(f"SELECT {number}, {'COUNT(*)' if counting else '*'} FROM ({sql}) one")
        params += own
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for number, value in cursor.fetchall():
                found[number].append(value)
    return found


def _plain(text: str) -> str:
    return text.replace("\0", "").strip()  # PostgreSQL takes no NUL


def _of(teams: Sequence[Team]) -> QuerySet[Card]:
    """The cards of these teams, or of all; the indexes of cards begin with the team."""
    return Card.objects.filter(team__in=teams) if teams else Card.objects.filter(team__in=Team.objects.all())


def _carriers(text: str) -> QuerySet[Carrier, Any]:
    named = Q(name__icontains=text) | Q(name_en__icontains=text)
    return Carrier.objects.filter(named).order_by().values("pk")


def _cards_by(text: str) -> list[Q]:
    """The ways in which a card may fit."""
    try:
        return [Q(number=phones.parse(text))]
    except NumberRefused:
        pass
    if parts := phones.split_masked(text):
        return [Q(tail=parts[1]) & _number_begins(parts[0])]
    ways = [istartswith_indexed("holder", text)]
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit():
        ways.append(_number_begins(digits))
        if len(digits) == 4:
            ways.append(Q(tail=digits))
    return ways


def _number_begins(digits: str) -> Q:
    """A range: LIKE uses no index on SQLite, nor on PostgreSQL but with the C collation."""
    return Q(number__gte=digits, number__lt=str(int(digits) + 1).zfill(len(digits)))


def _keys(name: str, found: Iterable[Sequence[Any]]) -> Q:
    keys = [key for some in found for key in some]
    return Q(**{f"{name}__in": keys}) if keys else Q()


def _either(ways: Iterable[Q]) -> Q:
    fits = Q()
    for way in ways:
        fits |= way
    return fits


def _walked(rows: QuerySet[M], fits: Q) -> QuerySet[M]:
    """Those that fit, looked at one after the other: no planner takes an index for what is wrapped like this, and
    PostgreSQL takes what is 'not null' for almost all rows, so that it expects to find enough of them soon."""
    fit = When(If(fits, then=Value(1)), output_field=IntegerField())
    return rows.alias(fit=fit).filter(fit__isnull=False)
