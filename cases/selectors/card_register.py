"""The team's cards as a table: narrowed by any of their columns, in the order of any, page by page.

A page's address holds no value of a card: the place where a page begins is named by a card's key, and what the card has
in the column that the table is sorted by is looked up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable, Expression, OrderBy
from django.db.models.fields import BigIntegerField, FloatField, IntegerField, TextField
from django.db.models.functions import Coalesce
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IContains,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from cases.domain.card_columns import Kind, is_own_key
from cases.domain.status import OPEN_STATUSES
from cases.models import Card, CardColumn, CardView, Case, Team, User
from cases.models.choices import Purpose
from cases.models.lookups import Folded, iexact_indexed
from cases.selectors.filters import STANDINGS
from cases.selectors.pagination import KeysetPage
from cases.selectors.search import MAX_KEYS, search_cards
from cases.selectors.visibility import CountedCard, cards_of, cases_of, with_case_counts

#: Before a text that a cell must be as a whole; alone: the cell is empty.
EXACTLY = "="
#: Columns that are searched for a part of their text.
TEXT_COLUMNS = ("holder", "user", "department", "plan", "iccid", "note")
#: Columns with an index of their text in capitals.
_FOLDED = ("holder", "user", "department")
#: How a standing of a case can be asked for: those of open cases.
OPEN_STANDINGS = tuple(name for name in STANDINGS if name not in ("no_receipt", "settled", "money_open", "message"))
#: Cards whose departments and plans are suggested.
_SAMPLE, _SUGGESTED = 1000, 50


@dataclass(frozen=True)
class CardFilter:
    """What a card must be like; what is empty asks for nothing.

    `texts` are by column: a part of it, `=text` the whole, `=` empty. `values` are purposes and choices of own columns
    by column, `=` empty. `lowest` and `highest` are numbers or days by column, both included. `cases` is 'any', 'none',
    'open' or 'not_open'; `standing` one of OPEN_STANDINGS.
    """

    q: str = ""
    carrier: int | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    lowest: Mapping[str, Decimal | date] = field(default_factory=dict)
    highest: Mapping[str, Decimal | date] = field(default_factory=dict)
    cases: str = ""
    standing: str = ""


class _OwnText(Func):
    """What a card has in an own column, NULL where it has nothing."""

    output_field = TextField()

    def __init__(self, key: str) -> None:
        assert is_own_key(key)
        self.key = key
        super().__init__(F("custom"))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"NULLIF(JSON_EXTRACT(%(expressions)s, '$.{self.key}'), '')")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"NULLIF(%(expressions)s ->> '{self.key}', '') COLLATE \"C\"")


class _OwnNumber(_OwnText):
    """The same as a number; NULL where it is none."""

    output_field = FloatField()  # type: ignore[assignment]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        text = f"NULLIF(JSON_EXTRACT(%(expressions)s, '$.{self.key}'), '')"
        return self.as_sql(compiler, connection, template=f"CAST({text} AS REAL)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        text = f"(%(expressions)s ->> '{self.key}')"
        number = f"CASE WHEN {text} ~ '^-?[0-9]+([.][0-9]+)?$' THEN {text}::double precision END"
        return self.as_sql(compiler, connection, template=f"({number})")


@dataclass(frozen=True)
class CardSort:
    """The order of the table: by a column, descending or not; cards that have nothing in it follow, newest first."""

    column: str = ""
    descending: bool = False
    #: What cards are compared by; None: their keys, in the order in which they were added.
    expression: Combinable | None = None
    is_text: bool = False
    has_empty: bool = True

    def present(self) -> Q:
        if self.expression is None or not self.has_empty:
            return Q()
        return Q(GreaterThan(self.expression, Value(""))) if self.is_text else Q(IsNull(self.expression, False))

    def absent(self) -> Q:
        return Q(Exact(self.expression, Value(""))) if self.is_text else Q(IsNull(self.expression, True))

    def segments(self) -> list[tuple[Q, Combinable | None]]:
        """Condition and order of each part of the table: the cards with a value, and those without."""
        if self.expression is None or not self.has_empty:
            return [(Q(), self.expression)]
        return [(self.present(), self.expression), (self.absent(), None)]

    def order_by(self) -> list[OrderBy]:
        """The whole table in this order, for one query."""
        if self.expression is None:
            return [_ordered(F("pk"), self.descending)]
        ordering, by_key = _ordered(self.expression, self.descending), _ordered(F("pk"), self.descending)
        if not self.has_empty:
            return [ordering, by_key]
        empty_last = models.Case(When(self.present(), then=Value(0)), default=Value(1), output_field=IntegerField())
        place = When(self.present(), then=F("pk") * (-1 if self.descending else 1))
        newest_first = models.Case(place, default=F("pk") * -1, output_field=BigIntegerField())
        return [OrderBy(empty_last), ordering, OrderBy(newest_first)]


def card_sort(name: str, columns: list[CardColumn]) -> CardSort:
    """The order by a column's name or key, with '-' before it descending; the newest first where there is none."""
    column, descending = name.removeprefix("-"), name.startswith("-")
    own = next((own for own in columns if own.key == column), None)
    if own:
        is_number = own.kind == Kind.NUMBER
        return CardSort(column, descending, _OwnNumber(own.key) if is_number else _OwnText(own.key))
    if column in _FOLDED or column in ("plan", "note", "iccid"):
        return CardSort(column, descending, Folded(F(column)), is_text=True)
    if column in ("monthly_fee", "opened_on", "contract_end"):
        return CardSort(column, descending, F(column))
    if column in ("number", "carrier"):
        return CardSort(column, descending, F("number" if column == "number" else "carrier_id"), has_empty=False)
    if column == "purpose":
        ranks = [When(purpose=value, then=Value(rank)) for rank, value in enumerate(Purpose.values)]
        return CardSort(column, descending, models.Case(*ranks, output_field=IntegerField()))
    own_cases = Case.objects.filter(card=OuterRef("pk")).order_by()
    if column == "cases":
        counts = own_cases.filter(logged_by_mistake=False).values("card").annotate(n=Count("pk")).values("n")
        return CardSort(column, descending, Coalesce(Subquery(counts), 0), has_empty=False)
    if column == "standing":
        return CardSort(column, descending, Subquery(own_cases.filter(status__in=OPEN_STATUSES).values("reply_by")[:1]))
    return CardSort("added", descending or column != "added")


