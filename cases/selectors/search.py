"""Finding cards and cases by what somebody typed: each way of looking is a range of an index.

One condition of 'this or that' over two tables would be a walk through all that a team has. So each way is asked for by
itself, all of them in one statement, and no further than `SPARSE`. Where fewer are found, they are named by their keys.
Where more are found, they lie so densely that whatever order they are wanted in can be walked through, looking at each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case as When
from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as If

from cases.domain import phones
from cases.domain.errors import NumberRefused
from cases.models import Card, Carrier, Case, Team
from cases.models.lookups import iexact_indexed, istartswith_indexed

M = TypeVar("M", bound=Card | Case)
_Card = TypeVar("_Card", bound=Card)

#: Up to here what is found is named by its keys; counts on pages stop here too.
MAX_KEYS = 1000


def search_cases(cases: QuerySet[Case], text: str, *teams: Team) -> QuerySet[Case]:
    """By number (whole, masked, its beginning, its last four digits), our reference, the carrier's, the carrier, the
    holder; one query. `teams`: whose cases these are, where they are not everybody's."""
    text = _clean(text)
    if not text:
        return cases
    unordered = cases.order_by().select_related(None)
    reference_conditions = [Q(reference=text.upper()), iexact_indexed("carrier_reference", text)]
    card_conditions = _card_conditions(text)
    results = fetch_together(
        _carrier_keys(text),
        *(unordered.filter(condition).values("pk")[:MAX_KEYS] for condition in reference_conditions),
        *(_team_cards(teams).filter(condition).values("pk")[:MAX_KEYS] for condition in card_conditions),
    )
    match = Q(carrier__in=results[0]) if results[0] else Q()
    if any(len(keys) == MAX_KEYS for keys in results):
        # Looked up and not joined: PostgreSQL, which cannot know how many fit, would put all cards together first.
        card = Card.objects.filter(_any_of(card_conditions), pk=OuterRef("card")).order_by().values("pk")[:1]
        with_card = cases.alias(fit_card=Subquery(card))
        return _scan(with_card, _any_of([match, *reference_conditions, Q(fit_card__isnull=False)]))
    match |= _key_condition("pk", results[1:3]) | _key_condition("card", results[3:])
    return cases.filter(match) if match else cases.none()


def search_cards(cards: QuerySet[_Card], text: str, *teams: Team) -> QuerySet[_Card]:
    """By number (whole, masked, its beginning, its last four digits), carrier or holder; one query."""
    text = _clean(text)
    if not text:
        return cards
    conditions = _card_conditions(text)
    results = fetch_together(
        _carrier_keys(text), *(_team_cards(teams).filter(condition).values("pk")[:MAX_KEYS] for condition in conditions)
    )
    match = Q(carrier__in=results[0]) if results[0] else Q()
    if any(len(keys) == MAX_KEYS for keys in results):
        return _scan(cards, _any_of([match, *conditions]))
    match |= _key_condition("pk", results[1:])
    return cards.filter(match) if match else cards.none()


@dataclass(frozen=True)
class RowCount:
    """Asks how many rows there are, counting no further than `most`."""

    rows: QuerySet[Any, Any]
    limit: int = MAX_KEYS


def fetch_together(*queries: QuerySet[Any, Any] | RowCount) -> list[list[Any]]:
    """What each of these queries of one column finds, in one statement, and in no order; of how many, the number."""
    results: list[list[Any]] = [[] for _ in queries]
    parts, params = [], []
    for number, query in enumerate(queries):
        is_count = isinstance(query, RowCount)
        rows = query.rows.order_by().values("pk")[: query.limit] if isinstance(query, RowCount) else query
        try:
            sql, query_params = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:  # Django knows that nothing fits
            results[number] += [0] if is_count else []
            continue
        parts.append(f"SELECT {number}, {'COUNT(*)' if is_count else '*'} FROM ({sql}) one")
        params += query_params
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for number, value in cursor.fetchall():
                results[number].append(value)
    return results


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()  # PostgreSQL takes no NUL


def _team_cards(teams: Sequence[Team]) -> QuerySet[Card]:
    """The cards of these teams, or of all; the indexes of cards begin with the team."""
    return Card.objects.filter(team__in=teams) if teams else Card.objects.filter(team__in=Team.objects.all())


def _carrier_keys(text: str) -> QuerySet[Carrier, Any]:
    name_matches = Q(name__icontains=text) | Q(name_en__icontains=text)
    return Carrier.objects.filter(name_matches).order_by().values("pk")


def _card_conditions(text: str) -> list[Q]:
    """The ways in which a card may fit."""
    try:
        return [Q(number=phones.parse(text))]
    except NumberRefused:
        pass
    if parts := phones.split_masked(text):
        return [Q(tail=parts[1]) & _number_starts_with(parts[0])]
    conditions = [istartswith_indexed("holder", text)]
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit():
        conditions.append(_number_starts_with(digits))
        if len(digits) == 4:
            conditions.append(Q(tail=digits))
    return conditions


def _number_starts_with(digits: str) -> Q:
    """A range: LIKE uses no index on SQLite, nor on PostgreSQL but with the C collation."""
    return Q(number__gte=digits, number__lt=str(int(digits) + 1).zfill(len(digits)))


def _key_condition(name: str, results: Iterable[Sequence[Any]]) -> Q:
    keys = [key for result in results for key in result]
    return Q(**{f"{name}__in": keys}) if keys else Q()


def _any_of(conditions: Iterable[Q]) -> Q:
    match = Q()
    for condition in conditions:
        match |= condition
    return match


def _scan(rows: QuerySet[M], condition: Q) -> QuerySet[M]:
    """Those that fit, looked at one after the other: no planner takes an index for what is wrapped like this, and
    PostgreSQL takes what is 'not null' for almost all rows, so that it expects to find enough of them soon."""
    match = When(If(condition, then=Value(1)), output_field=IntegerField())
    return cast("QuerySet[M]", rows.alias(fit=match).filter(fit__isnull=False))
