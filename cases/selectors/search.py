"""Finding cards and cases by what somebody typed: each kind of match is a range of an index.

One condition of 'this or that' over two tables would scan all rows of a team. So each kind of match is a query by
itself, all of them in one statement, limited to `MAX_KEYS`. Fewer matches are then selected by their keys. With more,
the matches are so dense that the index of any order can be scanned, testing each row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value, When

from cases.domain import phones
from cases.domain.errors import NumberRefused
from cases.models import Card, Carrier, Case, Membership, Team, User
from cases.models.lookups import iexact_indexed, istartswith_indexed

M = TypeVar("M", bound=Card | Case)
_Card = TypeVar("_Card", bound=Card)

#: Up to here matches are selected by their keys; counts on pages stop here too.
MAX_KEYS = 1000


def search_cases(cases: QuerySet[Case], text: str, *teams: Team) -> QuerySet[Case]:
    """By number (whole, masked, its beginning, its last four digits), our reference, the carrier's, the carrier, the
    names of holder, user, department and assignee; one query. `teams`: whose cases these are, where they are not
    everybody's."""
    text = clean_text(text)
    if not text:
        return cases
    unordered = cases.order_by().select_related(None)
    reference_conditions = [Q(reference=text.upper()), iexact_indexed("carrier_reference", text)]
    card_conditions = _card_conditions(text)
    results = fetch_together(
        _carrier_keys(text),
        *(unordered.filter(condition).values("pk")[:MAX_KEYS] for condition in reference_conditions),
        *(team_cards(teams).filter(condition).values("pk")[:MAX_KEYS] for condition in card_conditions),
        _handler_keys(text, teams),
    )
    handlers = results.pop()
    match = Q(carrier__in=results[0]) if results[0] else Q()
    match |= Q(handler__in=handlers) if handlers else Q()
    if any(len(keys) == MAX_KEYS for keys in results):
        # A subquery, no join: PostgreSQL, which cannot know how many match, would read all cards first.
        card = Card.objects.filter(_any_of(card_conditions), pk=OuterRef("card")).order_by().values("pk")[:1]
        with_card = cases.alias(matching_card=Subquery(card))
        return scan(with_card, _any_of([match, *reference_conditions, Q(matching_card__isnull=False)]))
    match |= _key_condition("pk", results[1:3]) | _key_condition("card", results[3:])
    return cases.filter(match) if match else cases.none()


def search_cards(cards: QuerySet[_Card], text: str, *teams: Team) -> QuerySet[_Card]:
    """By number (whole, masked, its beginning, its last four digits), carrier, or the name of holder,
    user or department; one query."""
    text = clean_text(text)
    if not text:
        return cards
    conditions = _card_conditions(text)
    results = fetch_together(
        _carrier_keys(text), *(team_cards(teams).filter(condition).values("pk")[:MAX_KEYS] for condition in conditions)
    )
    match = Q(carrier__in=results[0]) if results[0] else Q()
    if any(len(keys) == MAX_KEYS for keys in results):
        return scan(cards, _any_of([match, *conditions]))
    match |= _key_condition("pk", results[1:])
    return cards.filter(match) if match else cards.none()


@dataclass(frozen=True)
class RowCount:
    """The number of rows, counted no further than `limit`."""

    rows: QuerySet[Model]
    limit: int = MAX_KEYS


def fetch_together(*queries: QuerySet[Model, object] | RowCount) -> list[list[int]]:
    """The keys that each query of one column selects, or the one number of a RowCount; one statement, in no order."""
    results: list[list[int]] = [[] for _ in queries]
    parts, params = [], []
    for number, query in enumerate(queries):
        is_count = isinstance(query, RowCount)
        rows = query.rows.order_by().values("pk")[: query.limit] if isinstance(query, RowCount) else query
        try:
            sql, query_params = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:  # Django knows that nothing matches
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


def clean_text(text: str) -> str:
    """What was typed, as it is looked for."""
    return text.replace("\0", "").strip()  # PostgreSQL takes no NUL


def team_cards(teams: Sequence[Team]) -> QuerySet[Card]:
    """The cards of these teams, or of all; the indexes of cards begin with the team."""
    return Card.objects.filter(team__in=teams) if teams else Card.objects.filter(team__in=Team.objects.all())


def _carrier_keys(text: str) -> QuerySet[Carrier, object]:
    name_matches = Q(name__icontains=text) | Q(name_en__icontains=text)
    return Carrier.objects.filter(name_matches).order_by().values("pk")


def _handler_keys(text: str, teams: Sequence[Team]) -> QuerySet[User, object]:
    """The members of these teams whose names begin so; none where all teams are searched."""
    named = User.objects.filter(pk__in=Membership.objects.filter(team__in=teams).values("user"))
    return named.filter(name__istartswith=text).order_by().values("pk")


def _card_conditions(text: str) -> list[Q]:
    """The conditions of which a card must meet one."""
    if _is_number(text):
        return number_conditions(text)
    names = [istartswith_indexed(column, text) for column in ("holder", "user", "department")]
    return [*names, *number_conditions(text)]


def number_conditions(text: str) -> list[Q]:
    """Those that a card meets by its number; none where the text can be no part of one."""
    if parts := phones.split_masked(text):
        return [Q(tail=parts[1]) & _number_starts_with(parts[0])]
    if _is_number(text):
        return [Q(number=phones.parse(text))]
    digits = text.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return []
    return [_number_starts_with(digits), *([Q(tail=digits)] if len(digits) == 4 else [])]


def _is_number(text: str) -> bool:
    """Whether it is one whole number, in full or masked."""
    try:
        phones.parse(text)
    except NumberRefused:
        return phones.split_masked(text) is not None
    return True


def _number_starts_with(digits: str) -> Q:
    """A range: LIKE uses no index on SQLite, nor on PostgreSQL but with the C collation."""
    return Q(number__gte=digits, number__lt=str(int(digits) + 1).zfill(len(digits)))


def _key_condition(name: str, results: Iterable[Sequence[int]]) -> Q:
    keys = [key for result in results for key in result]
    return Q(**{f"{name}__in": keys}) if keys else Q()


def _any_of(conditions: Iterable[Q]) -> Q:
    match = Q()
    for condition in conditions:
        match |= condition
    return match


def scan(rows: QuerySet[M], condition: Q) -> QuerySet[M]:
    """The rows that meet a condition, tested one by one: no planner uses an index for a condition in a CASE, and
    PostgreSQL estimates that almost all rows are 'not null', so that it expects to fill a page soon."""
    match = models.Case(When(condition, then=Value(1)), output_field=IntegerField())
    return cast("QuerySet[M]", rows.alias(match=match).filter(match__isnull=False))