def matching_cards(team: Team, wanted: CardFilter, columns: list[CardColumn], now: datetime) -> QuerySet[Card]:
    """The cards of a team that a filter asks for, in no order; `columns` are the team's own, `now` an aware moment."""
    cards = search_cards(cards_of(team), wanted.q, team)
    if wanted.carrier:
        cards = cards.filter(carrier=wanted.carrier)
    numbers = {column.key for column in columns if column.kind == Kind.NUMBER}
    for name, text in wanted.texts.items():
        cards = cards.filter(_has_text(name, text))
    for name, value in wanted.values.items():
        cards = cards.filter(_is_value(name, value))
    for name, lowest in wanted.lowest.items():
        cards = cards.filter(Q(GreaterThanOrEqual(_ranged(name, numbers), _bound(name, lowest))))
    for name, highest in wanted.highest.items():
        cards = cards.filter(Q(LessThanOrEqual(_ranged(name, numbers), _bound(name, highest))))
    return _with_cases(cards, team, wanted, now)


def _has_text(name: str, text: str) -> Q:
    column: Combinable = _OwnText(name) if is_own_key(name) else F(name)
    if text == EXACTLY:
        return Q(IsNull(column, True)) if is_own_key(name) else Q(**{name: ""})
    if text.startswith(EXACTLY):
        exact = text.removeprefix(EXACTLY).strip()
        return iexact_indexed(name, exact) if name in _FOLDED else Q(Exact(Folded(column), Folded(Value(exact))))
    return Q(IContains(column, text))


def _is_value(name: str, value: str) -> Q:
    if not is_own_key(name):
        return Q(**{name: "" if value == EXACTLY else value})
    return Q(IsNull(_OwnText(name), True)) if value == EXACTLY else Q(Exact(_OwnText(name), Value(value)))


def _ranged(name: str, numbers: set[str]) -> Combinable:
    if is_own_key(name):
        return _OwnNumber(name) if name in numbers else _OwnText(name)
    return F(name)


def _bound(name: str, value: Decimal | date) -> Value:
    if not is_own_key(name):
        return Value(value)
    return Value(value.isoformat()) if isinstance(value, date) else Value(float(value))


def _with_cases(cards: QuerySet[Card], team: Team, wanted: CardFilter, now: datetime) -> QuerySet[Card]:
    own_cases = Case.objects.filter(card=OuterRef("pk")).order_by()
    open_cases = own_cases.filter(status__in=OPEN_STATUSES)
    conditions = {
        "any": Exists(own_cases),
        "none": ~Exists(own_cases),
        "open": Exists(open_cases),
        "not_open": ~Exists(open_cases),
    }
    if wanted.cases in conditions:
        cards = cards.filter(conditions[wanted.cases])
    if wanted.standing in OPEN_STANDINGS:
        standing = STANDINGS[wanted.standing](Case.objects.filter(team=team).order_by(), now)
        cards = cards.filter(pk__in=standing.values("card"))
    return cards


def register_page(
    matches: QuerySet[Card], team: Team, sort: CardSort, params: Mapping[str, str], size: int
) -> "KeysetPage[CountedCard]":
    """The page of `matches` that `params` asks for (`before` or `after` a card's key), or the first; four queries,
    sometimes five. The count stops at MAX_KEYS; fewer matches are sorted by themselves, whatever a planner thinks."""
    keys = list(matches.order_by().values_list("pk", flat=True)[:MAX_KEYS])
    dense = matches if len(keys) == MAX_KEYS else Card.objects.filter(pk__in=keys)
    place = params.get("before") or params.get("after") or ""
    backwards = "before" in params
    cursor = _cursor(place, team, sort) if place.isdecimal() and len(place) <= 18 else None
    fetched = _page_keys(dense, sort, cursor, size + 1, backwards=backwards)
    if cursor and (not fetched or (backwards and len(fetched) <= size)):
        # Back at the beginning, or past the end: the first page, and a whole one.
        cursor, backwards = None, False
        fetched = _page_keys(dense, sort, None, size + 1, backwards=False)
    more = len(fetched) > size
    page_keys = fetched[-size:] if backwards else fetched[:size]
    rows = with_case_counts(cards_of(team)).in_bulk(page_keys)
    newer = f"before={page_keys[0]}" if page_keys and cursor else ""
    older = f"after={page_keys[-1]}" if page_keys and (more or backwards) else ""
    return KeysetPage([rows[pk] for pk in page_keys if pk in rows], len(keys), newer, older)


@dataclass(frozen=True)
class _Cursor:
    pk: int
    value: Any

    @property
    def is_empty(self) -> bool:
        return self.value in (None, "")


def _cursor(place: str, team: Team, sort: CardSort) -> _Cursor | None:
    cards = Card.objects.filter(team=team, pk=int(place)).order_by()
    if sort.expression is None:
        return _Cursor(int(place), None)
    values = list(cards.annotate(place=sort.expression).values_list("place", flat=True))
    return _Cursor(int(place), values[0]) if values else None


def _page_keys(
    matches: QuerySet[Card], sort: CardSort, cursor: _Cursor | None, limit: int, *, backwards: bool
) -> list[int]:
    segments = sort.segments()
    if cursor and len(segments) == 2:
        segments = segments[:2] if backwards and cursor.is_empty else segments[:1] if backwards else segments
        segments = segments[1:] if not backwards and cursor.is_empty else segments
    keys: list[int] = []
    for number, (condition, expression) in enumerate(reversed(segments) if backwards else segments):
        # Cards without a value come newest first, whatever the order of the others.
        descending = (sort.descending if expression is not None or not sort.expression else True) != backwards
        segment = matches.filter(condition)
        if cursor and number == 0:
            segment = segment.filter(_past(expression, cursor, descending=descending))
        ordering = [_ordered(expression, descending)] if expression is not None else []
        keys += segment.order_by(*ordering, _ordered(F("pk"), descending)).values_list("pk", flat=True)[
            : limit - len(keys)
        ]
        if len(keys) == limit:
            break
    return keys[::-1] if backwards else keys


def _past(expression: Combinable | None, cursor: _Cursor, *, descending: bool) -> Q:
    beyond = Q(pk__lt=cursor.pk) if descending else Q(pk__gt=cursor.pk)
    if expression is None:
        return beyond
    strictly, at_least = (LessThan, LessThanOrEqual) if descending else (GreaterThan, GreaterThanOrEqual)
    # The range first, for the index; then, among equals, the key.
    return Q(at_least(expression, Value(cursor.value))) & (Q(strictly(expression, Value(cursor.value))) | beyond)


def _ordered(expression: Combinable, descending: bool) -> OrderBy:
    return OrderBy(cast("Expression", expression), descending=descending)


def suggestions(team: Team) -> dict[str, list[str]]:
    """Departments and plans that the newest cards have, the most frequent first; one query."""
    names = ("department", "plan")
    rows = list(Card.objects.filter(team=team).order_by("-pk").values_list(*names)[:_SAMPLE])
    counts = {name: Counter(row[at] for row in rows if row[at]) for at, name in enumerate(names)}
    return {name: [value for value, _ in counted.most_common(_SUGGESTED)] for name, counted in counts.items()}


def card_views_of(user: User, team: Team, shows: str = CardView.CARDS) -> list[CardView]:
    """The views of a list that somebody has saved, then the team's, each by name."""
    views = CardView.objects.filter(Q(owner=user) | Q(owner=None), team=team, shows=shows)
    return sorted(views, key=lambda view: (view.owner_id is None, view.name, view.pk))


def open_cases_of(team: Team, cards: Iterable[Card]) -> QuerySet[Case]:
    """The open cases of these cards, of which each has one at most."""
    return cases_of(team).filter(card__in=[card.pk for card in cards], status__in=OPEN_STATUSES)
